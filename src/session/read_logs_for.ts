import type { Output } from "../host.ts";
import type { LogReading } from "../rollout/read/log_reader.ts";
import { isCi } from "./context.ts";
import type { Session } from "./session.ts";

/** How many lines of a failed container's log a person sees, unless `--logs` says otherwise. */
const DEFAULT_LOG_LINES = 10;

/**
 * How to read the logs of containers that fail; `undefined`: not at all. Without `--logs`, they are read only for a
 * person at a terminal: they may hold anything, and a CI system keeps what is printed.
 *
 * @param asked the value of `--logs`
 * @param output where they are written
 */
export function readLogsFor(
  asked: number | undefined,
  { host: { stderr, env }, reporter, connectLogs }: Session,
  output: Pick<Output, "isTerminal"> = stderr,
): LogReading | undefined {
  const isForPerson = output.isTerminal && !isCi(env) && reporter.logSettings.format === "text";
  const lines = asked ?? (isForPerson ? DEFAULT_LOG_LINES : 0);
  return lines === 0 ? undefined : { connect: connectLogs, lines, isAskedFor: asked !== undefined };
}
