import { revision } from "../made_up.ts";

/** A service as DescribeServices shows it, in the midst of a deployment. */
export const SERVICE = {
  serviceArn: "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice",
  clusterArn: "arn:aws:ecs:ap-northeast-1:123456789012:cluster/default",
  serviceName: "myservice",
  status: "ACTIVE",
  desiredCount: 2,
  runningCount: 1,
  pendingCount: 1,
  taskDefinition: revision(4).arn,
  deployments: [{
    id: "ecs-svc/4",
    status: "PRIMARY",
    taskDefinition: revision(4).arn,
    desiredCount: 2,
    runningCount: 1,
    pendingCount: 1,
    failedTasks: 3,
    createdAt: 1672574400.5,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: "ECS deployment ecs-svc/4 in progress.",
  }],
  events: [{ id: "e-1", createdAt: 1672574401, message: "(service myservice) has started 1 tasks: (task t)." }],
};
