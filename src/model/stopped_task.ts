/** A task that ECS has stopped, reduced to what tells why. AWS keeps it for about an hour. */
export interface StoppedTask {
  readonly arn: string;
  /** For a service's tasks the id of the deployment that started it, `ecs-svc/<digits>`. */
  readonly startedBy: string | undefined;
  /** `TaskFailedToStart`, `EssentialContainerExited`, `ServiceSchedulerInitiated`, ... */
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
  readonly stoppedAtMs: number | undefined;
  readonly containers: readonly StoppedContainer[];
}

export interface StoppedContainer {
  readonly name: string;
  /** Absent when it never ran. */
  readonly exitCode: number | undefined;
  /** AWS's own words, such as `OutOfMemoryError: Container killed due to memory usage`. */
  readonly reason: string | undefined;
}
