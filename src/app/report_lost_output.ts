import type { Host } from "../host.ts";
import type { Context } from "../session/context.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";

/**
 * Says that what stdout was to get is lost, where it is. Answers with the exit code: nobody may take half a result for a
 * whole one, and an earlier failure keeps its own code. Where a stop signal has cut off what a command shows that changes
 * nothing, it is that signal's.
 *
 * @param code the exit code of a command that has come to its end
 */
export function reportLostOutput(
  code: number,
  { stdout, stderr, log, cutOffBy }: Pick<Host, "stdout" | "stderr"> & Pick<Context, "log" | "cutOffBy">,
): number {
  if (stdout.failure === undefined) return code;
  const message = `the result could not be written to stdout: ${stdout.failure}`;
  if (log === undefined) stderr.write(`error: ${message}\n`);
  else log.error(message);
  if (code !== EXIT.ok && code !== EXIT.differences) return code;
  const signal = cutOffBy();
  return signal === undefined ? EXIT.incomplete : exitCodeOfSignal(signal);
}
