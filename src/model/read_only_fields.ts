/** Members that AWS adds to its descriptions (API reference, `TaskDefinition` and `Service`), and that no request takes. */
export const TASK_DEFINITION_READ_ONLY: readonly string[] = [
  ...["taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt"],
  ...["registeredBy", "deregisteredAt", "deleteRequestedAt"],
];
export const SERVICE_READ_ONLY: readonly string[] = [
  ...[
    "serviceArn",
    "clusterArn",
    "status",
    "runningCount",
    "pendingCount",
    "platformFamily",
    "taskSets",
    "deployments",
  ],
  ...["roleArn", "events", "createdAt", "createdBy", "currentServiceDeployment", "currentServiceRevisions"],
  "resourceManagementType",
];

/**
 * Members that CreateService takes and that AWS describes in the service's deployments only: the PRIMARY one has what the
 * service has now (API reference, Deployment).
 */
export const SERVICE_DEPLOYED_MEMBERS: readonly string[] = [
  "serviceConnectConfiguration",
  "volumeConfigurations",
  "vpcLatticeConfigurations",
];
