import { type EventLine, readEvents } from "../event_schema.ts";
import { isCalmEndDue } from "./expect.ts";
import { PRIOR } from "./scenes.ts";
import { isCompleted, same, scalingOf, serviceOf, type Tried } from "./tried.ts";
import { isRead } from "../emulator/operations.ts";

/** Where exit code, events or words of a run say something else than the world that it has left. */
export function findMisreported(tried: Tried): string[] {
  return [findStrangeEnds, findBrokenPromises, findFalseCodes, findFalseEvents].flatMap((find) => find(tried));
}

/** What a run of these scenes may end with. */
const ENDINGS = [0, 3, 4, 5, 6, 7, 8];

/** The sentence where its condition holds. */
function where(...found: readonly (readonly [boolean, string])[]): string[] {
  return found.filter(([holds]) => holds).map(([, sentence]) => sentence);
}

function findStrangeEnds({ code, stdout, stderr }: Tried): string[] {
  return where(
    [!ENDINGS.includes(code), `exit code ${code}`],
    [/^\s+at .*:\d+:\d+/m.test(stderr + stdout), "a stack trace"],
    [/unforeseen|defect|panick|\[object|undefined|NaN/i.test(stderr), "an unforeseen error"],
  );
}

/** Some exit codes, and some words, promise that nothing has been changed. */
function findBrokenPromises({ code, stderr, calls, before, after }: Tried): string[] {
  const changed = calls.filter(({ applied, operation }) => applied && !isRead(operation))
    .map(({ operation }) => operation);
  return where(
    [code >= 2 && code <= 4 && changed.length > 0, `exit code ${code} after ${changed}`],
    [/nothing has been changed/i.test(stderr) && changed.length > 0, `"nothing has been changed" after ${changed}`],
    [code === 4 && !same(before, after), "refused, but the world has changed"],
  );
}

function findFalseCodes(tried: Tried): string[] {
  const { code, scene, after, calm, limitMs, wholeMs } = tried;
  const { suspendedState, record } = scalingOf(after);
  const isGivenBack = same(suspendedState, PRIOR) && record === undefined;
  const hasFailed = serviceOf(after).deployments.some(({ rolloutState }) => rolloutState === "FAILED");
  const { taskDefinitions } = after;
  return where(
    [isCalmEndDue(tried) && code !== scene.code, `exit code ${code}, though an undisturbed end was possible`],
    [code === 7 && wholeMs < limitMs, `timed out after ${Math.round(wholeMs)} ms already`],
    [(code === 0 || code === 8) && !isCompleted(tried), `exit code ${code}, but the service does not run the target`],
    [code === 0 && !isGivenBack, "exit code 0, but auto scaling is not restored"],
    [
      code === 0 && !same(taskDefinitions, calm.after.taskDefinitions),
      `exit code 0, but the task definitions are ${JSON.stringify(taskDefinitions)}`,
    ],
    [code === 6 && scene.code === 0 && !hasFailed, "exit code 6, but no deployment has failed"],
  );
}

function findFalseEvents(tried: Tried): string[] {
  const { code, stdout, after, scene } = tried;
  let events: readonly EventLine[];
  try {
    events = readEvents(stdout);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`the events are not as described: ${why}`.slice(0, 300)];
  }
  const end = events.at(-1)!;
  const leftovers = (end.leftovers as readonly unknown[]).length;
  const isLive = serviceOf(after).taskDefinition === scene.target;
  const isRestored = same(scalingOf(after).suspendedState, PRIOR);
  return where(
    [end.exitCode !== code, `exit code ${code}, but its event says ${end.exitCode}`],
    [code === 8 && leftovers === 0, "exit code 8, but nothing is left to do"],
    [code === 0 && leftovers > 0, "exit code 0, but something is left to do"],
    [end.isRolledBack === true && !isLive, "said to be rolled back, but it is not"],
    [end.isRolledBack === false && isCalmEndDue(tried), "said not to be rolled back, though that was possible"],
    [end.outcome === "succeeded" && !isCompleted(tried), "said to have succeeded, but it has not"],
    [saysRestored(events) && !isRestored, "auto scaling was said to be restored, but it is not"],
  );
}

/** Whether the last event about auto scaling says that it was restored. */
function saysRestored(events: readonly EventLine[]): boolean {
  const isSuspending = ({ event, step }: EventLine) =>
    event === "stepStarted" && (step as { kind: string }).kind === "suspendScaling";
  return events.findLast((line) => line.event === "scalingRestored" || isSuspending(line))?.event === "scalingRestored";
}
