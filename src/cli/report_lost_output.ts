import type { Host } from "../host.ts";
import type { Log } from "../ui/log.ts";
import { EXIT } from "./exit_code.ts";

/**
 * Says that what stdout was to get is lost, where it is. Answers with the exit code: nobody may take half a result for a
 * whole one, and an earlier failure keeps its own code.
 *
 * @param code the exit code of a command that has come to its end
 */
export function reportLostOutput(code: number, { stdout, stderr }: Host, log: Log | undefined): number {
  if (stdout.failure === undefined) return code;
  const message = `the result could not be written to stdout: ${stdout.failure}`;
  if (log === undefined) stderr.write(`error: ${message}\n`);
  else log.error(message);
  return code === EXIT.ok || code === EXIT.differences ? EXIT.incomplete : code;
}
