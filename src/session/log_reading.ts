import type { Output } from "../host.ts";
import type { LogReading } from "../rollout/run_context.ts";
import { isCi } from "./is_ci.ts";
import type { Session } from "./session.ts";

/** What a person sees of the log of a container that failed, unless `--logs` says otherwise. */
const USUAL_LINES = 10;

/**
 * How the logs of containers are read that fail; `undefined`: they are not. Unasked, only for a person at a terminal: they can
 * hold anything, and what a CI system prints is kept.
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
  const lines = asked ?? (isForPerson ? USUAL_LINES : 0);
  return lines === 0 ? undefined : { connect: connectLogs, lines, isAsked: asked !== undefined };
}
