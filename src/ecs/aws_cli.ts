import { type Revision, shortName } from "./arn.ts";
import type { ScalableTarget, SuspendedState } from "./scalable_target.ts";
import type { ServiceRef } from "./service.ts";

/** Commands of the AWS CLI for a person to type: what the program did not do, or cannot. */

export function waitCommand({ cluster, service }: ServiceRef): string {
  return `aws ecs wait services-stable --cluster ${cluster} --services ${service}`;
}

export function describeDeploymentsCommand({ cluster, service }: ServiceRef): string {
  return `aws ecs describe-services --cluster ${cluster} --services ${service} --query 'services[0].deployments'`;
}

export function listStoppedTasksCommand({ cluster, service }: ServiceRef): string {
  return `aws ecs list-tasks --cluster ${cluster} --service-name ${service} --desired-status STOPPED`;
}

/** Answers a lifecycle hook at which a service deployment is paused. */
export function continueCommand(serviceDeploymentArn: string, hookId: string, action: "CONTINUE" | "ROLLBACK"): string {
  return `aws ecs continue-service-deployment --service-deployment-arn ${serviceDeploymentArn} --hook-id ${hookId} ` +
    `--action ${action}`;
}

export function deregisterCommand(taskDefinition: Revision): string {
  return `aws ecs deregister-task-definition --task-definition ${shortName(taskDefinition)}`;
}

/** Sets the three flags, then removes the tag `recordKey`, where there is such a record of the earlier flags. */
export function restoreScalingCommand(
  { resourceId, arn }: ScalableTarget,
  state: SuspendedState,
  recordKey: string | undefined,
): string {
  const setFlags = "aws application-autoscaling register-scalable-target --service-namespace ecs " +
    `--scalable-dimension ecs:service:DesiredCount --resource-id ${resourceId} --suspended-state ` +
    `DynamicScalingInSuspended=${state.dynamicScalingInSuspended},` +
    `DynamicScalingOutSuspended=${state.dynamicScalingOutSuspended},` +
    `ScheduledScalingSuspended=${state.scheduledScalingSuspended}`;
  return recordKey === undefined || arn === undefined ? setFlags : `${setFlags} && ${untagCommand(arn, recordKey)}`;
}

/** Removes a tag of a scalable target. */
export function untagCommand(arn: string, key: string): string {
  return `aws application-autoscaling untag-resource --resource-arn ${arn} --tag-keys ${key}`;
}
