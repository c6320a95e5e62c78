import type { RunEvent } from "../rollout/events.ts";
import type { Named } from "./messages/cases.ts";
import { formatDuration, formatMoment, info, type Line, warn } from "./messages/log.ts";
import { planFileCommand } from "./messages/own_commands.ts";

type PlanFileEvent = Named<RunEvent, "kind", "planFile">;

/** A plan older than this is warned about. It is not refused, since each service is compared with it anyway. */
const OLD_MS = 24 * 3_600_000;

/** Says that a plan was written to a file, or comes from one. */
export function describePlanFile(event: PlanFileEvent): Line[] {
  const { path, services, madeAtMs, ageMs, isWritten } = event;
  const ofMany = services === 1 ? "" : ` of ${services} services`;
  if (isWritten) {
    return info(`Plan${ofMany} is written to ${path}; to carry it out, or to go on with it: ${planFileCommand(event)}`);
  }
  return [
    ...info(`Plan${ofMany} is from ${path}, made at ${formatMoment(madeAtMs)}`),
    ...(ageMs > OLD_MS ? warn(`This plan is old: it was made ${formatDuration(ageMs)} ago`) : []),
  ];
}
