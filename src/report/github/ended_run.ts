import { explainStoppedTasksCommand } from "../../model/aws_cli.ts";
import { subjectName } from "../../model/service.ts";
import type { Ordered } from "../../rollout/events.ts";
import type { Intent } from "../../rollout/plan/plan.ts";
import { type Alternative, findAlternative } from "../find_alternative.ts";
import { NOUNS } from "../plan_text.ts";
import { outcomeOf, type RunOutcome, runOutcome, type RunRecord, wasTakenBack } from "../run_record.ts";

/** All that is told of a run when it has ended. */
export interface EndedRun {
  readonly record: RunRecord;
  /** `undefined` for a command of which nothing is told but its errors. */
  readonly command: Intent | undefined;
  /** Whether it was tried to take a deploy back. */
  readonly takesBack: boolean;
  /** An error has ended it, while ECS goes on with what it was told; `undefined` where that is not so. */
  readonly leftGoing: Exclude<Ordered, "no"> | undefined;
  /** The lines of the log that say what went wrong and what to do about it. */
  readonly said: readonly string[];
  readonly warnings: readonly string[];
  /** What happened while the plan was carried out, a line each, with the time since the start. */
  readonly timeline: readonly string[];
  readonly tookMs: number;
}

const ENDINGS: Readonly<Record<RunOutcome, string>> = {
  succeeded: "succeeded",
  unchanged: "needed no deployment",
  submitted: "is under way: ECS has taken the order, and nobody waits for its end",
  outdated: "was not begun: the service is no longer as it was when the plan was made",
  copyIncomplete: "was not begun: ECS has not kept everything in the copy of its task definition",
  failed: "failed",
  rolledBackByEcs: "failed, and ECS has turned the service back",
  superseded: "was superseded by another deployment",
  gone: "ended with the service, which somebody has deleted",
  timedOut: "timed out",
  interrupted: "was interrupted",
  planned: "is planned, and nothing has been changed",
  refused: "was refused, and nothing has been changed",
  error: "was ended by an error",
};

/** Here `wait` has ended, and the deployment that it was for has not. */
const ENDS_OF_WAITING: ReadonlySet<RunOutcome> = new Set(["refused", "outdated", "timedOut", "interrupted", "error"]);

/** How the run has ended, as a sentence without its full stop. `show` writes the name of the service. */
export function describeEnd(
  { record, command = "deploy", takesBack }: EndedRun,
  show: (subject: string) => string,
): string {
  const { subject, isDryRun, main, exitCode } = record;
  const outcome = runOutcome(record) ?? "error";
  const noun = command === "wait" && ENDS_OF_WAITING.has(outcome) ? `wait for the ${NOUNS.wait}` : NOUNS[command];
  const isIncomplete = main?.outcome?.kind === "succeeded" && exitCode !== 0;
  return [
    `${isDryRun ? "Dry run: the" : "The"} ${noun}`,
    // Unknown where the config could not be read.
    subject === undefined ? "" : ` of ${show(subjectName(subject))}`,
    ` ${ENDINGS[outcome]}`,
    isIncomplete ? ", but something is left to do" : "",
    takesBack ? describeWayBack(record) : "",
  ].join("");
}

function describeWayBack(record: RunRecord): string {
  if (wasTakenBack(record)) return ", and was taken back";
  if (record.isReadBack === false) return ", and was taken back in part";
  return goesBack(record) ? ", and is still being taken back" : ", and could not be taken back";
}

/** ECS goes on with the way back when nobody watches it any more. */
function goesBack({ back }: RunRecord): boolean {
  const outcome = back?.outcome;
  return (outcome?.kind === "timedOut" || outcome?.kind === "interrupted") && outcome.ordered === "yes";
}

export interface NextCommand {
  readonly purpose: string;
  readonly command: string;
}

/** Another command of this program on the same service, as it is to be typed. */
export type CommandLine = (command: "wait" | "status" | Alternative["command"]) => string;

/** What to type next, most pressing first. */
export function findNextCommands(
  { record, takesBack, leftGoing }: EndedRun,
  commandLine: CommandLine,
): NextCommand[] {
  const { main, back, subject } = record;
  const outcome = outcomeOf(record);
  const leftovers = [main, back].flatMap((part) => part?.outcome?.leftovers ?? []);
  const follow = { purpose: "To follow it", command: commandLine("wait") };
  const look = { purpose: "See what runs now", command: commandLine("status") };
  const alternative = takesBack || outcome === undefined
    ? undefined
    : findAlternative(outcome, main?.plan ?? { intent: "wait" });
  const hasFailed = outcome?.kind === "failed" || outcome?.kind === "rolledBackByEcs";
  return [
    ...leftovers.map(({ command }) => ({ purpose: "Still to do", command })),
    ...(leftGoing === undefined ? [] : [follow]),
    ...(takesBack ? nextOnTheWayBack(record, follow, look) : nextAfter(outcome, follow, look)),
    ...(alternative === undefined
      ? []
      : [{ purpose: upperFirst(alternative.purpose), command: commandLine(alternative.command) }]),
    ...(hasFailed && subject !== undefined
      ? [{ purpose: "Why its tasks stopped", command: explainStoppedTasksCommand(subject) }]
      : []),
  ];
}

function nextOnTheWayBack(record: RunRecord, follow: NextCommand, look: NextCommand): NextCommand[] {
  if (wasTakenBack(record)) return [];
  return [goesBack(record) ? follow : look];
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function nextAfter(
  outcome: NonNullable<RunRecord["main"]>["outcome"],
  follow: NextCommand,
  look: NextCommand,
): NextCommand[] {
  switch (outcome?.kind) {
    case "submitted":
      return [outcome.startsNone ? look : follow];
    case "superseded":
    case "gone":
    case "outdated":
    case "copyIncomplete":
      return [look];
    case "timedOut":
    case "interrupted":
      return outcome.ordered === "no" ? [] : [outcome.ordered === "yes" ? follow : look];
    default:
      return [];
  }
}
