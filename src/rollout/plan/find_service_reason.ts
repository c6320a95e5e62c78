import { parseTaskDefinitionArn } from "../../model/arn.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { ServiceReason } from "./refusal.ts";

/**
 * Why a service can be neither deployed, rolled back nor waited for, whatever its deployments are. Pure.
 *
 * @param revision the number to roll back to, where somebody has named one
 */
export function findServiceReason(service: ServiceSnapshot | undefined, revision?: number): ServiceReason | undefined {
  if (service === undefined) return { code: "serviceMissing" };
  const { status, deploymentController: controller, taskDefinition, taskSets, attachments } = service;
  if (status !== "ACTIVE") return { code: "serviceNotActive", status };
  if (controller === "ECS") return undefined;
  if (controller !== "CODE_DEPLOY") return { code: "deployedElsewhere", controller };
  const codeDeploy = {
    deploymentId: taskSets.find(({ externalId }) => externalId !== undefined)?.externalId,
    taskDefinition: taskDefinition === undefined ? undefined : parseTaskDefinitionArn(taskDefinition),
    loadBalancer: attachments.find(({ kind }) => kind === "load balancer"),
    revision,
  };
  return { code: "deployedByCodeDeploy", codeDeploy };
}
