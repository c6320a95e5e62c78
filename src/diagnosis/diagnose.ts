import type { StoppedTask } from "../model/service.ts";
import type { Cause } from "./cause.ts";
import { normalizeMessage } from "./clean_text.ts";
import { diagnoseTask } from "./diagnose_task.ts";
import type { Evidence } from "./evidence.ts";
import { placeLogs } from "./place_logs.ts";

/** Why the deployment's tasks do not run: equal causes as one, the primary one first. Empty where nothing went wrong. */
export function diagnose({ deploymentId, tasks, taskDefinition }: Evidence): readonly Cause[] {
  const causes = new Map<string, Cause>();
  // In order of stopping, whatever order AWS answers in: a group keeps the words of its first task from read to read.
  for (const task of tasks.filter(({ startedBy }) => startedBy === deploymentId).toSorted(byStop)) {
    if (wasReplaced(task)) continue;
    const cause = diagnoseTask(task);
    const known = causes.get(keyOf(cause)) ?? { ...cause, count: 0 };
    const { taskArn, atMs = known.atMs } = cause;
    causes.set(keyOf(cause), { ...known, count: known.count + 1, taskArn, atMs });
  }
  const found = [...causes.values()].toSorted((a, b) => b.count - a.count);
  return placeLogs(found, { tasks, taskDefinition });
}

/** The same for causes that say the same of different tasks. */
export function keyOf({ code, container, exitCode, said }: Cause): string {
  return JSON.stringify([code, container, exitCode, normalizeMessage(said)]);
}

function byStop(a: StoppedTask, b: StoppedTask): number {
  // A task that is still stopping has no time yet: it comes last.
  const at = ({ stoppedAtMs }: StoppedTask) => stoppedAtMs ?? Number.MAX_SAFE_INTEGER;
  return at(a) - at(b) || Number(a.arn > b.arn) - Number(a.arn < b.arn);
}

/**
 * Whether ECS stopped a sound task because it was not wanted any more: scaling in and replacing (stoppedReason `Scaling
 * activity initiated by (deployment ecs-svc/N)`), rebalancing. The scheduler's other reasons name what failed.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
function wasReplaced({ stopCode, stoppedReason = "" }: StoppedTask): boolean {
  if (stoppedReason.startsWith("Scaling activity initiated by")) return true;
  return stopCode === "ServiceSchedulerInitiated" && !/fail|unhealthy/i.test(stoppedReason);
}
