import { unlessFails } from "../../errors.ts";
import type { LiveTask, ServiceSnapshot } from "../../model/service.ts";
import {
  countFailures,
  type FailureEvidence,
  failureLimit,
  hasHealthyTask,
  haveOutlived,
  isFailing,
} from "../assess_failures.ts";
import type { OutcomeKind } from "../outcome.ts";
import type { PlanRun } from "../plan_run.ts";

// Where failures are counted, they weigh against what ECS itself says of the deployment.

/** Whether the deployment is given up; `undefined`: it goes on, also where it is not known whether a task is healthy. */
export async function giveUp(
  evidence: FailureEvidence | undefined,
  { deploymentSettings }: ServiceSnapshot,
  run: PlanRun,
): Promise<OutcomeKind | undefined> {
  const { failAfter } = run.plan;
  if (failAfter === undefined || evidence === undefined) return undefined;
  const failures = countFailures(evidence);
  const { deployment } = evidence;
  const limit = failureLimit(failAfter, deploymentSettings, deployment);
  if (!isFailing(failures, limit)) return undefined;
  // The service's own counts do not show which of its tasks are healthy: two calls more, once there are too many failures.
  const live = deployment.runningCount === 0 ? [] : await listLive(run);
  if (live === undefined || hasHealthyTask(live, deployment, failures, run.context.ecs.now())) return undefined;
  const { stopped, unstarted } = failures;
  return { kind: "givenUp", stopped, unstarted, limit };
}

/**
 * ECS calls a deployment COMPLETED between two crashes of its tasks, too: such a success counts once its tasks have run
 * longer than those that crashed on the way. Returns how many crashed; `undefined`: nothing speaks against the success.
 */
export async function findUnproven(evidence: FailureEvidence | undefined, run: PlanRun): Promise<number | undefined> {
  if ((run.plan.failAfter ?? 0) === 0 || evidence === undefined) return undefined;
  const failures = countFailures(evidence);
  if (failures.crashed === 0) return undefined;
  const live = await listLive(run);
  const isProven = live === undefined || haveOutlived(live, evidence.deployment, failures, run.context.ecs.now());
  return isProven ? undefined : failures.crashed;
}

async function listLive({ plan, context: { ecs, signal } }: PlanRun): Promise<readonly LiveTask[] | undefined> {
  return await unlessFails(ecs.listLiveTasks(plan.subject, signal));
}
