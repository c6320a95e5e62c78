import { lastPart } from "../../model/arn.ts";
import type { ContainerLog, LogPlace } from "../../model/log_place.ts";
import { tailLogCommand } from "./typed_commands.ts";
import { info, type Line, warn } from "./log.ts";
import { becauseOf } from "./phrases.ts";

/** Whether a container's log, which may hold secrets, may go into NDJSON or a job summary: only on request. */
export function mayBeKept({ isAskedFor }: ContainerLog): boolean {
  return isAskedFor;
}

/** The last lines that a container wrote, marked so that nobody takes them for this program's words. */
export function renderLog({ container, taskArn, lines }: ContainerLog): Line[] {
  const of = `container ${container} (task ${lastPart(taskArn)})`;
  if (lines.length === 0) return warn(`${of} has written nothing to its log`);
  const what = lines.length === 1 ? "last line" : `last ${lines.length} lines`;
  return [...warn(`${what} of ${of}:`), ...info(...lines.map((line) => `  | ${line}`))];
}

/** How to read a container's log, in one sentence. A command, if there is one, comes last. */
export function adviseOnLog({ log, container }: { readonly log?: LogPlace; readonly container?: string }): string {
  const name = container === undefined ? "the container" : `container ${container}`;
  switch (log?.kind) {
    case undefined:
      return `read the log of ${name} (logConfiguration in the task definition says where it is)`;
    case "cloudWatchLogs":
      return log.stream === undefined
        ? `the log of ${name} is one of the streams in this group: ${tailLogCommand(log)}`
        : `read the log of ${name}: ${tailLogCommand(log)}`;
    case "router":
      return describeRoute(log, name);
    case "server":
      return `read the log of ${name} where log driver ${log.driver} sends it${becauseOf(log.address)}`;
    case "instance":
      return `read the log of ${name} on the container instance that it ran on` +
        (log.driver === undefined ? ", with docker logs" : ` (log driver ${log.driver})`);
    case "nowhere":
      return `add a logConfiguration to ${name}, without which its output is lost`;
  }
}

function describeRoute(
  { router, plugin, to, configFile, ownLog }: Extract<LogPlace, { kind: "router" }>,
  name: string,
): string {
  const where = [plugin, to].filter((part) => part !== undefined).join(" ");
  const by = router === undefined ? "FireLens" : `container ${router} (FireLens)`;
  const sends = where === "" ? `sends it${configFile === undefined ? "" : ` by ${configFile}`}` : `sends it: ${where}`;
  const own = ownLog === undefined ? "" : `; the log of ${by} itself: ${tailLogCommand(ownLog)}`;
  return `read the log of ${name} where ${by} ${sends}${own}`;
}
