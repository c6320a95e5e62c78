import type { Cause } from "../diagnosis/cause.ts";
import type { FailureData } from "../errors.ts";
import type { StopSignal } from "../host.ts";
import type { Revision } from "../model/arn.ts";
import { type Deployment, isSameService, type ServiceRef } from "../model/service.ts";
import type { ProductionTraffic, ServiceDeployment } from "../model/service_deployment.ts";
import type {
  AllPlanned,
  AnyRefusal,
  NotBegunBecause,
  RollbackCheck,
  RolloutEvent,
  RunEvent,
} from "../rollout/events.ts";
import type { Ordered } from "../model/outcome_kinds.ts";
import type { Leftover, Outcome } from "../rollout/outcome.ts";
import type { Intent } from "../rollout/plan/refusal.ts";
import type { Bake, BakeEvidence, BakeVerdict } from "../rollout/judge/judge_bake.ts";
import type { Plan, RestoreScaling, Step, SuspendScaling, TagService } from "../rollout/plan/plan.ts";
import type { WaitsStep } from "../rollout/plan/waits_steps.ts";
import type { Outage } from "./outage.ts";
import type { RunNotice } from "../rollout/run_notice.ts";

/** The story of a run so far, from which printers, the exit code and the next commands are made. */
export interface RunState {
  /** In the order in which the run began with them. */
  readonly services: readonly ServiceState[];
  /** The error that ended the run as a whole. */
  readonly failure?: FailureData;
  /** The region that AWS was asked in when an error ended the run, if it is known. */
  readonly region?: string | undefined;
  /** The first stop signal. */
  readonly signal?: StopSignal;
  /** The second stop signal: the program stops at once. */
  readonly stoppedAtOnceBy?: StopSignal;
  readonly stoppedEarly?: Extract<RunEvent, { kind: "stoppedEarly" }>;
  /** How the services of a run of many are carried out; left out until all are planned. */
  readonly all?: AllPlanned;
  /** The plan file that this run wrote, or was given. */
  readonly planFile?: Extract<RunEvent, { kind: "planFile" }>;
  /** Left out while the run goes on; `endOf()` says how it ended. */
  readonly exitCode?: number;
  /** When the last event happened, lines of the log aside, by `Clock.elapsed()`. */
  readonly nowMs: number;
}

/** What is known of one service in a run. */
export interface ServiceState {
  readonly ref: ServiceRef;
  readonly command: Intent;
  readonly isDryRun: boolean;
  /** Why the command was given, in the user's words. */
  readonly reason?: string | undefined;
  /** The ID of the run, which is in the user agent of its calls. */
  readonly runId?: string | undefined;
  /** In a run of many: services with a higher number begin later. */
  readonly wave?: number | undefined;
  /** When its first step began, by `Clock.elapsed()`. */
  readonly beganAtMs?: number;
  /** When its last plan ended, or an error ended it, by `Clock.elapsed()`. */
  readonly endedAtMs?: number;
  /** The command's time limit; 0: none. */
  readonly timeoutMs: number;
  /** The lines of a unified diff; left out if nothing was compared. */
  readonly differences?: readonly string[];
  /** The plan of the command itself. */
  readonly main?: PlanState;
  /** The latest automatic rollback or undo. */
  readonly rollback?: PlanState;
  /** Whether a deploy that failed is rolled back, or why not. */
  readonly decision?: Extract<RolloutEvent, { kind: "rollbackDecided" }>;
  readonly check?: RollbackCheck;
  readonly unfinished?: Extract<RolloutEvent, { kind: "rollbackUnfinished" }>;
  /** Alarms that ended a deploy. */
  readonly alarms: readonly string[];
  /** What is left to be done by hand. */
  readonly leftovers: readonly Leftover[];
  /** Notices about how the run leaves the service, repeated at the end. */
  readonly reminders: readonly RunNotice[];
  /** How the deployment had ended before the run could wait for it. */
  readonly alreadyEnded?: Extract<RolloutEvent, { kind: "alreadyEnded" }>;
  /** Whether tasks of what it ran before were seen to run, with none that failed. */
  readonly hasRunBefore?: boolean;
  /** When it was read once more, at the end of the run. */
  readonly lookedAtMs?: number;
  /** The wall clock when `Clock.elapsed()` was 0: milliseconds since the epoch. */
  readonly epochMs?: number;
  /** Left out until one of its tasks was seen to run. */
  readonly outage?: Outage | undefined;
  /** The bake, which shows whether a rollback has helped. `elapsedMs`: since the deployment was completed. */
  readonly bake?: {
    readonly step: Bake;
    readonly completedAtMs: number;
    readonly beganAtMs: number;
    readonly elapsedMs?: number;
    readonly evidence?: BakeEvidence;
    readonly verdict?: BakeVerdict;
  };
  readonly isConfirmed: boolean;
  readonly refusal?: AnyRefusal;
  /** The deployments of a service that is refused. */
  readonly seenWhenRefused?: readonly Deployment[];
  readonly failure?: FailureData;
  /** ECS goes on with the order, or may, although an error ended the run. */
  readonly detached?: Exclude<Ordered, "no">;
  /** Why the run began nothing of its plan. */
  readonly notBegun?: NotBegunBecause;
  /** Whether the service is undone after another one has failed, or why not. */
  readonly undo?: Extract<RolloutEvent, { kind: "undoDecided" }>;
  /** What a killed program would leave behind. `hold`: not written yet, although ECS may have the order. */
  readonly leftBehind: {
    readonly order: Ordered;
    readonly scaling?: SuspendScaling | RestoreScaling;
    /** Whether the planned record of the earlier state of auto scaling could not be written. */
    readonly isUnrecorded?: boolean;
    readonly hold?: TagService | undefined;
    /** Bake time, hooks and steps that are to be restored. */
    readonly waits?: WaitsStep | undefined;
  };
}

/** A plan, and how far it has come. */
export interface PlanState {
  readonly plan: Plan;
  readonly rollsBackOnFailure: boolean;
  /** The step under way; left out before the first and after the last. */
  readonly step?: Step;
  /** The deployments in the last look, and the service deployment that is followed. */
  readonly deployments: readonly Deployment[];
  readonly serviceDeployment?: ServiceDeployment;
  /** The deployment that had tasks beside the new one at first; ECS lists a deployment only while it has tasks. */
  readonly replaced?: Deployment | undefined;
  /** Which tasks get the production traffic while it is shifted. */
  readonly traffic?: ProductionTraffic | undefined;
  readonly registered?: Revision;
  /** Why tasks do not run, as last seen; the primary cause first. */
  readonly causes: readonly Cause[];
  /** Left out while it goes on, in a dry run, and if an error ended it. */
  readonly outcome?: Outcome;
}

export const EMPTY_STATE: RunState = { services: [], nowMs: 0 };

const NOT_STARTED: Omit<ServiceState, "ref"> = {
  command: "deploy",
  isDryRun: false,
  timeoutMs: 0,
  isConfirmed: true,
  alarms: [],
  leftovers: [],
  reminders: [],
  leftBehind: { order: "no" },
};

/** The state of the service that an event is about. */
export function serviceIn({ services }: RunState, ref: ServiceRef): ServiceState {
  return services[indexIn(services, ref)] ?? { ...NOT_STARTED, ref };
}

/** The service's index, or -1. */
export function indexIn(services: RunState["services"], ref: ServiceRef): number {
  return services.findIndex((known) => isSameService(known.ref, ref));
}

/** Whether the run still watches whether a rollback has helped. */
export function isBaking({ bake }: ServiceState): boolean {
  return bake !== undefined && bake.verdict === undefined;
}

/** The plan that is carried out now, or was last. */
export function currentPlan({ main, rollback }: ServiceState): PlanState | undefined {
  return rollback ?? main;
}

/** What the run does to the service now: `rollback` if it rolls a deploy back. */
export function intentOf(service: ServiceState): Intent {
  return currentPlan(service)?.plan.intent ?? service.command;
}
