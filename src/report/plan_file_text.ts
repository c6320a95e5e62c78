import { ecspressoCommand, writeOption } from "../model/typed_commands.ts";
import type { RunEvent } from "../rollout/events.ts";
import type { Named } from "./messages/cases.ts";
import { formatDuration, formatMoment, info, type Line, warn } from "./messages/log.ts";

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

/** The command that carries a plan out; it can be repeated until all is done. */
export function planFileCommand({ path, options }: Pick<PlanFileEvent, "path" | "options">): string {
  return ecspressoCommand({ options }, `rollback ${writeOption(["--plan", path])}`);
}
