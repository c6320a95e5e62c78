import type { Cause } from "../diagnosis/cause.ts";
import type { FailureData } from "../errors.ts";
import type { StopSignal } from "../host.ts";
import type { Revision } from "../model/arn.ts";
import type { ContainerLog } from "../model/log_place.ts";
import type { Deployment, ServiceRef } from "../model/service.ts";
import type { ProductionTraffic, ServiceDeployment } from "../model/service_deployment.ts";
import type {
  AllPlanned,
  AnyRefusal,
  NotBegunBecause,
  RollbackCheck,
  RolloutEvent,
  RunEvent,
  RunNotice,
} from "../rollout/events.ts";
import type { Leftover, Ordered, Outcome } from "../rollout/outcome.ts";
import type { Intent } from "../rollout/plan/refusal.ts";
import type { Bake, BakeSight, BakeVerdict } from "../rollout/judge_bake.ts";
import type { Plan, RestoreScaling, Step, SuspendScaling, TagService } from "../rollout/plan/plan.ts";
import type { WaitsStep } from "../rollout/plan/waits_steps.ts";
import type { Outage } from "./outage.ts";

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
  /** The second one, which waits for nothing. */
  readonly stoppedAtOnceBy?: StopSignal;
  readonly stoppedEarly?: Extract<RunEvent, { kind: "stoppedEarly" }>;
  /** Where there are many services: how they are carried out. None before all are planned. */
  readonly all?: AllPlanned;
  /** The file that goes on with what this run leaves. */
  readonly planFile?: Extract<RunEvent, { kind: "planFile" }>;
  /** None while the run goes on. How it has ended says `endOf()`. */
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
  /** What the calls of the run have in their user agent. */
  readonly runId?: string | undefined;
  /** Where there are many: services of a higher one begin later. */
  readonly wave?: number | undefined;
  /** When its first step began, by `Clock.elapsed()`. */
  readonly beganAtMs?: number;
  /** When its last plan ended, or an error ended it, by the same clock. */
  readonly endedAtMs?: number;
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
  /** What it ran before was seen to run, and none of its tasks to fail. */
  readonly hasRunBefore?: boolean;
  /** When it was read once more at the end of the run. */
  readonly lookedAtMs?: number;
  /** What the clock on the wall shows when `Clock.elapsed()` is 0: milliseconds since the epoch. */
  readonly epochMs?: number;
  /** None until one of its tasks was seen to run. */
  readonly outage?: Outage | undefined;
  /** Whether its rollback has helped, as it is watched afterwards. `elapsedMs`: for how long by now, since it was completed. */
  readonly bake?: {
    readonly step: Bake;
    readonly completedAtMs: number;
    readonly beganAtMs: number;
    readonly elapsedMs?: number;
    readonly sight?: BakeSight;
    readonly verdict?: BakeVerdict;
  };
  readonly isConfirmed: boolean;
  readonly refusal?: AnyRefusal;
  /** What a service that is refused runs. */
  readonly seenWhenRefused?: readonly Deployment[];
  readonly failure?: FailureData;
  /** An error has ended the run, while ECS goes on with the order, or may. */
  readonly detached?: Exclude<Ordered, "no">;
  /** Why nothing of its plan was begun. */
  readonly notBegun?: NotBegunBecause;
  /** What becomes of the service after another one of the run has failed. */
  readonly undo?: Extract<RolloutEvent, { kind: "undoDecided" }>;
  /** What is left behind should the program die now. `hold`: one that is not written yet, once ECS may have the order. */
  readonly leaves: {
    readonly order: Ordered;
    readonly scaling?: SuspendScaling | RestoreScaling;
    /** The state of auto scaling from before could not be recorded, as it was planned. */
    readonly isUnrecorded?: boolean;
    readonly hold?: TagService | undefined;
    /** What its deployments are to wait for again. */
    readonly waits?: WaitsStep | undefined;
  };
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
  /** What had tasks beside it when it was seen first; ECS lists a deployment only as long as it has some. */
  readonly replaced?: Deployment | undefined;
  /** Where the production traffic is, while it is shifted. */
  readonly traffic?: ProductionTraffic | undefined;
  readonly registered?: Revision;
  /** Why tasks do not run, as it was last seen, the primary cause first. */
  readonly causes: readonly Cause[];
  /** What the container that failed has written last, where that was read. */
  readonly log?: ContainerLog;
  /** None while it goes on, in a dry run, and where an error has ended it. */
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
  leaves: { order: "no" },
};

/** The state of the service that an event is about. */
export function serviceIn({ services }: RunState, ref: ServiceRef): ServiceState {
  return services[indexIn(services, ref)] ?? { ...NOT_STARTED, ref };
}

/** -1: the run has not begun with it. Two accounts may have a service of the same names: the options that name it differ. */
export function indexIn(services: RunState["services"], { service, cluster, region, options }: ServiceRef): number {
  return services.findIndex(({ ref: known }) =>
    known.service === service && known.cluster === cluster && known.region === region &&
    String(known.options) === String(options)
  );
}

/** Whether it is being watched whether its rollback has helped. */
export function isBaking({ bake }: ServiceState): boolean {
  return bake !== undefined && bake.verdict === undefined;
}

/** The plan that is carried out, or was carried out last. */
export function currentPlan({ main, rollback }: ServiceState): PlanState | undefined {
  return rollback ?? main;
}

/** What is being done now: of a deploy that failed, its rollback. */
export function intentOf(service: ServiceState): Intent {
  return currentPlan(service)?.plan.intent ?? service.command;
}
