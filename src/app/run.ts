import { CommanderError } from "@commander-js/extra-typings";
import type { ConnectionOptions } from "../aws/connection.ts";
import { type FailureData, failureOf } from "../errors.ts";
import type { Host } from "../host.ts";
import { soonAfterAbort } from "../host/sleep.ts";
import { endOfFailure, exitCodeOfRun } from "../report/ending.ts";
import { type Ending, hasWholeResult } from "../report/exit_code.ts";
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
  // Only on stderr: an added line would change a result on stdout, whose losses `failure` reports.
  host.stderr.describeGap = describeGap;
  const context = newContext(host, requestHandler, printer);
  const commandLine = new CommandLine(context);
  try {
    await commandLine.parse();
  } catch (error) {
    // If the reporter cannot be opened, that is the error to report.
    await commandLine.openReporter().catch(() => {});
    context.ending = await reportError(error, commandLine.parserOutput, context);
  }
  for (const problem of await context.reporter.finish(exitCodeOf(context))) context.reporter.log.warn(problem);
  await host.endPrograms();
  return await finish(context);
}

/** Waits until output that was prepared before the run, such as help, has been read. Returns the exit code. */
export async function finishPreparedOutput(host: Host): Promise<number> {
  return await finish(newContext(host));
}

function exitCodeOf({ reporter, ending }: Context): number {
  return exitCodeOfRun(reporter.state, ending);
}

/** Reports an error that has ended the program. */
async function reportError(error: unknown, said: string, { reporter, region }: Context): Promise<Ending> {
  const failure = toFailure(error);
  await reporter.openLog();
  reporter.emit({ kind: "failed", failure, region });
  if (error instanceof CommanderError && reporter.logSettings.format === "text") {
    // The parser's messages repeat what was typed, control characters included.
    reporter.stderr.write(said.split("\n").map(onOneLine).join("\n"));
  }
  return endOfFailure(failure);
}

const USAGE = { kind: "usage", isShown: true } as const;

/** Describes an error that has ended the program, also one of the command line's parser. */
function toFailure(error: unknown): FailureData {
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

/** How long readers of stdout or stderr may still take after `outputDeadline`; most need far less. */
const FINISH_WITHIN_MS = 250;

/**
 * Waits until what was written has been read, or until shortly after `outputDeadline`. Returns the exit code, which
 * is a different one if the result could not be written.
 */
async function finish(context: Context): Promise<number> {
  const { host: { stdout, stderr, clock }, outputDeadline } = context;
  const soonAfter = () => soonAfterAbort(outputDeadline, () => FINISH_WITHIN_MS, clock);
  await stdout.finish(soonAfter());
  if (stdout.failure !== undefined) {
    reportLostOutput(describeReasonOf(stdout.failure), context);
    context.ending = endingOfLostOutput(context);
  }
  await stderr.finish(soonAfter());
  return exitCodeOf(context);
}

/** Reports a result that could not be written to stdout. */
function reportLostOutput(reason: string, { host: { stderr }, reporter }: Context): void {
  const message = `the result could not be written to stdout: ${reason}`;
  if (reporter.logSettings.subject === undefined) stderr.write(`error: ${message}\n`);
  else reporter.log.error(message);
}

/**
 * Half a result must not pass for a whole one. An earlier failure stays; a command that changes nothing and was cut off
 * by a stop signal has been stopped.
 */
function endingOfLostOutput({ ending, cutOffBy }: Context): Ending {
  if (!hasWholeResult(ending)) return ending;
  return cutOffBy() === undefined ? "incomplete" : "stopped";
}
