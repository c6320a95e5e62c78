import { asAwsError, AwsError } from "../../errors.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import {
  countFailures,
  type FailureEvidence,
  failureLimit,
  type Failures,
  hasHealthyTask,
  isFailing,
} from "../assess_failures.ts";
import type { OutcomeKind } from "../outcome.ts";
import type { PlanRun } from "../plan_run.ts";

/** Whether the deployment is given up; `undefined`: it goes on, also where it is not known whether a task is healthy. */
export async function giveUp(
  evidence: FailureEvidence | undefined,
  { deploymentSettings }: ServiceSnapshot,
  run: PlanRun,
): Promise<OutcomeKind | undefined> {
  const { failAfter } = run.plan;
  if (failAfter === undefined || evidence === undefined) return undefined;
  const failures = countFailures(evidence);
  const limit = failureLimit(failAfter, deploymentSettings, evidence.deployment);
  if (!isFailing(failures, limit) || await mayBeHealthy(evidence, failures, run)) return undefined;
  const { stopped, unstarted } = failures;
  return { kind: "givenUp", stopped, unstarted, limit };
}

/** The service's own counts do not show which of its tasks are healthy: two calls more, once there are too many failures. */
async function mayBeHealthy(
  { deployment }: FailureEvidence,
  failures: Failures,
  { plan: { subject }, context: { ecs, signal } }: PlanRun,
): Promise<boolean> {
  if (deployment.runningCount === 0) return false;
  const live = await ecs.listLiveTasks(subject, signal).catch(asAwsError);
  return live instanceof AwsError || hasHealthyTask(live, deployment, failures, ecs.now());
}
