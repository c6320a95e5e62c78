import type { StopSignal } from "../host.ts";
import { SIGNAL_NUMBERS } from "../host/stop_signals.ts";

/** Every exit code there is. 2 to 4 promise that nothing was changed. */
export const EXIT = {
  ok: 0,
  unforeseen: 1,
  usage: 2,
  config: 3,
  refused: 4,
  aws: 5,
  deploymentFailed: 6,
  timedOut: 7,
  incomplete: 8,
  differences: 9,
  didNotHelp: 10,
} as const;

/** The exit code of a program that a signal ended: 128 + the signal's number, as in shells. */
export function exitCodeOfSignal(signal: StopSignal): number {
  return 128 + SIGNAL_NUMBERS[signal];
}

/** The endings that scripts can distinguish: those of `EXIT`, and that by a signal. */
export type Ending = keyof typeof EXIT | "stopped";

/** @param signal that stopped the program, if one did */
export function exitCodeOfEnding(ending: Ending, signal: StopSignal = "SIGINT"): number {
  return ending === "stopped" ? exitCodeOfSignal(signal) : EXIT[ending];
}

/** How a command ends that was stopped early: by the signal or, without one, by the time limit. */
export function endOfStop(signal: StopSignal | undefined): "stopped" | "timedOut" {
  return signal === undefined ? "timedOut" : "stopped";
}

/** Whether all that the command was to print is printed. */
export function hasWholeResult(ending: Ending): boolean {
  return ending === "ok" || ending === "differences";
}

interface ExitCodeMeaning {
  readonly codes: readonly number[];
  readonly meaning: string;
  readonly isAnythingChanged: string;
}

/** The meaning of each exit code; help texts and docs/ci.md are made from this table. */
export const EXIT_CODES: Readonly<Record<Ending, ExitCodeMeaning>> = {
  ok: means("done, nothing to do, or a dry run of a plan that can be carried out", "as asked", EXIT.ok),
  unforeseen: means("unforeseen: a defect, please report it", "possibly", EXIT.unforeseen),
  usage: means("the command line cannot be carried out as typed", "no", EXIT.usage),
  config: means("the config, a definition or an envfile is wrong", "no", EXIT.config),
  refused: means(
    "refused: it cannot work, is in use, is not there, was not confirmed, or the service has changed since the plan " +
      "was made; of many services, one of them is enough",
    "no",
    EXIT.refused,
  ),
  aws: means(
    "AWS refused, did not keep all of a copy (`--reregister`), could not be reached, or its answer was lost",
    "the message says",
    EXIT.aws,
  ),
  deploymentFailed: means(
    "the deployment did not succeed: it failed, somebody else's took over, or the service is deleted (`ecspresso " +
      "status` says what runs now); of many services, that of at least one",
    "yes",
    EXIT.deploymentFailed,
  ),
  timedOut: means(
    "timed out: ECS keeps trying; of many services, some may not be begun",
    "the message says",
    EXIT.timedOut,
  ),
  incomplete: means(
    "done, but something is left to do (the log has the command), such as services that `--skip-refused` has left; or " +
      "the result could not be written",
    "the message says",
    EXIT.incomplete,
  ),
  differences: means("`diff --exit-code`: there are differences", "no", EXIT.differences),
  didNotHelp: means(
    "`--bake`: rolled back, but it did not help; of many services, at least one was not helped",
    "as asked",
    EXIT.didNotHelp,
  ),
  stopped: means(
    "SIGHUP, Ctrl-C, SIGQUIT, SIGTERM: stopped watching; ECS keeps going",
    "the message says",
    // The usual signals; others exit with 128 and their number, too.
    ...(["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"] as const).map(exitCodeOfSignal),
  ),
};

function means(meaning: string, isAnythingChanged: string, ...codes: number[]): ExitCodeMeaning {
  return { codes, meaning, isAnythingChanged };
}

/** How a command can end: with words of its own, or (`true`) those of the table. */
export type CommandEndings = Readonly<Partial<Record<Ending, string | true>>>;

export const ALWAYS = { unforeseen: true, usage: true } as const;
export const NOT_WRITTEN = "the result could not be written";
/** For commands that read the config. */
const WITH_CONFIG = { ...ALWAYS, config: true, incomplete: NOT_WRITTEN } as const;
const NOT_ANSWERED = "AWS refused, could not be reached, or its answer was lost";
const TIMED_OUT = "timed out";
const STOPPED = "SIGHUP, Ctrl-C, SIGQUIT, SIGTERM";
/** For commands that ask AWS. */
export const WITH_AWS = { ...WITH_CONFIG, aws: NOT_ANSWERED, timedOut: TIMED_OUT, stopped: STOPPED } as const;
/** For commands that ask AWS and write no result. */
export const { incomplete: _, ...ANSWERED } = WITH_AWS;
/** For commands that follow a deployment. */
export const WITH_DEPLOYMENT = { ...WITH_AWS, timedOut: true, deploymentFailed: true, stopped: true } as const;
export const NO_REVISION = "there is no such revision";

/** How wide a help text is. */
export const HELP_COLUMNS = 80;
/** The column where meanings begin, after the longest codes. */
const INDENT = 4 + Math.max(...Object.values(EXIT_CODES).map(({ codes }) => codes.join(", ").length));

/** The section of a help text with the exit codes: those of a command, or all with the words of the table. */
export function renderExitCodes(endings?: CommandEndings): string {
  const rows = Object.entries(EXIT_CODES).flatMap(([ending, { codes, meaning }]) => {
    const said = endings === undefined ? true : endings[ending as Ending];
    if (said === undefined) return [];
    const lines = wrapWords((said === true ? meaning : said).replaceAll("`", ""), HELP_COLUMNS - INDENT);
    return [`  ${codes.join(", ").padEnd(INDENT - 2)}${lines.join(`\n${" ".repeat(INDENT)}`)}`];
  });
  return ["Exit codes:", ...rows].join("\n");
}

/** Lines of as many words as fit. */
export function wrapWords(text: string, columns: number): string[] {
  return Array.from(text.matchAll(new RegExp(`(.{1,${columns}})(?: |$)`, "g")), ([, words = ""]) => words);
}
