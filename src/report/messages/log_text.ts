import type { ContainerLog, LogPlace } from "../../model/log_place.ts";
import { tailLogCommand } from "../../model/typed_commands.ts";
import { info, type Line, warn } from "../log.ts";

/** The command that prints what a container has written; `undefined` where there is none. */
export function logCommand(log: LogPlace | undefined): string | undefined {
  return log?.kind === "cloudWatchLogs" ? tailLogCommand(log) : undefined;
}

/** What a container has written last. Its lines are marked: they are no words of this program. */
export function renderLog({ container, taskArn, lines }: ContainerLog): Line[] {
  const of = `container ${container} (task ${taskArn.slice(taskArn.lastIndexOf("/") + 1)})`;
  if (lines.length === 0) return warn(`${of} has written nothing to its log`);
  const what = lines.length === 1 ? "last line" : `last ${lines.length} lines`;
  return [...warn(`${what} of ${of}:`), ...info(...lines.map((line) => `  | ${line}`))];
}

/** How to read the log of a container, in one sentence. */
export function adviseOnLog(log: LogPlace | undefined): string {
  switch (log?.kind) {
    case undefined:
      return "read the container's log (logConfiguration in the task definition says where it goes)";
    case "cloudWatchLogs":
      return `${log.stream === undefined ? "its log is in a stream of this group" : "read its log"}: ${
        tailLogCommand(log)
      }`;
    case "router":
      return describeRoute(log);
    case "server":
      return `read its log where log driver ${log.driver} sends it${
        log.address === undefined ? "" : `: ${log.address}`
      }`;
    case "instance":
      return "read its log on the container instance that it ran on" +
        (log.driver === undefined ? ", with docker logs" : ` (log driver ${log.driver})`);
    case "nowhere":
      return "its log is not kept: give the container a logConfiguration in the task definition";
  }
}

function describeRoute({ router, plugin, to, configFile, ownLog }: Extract<LogPlace, { kind: "router" }>): string {
  const where = [plugin, to].filter((part) => part !== undefined).join(" ");
  const by = router === undefined ? "FireLens" : `container ${router} (FireLens)`;
  const sends = where === "" ? `sends it${configFile === undefined ? "" : ` by ${configFile}`}` : `sends it: ${where}`;
  const own = ownLog === undefined ? "" : `; what ${by} says itself: ${tailLogCommand(ownLog)}`;
  return `read its log where ${by} ${sends}${own}`;
}
