import { clusterName, serviceName, siblingArn } from "../../model/arn.ts";
import { awsCli, ecspressoCommand } from "../../model/typed_commands.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { CodeDeployService, Refusal } from "../../rollout/plan/refusal.ts";

/** The commands that do with AWS CodeDeploy what this program leaves to it. */
export function adviseOnCodeDeploy(
  { ref, intent, codeDeploy }: Extract<Refusal, { readonly code: "deployedByCodeDeploy" }>,
): string[] {
  const { deploymentId = "ID", revision = "REVISION" } = codeDeploy;
  const deploy = `${awsCli(ref)} deploy`;
  switch (intent) {
    case "wait":
      return [
        "CodeDeploy has a command of its own to wait for a deployment:",
        `${deploy} wait deployment-successful --deployment-id ${deploymentId}`,
      ];
    case "rollback":
      return [
        "while the bad deployment is still under way, stop it and go back:",
        `${deploy} stop-deployment --deployment-id ${deploymentId} --auto-rollback-enabled`,
        `afterwards, deploy revision ${revision} (${whoseNames(ref)}):`,
        createDeployment(ref, codeDeploy),
      ];
    case "deploy":
    case "status":
      return [
        `register the task definition: ${ecspressoCommand(ref, "register")}`,
        `then let CodeDeploy deploy it (${whoseNames(ref)}):`,
        createDeployment(ref, codeDeploy),
      ];
  }
}

function whoseNames({ codeDeploy }: ServiceRef): string {
  const named = [codeDeploy?.application, codeDeploy?.deploymentGroup].filter((name) => name !== undefined);
  if (named.length === 0) return "the names are CodeDeploy's defaults for a service";
  return named.length === 2 ? "the names are the config's" : "one name is the config's, the other CodeDeploy's default";
}

function createDeployment(
  ref: ServiceRef,
  { taskDefinition, loadBalancer, revision }: CodeDeployService,
): string {
  const suffix = `${clusterName(ref.cluster)}-${serviceName(ref.service)}`;
  const application = ref.codeDeploy?.application ?? `AppECS-${suffix}`;
  const deploymentGroup = ref.codeDeploy?.deploymentGroup ?? `DgpECS-${suffix}`;
  const content = JSON.stringify({
    version: 1,
    Resources: [{
      TargetService: {
        Type: "AWS::ECS::Service",
        Properties: {
          TaskDefinition: taskDefinition === undefined
            ? "TASK_DEFINITION_ARN"
            : siblingArn(taskDefinition, revision ?? "REVISION"),
          LoadBalancerInfo: {
            ContainerName: loadBalancer?.containerName ?? "CONTAINER",
            ContainerPort: loadBalancer?.containerPort ?? "PORT",
          },
        },
      },
    }],
  });
  const appSpec = JSON.stringify({ revisionType: "AppSpecContent", appSpecContent: { content } });
  return `${awsCli(ref)} deploy create-deployment --application-name ${application} --deployment-group-name ` +
    `${deploymentGroup} --revision '${appSpec}'`;
}
