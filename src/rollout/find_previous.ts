import { parseTaskDefinitionArn, type Revision, shortName, siblingArn } from "../ecs/arn.ts";
import { hasEnded, hasGoneBack, isGoingBack, type PastDeployment } from "../ecs/service_deployment.ts";

/** What `previous` means, and why. */
export interface Previous {
  readonly target: Revision;
  /** One line. */
  readonly reason: string;
  /**
   * When what runs was brought back from something that had succeeded, in milliseconds by AWS's clock: then this goes
   * further back still.
   */
  readonly leavesWayBackOfMs?: number;
}

const UNDER_WAY: ReadonlySet<string> = new Set(["PENDING", "IN_PROGRESS"]);

/** A deployment of the record, and what it brought. */
interface Step extends Omit<PastDeployment, "taskDefinition"> {
  readonly brought: Revision;
}

/**
 * The revision that was deployed successfully before the one that runs, as somebody remembers it who has followed the
 * deployments: a deployment of what had run before is a way back, so what it came from is not what one would go back to.
 * (3, then 4, then back to 3: before that 3 there is what was there before the first 3.) It may be of another family.
 *
 * Where the newest deployment was turned back by ECS, or has been taken back by this program or by somebody, what runs now
 * *is* what was there before it: a script that rolls back after a failed deploy must not go one step too far. The same
 * holds while a way back is under way: the command that has begun it may be given again. Pure.
 *
 * @param past in any order
 * @param original of which revision the one that runs is a copy, where it is one: bringing back a copy is a way back, too
 * @param earliest the ARN of the task definition that ran before all of them, where that is known
 */
export function findPrevious(
  past: readonly PastDeployment[],
  running: Revision,
  original = running.revision,
  earliest?: string,
): Previous | undefined {
  const steps = inOrder(past, running, original, earliest);
  const current = siblingArn(running, original);
  const isCurrent = ({ brought }: Step) => brought.arn === current;
  const newest = steps.at(-1);
  const wasTurnedBack = newest !== undefined && (hasGoneBack(newest) || isGoingBack(newest));
  // The service shows where ECS goes back to; the list may lag behind, and tell of the request only.
  if (wasTurnedBack && !isCurrent(newest)) {
    return stay(running, `the newest deployment, of ${shortName(newest.brought)}, has been turned back`);
  }
  const before = steps.at(-2);
  const isWayBack = newest !== undefined && before !== undefined && isCurrent(newest) && !isCurrent(before) &&
    steps.slice(0, -2).some(isCurrent);
  if (isWayBack && before.status !== "SUCCESSFUL") {
    return stay(running, `the deployment of ${shortName(before.brought)} did not succeed and has been taken back`);
  }
  // The same command again, after Ctrl-C or a lost answer: it goes on with what is under way.
  if (isWayBack && UNDER_WAY.has(newest.status)) {
    const reason =
      `the service is on its way back from ${shortName(before.brought)} to ${shortName(running)}; to go further ` +
      "back, name the number";
    return { target: running, reason };
  }
  const path = pathOf(steps);
  // What runs may have failed, or be under way: then it is no part of the path, or only by an earlier time that it ran.
  const hasFailed = newest !== undefined && isCurrent(newest) && hasEnded(newest) && newest.status !== "SUCCESSFUL";
  const last = path.at(-1);
  // Deployed once more, and turned back: what runs is what ran before.
  if (wasTurnedBack && last !== undefined && isCurrent(last)) {
    return stay(running, `the newest deployment, of ${shortName(newest.brought)} once more, has been turned back`);
  }
  const isElsewhere = hasFailed && (last === undefined || !isCurrent(last));
  const position = isElsewhere ? -1 : path.findIndex(isCurrent);
  const previous = position >= 0 ? path[position - 1] : last;
  return previous && {
    target: previous.brought,
    reason: previous.createdAtMs === -Infinity
      ? `${shortName(previous.brought)} ran before the oldest deployment that ECS has on record`
      : `${shortName(previous.brought)} was deployed successfully before ${shortName(running)}, at ${
        new Date(endOf(previous)).toISOString()
      }`,
    ...(isWayBack && !hasFailed && { leavesWayBackOfMs: endOf(newest) }),
  };
}

function stay(running: Revision, why: string): Previous {
  const reason = `${why}: ${shortName(running)} is what ran before it; to go further back, name the number`;
  return { target: running, reason };
}

function endOf({ finishedAtMs, createdAtMs }: Step): number {
  return finishedAtMs ?? createdAtMs;
}

function inOrder(
  past: readonly PastDeployment[],
  running: Revision,
  original: number,
  earliest: string | undefined,
): Step[] {
  const beforeRecord = {
    arn: "",
    status: "SUCCESSFUL",
    createdAtMs: -Infinity,
    finishedAtMs: undefined,
    taskDefinition: earliest,
  };
  return [beforeRecord, ...past.toSorted((a, b) => a.createdAtMs - b.createdAtMs)].flatMap(
    ({ taskDefinition, ...deployment }) => {
      if (taskDefinition === undefined) return [];
      const arn = taskDefinition === running.arn ? siblingArn(running, original) : taskDefinition;
      return [{ ...deployment, brought: parseTaskDefinitionArn(arn) }];
    },
  );
}

/** What has succeeded, without what somebody has gone back from. */
function pathOf(steps: readonly Step[]): Step[] {
  const path: Step[] = [];
  for (const step of steps) {
    if (step.status !== "SUCCESSFUL") continue;
    const earlier = path.findIndex(({ brought }) => brought.arn === step.brought.arn);
    if (earlier >= 0) path.length = earlier;
    path.push(step);
  }
  return path;
}
