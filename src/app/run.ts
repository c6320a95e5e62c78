import { CommanderError } from "@commander-js/extra-typings";
import type { ConnectionOptions } from "../aws/connection.ts";
import { type FailureData, failureOf } from "../errors.ts";
import type { Host } from "../host.ts";
import { soonAfterAbort } from "../host/sleep.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import { onOneLine } from "../report/messages/log.ts";
import { describeGap, describeReasonOf } from "../report/messages/machine_problem_text.ts";
import type { Printer } from "../report/printer.ts";
import { type Context, newContext } from "../session/context.ts";
import { CommandLine } from "./command_line.ts";

/**
 * Runs the program: takes the command line from `host` and returns the exit code. Throws nothing: every error ends
 * here, as one line and an exit code.
 *
 * @param requestHandler stands in for the network when AWS is called; the real one when left out.
 * @param printer gets the events of the run in addition to the usual printers.
 */
export async function run(
  host: Host,
  requestHandler?: ConnectionOptions["requestHandler"],
  printer?: Printer,
): Promise<number> {
  // Of stderr alone: a result with a line more would be another result, and what is lost of it shows in `failure`.
  host.stderr.describeGap = describeGap;
  const context = newContext(host, requestHandler, printer);
  const commandLine = new CommandLine(context);
  try {
    await commandLine.parse();
  } catch (error) {
    // If the reporter cannot be opened, that is the error to report.
    await commandLine.openReporter().catch(() => {});
    context.exitCode = await reportError(error, commandLine.said, context);
  }
  for (const problem of await context.reporter.finish(context.exitCode)) context.reporter.log.warn(problem);
  await host.endPrograms();
  return await finishOutputs(context);
}

/** Reports an error that has ended the program. Returns the exit code. */
async function reportError(error: unknown, said: string, { reporter, region }: Context): Promise<number> {
  const failure = toFailure(error);
  await reporter.openLog();
  reporter.emit({ kind: "failed", failure, region });
  if (error instanceof CommanderError && reporter.logSettings.format === "text") {
    // The parser's messages repeat what was typed, control characters included.
    reporter.stderr.write(said.split("\n").map(onOneLine).join("\n"));
  }
  return failure.exitCode;
}

const USAGE = { kind: "usage", exitCode: EXIT.usage, isShown: true } as const;

/** Describes an error that has ended the program, also one of the command line's parser. */
export function toFailure(error: unknown): FailureData {
  // No command was typed: commander has printed help, and its error has no message of use.
  if (error instanceof CommanderError && error.code === "commander.help") {
    return { ...USAGE, message: "no command is named", hint: "(see ecspresso --help)" };
  }
  // `error: unknown option '--revison'`, and on a second line commander's suggestion.
  if (error instanceof CommanderError) {
    const [message = "", ...advice] = error.message.replace(/^error: /, "").split("\n");
    return { ...USAGE, message, ...(advice.length > 0 && { hint: advice.join("\n") }) };
  }
  return failureOf(error);
}

/** How long a reader of stdout or stderr may still take for the rest once `patience` has ended; most need far less. */
const FINISH_WITHIN_MS = 250;

type Ended = Pick<Context, "host" | "exitCode"> & Partial<Pick<Context, "patience" | "cutOffBy" | "reporter">>;

/**
 * Waits until what was written has been read, or until shortly after `patience` is aborted. Returns the exit code,
 * which is a different one if the result could not be written.
 */
export async function finishOutputs(ended: Ended): Promise<number> {
  const { host: { stdout, stderr, clock }, patience = new AbortController().signal } = ended;
  const soonAfter = () => soonAfterAbort(patience, () => FINISH_WITHIN_MS, clock);
  await stdout.finish(soonAfter());
  const exitCode = reportLostOutput(ended);
  await stderr.finish(soonAfter());
  return exitCode;
}

/**
 * Reports a result that could not be written to stdout. Returns the exit code: one that keeps half a result from
 * passing for a whole one. An earlier failure keeps its own code; a command that changes nothing and was cut off by a
 * stop signal gets that signal's.
 */
function reportLostOutput({ host: { stdout, stderr }, exitCode, reporter, cutOffBy }: Ended): number {
  if (stdout.failure === undefined) return exitCode;
  const message = `the result could not be written to stdout: ${describeReasonOf(stdout.failure)}`;
  if (reporter?.logSettings.subject === undefined) stderr.write(`error: ${message}\n`);
  else reporter.log.error(message);
  if (exitCode !== EXIT.ok && exitCode !== EXIT.differences) return exitCode;
  const signal = cutOffBy?.();
  return signal === undefined ? EXIT.incomplete : exitCodeOfSignal(signal);
}
