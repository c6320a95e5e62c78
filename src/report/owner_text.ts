import { findTaskDefinition } from "../model/arn.ts";
import type { Deployment } from "../model/service.ts";
import { nameOf } from "./live_now.ts";
import { adviseAfterOthers } from "./messages/phrases.ts";
import type { ServiceState } from "./state.ts";

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
