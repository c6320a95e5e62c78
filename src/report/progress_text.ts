import type { Deployment } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import { nameOf } from "./live_now.ts";
import { type Line, warn } from "./messages/log.ts";
import { describeNextStep } from "./step_text.ts";

/** What deployments and task sets have in common. */
type Counts = Pick<Deployment, "status" | "taskDefinition" | "desiredCount" | "pendingCount" | "runningCount">;

/** ` PRIMARY myservice:3 desired:2 pending:1 running:1`, as ecspresso prints it. */
export function renderDeployment({ status, taskDefinition, desiredCount, pendingCount, runningCount }: Counts): string {
  const counts = `desired:${desiredCount} pending:${pendingCount} running:${runningCount}`;
  return `${status.padStart(8)} ${nameOf({ taskDefinition })} ${counts}`;
}

/**
 * ` PRIMARY myservice:3 desired:2 pending:1 running:0, ACTIVE myservice:2 running:2`: the PRIMARY deployment as
 * ecspresso prints it, then the others that still run tasks.
 */
export function renderCounts(deployments: readonly Deployment[]): string {
  const isNew = ({ status }: Deployment) => status === "PRIMARY";
  const others = deployments.filter((each) => !isNew(each) && each.runningCount + each.pendingCount > 0);
  return [...deployments.filter(isNew).map(renderDeployment), ...others.map(renderOther)].join(", ");
}

function renderOther({ status, taskDefinition, pendingCount, runningCount }: Counts): string {
  const pending = pendingCount === 0 ? "" : ` pending:${pendingCount}`;
  return `${status} ${nameOf({ taskDefinition })}${pending} running:${runningCount}`;
}

/** `service deployment IN_PROGRESS: BAKE_TIME (5 minutes)` */
export function describeStage({ status, lifecycleStage, bakeTimeInMinutes }: ServiceDeployment): string {
  if (lifecycleStage === undefined) return `service deployment ${status}`;
  const bakes = lifecycleStage === "BAKE_TIME" && bakeTimeInMinutes !== undefined;
  return `service deployment ${status}: ${lifecycleStage}${bakes ? ` (${bakeTimeInMinutes} minutes)` : ""}`;
}

/** How to answer the lifecycle hooks that wait. */
export function renderHooks({ arn, awaitingHooks }: ServiceDeployment): Line[] {
  const answer = (hook: string, action: "CONTINUE" | "ROLLBACK") =>
    describeNextStep({ kind: "answer", serviceDeployment: arn, hook, action });
  return awaitingHooks.flatMap((hook) =>
    warn(
      `ECS waits for an answer at lifecycle hook ${hook}; ${answer(hook, "CONTINUE")}`,
      `or ${answer(hook, "ROLLBACK")}`,
    )
  );
}
