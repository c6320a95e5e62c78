import type { MetricsPort } from "../model/metrics.ts";
import type { AlarmsPort } from "../model/alarms.ts";
import type { EcsReader, EcsWriter, ReferenceChecker, ScalingPort } from "../model/ports.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import type { TaskDefinition } from "../model/task_definition.ts";
import type { PollSchedule } from "./poll_schedule.ts";
import type { EmittedEvent } from "./events.ts";
import type { LimitedChecker } from "./read/limited_checker.ts";
import type { LogContext } from "./read/log_reader.ts";

/** What a run of one service works with, and what ends it. */
export interface RunContext extends Limits, LogContext {
  /** Gets each event before the next thing begins: if the program is killed, the events show what it leaves. */
  readonly emit: (event: EmittedEvent) => void;
  readonly ecs: EcsReader & EcsWriter;
  /** Needed only by plans with scaling steps. */
  readonly scaling: ScalingPort | undefined;
  /** Opens the lookup of images for one rollback; `undefined`: they are not looked up. */
  readonly openChecker?: (() => LimitedChecker) | undefined;
  /** Connections to what shows whether a rollback has helped. Services that share one are read in one call. */
  readonly bakeSources?: BakeSources | undefined;
  /** Given where many services are watched. */
  readonly pollSchedule?: PollSchedule | undefined;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** Who runs this, for the record of a suspension. */
  readonly actor: string;
  /** The ID of this run, for that record as well. */
  readonly runId: string;
}

export interface BakeSources {
  readonly connectAlarms: () => Promise<AlarmsPort>;
  readonly connectMetrics: () => Promise<MetricsPort>;
  readonly connectReferences: () => Promise<Pick<ReferenceChecker, "readTargetGroup" | "readTargetGroupsBehind">>;
}

/** What ends a run early. Temporary changes are still restored. */
export interface Limits {
  /** Aborted when the command's time is up. */
  readonly deadline: AbortSignal;
  /** Aborted when the user wants to stop. */
  readonly stop: AbortSignal;
  /** Aborted by either. */
  readonly signal: AbortSignal;
}

/** What a plan was made from: while it is young, the plan's steps do not read it again. */
export interface PlannedFrom {
  readonly service: ServiceSnapshot;
  /** The task definition that the service is to get. */
  readonly target: TaskDefinition | undefined;
  /** When the reading began, by `Clock.elapsed()`. */
  readonly readAtMs: number;
}
