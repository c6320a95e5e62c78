import type { FailureData } from "../errors.ts";
import type { StopSignal } from "../host.ts";
import type { Revision } from "../model/arn.ts";
import type { Deployment, ServiceRef } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import type {
  AnyRefusal,
  Ordered,
  Outcome,
  PlanEvent,
  RollbackCheck,
  RolloutEvent,
  RunEvent,
} from "../rollout/events.ts";
import type { Cause } from "../rollout/find_causes.ts";
import type { Intent, Plan, RestoreScaling, Step, SuspendScaling } from "../rollout/plan/plan.ts";

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
    case "failed":
      return event.service === undefined
        ? { ...state, failure: event.failure }
        : update(state, event.service, (known) => ({ ...known, failure: event.failure }));
    case "started":
      return update(state, event.service, (known) => {
        const { command, isDryRun, timeoutMs } = event;
        return { ...known, command, isDryRun, timeoutMs };
      });
    default:
      return update(state, event.service, (known) => reduceService(known, event));
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

function update(state: RunState, ref: ServiceRef, change: (known: ServiceState) => ServiceState): RunState {
  const isNew = !state.services.some((known) => isSame(known.ref, ref));
  const services = isNew ? [...state.services, newService(ref)] : state.services;
  return { ...state, services: services.map((known) => isSame(known.ref, ref) ? change(known) : known) };
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

function reduceService(known: ServiceState, event: Exclude<RolloutEvent, { kind: "started" }>): ServiceState {
  switch (event.kind) {
    case "refused":
      return { ...known, refusal: event.refusal };
    case "notConfirmed":
      return { ...known, isConfirmed: false };
    case "alreadyEnded":
      return { ...known, alreadyEnded: event };
    case "compared":
      return { ...known, differences: event.lines };
    case "planned": {
      const { plan, rollsBackOnFailure } = event;
      const planned = { ...NOTHING_YET, plan, rollsBackOnFailure };
      return event.isAutomaticRollback ? { ...known, rollback: planned } : { ...known, main: planned };
    }
    case "rollbackDecided":
      return { ...known, decision: event };
    case "rollbackVerified":
      return { ...known, check: event.check };
    case "rollbackUnfinished":
      return { ...known, unfinished: event };
    case "alarmsTriggered":
    case "deregisteredFailed":
      return known;
    default:
      return reducePlan(known, event);
  }
}

const NOTHING_YET: Omit<PlanState, "plan" | "rollsBackOnFailure"> = {
  step: undefined,
  deployments: [],
  serviceDeployment: undefined,
  registered: undefined,
  causes: [],
  outcome: undefined,
};

function reducePlan(known: ServiceState, event: Exclude<PlanEvent, { kind: "planned" }>): ServiceState {
  switch (event.kind) {
    case "stepStarted":
      return withPlan({ ...known, leaves: leavesAfter(known.leaves, event.step) }, {
        ...{ step: event.step, deployments: [], serviceDeployment: undefined },
      });
    case "registered":
      return withPlan(known, { registered: event.taskDefinition });
    case "causes":
      return withPlan(known, { causes: event.causes });
    case "progress": {
      const { deployments, serviceDeployment } = event.progress;
      // What has not changed is not part of the progress.
      return withPlan(known, {
        ...(deployments.length > 0 && { deployments }),
        ...(serviceDeployment !== undefined && { serviceDeployment }),
      });
    }
    case "scalingRestored":
      return { ...known, leaves: { ...known.leaves, scaling: undefined } };
    case "detached":
      return withPlan({ ...known, detached: event.ordered, leaves: { ...known.leaves, order: "no" } }, {
        step: undefined,
      });
    case "rolloutEnded":
      return withPlan({ ...known, leaves: { ...known.leaves, order: "no" } }, {
        ...{ step: undefined, outcome: event.outcome },
      });
    case "failureEvents":
    case "notice":
      return known;
  }
}

function withPlan(known: ServiceState, change: Partial<PlanState>): ServiceState {
  const which = known.rollback === undefined ? "main" : "rollback";
  const planned = known[which];
  return planned === undefined ? known : { ...known, [which]: { ...planned, ...change } };
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
