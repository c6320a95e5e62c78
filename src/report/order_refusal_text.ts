import { findTaskDefinition, shortName } from "../model/arn.ts";
import { type Deployment, subjectName } from "../model/service.ts";
import type { Outcome } from "../rollout/outcome.ts";
import type { StopRefusal } from "../rollout/plan/refusal.ts";
import type { Named } from "./messages/cases.ts";
import { adviseOnDenial } from "./failure_text.ts";
import { nameOf } from "./live_now.ts";
import { type EndMessage, endMessageOf } from "./messages/end_message.ts";
import { describeCall } from "./messages/aws_failure_text.ts";
import { adviseOlder } from "./messages/needs_text.ts";
import { nameFrom, rollBackCommand } from "./messages/own_commands.ts";
import { adviseAfterOthers } from "./messages/phrases.ts";
import { currentPlan, type ServiceState } from "./state.ts";

/** The user may not stop the deployment, or it is too late; and an image is gone, so a new one would not start. */
export function describeStopRefusal({ error, target, passing }: StopRefusal, service: ServiceState): EndMessage {
  const { ref } = service;
  const { from = target, carried } = currentPlan(service)?.plan ?? {};
  return endMessageOf([
    `cannot roll back ${subjectName(ref)} to ${shortName(target)}: an image that it ran is gone, ` +
    `and the deployment under way cannot be stopped (${describeCall(error)})`,
    `nothing has been changed; ${adviseOlder(ref, from, passing, carried)}`,
  ]);
}

/** The copy that names images by digest may not be registered. */
export function describeUnpinned(
  { of, error: denial }: Named<Outcome, "kind", "cannotPin">,
  service: ServiceState,
): EndMessage {
  const { ref, rollback } = service;
  const { from = of, carried } = currentPlan(service)?.plan ?? {};
  const where = `--revision ${nameFrom(from, of)}`;
  const byTags = rollBackCommand(ref, where, { ...carried, pin: "never" });
  // With the same task definition, the tag names the image that has just failed.
  const isOther = from.arn !== of.arn;
  return endMessageOf([
    `cannot roll back ${subjectName(ref)} to what ran with ${shortName(of)}: a tag has moved since, and the copy ` +
    `that names its image by digest may not be registered: ${describeCall(denial)}`,
    ...adviseOnDenial(denial),
    ...(rollback === undefined ? [] : [`once that is allowed: ${rollBackCommand(ref, where, undefined)}`]),
    ...(isOther ? [`or start what the tag names today, which is NOT what ran: ${byTags}`] : []),
    rollback === undefined ? "nothing has been changed" : "the rollback has changed nothing",
  ]);
}

/** Who deploys the service from now on, if ECS does not. */
export function describeOwner(controller: string): string {
  return controller === "CODE_DEPLOY"
    ? "From now on its deployments belong to AWS CodeDeploy (blue/green)"
    : `From now on its task sets belong to the system that deploys it (deployment controller ${controller})`;
}

/** The deployment that replaced the run's own. */
export function nameSuperseding(deployment: Deployment): string {
  return `deployment ${deployment.id} to ${nameOf(deployment)}`;
}

/** What to do about the deployment that replaced the run's own: the advice for a service that others have deployed. */
export function adviseOnSuperseding(by: Deployment | undefined, { ref, main }: ServiceState): string[] {
  const running = by && findTaskDefinition(by.taskDefinition);
  const plan = main?.plan;
  if (running === undefined || plan?.to === undefined || plan.intent !== "rollback") return [];
  return running.arn === plan.to.arn ? [] : adviseAfterOthers(ref, running, plan.to, plan.carried);
}
