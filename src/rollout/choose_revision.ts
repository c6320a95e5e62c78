import { parseTaskDefinitionArn, type Revision, shortName } from "../ecs/arn.ts";
import type { EcsReader, RegistryReader } from "../ecs/ports.ts";
import { hasEnded, isGoingBack, type PastDeployment } from "../ecs/service_deployment.ts";
import type { ServiceRef } from "../ecs/service.ts";
import { AwsError } from "../errors.ts";
import { copiedFrom } from "./register_copy.ts";

/** What the user says the target to be. */
export type RevisionChoice =
  /** `family`: where it is not that of the service now. */
  | { readonly kind: "number"; readonly revision: number; readonly family?: string }
  /** The one that ran well before the one that runs. */
  | { readonly kind: "previous" }
  /** `family:revision`, or a full ARN, which must be of the service's family. */
  | { readonly kind: "named"; readonly name: string; readonly family: string; readonly revision: number };

/** A revision number of the service's family, and why that one, or why there is none. */
export type Chosen =
  | {
    readonly kind: "chosen";
    readonly revision: number;
    /** One line; `undefined` where the user named the number. */
    readonly reason: string | undefined;
    /** What is doubtful about the choice, a line each. */
    readonly doubts: readonly string[];
  }
  | { readonly kind: "none"; readonly reason: string };

/** ECS keeps 90 days; this many deployments are more than anybody looks back. */
const MOST_DEPLOYMENTS = 100;

/** What is asked to find the revision. */
type Asked =
  & Pick<RegistryReader, "listPastDeployments" | "listRevisions" | "readTaskDefinition">
  & Pick<EcsReader, "describeServiceDeployment" | "describeServiceRevision">;

/**
 * Finds the revision that a choice means for a service that runs `running`. Asks AWS only for `previous`: five calls and
 * more for the deployments of the last 90 days, and where they do not tell, one for the numbers that are registered.
 *
 * @throws AwsError; that the deployments may not be read is a doubt only
 */
export async function chooseRevision(
  choice: RevisionChoice,
  ref: ServiceRef,
  running: Revision,
  registry: Asked,
  signal: AbortSignal,
): Promise<Chosen> {
  if (choice.kind === "number") return chosen(choice.revision, undefined);
  if (choice.kind === "named") return chooseNamed(choice, running);
  const doubts: string[] = [];
  const unlessDenied = <Part>(part: Promise<Part>, unknown: string): Promise<Part | undefined> =>
    part.catch((error) => {
      if (!(error instanceof AwsError) || error.kind !== "denied") throw error;
      doubts.push(`${error.message}; ${unknown} is not known`);
      return undefined;
    });
  const [past = [], definition] = await Promise.all([
    unlessDenied(registry.listPastDeployments(ref, MOST_DEPLOYMENTS, signal), "which deployments succeeded"),
    unlessDenied(registry.readTaskDefinition(running.arn, signal), `whether ${shortName(running)} is a copy`),
  ]);
  const original = definition && copiedFrom(definition, running.family);
  const earliest = await unlessDenied(
    readEarliest(past, registry, signal),
    "what ran before the deployments on record",
  );
  const previous = findPrevious(past, running, original, earliest);
  if (previous !== undefined) return chosen(previous.revision, previous.reason, doubts);
  const unknown = doubts[0] ?? `ECS knows of no successful deployment before ${shortName(running)}`;
  const lower = await findNextLower(running, registry, signal);
  if (lower === undefined) return { kind: "none", reason: `${unknown}, and no lower revision is registered` };
  const isDenied = doubts.length > 0;
  return chosen(
    lower,
    isDenied
      ? `${lower} is the next lower registered revision`
      : `${unknown}: ${lower} is the next lower registered revision`,
    [...doubts, `${shortName({ ...running, revision: lower })} may never have run: look at what changes`],
  );
}

function chosen(revision: number, reason: string | undefined, doubts: readonly string[] = []): Chosen {
  return { kind: "chosen", revision, reason, doubts };
}

function chooseNamed(
  { name, family, revision }: Extract<RevisionChoice, { kind: "named" }>,
  running: Revision,
): Chosen {
  if (family !== running.family) {
    return { kind: "none", reason: `it is of the family ${family}, and the service runs ${shortName(running)}` };
  }
  const isArn = name.startsWith("arn:");
  const prefix = (arn: string) => arn.slice(0, arn.lastIndexOf("/"));
  if (isArn && prefix(name) !== prefix(running.arn)) {
    return { kind: "none", reason: `it is of another account or region than the service, which runs ${running.arn}` };
  }
  return chosen(revision, undefined);
}

const UNDER_WAY: ReadonlySet<string> = new Set(["PENDING", "IN_PROGRESS"]);

/**
 * The revision that was deployed successfully before the one that runs, as somebody remembers it who has followed the
 * deployments: a deployment of what had run before is a way back, so what it came from is not what one would go back to.
 * (3, then 4, then back to 3: before that 3 there is what was there before the first 3.)
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
): { readonly revision: number; readonly reason: string } | undefined {
  const nameOf = (revision: number) => shortName({ ...running, revision });
  const path: { revision: number; atMs: number }[] = [];
  const before90Days = {
    status: "SUCCESSFUL",
    createdAtMs: -Infinity,
    finishedAtMs: undefined,
    taskDefinition: earliest,
  };
  const inOrder = [before90Days, ...past.toSorted((a, b) => a.createdAtMs - b.createdAtMs)];
  const ofFamily = inOrder.flatMap((deployment) => {
    const brought = deployment.taskDefinition && parseTaskDefinitionArn(deployment.taskDefinition);
    if (!brought || brought.family !== running.family) return [];
    const revision = brought.revision === running.revision ? original : brought.revision;
    return [{ ...deployment, revision }];
  });
  const newest = ofFamily.at(-1);
  const wasTurnedBack = newest !== undefined && (newest.status === "ROLLBACK_SUCCESSFUL" || isGoingBack(newest));
  // The service shows where ECS goes back to; the list may lag behind, and tell of the request only.
  if (wasTurnedBack && newest.revision !== original) {
    return {
      revision: running.revision,
      reason: `the newest deployment, of ${nameOf(newest.revision)}, has been turned back: ${shortName(running)} is ` +
        "what ran before it; to go further back, name the number",
    };
  }
  const before = ofFamily.at(-2);
  const isWayBack = newest?.revision === original && before !== undefined &&
    before.revision !== original &&
    ofFamily.slice(0, -2).some(({ revision }) => revision === original);
  if (isWayBack && before.status !== "SUCCESSFUL") {
    return {
      revision: running.revision,
      reason: `the deployment of ${nameOf(before.revision)} did not succeed and has been taken back: ` +
        `${shortName(running)} is what ran before it; to go further back, name the number`,
    };
  }
  // The same command again, after Ctrl-C or a lost answer: it goes on with what is under way.
  if (isWayBack && UNDER_WAY.has(newest.status)) {
    return {
      revision: running.revision,
      reason:
        `the service is on its way back from ${nameOf(before.revision)} to ${shortName(running)}; to go further ` +
        "back, name the number",
    };
  }
  for (const { status, revision, finishedAtMs, createdAtMs } of ofFamily) {
    if (status !== "SUCCESSFUL") continue;
    const earlier = path.findIndex((one) => one.revision === revision);
    if (earlier >= 0) path.length = earlier;
    path.push({ revision, atMs: finishedAtMs ?? createdAtMs });
  }
  // Deployed once more, and turned back: what runs is what ran before.
  if (wasTurnedBack && path.at(-1)?.revision === original) {
    return {
      revision: running.revision,
      reason: `the newest deployment, of ${nameOf(newest.revision)} once more, has been turned back: ` +
        `${shortName(running)} is what ran before it; to go further back, name the number`,
    };
  }
  // What runs may have failed, or be under way: then it is no part of the path, or only by an earlier time that it ran.
  const hasFailed = newest?.revision === original && hasEnded(newest) && newest.status !== "SUCCESSFUL";
  const isElsewhere = hasFailed && path.at(-1)?.revision !== original;
  const current = isElsewhere ? -1 : path.findIndex((one) => one.revision === original);
  const previous = current >= 0 ? path[current - 1] : path.at(-1);
  return previous && {
    revision: previous.revision,
    reason: previous.atMs === -Infinity
      ? `${nameOf(previous.revision)} ran before the oldest deployment that ECS has on record`
      : `${nameOf(previous.revision)} was deployed successfully before ${shortName(running)}, at ${
        new Date(previous.atMs).toISOString()
      }`,
  };
}

/**
 * What the oldest deployment on record came from: a service may have run the same for longer than ECS keeps records.
 *
 * @returns the task definition's ARN; `undefined` where it came from several, or from none: it made the service
 */
async function readEarliest(
  past: readonly PastDeployment[],
  ecs: Asked,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [oldest] = past.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  const deployment = oldest && await ecs.describeServiceDeployment(oldest.arn, signal);
  const [source, ...others] = deployment?.sourceRevisionArns ?? [];
  return source === undefined || others.length > 0 ? undefined : await ecs.describeServiceRevision(source, signal);
}

async function findNextLower(
  { family, revision }: Revision,
  registry: Pick<RegistryReader, "listRevisions">,
  signal: AbortSignal,
): Promise<number | undefined> {
  for await (const page of registry.listRevisions(family, { status: "ACTIVE", order: "DESC" }, signal)) {
    const lower = page.map((candidate) => candidate.revision).filter((candidate) => candidate < revision);
    if (lower.length > 0) return Math.max(...lower);
  }
  return undefined;
}
