import type { FailureData } from "../errors.ts";
import type { StopSignal } from "../host.ts";
import type { Revision } from "../model/arn.ts";
import type { Deployment, ServiceRef } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import type { AnyRefusal, Ordered, Outcome, RollbackCheck, RolloutEvent, RunEvent } from "../rollout/events.ts";
import type { Cause } from "../rollout/find_causes.ts";
import type { Intent, Plan, RestoreScaling, Step, SuspendScaling } from "../rollout/plan/plan.ts";
import { byKind } from "./cases.ts";

/** The story of a run so far: the one place that printers, exit code and next commands are made from. */
export interface RunState {
  /** In the order in which the run began with them. */
  readonly services: readonly ServiceState[];
  /** The error that has ended the run as a whole. */
  readonly failure: FailureData | undefined;
  /** The first stop signal. */
  readonly signal: StopSignal | undefined;
  readonly stoppedEarly: Extract<RunEvent, { kind: "stoppedEarly" }> | undefined;
  /** `undefined` while the run goes on. */
  readonly exitCode: number | undefined;
}

/** What is known of one service's part in a run. */
export interface ServiceState {
  readonly ref: ServiceRef;
  readonly command: Intent;
  readonly isDryRun: boolean;
  /** The command's own limit; 0: none. */
  readonly timeoutMs: number;
  /** The lines of a unified diff; `undefined` where nothing was compared. */
  readonly differences: readonly string[] | undefined;
  /** The plan that the command was for. */
  readonly main: PlanState | undefined;
  /** The automatic rollback of a deploy that failed, as it was planned last. */
  readonly rollback: PlanState | undefined;
  /** Whether a deploy that failed is rolled back. */
  readonly decision: Extract<RolloutEvent, { kind: "rollbackDecided" }> | undefined;
  readonly check: RollbackCheck | undefined;
  readonly unfinished: Extract<RolloutEvent, { kind: "rollbackUnfinished" }> | undefined;
  /** How the deployment had ended before there was anything to wait for. */
  readonly alreadyEnded: Extract<RolloutEvent, { kind: "alreadyEnded" }> | undefined;
  readonly isConfirmed: boolean;
  readonly refusal: AnyRefusal | undefined;
  readonly failure: FailureData | undefined;
  /** An error has ended the run, while ECS goes on with the order, or may. */
  readonly detached: Exclude<Ordered, "no"> | undefined;
  /** What is left behind should the program die now. */
  readonly leaves: {
    readonly order: Ordered;
    readonly scaling: SuspendScaling | RestoreScaling | undefined;
  };
}

/** One plan and what has come of it. */
export interface PlanState {
  readonly plan: Plan;
  readonly rollsBackOnFailure: boolean;
  /** The step under way; `undefined` before the first one and after the last. */
  readonly step: Step | undefined;
  /** The deployments as they were last seen, and the followed service deployment. */
  readonly deployments: readonly Deployment[];
  readonly serviceDeployment: ServiceDeployment | undefined;
  readonly registered: Revision | undefined;
  /** Why tasks have stopped, as it was last seen. */
  readonly causes: readonly Cause[];
  /** `undefined` while it goes on, in a dry run, and where an error has ended it. */
  readonly outcome: Outcome | undefined;
}

export const EMPTY_STATE: RunState = {
  services: [],
  failure: undefined,
  signal: undefined,
  stoppedEarly: undefined,
  exitCode: undefined,
};

/** The state after one more event. Pure. */
export function reduce(state: RunState, event: RunEvent): RunState {
  switch (event.kind) {
    case "logged":
      return state;
    case "stopSignal":
      return { ...state, signal: state.signal ?? event.signal };
    case "stoppedEarly":
      return { ...state, stoppedEarly: event };
    case "finished":
      return { ...state, exitCode: event.exitCode };
    case "failed": {
      const { service, failure } = event;
      if (service === undefined) return { ...state, failure };
      // An order that ECS may go on with was detached before.
      return update(state, service, (known) => ({ ...ordersNoMore(known, {}), failure }));
    }
    default:
      return update(state, event.service, (known) => changeOf(event, known));
  }
}

/** The state of the service that an event is about. */
export function serviceIn(state: RunState, ref: ServiceRef): ServiceState {
  return state.services.find((known) => isSame(known.ref, ref)) ?? newService(ref);
}

/** The plan that is carried out, or was carried out last. */
export function currentPlan({ main, rollback }: ServiceState): PlanState | undefined {
  return rollback ?? main;
}

/** What is being done now: of a deploy that failed, its rollback. */
export function intentOf(service: ServiceState): Intent {
  return currentPlan(service)?.plan.intent ?? service.command;
}

function update(state: RunState, ref: ServiceRef, change: (known: ServiceState) => Change): RunState {
  const isNew = !state.services.some((known) => isSame(known.ref, ref));
  const services = isNew ? [...state.services, newService(ref)] : state.services;
  return {
    ...state,
    services: services.map((known) => isSame(known.ref, ref) ? { ...known, ...change(known) } : known),
  };
}

function isSame(a: ServiceRef, b: ServiceRef): boolean {
  return a.service === b.service && a.cluster === b.cluster && a.region === b.region;
}

function newService(ref: ServiceRef): ServiceState {
  return {
    ref,
    command: "deploy",
    isDryRun: false,
    timeoutMs: 0,
    differences: undefined,
    main: undefined,
    rollback: undefined,
    decision: undefined,
    check: undefined,
    unfinished: undefined,
    alreadyEnded: undefined,
    isConfirmed: true,
    refusal: undefined,
    failure: undefined,
    detached: undefined,
    leaves: { order: "no", scaling: undefined },
  };
}

type Change = Partial<ServiceState>;

const NOTHING_YET: Omit<PlanState, "plan" | "rollsBackOnFailure"> = {
  step: undefined,
  deployments: [],
  serviceDeployment: undefined,
  registered: undefined,
  causes: [],
  outcome: undefined,
};

/** What each event changes in the state of its service. */
const changeOf = byKind<RolloutEvent, Change, [known: ServiceState]>({
  started: ({ command, isDryRun, timeoutMs }) => ({ command, isDryRun, timeoutMs }),
  refused: ({ refusal }) => ({ refusal }),
  notConfirmed: () => ({ isConfirmed: false }),
  alreadyEnded: (alreadyEnded) => ({ alreadyEnded }),
  compared: ({ lines }) => ({ differences: lines }),
  planned: ({ plan, rollsBackOnFailure, isAutomaticRollback }) => ({
    [isAutomaticRollback ? "rollback" : "main"]: { ...NOTHING_YET, plan, rollsBackOnFailure },
  }),
  stepStarted: ({ step }, known) => ({
    ...withPlan(known, { step, deployments: [], serviceDeployment: undefined }),
    leaves: leavesAfter(known.leaves, step),
  }),
  registered: ({ taskDefinition }, known) => withPlan(known, { registered: taskDefinition }),
  // What has not changed is not part of the progress.
  progress: ({ progress: { deployments, serviceDeployment } }, known) =>
    withPlan(known, {
      ...(deployments.length > 0 && { deployments }),
      ...(serviceDeployment !== undefined && { serviceDeployment }),
    }),
  causes: ({ causes }, known) => withPlan(known, { causes }),
  scalingRestored: (_, { leaves }) => ({ leaves: { ...leaves, scaling: undefined } }),
  detached: ({ ordered }, known) => ({ ...ordersNoMore(known, {}), detached: ordered }),
  rolloutEnded: ({ outcome }, known) => ordersNoMore(known, { outcome }),
  rollbackDecided: (decision) => ({ decision }),
  rollbackVerified: ({ check }) => ({ check }),
  rollbackUnfinished: (unfinished) => ({ unfinished }),
  failureEvents: () => ({}),
  notice: () => ({}),
  alarmsTriggered: () => ({}),
  deregisteredFailed: () => ({}),
});

/** A change of the plan that is carried out. */
function withPlan({ main, rollback }: ServiceState, change: Partial<PlanState>): Change {
  if (rollback !== undefined) return { rollback: { ...rollback, ...change } };
  return main === undefined ? {} : { main: { ...main, ...change } };
}

function ordersNoMore(known: ServiceState, change: Partial<PlanState>): Change {
  return { ...withPlan(known, { step: undefined, ...change }), leaves: { ...known.leaves, order: "no" } };
}

function leavesAfter(leaves: ServiceState["leaves"], step: Step): ServiceState["leaves"] {
  switch (step.kind) {
    case "suspendScaling":
    case "restoreScaling":
      return { ...leaves, scaling: step };
    case "stopDeployment":
    case "updateService":
    case "createService":
      return { ...leaves, order: "unknown" };
    case "awaitDeployment":
      return { ...leaves, order: "yes" };
    // The deployment has ended by then.
    case "deregister":
      return { ...leaves, order: "no" };
    case "register":
    case "registerCopy":
      return leaves;
  }
}

/** Shows a run, or makes something of it. A printer fetches nothing and decides nothing. */
export interface Printer {
  /**
   * Must not throw: a rollback does not end because of how it is shown.
   *
   * @param state after the event
   * @param atMs milliseconds since the epoch
   */
  print(event: RunEvent, state: RunState, atMs: number): void;
}
