import type { CreateService } from "../plan/plan.ts";
import type { PlanRun, StepRun } from "../plan_run.ts";
import { ProgressTracker } from "../watch.ts";
import { followOrdered, noteRefused, noticeNotKept, showDeployment } from "./find_ordered.ts";

/** Creates the service, and finds the deployment that ECS makes of it, where ECS deploys it. */
export async function* createService({ taskDefinition, input }: CreateService, run: PlanRun): StepRun {
  const whole = { ...input, ...(taskDefinition && { taskDefinition: run.revisionOf(taskDefinition).arn }) };
  run.ordered = "unknown";
  const order = run.ports.ecs.createService(run.plan.subject, whole, crypto.randomUUID(), run.signal);
  const service = await order.catch((error) => {
    noteRefused(error, run);
    throw error;
  });
  yield* noticeNotKept(service, "created");
  run.progress = new ProgressTracker({ ...service, events: [] });
  const shown = service.deploymentController === "ECS"
    ? await showDeployment(service, taskDefinition ? run.revisionOf(taskDefinition) : run.target, true, run)
    : service;
  followOrdered(shown, run);
  yield* run.emitProgress(shown);
  return undefined;
}
