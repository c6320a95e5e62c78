import type { JsonObject } from "../../model/json.ts";
import { hasProductionTraffic } from "../../model/service_deployment.ts";
import type { CurrentState } from "../read/read_current_state.ts";
import { foreseeWaits } from "./foresee_way_back.ts";
import type { PlanNotice, SlowNotice } from "./notice.ts";
import type { AwaitDeployment, Step } from "./plan.ts";
import type { Position, RollbackOptions } from "./rollback_position.ts";

/** What the user should know before a rollback that restores `attributes` besides; scaling apart. */
export function collectRollbackNotices(
  state: CurrentState,
  options: RollbackOptions,
  position: Position,
  steps: readonly Step[],
  attributes: JsonObject,
): PlanNotice[] {
  const { service, denied, chosen } = state;
  return [
    ...denied.map((denial): PlanNotice => ({ code: "notRead", denial, intent: "rollback" })),
    ...(chosen?.kind === "chosen" ? chosen.doubts : []),
    ...noticeSteps(state, position, steps),
    ...noticeRevisions(state, options, position),
    ...(service?.desiredCount === 0 ? [{ code: "noTasksDesired" } as const] : []),
    ...foreseeSteps(state, options, position.following, steps, attributes),
  ];
}

/** What the steps do that the user may not expect of them. */
function noticeSteps(
  { target: described }: CurrentState,
  { running, target }: Position,
  steps: readonly Step[],
): PlanNotice[] {
  const names = described?.unknownMembers ?? [];
  return steps.flatMap((step): PlanNotice[] => {
    if (step.kind === "stopDeployment") return [{ code: "stopsDeployment", running, target }];
    return step.kind === "registerCopy" && names.length > 0 ? [{ code: "copyMayLose", target, names }] : [];
  });
}

/** What there is to know of the revisions on both sides. */
function noticeRevisions(
  { current }: CurrentState,
  { configuredFamily: configured, deregister }: RollbackOptions,
  { running, target: { family }, isAtTarget }: Position,
): PlanNotice[] {
  const notices: PlanNotice[] = [];
  if (configured !== undefined && configured !== family) {
    notices.push({ code: "otherFamily", configured, running, family });
  }
  if (current === undefined) notices.push({ code: "currentDeleted", running });
  else if (current.status !== "ACTIVE") notices.push({ code: "currentNotActive", running, status: current.status });
  if (deregister && isAtTarget) notices.push({ code: "targetStaysRegistered", running });
  return notices;
}

/** What will make it slow, where a deployment is started for it, or ECS goes back. */
function foreseeSteps(
  { service, newest }: CurrentState,
  { wait, timeoutMs = 0 }: RollbackOptions,
  following: AwaitDeployment["follows"],
  steps: readonly Step[],
  attributes: JsonObject,
): SlowNotice[] {
  if (service === undefined) return [];
  const starts = steps.some(({ kind }) => kind === "updateService");
  const stops = steps.some(({ kind }) => kind === "stopDeployment") ||
    following?.kind === "serviceDeployment" && following.goal !== "success";
  if (!starts && !(stops && newest !== undefined && hasProductionTraffic(newest.deployment))) return [];
  return starts
    ? foreseeWaits(service, "newDeployment", wait ? timeoutMs : 0, attributes)
    : foreseeWaits(service, "stoppedDeployment", wait ? timeoutMs : 0);
}
