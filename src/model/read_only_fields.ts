/**
 * What AWS adds when it answers: members of `TaskDefinition` and `Service` in the API reference that RegisterTaskDefinition
 * and CreateService do not take, so that they are no part of what a user can write.
 */

export const TASK_DEFINITION_ANSWER_ONLY: readonly string[] = [
  "taskDefinitionArn",
  "revision",
  "status",
  "requiresAttributes",
  "compatibilities",
  "registeredAt",
  "registeredBy",
  "deregisteredAt",
  "deleteRequestedAt",
];

export const SERVICE_ANSWER_ONLY: readonly string[] = [
  "serviceArn",
  "clusterArn",
  "status",
  "runningCount",
  "pendingCount",
  "platformFamily",
  "taskSets",
  "deployments",
  "roleArn",
  "events",
  "createdAt",
  "createdBy",
  "currentServiceDeployment",
  "currentServiceRevisions",
  "resourceManagementType",
];

/**
 * What CreateService takes and AWS answers of the service's deployments only, where `deployments[].status` is PRIMARY for
 * what the service has now (API reference, Deployment).
 */
export const SERVICE_DEPLOYED_MEMBERS: readonly string[] = [
  "serviceConnectConfiguration",
  "volumeConfigurations",
  "vpcLatticeConfigurations",
];
