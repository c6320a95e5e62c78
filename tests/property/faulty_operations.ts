export const ECS_READS = [
  "DescribeServices",
  "DescribeTaskDefinition",
  "ListTaskDefinitions",
  "ListTasks",
  "DescribeTasks",
  "ListServices",
  "ListServiceDeployments",
  "DescribeServiceDeployments",
  "DescribeServiceRevisions",
];
export const ECS_WRITES = [
  "UpdateService",
  "StopServiceDeployment",
  "RegisterTaskDefinition",
  "DeregisterTaskDefinition",
];
export const SCALING_READS = ["DescribeScalableTargets", "ListTagsForResource"];

export const SCALING_WRITES: readonly string[] = ["RegisterScalableTarget", "TagResource", "UntagResource"];
export const SCALING_OPERATIONS: readonly string[] = [...SCALING_READS, ...SCALING_WRITES];
