import type { Deployment } from "../model/service.ts";
import { nameOf } from "./live_now.ts";

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
