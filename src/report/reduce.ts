import type { PrintedEvent } from "./printer.ts";
import { trafficAfter } from "../model/service_deployment.ts";
import type { Deployment, ServiceRef } from "../model/service.ts";
import { STEP_KINDS } from "../model/step_kinds.ts";
import type { RolloutEvent, RunEvent } from "../rollout/events.ts";
import type { Step } from "../rollout/plan/plan.ts";
import { byKind } from "./messages/cases.ts";
import { observeOutage } from "./outage.ts";
import { currentPlan, indexIn, type PlanState, type RunState, serviceIn, type ServiceState } from "./state.ts";
import type { RunNotice } from "../rollout/run_notice.ts";

/**
 * The state after one more event. Pure.
 *
 * @param nowMs when it happened, by `Clock.elapsed()`
 */
export function reduce(state: RunState, event: PrintedEvent, nowMs: number): RunState {
  return event.kind === "logged" ? state : change({ ...state, nowMs }, event);
}

function change(state: RunState, event: RunEvent): RunState {
  switch (event.kind) {
    case "allPlanned":
      return { ...state, all: event };
    case "planFile":
      return { ...state, planFile: event };
    case "stopSignal":
      return { ...state, [state.signal === undefined ? "signal" : "stoppedAtOnceBy"]: event.signal };
    case "stoppedEarly":
      return { ...state, stoppedEarly: event };
    case "finished":
      return { ...state, exitCode: event.exitCode };
    case "failed": {
      const { service, failure, region } = event;
      if (service === undefined) return { ...state, failure, region };
      // If ECS may go on with an order, a `detached` event came before this.
      return update(
        { ...state, region },
        service,
        (known) => ({ ...withoutOpenOrder(known, {}), failure, endedAtMs: state.nowMs }),
      );
    }
    default:
      return update(state, event.service, (known) => changeOf(event, known, state.nowMs));
  }
}

type Change = Partial<ServiceState>;

function update(state: RunState, ref: ServiceRef, changeOf: (known: ServiceState) => Change): RunState {
  const { services } = state;
  const index = indexIn(services, ref);
  const known = services[index] ?? serviceIn(state, ref);
  const changed = { ...known, ...changeOf(known) };
  return { ...state, services: index < 0 ? [...services, changed] : services.with(index, changed) };
}

/** What an event changes in the state of its service. */
const changeOf = byKind<RolloutEvent, Change, [known: ServiceState, nowMs: number]>({
  started: ({ command, isDryRun, timeoutMs, reason, runId, wave, atMs }, _, nowMs) => ({
    ...{ command, isDryRun, timeoutMs, reason, runId, wave },
    epochMs: atMs - nowMs,
  }),
  refused: ({ refusal, deployments = [] }) => ({ refusal, seenWhenRefused: deployments }),
  notConfirmed: () => ({ isConfirmed: false }),
  alreadyEnded: (alreadyEnded) => ({ alreadyEnded }),
  compared: ({ lines }) => ({ differences: lines }),
  planned: ({ plan, rollsBackOnFailure, isAutomaticRollback }) => ({
    [isAutomaticRollback ? "rollback" : "main"]: { plan, rollsBackOnFailure, deployments: [], causes: [] },
  }),
  stepStarted: ({ step }, known, nowMs) => ({
    ...withPlan(known, { step, serviceDeployment: undefined }),
    // In a run of many services, registering task definitions does not count: that comes before any service is changed.
    ...(step.kind === "register" && known.wave !== undefined ? {} : { beganAtMs: known.beganAtMs ?? nowMs }),
    // These notices are about auto scaling, which changes now.
    ...(step.kind === "restoreScaling" && { reminders: known.reminders.filter((notice) => !isOfScaling(notice)) }),
    leftBehind: leavesAfter(known, step),
  }),
  registered: ({ taskDefinition }, known) => withPlan(known, { registered: taskDefinition }),
  // A progress event leaves out what has not changed.
  progress: ({ progress: { deployments, serviceDeployment } }, known, nowMs) => ({
    ...withPlan(known, {
      ...(deployments.length > 0 && {
        deployments,
        replaced: currentPlan(known)?.replaced ?? deployments.find(isReplaced),
      }),
      ...(serviceDeployment !== undefined && {
        serviceDeployment,
        traffic: trafficAfter(currentPlan(known)?.traffic, serviceDeployment),
      }),
    }),
    outage: observeOutage(known.outage, deployments, nowMs),
    hasRunBefore: known.hasRunBefore || deployments.some((one) => runsFrom(one, known)),
  }),
  causes: ({ causes }, known) => withPlan(known, { causes }),
  // It is printed where it is seen, and decides nothing.
  containerLog: () => ({}),
  serviceTagged: (_, { leftBehind }) => ({ leftBehind: { ...leftBehind, hold: undefined } }),
  waitsRestored: (_, { leftBehind }) => ({ leftBehind: { ...leftBehind, waits: undefined } }),
  scalingRestored: (_, { leftBehind }) => ({ leftBehind: { ...leftBehind, scaling: undefined } }),
  detached: ({ ordered }, known) => ({ ...withoutOpenOrder(known, {}), detached: ordered }),
  rolloutEnded: ({ outcome }, known, nowMs) => ({
    ...withoutOpenOrder(known, { outcome }),
    ...(known.outage && { outage: { ...known.outage, untilMs: nowMs } }),
    endedAtMs: nowMs,
    leftovers: [...known.leftovers, ...outcome.leftovers],
  }),
  rollbackDecided: (decision) => ({ decision }),
  bakeStarted: ({ step, completedAtMs, bakedMs }, _, nowMs) => ({
    bake: { step, completedAtMs, beganAtMs: nowMs - bakedMs, elapsedMs: bakedMs },
  }),
  baking: ({ evidence }, { bake }, nowMs) =>
    bake ? { bake: { ...bake, evidence, elapsedMs: nowMs - bake.beganAtMs } } : {},
  baked: ({ verdict }, { bake }) => bake ? { bake: { ...bake, verdict } } : {},
  notBegun: ({ because }) => ({ notBegun: because }),
  undoDecided: (undo) => ({ undo }),
  lookedAgain: ({ deployments }, known, nowMs) => ({
    ...withPlan(known, { deployments }),
    outage: observeOutage(known.outage, deployments, nowMs, false),
    lookedAtMs: nowMs,
  }),
  // What the deploy left to be done is dropped: the automatic rollback reports again what it could not restore either.
  rollbackVerified: ({ check }, { main, leftovers }, nowMs) => ({
    check,
    endedAtMs: nowMs,
    leftovers: leftovers.filter((leftover) => !main?.outcome?.leftovers.includes(leftover)),
  }),
  rollbackUnfinished: (unfinished) => ({ unfinished }),
  notice: ({ notice }, { leftovers, reminders, leftBehind }) =>
    notice.code === "suspensionNotRecorded"
      ? { leftBehind: { ...leftBehind, isUnrecorded: true } }
      : notice.code === "leftToDo"
      ? { leftovers: [...leftovers, notice.leftover] }
      : isReminder(notice)
      ? { reminders: [...reminders.filter(({ code }) => code !== notice.code), notice] }
      : {},
  alarmsTriggered: ({ names }) => ({ alarms: names }),
  deregisteredFailed: ({ leftover }, { leftovers }) =>
    leftover === undefined ? {} : { leftovers: [...leftovers, leftover] },
});

/** Whether a notice is about how the service stays, so that it is repeated at the end of the run. */
export function isReminder(notice: RunNotice): boolean {
  return isOfScaling(notice) || notice.code === "serviceUnchanged" || notice.code === "staysRegistered";
}

/** Whether a notice is about auto scaling that may stay suspended. */
function isOfScaling({ code }: RunNotice): boolean {
  return code === "staysSuspended" || code === "suspensionRecordKept" || code === "restoredByOtherRun";
}

function leavesAfter({ leftBehind, main }: ServiceState, step: Step): ServiceState["leftBehind"] {
  if (step.kind === "suspendScaling" || step.kind === "restoreScaling") return { ...leftBehind, scaling: step };
  if (step.kind === "recordWaits" || step.kind === "restoreWaits") return { ...leftBehind, waits: step };
  const order = STEP_KINDS[step.kind].ordered ?? leftBehind.order;
  if (order !== "unknown") return { ...leftBehind, order };
  return { ...leftBehind, order, hold: main?.plan.steps.find((one) => one.kind === "tagService") };
}

function isReplaced({ status, runningCount, rolloutState }: Deployment): boolean {
  return status !== "PRIMARY" && runningCount > 0 && rolloutState !== "FAILED";
}

function runsFrom({ taskDefinition, runningCount, failedTasks }: Deployment, { main }: ServiceState): boolean {
  return taskDefinition === main?.plan.from?.arn && runningCount > 0 && failedTasks === 0;
}

/** Changes the state of the plan that is being carried out. */
function withPlan({ main, rollback }: ServiceState, change: Partial<PlanState>): Change {
  if (rollback !== undefined) return { rollback: { ...rollback, ...change } };
  return main === undefined ? {} : { main: { ...main, ...change } };
}

function withoutOpenOrder(known: ServiceState, change: Partial<PlanState>): Change {
  return {
    ...withPlan(known, { step: undefined, ...change }),
    leftBehind: { ...known.leftBehind, order: "no", hold: undefined },
  };
}
