/** How the tasks of one task definition behave: healthy, or broken in one of the ways that real tasks break. */

/** The life of a task. All times in milliseconds. */
export interface Behaviour {
  /** From the start of the task to RUNNING (or to its failing to start). */
  startMs: number;
  /** From RUNNING until the health check gives its verdict; 0 means that there is no health check. */
  healthCheckMs: number;
  /** From the order to stop to STOPPED: SIGTERM, grace period, SIGKILL. */
  stopMs: number;
  /** The health check's verdict is "unhealthy". */
  failsHealthCheck?: true;
  /** The task never runs: its `stoppedReason`. */
  failsToStart?: string;
  /** The essential container ends by itself after RUNNING. */
  exits?: { afterMs: number; exitCode: number; reason?: string };
  /** What its containers write as soon as they run, by their names: each line is an event of a log. */
  logs?: Readonly<Record<string, readonly string[]>>;
  /** There is no room for the task: the sentences that the service event gives as the cause. */
  unplaceable?: string;
}

type Timing = Partial<Pick<Behaviour, "startMs" | "healthCheckMs" | "stopMs">>;

/** Runs after 20 s, has no health check, stops within 30 s. */
export function healthy(timing: Timing = {}): Behaviour {
  return { startMs: 20_000, healthCheckMs: 0, stopMs: 30_000, ...timing };
}

/** Reaches RUNNING, then its essential container exits: the circuit breaker never sees it. */
export function crashLoop(exit: { afterMs?: number; exitCode?: number; reason?: string } & Timing = {}): Behaviour {
  const { afterMs = 5_000, exitCode = 1, reason, ...timing } = exit;
  return { ...healthy(timing), exits: { afterMs, exitCode, ...(reason === undefined ? {} : { reason }) } };
}

/** Reaches RUNNING, then is killed by the kernel. */
export function outOfMemory(afterMs = 5_000): Behaviour {
  return crashLoop({ afterMs, exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" });
}

/** Never reaches RUNNING, for the reason given. */
export function failsToStart(stoppedReason: string, timing: Timing = {}): Behaviour {
  return { ...healthy(timing), failsToStart: stoppedReason };
}

/** Never reaches RUNNING: the image is not in the registry. */
export function cannotPullContainer(image: string): Behaviour {
  return failsToStart(
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`,
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

/** Runs, but its health check fails. */
export function failingHealthCheck(timing: Timing = {}): Behaviour {
  return { ...healthy({ healthCheckMs: 30_000, ...timing }), failsHealthCheck: true };
}

/** No container instance has room for it. */
export function unplaceable(
  cause = "The closest matching container-instance 7c5f1b6d0e7b4f4c8d8c4a1f6e2b9a10 has insufficient memory available.",
): Behaviour {
  return { ...healthy(), unplaceable: cause };
}

/** Healthy, but takes five minutes to stop. */
export function slowDrain(stopMs = 300_000): Behaviour {
  return healthy({ stopMs });
}
