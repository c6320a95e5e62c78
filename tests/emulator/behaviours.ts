/** How the tasks of one task definition behave: healthy, or broken in one of the ways that real tasks break. */

/** `stopCode` of a task: the values of the API reference. */
export type StopCode =
  | "TaskFailedToStart"
  | "EssentialContainerExited"
  | "UserInitiated"
  | "ServiceSchedulerInitiated"
  | "SpotInterruption"
  | "TerminationNotice";

/** How one container of a stopping task ends. */
export interface ContainerEnding {
  /** The first container of the task definition, where none is named. */
  name?: string;
  /** None where the container never ran. */
  exitCode?: number;
  /** What ECS says of this container. */
  reason?: string;
  healthStatus?: "HEALTHY" | "UNHEALTHY";
}

/** Why a task stops, and how. */
export interface Stop {
  stopCode: StopCode;
  stoppedReason: string;
  /** The service event that goes with it, behind `(service NAME) `; `{task}` stands for `(task ID)`. */
  event?: string;
  /** The containers that end by themselves, at once. ECS then stops the others. */
  containers?: ContainerEnding[];
}

/** The life of a task. All times in milliseconds. */
export interface Behaviour {
  /** From the start of the task to RUNNING (or to its failing to start). */
  startMs: number;
  /** From RUNNING until the health check gives its verdict; 0 means that there is no health check. */
  healthCheckMs: number;
  /** From the order to stop to STOPPED: SIGTERM, grace period, SIGKILL. */
  stopMs: number;
  /** The health check's verdict is "unhealthy": how ECS then stops the task. */
  failsHealthCheck?: Stop;
  /** The task never runs. */
  failsToStart?: Stop;
  /** The task stops by itself after RUNNING. */
  stops?: Stop & { afterMs: number };
  /** What its containers write as soon as they run, by their names: each line is an event of a log. */
  logs?: Readonly<Record<string, readonly string[]>>;
  /** No task can be started at all: the service event that says so, behind `(service NAME) `. */
  unplaceable?: {
    event: string;
    /** Whether an attempt counts as a failed task. */
    isFailure: boolean;
  };
}

type Timing = Partial<Pick<Behaviour, "startMs" | "healthCheckMs" | "stopMs">>;

/** Runs after 20 s, has no health check, stops within 30 s. */
export function healthy(timing: Timing = {}): Behaviour {
  return { startMs: 20_000, healthCheckMs: 0, stopMs: 30_000, ...timing };
}

/** Reaches RUNNING, then its essential container exits: the circuit breaker never sees it. */
export function crashLoop(exit: ContainerEnding & { afterMs?: number } & Timing = {}): Behaviour {
  const { afterMs = 5_000, name, exitCode = 1, reason, ...timing } = exit;
  const container = { exitCode, ...(name === undefined ? {} : { name }), ...(reason === undefined ? {} : { reason }) };
  const stopped = {
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
  } as const;
  return { ...healthy(timing), stops: { afterMs, ...stopped, containers: [container] } };
}

/** Reaches RUNNING, then is killed by the kernel. */
export function outOfMemory(): Behaviour {
  return crashLoop({ afterMs: 5_000, exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" });
}

/** Reaches RUNNING, then the platform takes it: a Spot interruption, a host that goes. */
export function takenByPlatform(stopCode: StopCode, stoppedReason: string): Behaviour {
  return { ...healthy(), stops: { afterMs: 5_000, stopCode, stoppedReason } };
}

/** Never reaches RUNNING, for the reason given. */
export function failsToStart(
  stoppedReason: string,
  timing: Timing = {},
  containers: ContainerEnding[] = [],
): Behaviour {
  return { ...healthy(timing), failsToStart: { stopCode: "TaskFailedToStart", stoppedReason, containers } };
}

/** Never reaches RUNNING: the image of a container cannot be pulled. ECS says why of the task and of the container. */
export function cannotPull(why: string, name?: string): Behaviour {
  const reason = `CannotPullContainerError: ${why}`;
  return failsToStart(reason, {}, [{ reason, ...(name === undefined ? {} : { name }) }]);
}

/** Never reaches RUNNING: the image is not in the registry. */
export function cannotPullContainer(image: string): Behaviour {
  return cannotPull(
    `pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`,
  );
}

/** Never reaches RUNNING: a secret that the container wants does not exist. */
export function secretNotFound(secretArn: string): Behaviour {
  return failsToStart(
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: " +
      `unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${secretArn} ` +
      "from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
  );
}

/** Runs, but the health check of its container fails. */
export function failingHealthCheck(timing: Timing = {}, name?: string): Behaviour {
  return {
    ...healthy({ healthCheckMs: 30_000, ...timing }),
    failsHealthCheck: {
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: "Task failed container health checks",
      event: "{task} failed container health checks.",
      containers: [{ healthStatus: "UNHEALTHY", ...(name === undefined ? {} : { name }) }],
    },
  };
}

/**
 * Runs, but the load balancer finds it unhealthy.
 *
 * @param why as the load balancer says it: `Health checks failed with these codes: [502]`, `Request timed out`
 */
export function failingTargetGroup(targetGroupArn: string, port: number, why: string): Behaviour {
  return {
    ...healthy({ healthCheckMs: 30_000 }),
    failsHealthCheck: {
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: `Task failed ELB health checks in (target-group ${targetGroupArn})`,
      event: `{task} (port ${port}) is unhealthy in (target-group ${targetGroupArn}) due to (reason ${why}).`,
    },
  };
}

/** No task can be started, for the reason that the service event gives. */
export function cannotStart(event: string, isFailure = true): Behaviour {
  return { ...healthy(), unplaceable: { event, isFailure } };
}

/** No container instance has room for it. */
export function unplaceable(
  cause = "The closest matching (container-instance 7c5f1b6d0e7b4f4c8d8c4a1f6e2b9a10) has insufficient memory " +
    "available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.",
): Behaviour {
  return cannotStart(
    `was unable to place a task because no container instance met all of its requirements. ${cause}`,
  );
}

/** Healthy, but takes five minutes to stop. */
export function slowDrain(stopMs = 300_000): Behaviour {
  return healthy({ stopMs });
}
