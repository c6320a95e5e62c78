import { ecspressoCommand, writeOption } from "../model/typed_commands.ts";
import type { RunEvent } from "../rollout/events.ts";
import type { Named } from "./cases.ts";
import { formatDuration, formatMoment, info, type Line, warn } from "./log.ts";

type PlanFileEvent = Named<RunEvent, "kind", "planFile">;

/** Much may have changed since: nothing is refused for it, for each service is compared with the plan. */
const OLD_MS = 24 * 3_600_000;

/** That a plan was written to a file, or is carried out from one. */
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

/** What is typed to carry a plan out, again and again until all is done. */
export function planFileCommand({ path, options }: Pick<PlanFileEvent, "path" | "options">): string {
  return ecspressoCommand({ options }, `rollback ${writeOption(["--plan", path])}`);
}
