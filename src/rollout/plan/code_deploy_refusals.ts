import { clusterName, parseTaskDefinitionArn, serviceName, siblingArn } from "../../model/arn.ts";
import { awsCli } from "../../model/aws_cli.ts";
import { ecspressoCommand } from "../../model/ecspresso_cli.ts";
import { type ServiceRef, type ServiceSnapshot, subjectName } from "../../model/service.ts";
import type { Refusal } from "./plan.ts";
import type { Situation } from "../read/read_situation.ts";
import { cannot } from "./refusals.ts";

/** Why a service of AWS CodeDeploy is left to that, with the commands that do it there. */

/** AWS: "Use AWS CodeDeploy to trigger a new deployment." The seed: CodeDeploy's own rollback is to be used. */
export function codeDeploy({ ref, choice }: Situation, service: ServiceSnapshot): Refusal {
  const revision = choice.kind === "previous" ? "REVISION" : choice.revision;
  return {
    message: `cannot roll back ${subjectName(ref)}: its deployments belong to AWS CodeDeploy (blue/green); use ` +
      `CodeDeploy's own rollback`,
    advice: [
      "while the bad deployment is still under way, stop it and go back:",
      `${awsCli(ref)} deploy stop-deployment --deployment-id ${codeDeployId(service) ?? "ID"} --auto-rollback-enabled`,
      `afterwards, deploy revision ${revision} (${whoseNames(ref)}):`,
      createCodeDeployment(ref, revision, service),
    ],
  };
}

export function waitForCodeDeploy(ref: ServiceRef, service: ServiceSnapshot): Refusal {
  return {
    message: `${cannot("wait", ref)}: its deployments belong to AWS CodeDeploy (blue/green)`,
    advice: [
      "CodeDeploy has a command of its own to wait for a deployment:",
      `${awsCli(ref)} deploy wait deployment-successful --deployment-id ${codeDeployId(service) ?? "ID"}`,
    ],
  };
}

/** The CodeDeploy deployment that made one of the service's task sets. */
function codeDeployId({ taskSets }: ServiceSnapshot): string | undefined {
  return taskSets.map(({ externalId }) => externalId).find((id) => id !== undefined);
}

export function deployByCodeDeploy(ref: ServiceRef, service: ServiceSnapshot): Refusal {
  return {
    message: `${cannot("deploy", ref)}: its deployments belong to AWS CodeDeploy (blue/green)`,
    advice: [
      `register the task definition: ${ecspressoCommand(ref, "register")}`,
      `then let CodeDeploy deploy it (${whoseNames(ref)}):`,
      createCodeDeployment(ref, "REVISION", service),
    ],
  };
}

function whoseNames({ codeDeploy }: ServiceRef): string {
  const named = [codeDeploy?.application, codeDeploy?.deploymentGroup].filter((name) => name !== undefined);
  if (named.length === 0) return "the names are CodeDeploy's defaults for a service";
  return named.length === 2 ? "the names are the config's" : "one name is the config's, the other CodeDeploy's default";
}

function createCodeDeployment(ref: ServiceRef, revision: number | "REVISION", service: ServiceSnapshot): string {
  const suffix = `${clusterName(ref.cluster)}-${serviceName(ref.service)}`;
  const application = ref.codeDeploy?.application ?? `AppECS-${suffix}`;
  const deploymentGroup = ref.codeDeploy?.deploymentGroup ?? `DgpECS-${suffix}`;
  const loadBalancer = service.attachments.find(({ kind }) => kind === "load balancer");
  const content = JSON.stringify({
    version: 1,
    Resources: [{
      TargetService: {
        Type: "AWS::ECS::Service",
        Properties: {
          TaskDefinition: service.taskDefinition === undefined
            ? "TASK_DEFINITION_ARN"
            : siblingArn(parseTaskDefinitionArn(service.taskDefinition), revision),
          LoadBalancerInfo: {
            ContainerName: loadBalancer?.containerName ?? "CONTAINER",
            ContainerPort: loadBalancer?.containerPort ?? "PORT",
          },
        },
      },
    }],
  });
  const appSpec = JSON.stringify({ revisionType: "AppSpecContent", appSpecContent: { content } });
  return `${
    awsCli(ref)
  } deploy create-deployment --application-name ${application} --deployment-group-name ${deploymentGroup} ` +
    `--revision '${appSpec}'`;
}
