import { clusterName, serviceName, shortName, siblingArn } from "../../model/arn.ts";
import { type ServiceRef, subjectName } from "../../model/service.ts";
import { codeDeployCommand, listServicesCommand, quoteArgument, setPrimaryTaskSetCommand } from "./typed_commands.ts";
import type { AnyRefusal } from "../../rollout/events.ts";
import type { CodeDeployService, PlanFileReason, Refusal, ServiceReason } from "../../rollout/plan/refusal.ts";
import { byCode, type Named } from "./cases.ts";
import { describeDeregisterRefusal } from "./deregister_text.ts";
import { formatMoment } from "./log.ts";
import { commandTo } from "./own_commands.ts";
import { VERBS } from "./work_words.ts";
import { AUTOMATIC_ROLLBACK, DEPLOY, SCALE } from "./deploy_refusal_text.ts";
import { shortDigest, shortImage } from "./image_text.ts";
import { PREFLIGHT } from "./needs_text.ts";
import { adviseAfterOthers, describeNearest, type ExplainedRefusal } from "./phrases.ts";
import type { RefusalLines, RefusalTexts } from "./phrases.ts";
import { ROLLBACK } from "./rollback_refusal_text.ts";
import { PLAN_ANEW } from "./value_problem_text.ts";
import { WAITS_NOTICES } from "./waits_text.ts";

/**
 * Why nothing is done, such as `cannot roll back myservice/default: ...`, and what to do instead.
 *
 * @param isNamed whether the line already begins with the service's name, which is then left out
 */
export function describeRefusal(refusal: AnyRefusal, isNamed = false): RefusalLines {
  if (refusal.code === "noSuchTaskDefinition") {
    const { name, scope } = refusal;
    return [
      `there is no task definition ${name ?? `that ${subjectName(scope)} runs`}`,
      `to list the revisions: ${commandTo("listRevisions", scope)}`,
    ];
  }
  if ("intent" in refusal) {
    const [to, why, ...advice] = explain(refusal);
    const what = [VERBS[refusal.intent], isNamed ? "" : subjectName(refusal.ref), to].filter((part) => part !== "");
    return [`cannot ${what.join(" ")}: ${why}`, ...advice, ...describeWaitsOnRecord(refusal)];
  }
  const [what, ...advice] = describeDeregisterRefusal(refusal);
  return [`cannot deregister ${what}`, ...advice];
}

/** The reason alone, for a table, and what to do instead. */
export function explainRefusal(refusal: AnyRefusal): RefusalLines {
  if (!("intent" in refusal)) return describeRefusal(refusal);
  const [_to, why, ...advice] = explain(refusal);
  return [why, ...advice, ...describeWaitsOnRecord(refusal)];
}

function describeWaitsOnRecord({ waitsOnRecord }: Refusal): string[] {
  return waitsOnRecord === undefined ? [] : [WAITS_NOTICES.waitsOnRecord(waitsOnRecord)];
}

const SERVICE: RefusalTexts<ServiceReason["code"]> = {
  serviceMissing: ({ ref, nearest = [] }) => [
    "",
    `there is no such service in the cluster${describeNearest(nearest)}`,
    "check cluster, service and region; to list the services:",
    listServicesCommand(ref),
  ],
  serviceNotActive: ({ ref, status }) => {
    const [isBeing, once] = status === "DRAINING" ? ["is being", ", once it is INACTIVE"] : ["has been", ""];
    return [
      "",
      `the service is ${status} (it ${isBeing} deleted)`,
      "a deleted service cannot be brought back; to create it again from the definitions" +
      `${once}: ${commandTo("deploy", ref)}`,
    ];
  },
  noDeployment: ({ ref }) => [
    "",
    "ECS shows no deployment of it",
    `see what runs now, then run the command again: ${commandTo("look", ref)}`,
  ],
  deployedByCodeDeploy: (refusal) => [
    "",
    "its deployments belong to AWS CodeDeploy (blue/green)" +
    (refusal.intent === "rollback" ? "; use CodeDeploy's own rollback" : ""),
    ...adviseOnCodeDeploy(refusal),
  ],
  deployedElsewhere: ({ ref, intent, controller }) => [
    "",
    intent === "wait"
      ? `it has no deployment (its deployment controller is ${controller})`
      : `its deployment controller is ${controller}, so ECS takes no task definition for the service itself`,
    ...adviseOnTaskSets(intent, ref),
  ],
};

function adviseOnTaskSets(intent: Refusal["intent"], ref: Refusal["ref"]): string[] {
  const owner = "its task sets belong to the system that deploys it";
  if (intent === "wait") return [`${owner}: ask there, or see them: ${commandTo("look", ref)}`];
  if (intent === "scale") return [`${owner}: its number of tasks, too`];
  if (intent === "deploy" || intent === "init") return [`${owner}: deploy there`];
  return [
    `${owner}: roll back there, or make an earlier task set primary:`,
    setPrimaryTaskSetCommand(ref),
  ];
}

/** The commands of AWS CodeDeploy that do what this program does not. */
function adviseOnCodeDeploy({ ref, intent, codeDeploy }: Named<Refusal, "code", "deployedByCodeDeploy">): string[] {
  const { deploymentId = "ID", revision = "REVISION" } = codeDeploy;
  if (intent === "wait") {
    return [
      "CodeDeploy has a command of its own to wait for a deployment:",
      codeDeployCommand(ref, `wait deployment-successful --deployment-id ${deploymentId}`),
    ];
  }
  const first = intent === "rollback"
    ? [
      "while the bad deployment is still under way, stop it and go back:",
      codeDeployCommand(ref, `stop-deployment --deployment-id ${deploymentId} --auto-rollback-enabled`),
      `afterwards, deploy revision ${revision}`,
    ]
    : intent === "init"
    ? ["files would be of no use to deploy: CodeDeploy does that"]
    : [`register the task definition: ${commandTo("register", ref)}`, "then let CodeDeploy deploy it"];
  return [...first.slice(0, -1), `${first.at(-1)} (${whoseNames(ref)}):`, createDeployment(ref, codeDeploy)];
}

function whoseNames({ codeDeploy }: ServiceRef): string {
  const named = [codeDeploy?.application, codeDeploy?.deploymentGroup].filter((name) => name !== undefined);
  if (named.length === 0) return "the names are CodeDeploy's defaults for a service";
  return named.length === 2 ? "the names are the config's" : "one name is the config's, the other CodeDeploy's default";
}

function createDeployment(ref: ServiceRef, { taskDefinition, loadBalancer, revision }: CodeDeployService): string {
  const suffix = `${clusterName(ref.cluster)}-${serviceName(ref.service)}`;
  const application = ref.codeDeploy?.application ?? `AppECS-${suffix}`;
  const deploymentGroup = ref.codeDeploy?.deploymentGroup ?? `DgpECS-${suffix}`;
  const Properties = {
    TaskDefinition: taskDefinition === undefined
      ? "TASK_DEFINITION_ARN"
      : siblingArn(taskDefinition.arn, `${taskDefinition.family}:${revision ?? "REVISION"}`),
    LoadBalancerInfo: {
      ContainerName: loadBalancer?.containerName ?? "CONTAINER",
      ContainerPort: loadBalancer?.containerPort ?? "PORT",
    },
  };
  const Resources = [{ TargetService: { Type: "AWS::ECS::Service", Properties } }];
  const content = JSON.stringify({ version: 1, Resources });
  const appSpec = JSON.stringify({ revisionType: "AppSpecContent", appSpecContent: { content } });
  const names = `--application-name ${quoteArgument(application)} --deployment-group-name ${
    quoteArgument(deploymentGroup)
  }`;
  return codeDeployCommand(ref, `create-deployment ${names} --revision '${appSpec}'`);
}

const PLAN_FILE: RefusalTexts<PlanFileReason["code"]> = {
  deployedSincePlan: ({ ref, running, from, to, madeAtMs, carried }) => {
    const what = running.arn === from.arn ? `${shortName(running)} with other images` : shortName(running);
    return [
      `to ${shortName(to)}`,
      `somebody has deployed ${what} since the plan was made (${formatMoment(madeAtMs)}, from ${shortName(from)})`,
      ...adviseAfterOthers(ref, running, to, carried),
    ];
  },
  plannedElsewhere: ({ from, running, region }) => {
    const [, ofPartition, , plannedIn, ofAccount] = from.arn.split(":");
    const [, partition, , asked = region, account] = running?.arn.split(":") ?? [];
    const isOther = account !== undefined && account !== ofAccount;
    const [planned, actual, advice] = isOther
      ? [`account ${ofAccount}`, account, "use credentials of that account, or --assume-role-arn"]
      : asked === plannedIn
      ? [`partition ${ofPartition}`, partition, "make a new plan"]
      : [`region ${plannedIn}`, asked, `set the region of the plan: AWS_REGION=${plannedIn}`];
    return ["", `the plan is for the ${planned}, and this would be ${actual}`, advice];
  },
  imagesNotAsPlanned: ({ to, images }) => [
    `to ${shortName(to)}`,
    `the plan says other images than would start (${
      images.map(({ container, image, planned, starts }) =>
        `${container}: ${shortImage(image)} as ${shortDigest(planned)}, and now ${shortDigest(starts)}`
      ).join("; ")
    })`,
    `look at what starts now, and ${PLAN_ANEW}`,
  ],
  planNamesAnother: ({ to, of }) => [
    `to ${shortName(to)}`,
    `the deployment that the plan file names deployed ${shortName(of)}`,
    "where the number in the file is meant, take serviceDeployment and images out of it",
  ],
};

const explain = byCode<Refusal, ExplainedRefusal>({
  ...SERVICE,
  ...DEPLOY,
  ...SCALE,
  ...ROLLBACK,
  ...PLAN_FILE,
  ...AUTOMATIC_ROLLBACK,
  ...PREFLIGHT,
});
