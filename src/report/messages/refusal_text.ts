import { clusterName, type Revision, serviceName, shortName, siblingArn } from "../../model/arn.ts";
import { type ServiceRef, subjectName } from "../../model/service.ts";
import { awsCli, ecspressoCommand } from "../../model/typed_commands.ts";
import type { AnyRefusal } from "../../rollout/events.ts";
import type { CodeDeployService, DeployReason, Refusal, ServiceReason } from "../../rollout/plan/refusal.ts";
import { describeDeregisterRefusal } from "../deregister_text.ts";
import { describeMisfit, remedyFor } from "./misfit_text.ts";
import { becauseOf, type RefusalText, type RefusalTexts } from "./phrases.ts";
import { describeNoChoice } from "./reason_text.ts";
import { AUTOMATIC_ROLLBACK, ROLLBACK } from "./rollback_refusal_text.ts";

const VERBS: Readonly<Record<Refusal["intent"], string>> = {
  deploy: "deploy",
  rollback: "roll back",
  wait: "wait for",
  status: "show",
};

/** Why nothing is done, such as `cannot roll back myservice/default: ...`, and the way out of it. */
export function describeRefusal(refusal: AnyRefusal): RefusalText {
  if (refusal.code === "noSuchTaskDefinition") {
    const { name, scope } = refusal;
    return {
      message: `there is no task definition ${name ?? `that ${subjectName(scope)} runs`}`,
      advice: [`see what there is: ${ecspressoCommand(scope, "revisions")}`],
    };
  }
  if (!("intent" in refusal)) return describeDeregisterRefusal(refusal);
  const { why, advice } = TEXTS[refusal.code](refusal as never);
  return { message: `cannot ${VERBS[refusal.intent]} ${subjectName(refusal.ref)}${why}`, advice };
}

const SERVICE: RefusalTexts<ServiceReason["code"]> = {
  serviceMissing: ({ ref }) => ({
    why: ": there is no such service in the cluster",
    advice: [
      "check cluster, service and region of the config; the services there are:",
      `${awsCli(ref)} ecs list-services --cluster ${ref.cluster}`,
    ],
  }),
  serviceNotActive: ({ ref, status }) => {
    const isBeing = status === "DRAINING";
    return {
      why: `: the service is ${status} (${isBeing ? "it is being" : "it has been"} deleted)`,
      advice: [
        "a deleted service cannot be brought back; to create it again from the definitions" +
        `${isBeing ? ", once it is INACTIVE" : ""}: ${ecspressoCommand(ref, "deploy")}`,
      ],
    };
  },
  noDeployment: ({ ref }) => ({
    why: ": ECS shows no deployment of it",
    advice: [`look at the service, then run the command again: ${ecspressoCommand(ref, "status")}`],
  }),
  deployedByCodeDeploy: (refusal) => ({
    why: ": its deployments belong to AWS CodeDeploy (blue/green)" +
      (refusal.intent === "rollback" ? "; use CodeDeploy's own rollback" : ""),
    advice: adviseOnCodeDeploy(refusal),
  }),
  deployedElsewhere: ({ ref, intent, controller }) => ({
    why: intent === "wait"
      ? `: it has no deployment (its deployment controller is ${controller})`
      : `: its deployment controller is ${controller}, so ECS takes no task definition for the service itself`,
    advice: adviseOnTaskSets(intent, ref),
  }),
};

function adviseOnTaskSets(intent: Refusal["intent"], ref: Refusal["ref"]): string[] {
  const owner = "its task sets belong to the system that deploys it";
  if (intent === "wait") return [`${owner}: ask there, or see them by: ${ecspressoCommand(ref, "status")}`];
  if (intent === "deploy") return [`${owner}: deploy there`];
  const { cluster, service } = ref;
  return [
    `${owner}: roll back there, or make an earlier task set primary:`,
    `${
      awsCli(ref)
    } ecs update-service-primary-task-set --cluster ${cluster} --service ${service} --primary-task-set ID`,
  ];
}

const DEPLOY: RefusalTexts<DeployReason["code"]> = {
  daemonHasNoCount: () => ({
    why: " with a number of tasks: a DAEMON service runs one task on each container instance",
    advice: ["leave out --tasks"],
  }),
  launchTypeAndProviders: () => ({
    why:
      ": the service definition has a launchType and a capacityProviderStrategy, and ECS creates a service with one " +
      "of them",
    advice: ["remove the one that is not meant from the service definition"],
  }),
  taskSetMembers: ({ names }) => ({
    why: ": with the deployment controller EXTERNAL a service is created without what its task sets have, and the " +
      `service definition has ${names.join(", ")}`,
    advice: ["take that out of the service definition: the system that deploys the service gives it to each task set"],
  }),
  noTaskDefinition: ({ ref, reason }) => ({
    why: `: ${describeNoChoice(reason)}`,
    advice: [`see what there is: ${ecspressoCommand(ref, "revisions")}`],
  }),
  noServiceDefinition: () => ({
    why: ": there is no such service, and no service definition to create it by",
    advice: ["name one in the config (service_definition: FILE), or check cluster, service and region"],
  }),
  alreadyFailed: ({ ref, running, deployment }) => ({
    why: `: ${shortName(running)} is deployed already, and its deployment ${deployment.name} has FAILED${
      becauseOf(deployment)
    }`,
    advice: [
      `to go back: ${ecspressoCommand(ref, "rollback --revision previous")}`,
      "to try the same once more, add --force-new-deployment",
    ],
  }),
  cannotDeploy: ({ what, misfits }) => {
    const remedy = remedyFor(misfits);
    return {
      why: `: ${nameDeployed(what)} does not fit the service: ${misfits.map(describeMisfit).join("; ")}`,
      advice: [
        remedy === undefined
          ? "choose a task definition that fits"
          : `choose a task definition that fits, or set ${remedy} in the service definition`,
      ],
    };
  },
};

function nameDeployed(what: Revision | "file" | "running"): string {
  if (what === "file") return "the task definition file";
  return what === "running" ? "the task definition that runs" : shortName(what);
}

const TEXTS: RefusalTexts<Refusal["code"]> = { ...SERVICE, ...DEPLOY, ...ROLLBACK, ...AUTOMATIC_ROLLBACK };

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
