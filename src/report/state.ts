import type { Cause } from "../diagnosis/cause.ts";
import type { FailureData } from "../errors.ts";
import type { StopSignal } from "../host.ts";
import type { Revision } from "../model/arn.ts";
import type { ContainerLog } from "../model/log_place.ts";
import type { Deployment, ServiceRef } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import type {
  AnyRefusal,
  NotBegunBecause,
  RollbackCheck,
  RolloutEvent,
  RunEvent,
  RunNotice,
} from "../rollout/events.ts";
import type { Leftover, Ordered, Outcome } from "../rollout/outcome.ts";
import type { Intent, Plan, Step } from "../rollout/plan/plan.ts";
import { byKind } from "./cases.ts";
import { type Leaves, leavesAfter } from "./leaves.ts";
import { observeOutage, type Outage } from "./outage.ts";
import { isOfScaling, isReminder } from "./reminders.ts";

/** The story of a run so far: the one place that printers, exit code and next commands are made from. */
export interface RunState {
  /** In the order in which the run began with them. */
  readonly services: readonly ServiceState[];
  /** The error that has ended the run as a whole. */
  readonly failure?: FailureData;
  /** Where AWS was asked when an error ended the run, as far as that is known. */
  readonly region?: string | undefined;
  /** The first stop signal. */
  readonly signal?: StopSignal;
  readonly stoppedEarly?: Extract<RunEvent, { kind: "stoppedEarly" }>;
  /** None while the run goes on. */
  readonly exitCode?: number;
  /** When the last event happened, lines of the log apart, by `Clock.elapsed()`. */
  readonly nowMs: number;
}

/** What is known of one service's part in a run. */
export interface ServiceState {
  readonly ref: ServiceRef;
  readonly command: Intent;
  readonly isDryRun: boolean;
  /** Why the command was given, in the user's words. */
  readonly reason?: string | undefined;
  /** When its first step began, by `Clock.elapsed()`. */
  readonly beganAtMs?: number;
  /** The command's own limit; 0: none. */
  readonly timeoutMs: number;
  /** The lines of a unified diff; none where nothing was compared. */
  readonly differences?: readonly string[];
  /** The plan that the command was for. */
  readonly main?: PlanState;
  /** The automatic rollback of a deploy that failed, as it was planned last. */
  readonly rollback?: PlanState;
  /** Whether a deploy that failed is rolled back. */
  readonly decision?: Extract<RolloutEvent, { kind: "rollbackDecided" }>;
  readonly check?: RollbackCheck;
  readonly unfinished?: Extract<RolloutEvent, { kind: "rollbackUnfinished" }>;
  /** The alarms that have ended a deploy. */
  readonly alarms: readonly string[];
  /** What is still to be done by hand. */
  readonly leftovers: readonly Leftover[];
  /** What stays as the run leaves it, and should be remembered when all is over. */
  readonly reminders: readonly RunNotice[];
  /** How the deployment had ended before there was anything to wait for. */
  readonly alreadyEnded?: Extract<RolloutEvent, { kind: "alreadyEnded" }>;
  /** None until one of its tasks was seen to run. */
  readonly outage?: Outage | undefined;
  readonly isConfirmed: boolean;
  readonly refusal?: AnyRefusal;
  readonly failure?: FailureData;
  /** An error has ended the run, while ECS goes on with the order, or may. */
  readonly detached?: Exclude<Ordered, "no">;
  /** Why nothing of its plan was begun. */
  readonly notBegun?: NotBegunBecause;
  /** What becomes of the service after another one of the run has failed. */
  readonly undo?: Extract<RolloutEvent, { kind: "undoDecided" }>;
  readonly leaves: Leaves;
}

/** One plan and what has come of it. */
export interface PlanState {
  readonly plan: Plan;
  readonly rollsBackOnFailure: boolean;
  /** The step under way; none before the first one and after the last. */
  readonly step?: Step;
  /** The deployments as they were last seen, and the followed service deployment. */
  readonly deployments: readonly Deployment[];
  readonly serviceDeployment?: ServiceDeployment;
  readonly registered?: Revision;
  /** Why tasks do not run, as it was last seen, the primary cause first. */
  readonly causes: readonly Cause[];
  /** What the container that failed has written last, where that was read. */
  readonly log?: ContainerLog;
  /** None while it goes on, in a dry run, and where an error has ended it. */
  readonly outcome?: Outcome;
}

export const EMPTY_STATE: RunState = { services: [], nowMs: 0 };

/**
 * The state after one more event. Pure.
 *
 * @param nowMs when it has happened, by `Clock.elapsed()`
 */
export function reduce(state: RunState, event: RunEvent, nowMs: number): RunState {
  return event.kind === "logged" ? state : change({ ...state, nowMs }, event);
}

function change(state: RunState, event: Exclude<RunEvent, { kind: "logged" }>): RunState {
  switch (event.kind) {
    case "allPlanned":
      return state;
    case "stopSignal":
      return { ...state, signal: state.signal ?? event.signal };
    case "stoppedEarly":
      return { ...state, stoppedEarly: event };
    case "finished":
      return { ...state, exitCode: event.exitCode };
    case "failed": {
      const { service, failure, region } = event;
      if (service === undefined) return { ...state, failure, region };
      // An order that ECS may go on with was detached before.
      return update({ ...state, region }, service, (known) => ({ ...ordersNoMore(known, {}), failure }));
    }
    default:
      return update(state, event.service, (known) => changeOf(event, known, state.nowMs));
  }
}

const NOT_STARTED: Omit<ServiceState, "ref"> = {
  command: "deploy",
  isDryRun: false,
  timeoutMs: 0,
  isConfirmed: true,
  alarms: [],
  leftovers: [],
  reminders: [],
  leaves: { order: "no" },
};

/** The state of the service that an event is about. */
export function serviceIn({ services }: RunState, ref: ServiceRef): ServiceState {
  return services[indexIn(services, ref)] ?? { ...NOT_STARTED, ref };
}

function indexIn(services: RunState["services"], { service, cluster, region }: ServiceRef): number {
  return services.findIndex(({ ref }) => ref.service === service && ref.cluster === cluster && ref.region === region);
}

/** The plan that is carried out, or was carried out last. */
export function currentPlan({ main, rollback }: ServiceState): PlanState | undefined {
  return rollback ?? main;
}

/** What is being done now: of a deploy that failed, its rollback. */
export function intentOf(service: ServiceState): Intent {
  return currentPlan(service)?.plan.intent ?? service.command;
}

type Change = Partial<ServiceState>;

function update(state: RunState, ref: ServiceRef, changeOf: (known: ServiceState) => Change): RunState {
  const { services } = state;
  const index = indexIn(services, ref);
  const known = services[index] ?? { ...NOT_STARTED, ref };
  const changed = { ...known, ...changeOf(known) };
  return { ...state, services: index < 0 ? [...services, changed] : services.with(index, changed) };
}

/** What each event changes in the state of its service. */
const changeOf = byKind<RolloutEvent, Change, [known: ServiceState, nowMs: number]>({
  started: ({ command, isDryRun, timeoutMs, reason }) => ({ command, isDryRun, timeoutMs, reason }),
  refused: ({ refusal }) => ({ refusal }),
  notConfirmed: () => ({ isConfirmed: false }),
  alreadyEnded: (alreadyEnded) => ({ alreadyEnded }),
  compared: ({ lines }) => ({ differences: lines }),
  planned: ({ plan, rollsBackOnFailure, isAutomaticRollback }) => ({
    [isAutomaticRollback ? "rollback" : "main"]: { plan, rollsBackOnFailure, deployments: [], causes: [] },
  }),
  stepStarted: ({ step }, known, nowMs) => ({
    ...withPlan(known, { step, serviceDeployment: undefined }),
    beganAtMs: known.beganAtMs ?? nowMs,
    // What an earlier plan has left of auto scaling is about to change.
    ...(step.kind === "restoreScaling" && { reminders: known.reminders.filter((notice) => !isOfScaling(notice)) }),
    leaves: leavesAfter(known.leaves, step),
  }),
  registered: ({ taskDefinition }, known) => withPlan(known, { registered: taskDefinition }),
  // What has not changed is not part of the progress.
  progress: ({ progress: { deployments, serviceDeployment } }, known, nowMs) => ({
    ...withPlan(known, {
      ...(deployments.length > 0 && { deployments }),
      ...(serviceDeployment !== undefined && { serviceDeployment }),
    }),
    outage: observeOutage(known.outage, deployments, nowMs),
  }),
  causes: ({ causes }, known) => withPlan(known, { causes }),
  containerLog: ({ log }, known) => withPlan(known, { log }),
  scalingRestored: (_, { leaves }) => ({ leaves: { ...leaves, scaling: undefined } }),
  detached: ({ ordered }, known) => ({ ...ordersNoMore(known, {}), detached: ordered }),
  rolloutEnded: ({ outcome }, known, nowMs) => ({
    ...ordersNoMore(known, { outcome }),
    ...(known.outage && { outage: { ...known.outage, untilMs: nowMs } }),
    leftovers: [...known.leftovers, ...outcome.leftovers],
  }),
  rollbackDecided: (decision) => ({ decision }),
  notBegun: ({ because }) => ({ notBegun: because }),
  undoDecided: (undo) => ({ undo }),
  // What it could not restore either, it says after this.
  rollbackVerified: ({ check }, { main, leftovers }) => ({
    check,
    leftovers: leftovers.filter((leftover) => !main?.outcome?.leftovers.includes(leftover)),
  }),
  rollbackUnfinished: (unfinished) => ({ unfinished }),
  notice: ({ notice }, { leftovers, reminders }) =>
    notice.code === "leftToDo"
      ? { leftovers: [...leftovers, notice.leftover] }
      : isReminder(notice)
      ? { reminders: [...reminders.filter(({ code }) => code !== notice.code), notice] }
      : {},
  alarmsTriggered: ({ names }) => ({ alarms: names }),
  deregisteredFailed: ({ leftover }, { leftovers }) =>
    leftover === undefined ? {} : { leftovers: [...leftovers, leftover] },
});

/** A change of the plan that is carried out. */
function withPlan({ main, rollback }: ServiceState, change: Partial<PlanState>): Change {
  if (rollback !== undefined) return { rollback: { ...rollback, ...change } };
  return main === undefined ? {} : { main: { ...main, ...change } };
}

function ordersNoMore(known: ServiceState, change: Partial<PlanState>): Change {
  return { ...withPlan(known, { step: undefined, ...change }), leaves: { ...known.leaves, order: "no" } };
}
