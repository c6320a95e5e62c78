import type { Cause } from "./cause.ts";
import type { Evidence } from "./evidence.ts";
import { findLogPlace } from "./find_log_place.ts";

/** Adds to each cause where the log of its container is: of one that has run, where the task definition was read. */
export function placeLogs(
  causes: readonly Cause[],
  { tasks, taskDefinition }: Pick<Evidence, "tasks" | "taskDefinition">,
): readonly Cause[] {
  if (taskDefinition === undefined) return causes;
  return causes.map((cause) => {
    const task = tasks.find(({ arn }) => arn === cause.taskArn);
    const container = task?.containers.find(({ name }) => name === cause.container);
    if (task === undefined || container === undefined) return cause;
    const { name, exitCode, runtimeId } = container;
    if (exitCode === undefined && runtimeId === undefined) return cause;
    const { arn: taskArn, stoppedAtMs, executionStoppedAtMs, stoppingAtMs } = task;
    // A task is shown as stopping for half a minute before it has stopped.
    const endedAtMs = executionStoppedAtMs ?? stoppingAtMs ?? stoppedAtMs;
    const log = findLogPlace(taskDefinition, { name, taskArn, runtimeId, endedAtMs });
    return log === undefined ? cause : { ...cause, log };
  });
}
