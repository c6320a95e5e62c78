import { findTaskDefinition, shortName } from "../model/arn.ts";
import { type Deployment, subjectName } from "../model/service.ts";
import type { Outcome } from "../rollout/outcome.ts";
import type { StopRefusal } from "../rollout/plan/refusal.ts";
import type { Named } from "./cases.ts";
import { adviseOnDenial } from "./failure_text.ts";
import { nameOf } from "./live_now.ts";
import type { Said } from "./log.ts";
import { describeCall } from "./messages/aws_failure_text.ts";
import { adviseOlder } from "./messages/needs_text.ts";
import { adviseAfterOthers, nameFrom, rollBackCommand } from "./messages/phrases.ts";
import { currentPlan, type ServiceState } from "./state.ts";

/** The stop is refused to this user, or comes too late, and nothing would start in its place. */
export function describeStopRefusal({ error, target, passing }: StopRefusal, service: ServiceState): Said {
  const { ref } = service;
  const { from = target, carried } = currentPlan(service)?.plan ?? {};
  return {
    sentences: [
      `cannot roll back ${subjectName(ref)} to ${shortName(target)}: an image that it ran is gone, ` +
      `and the deployment under way cannot be stopped (${describeCall(error)})`,
    ],
    more: [`nothing has been changed; ${adviseOlder(ref, from, passing, carried)}`],
  };
}

/** No copy may be registered that names what ran by digest. */
export function describeUnpinned(
  { of, error: denial }: Named<Outcome, "kind", "cannotPin">,
  service: ServiceState,
): Said {
  const { ref, rollback } = service;
  const { from = of, carried } = currentPlan(service)?.plan ?? {};
  const where = `--revision ${nameFrom(from, of)}`;
  const byTags = rollBackCommand(ref, where, { ...carried, pin: "never" });
  // Of the same task definition, the tag names what has just failed.
  const isOther = from.arn !== of.arn;
  return {
    sentences: [
      `cannot roll back ${subjectName(ref)} to what ran with ${shortName(of)}: a tag has moved since, and the copy ` +
      `that names its image by digest may not be registered: ${describeCall(denial)}`,
    ],
    more: [
      ...adviseOnDenial(denial),
      ...(rollback === undefined ? [] : [`once that is allowed: ${rollBackCommand(ref, where, undefined)}`]),
      ...(isOther ? [`or start what the tag names today, which is NOT what ran: ${byTags}`] : []),
      rollback === undefined ? "nothing has been changed" : "the rollback has changed nothing",
    ],
  };
}

/** Who deploys a service that ECS does not. */
export function describeOwner(controller: string): string {
  return controller === "CODE_DEPLOY"
    ? "From now on its deployments belong to AWS CodeDeploy (blue/green)"
    : `From now on its task sets belong to the system that deploys it (deployment controller ${controller})`;
}

/** Whose deployment has taken the place of another one. */
export function describeNewcomer(deployment: Deployment): string {
  return `deployment ${deployment.id} to ${nameOf(deployment)}`;
}

/** The same as is advised where somebody had deployed before. */
export function adviseOnNewcomer(by: Deployment | undefined, { ref, main }: ServiceState): string[] {
  const running = by && findTaskDefinition(by.taskDefinition);
  const plan = main?.plan;
  if (running === undefined || plan?.to === undefined || plan.intent !== "rollback") return [];
  return running.arn === plan.to.arn ? [] : adviseAfterOthers(ref, running, plan.to, plan.carried);
}
