import type { ConnectionOptions } from "../aws/connection.ts";
import type { Clock, Host } from "../host.ts";
import { describeReasonOf } from "../report/messages/machine_problem_text.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import type { Printer } from "../report/printer.ts";
import type { Context } from "../session/context.ts";
import { runCommand } from "./run_command.ts";

/**
 * The program: takes the command line from `host` and returns the exit code. Throws nothing.
 *
 * @param requestHandler stands in for the network when AWS is called; the real one when left out.
 * @param printer gets the events of the run, too.
 */
export async function run(
  host: Host,
  requestHandler?: ConnectionOptions["requestHandler"],
  printer?: Printer,
): Promise<number> {
  return await finishOutputs(await runCommand(host, requestHandler, printer));
}

/** How long a reader may still take for the rest once the run waits for nothing else; one that reads at all needs less. */
const LAST_WORDS_WITHIN_MS = 250;

type Ended = Pick<Context, "host" | "exitCode"> & Partial<Pick<Context, "patience" | "cutOffBy" | "reporter">>;

/**
 * Waits until what was written has been read, or until shortly after `patience` is aborted. Returns the exit code: a result
 * that could not be written has one of its own.
 */
export async function finishOutputs(ended: Ended): Promise<number> {
  const { host: { stdout, stderr, clock }, patience = new AbortController().signal } = ended;
  const soonAfter = () => soonAfterAbort(patience, clock);
  await stdout.finish(soonAfter());
  const exitCode = reportLostOutput(ended);
  await stderr.finish(soonAfter());
  return exitCode;
}

function soonAfterAbort(signal: AbortSignal, clock: Clock): AbortSignal {
  const controller = new AbortController();
  const abortSoon = () => clock.deadline(LAST_WORDS_WITHIN_MS).addEventListener("abort", () => controller.abort());
  if (signal.aborted) abortSoon();
  else signal.addEventListener("abort", abortSoon, { once: true });
  return controller.signal;
}

/**
 * Reports a result that could not be written to stdout. Returns the exit code, so that half a result never passes for a
 * whole one; an earlier failure keeps its own code. A command that changes nothing and was cut off by a stop signal has
 * that signal's.
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
