/** The ARN of a service deployment, and of the first of its service revisions. */
export const ARN = "arn:aws:ecs:ap-northeast-1:123456789012:service-deployment/default/myservice/NCWGC2ZR-taawPAYrIaU5";
export const REVISION = "arn:aws:ecs:ap-northeast-1:123456789012:service-revision/default/myservice/1";

/** The service deployment as AWS describes it. */
export const DEPLOYMENT = {
  serviceDeploymentArn: ARN,
  status: "IN_PROGRESS",
  createdAt: 1672574400.5,
  sourceServiceRevisions: [{ arn: REVISION, runningTaskCount: 2 }],
  targetServiceRevision: { arn: `${REVISION}0`, requestedTaskCount: 3, runningTaskCount: 1, pendingTaskCount: 2 },
};
