import type { ScaleState } from "../read/read_service.ts";
import { parseTaskDefinitionArn } from "../../model/arn.ts";
import { ALL_SUSPENDED, sameSuspendedState, type ScalableTarget } from "../../model/scalable_target.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import type { AwaitDeployment, Plan, Planned, SetCapacity } from "./plan.ts";
import type { PlanOptions } from "./options.ts";
import { planUpdate } from "./plan_order.ts";
import { findDeploymentToFollow } from "./plan_wait.ts";
import { clampCount, noticeClamping, planScaling } from "./plan_scaling.ts";
import { noticeWaitsRecord } from "./plan_fast.ts";
import { findServiceReason, type RefusalReason, refuse } from "./refusal.ts";
import { noticeUnread } from "./notice.ts";

export interface ScaleOptions extends PlanOptions {
  /** The number of tasks; `undefined`: as it is. */
  readonly tasks?: number | undefined;
  /** The limits of auto scaling that are to change. */
  readonly autoScalingMin?: number | undefined;
  readonly autoScalingMax?: number | undefined;
}

/** Decides how to change the number of tasks, and the limits and suspension of auto scaling; or why not. Pure. */
export function planScale(state: ScaleState, options: ScaleOptions): Planned {
  const { ref, service, newest } = state;
  const refused = (reason: RefusalReason) => refuse("scale", ref, reason);
  const unfit = findServiceReason(service);
  if (unfit !== undefined) return refused(unfit);
  const { taskDefinition, desiredCount } = service!;
  const primary = primaryDeployment(service!);
  if (taskDefinition === undefined || primary === undefined) return refused({ code: "noDeployment" });
  const objection = findScaleObjection(state, service!, options);
  if (objection !== undefined) return refused(objection);
  const running = parseTaskDefinitionArn(taskDefinition);
  const target = withLimits(state.scaling?.target, options);
  const capacity = planCapacity(state.scaling?.target, target);
  const count = capacity && target ? clampCount(desiredCount, target) : desiredCount;
  const changes = options.tasks !== undefined && options.tasks !== count;
  const update = changes ? planUpdate(service!, newest, undefined, { desiredCount: options.tasks }) : undefined;
  // A deployment that has failed stays failed, whatever the number of tasks.
  const isAwaited = update !== undefined && options.wait && primary.rolloutState !== "FAILED";
  const underWay = findDeploymentToFollow(service!, newest, primary);
  const follows = underWay.kind === "serviceDeployment" && underWay.goal === "success" ? underWay : undefined;
  const wait: AwaitDeployment | undefined = isAwaited
    ? { kind: "awaitDeployment", taskDefinition: running, follows }
    : undefined;
  const scaling = state.scaling && target ? { ...state.scaling, target } : undefined;
  const planned = planScaling(scaling, options, update !== undefined, desiredCount);
  const plan: Plan = {
    ...{ intent: "scale", subject: ref, from: running, to: running, basedOn: primary.id },
    ...{ until: "stable", failAfter: options.failAfter, isReached: update === undefined },
    steps: [capacity, planned.suspend, update, wait, planned.restore].filter((step) => step !== undefined),
    notices: [
      ...[...noticeWaitsRecord(state, service!), ...noticeUnread(state.denied, "scale")],
      ...(state.scalingDenial === undefined ? [] : [{ code: "limitsNotRead", denial: state.scalingDenial } as const]),
      ...planned.notices,
      ...(capacity === undefined || planned.suspend || planned.restore ? [] : noticeClamping(target!, desiredCount)),
    ],
  };
  return { kind: "plan", plan };
}

function findScaleObjection(
  { scaling }: ScaleState,
  { schedulingStrategy }: ServiceSnapshot,
  options: ScaleOptions,
): RefusalReason | undefined {
  const { tasks, autoScalingMin, autoScalingMax } = options;
  if (schedulingStrategy === "DAEMON" && tasks !== undefined) return { code: "daemonHasNoCount" };
  const changesLimits = autoScalingMin !== undefined || autoScalingMax !== undefined;
  if (scaling === undefined) return changesLimits ? { code: "noScalableTarget" } : undefined;
  const { minCapacity: min, maxCapacity: max, suspendedState } = withLimits(scaling.target, options)!;
  if (min > max) return { code: "limitsCross", min, max };
  if (tasks === undefined || tasks >= min && tasks <= max) return undefined;
  // Auto scaling that is suspended, and stays so, leaves the number of tasks alone.
  const staysSuspended = !options.resumeAutoScaling &&
    (options.suspendAutoScaling || sameSuspendedState(suspendedState, ALL_SUSPENDED));
  return staysSuspended ? undefined : { code: "beyondLimits", tasks, min, max };
}

function withLimits(target: ScalableTarget | undefined, options: ScaleOptions): ScalableTarget | undefined {
  return target && {
    ...target,
    minCapacity: options.autoScalingMin ?? target.minCapacity,
    maxCapacity: options.autoScalingMax ?? target.maxCapacity,
  };
}

/** Only what changes is sent: "Any parameters that you don't specify are not changed" (API reference, RegisterScalableTarget). */
function planCapacity(now: ScalableTarget | undefined, wanted: ScalableTarget | undefined): SetCapacity | undefined {
  if (now === undefined || wanted === undefined) return undefined;
  const min = wanted.minCapacity === now.minCapacity ? undefined : wanted.minCapacity;
  const max = wanted.maxCapacity === now.maxCapacity ? undefined : wanted.maxCapacity;
  return min === undefined && max === undefined ? undefined : { kind: "setCapacity", target: now, min, max };
}
