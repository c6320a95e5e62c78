/**
 * Which permissions a call takes, on which resources and with which condition keys.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
import { notAuthorized } from "./failure.ts";
import { ecsArn, nameOf } from "./identifiers.ts";
import { findTaskDefinition } from "./lookup.ts";
import type { JsonObject, World } from "./model.ts";
import { allows, type Demand, type Policy } from "./policy.ts";
import type { Asked, ServiceName } from "./protocols/protocol.ts";

type Judge = (world: World, input: JsonObject) => Demand[];

/** The services' names in IAM's actions, where these are different. */
const PREFIXES: Partial<Record<ServiceName, string>> = {
  autoscaling: "application-autoscaling",
  efs: "elasticfilesystem",
  elbv2: "elasticloadbalancing",
};

/** @throws AwsFailure that names the first permission that is missing */
export function judge(world: World, asked: Asked, policy: Policy): void {
  const missing = missingOf(world, asked, policy);
  if (missing) throw notAuthorized(missing.action, inWords(missing));
}

/** The first permission that a call needs and the policy does not grant. */
export function missingOf(world: World, asked: Asked, policy: Policy): Demand | undefined {
  return demandsOf(world, asked).find((demand) => !allows(policy, demand));
}

/** S3 quotes the resource, and IAM says the role's name instead. */
function inWords({ action, resource }: Demand): string {
  if (action.startsWith("s3:")) return `"${resource}"`;
  return action === "iam:GetRole" ? `role ${nameOf(resource)}` : resource;
}

/** The permissions that a call needs, in the order in which they are judged. @throws Error for an unknown operation */
function demandsOf(world: World, { service, operation, members }: Asked): readonly Demand[] {
  const judge = Object.hasOwn(JUDGES[service], operation) ? JUDGES[service][operation] : undefined;
  if (!judge) throw new Error(`which permission ${service}:${operation} takes is not known here`);
  const action = `${PREFIXES[service] ?? service}:${operation}`;
  // The call's own action comes first; what it takes besides names its own.
  return judge(world, members()).map((demand) => demand.action === "" ? { ...demand, action } : demand);
}

const on = (resource: string, context: Demand["context"] = {}, action = ""): Demand => ({ action, resource, context });
const onEverything: Judge = () => [on("*")];

function inCluster(world: World, { cluster }: JsonObject): { name: string; context: Demand["context"] } {
  const name = nameOf(String(cluster ?? "default"));
  return { name, context: { "ecs:cluster": ecsArn(world, `cluster/${name}`) } };
}

function onService(world: World, input: JsonObject, service: unknown): Demand {
  const { name, context } = inCluster(world, input);
  const arn = ecsArn(world, `service/${name}/${nameOf(String(service))}`);
  return on(arn, { ...context, ...tagsOf(world, arn) });
}

/**
 * "To allow or deny access to the resource based on the tags that are attached to the resource":
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/control-access-with-tags.html
 */
function tagsOf(world: World, arn: string): Demand["context"] {
  const tags = Object.entries(world.tags[arn] ?? {});
  return Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}

/** A service deployment or a service revision is judged together with its service. */
function withService(arn: string): Demand[] {
  const [kind = "", cluster, service] = arn.split("/");
  const prefix = kind.slice(0, kind.lastIndexOf(":"));
  const context = { "ecs:cluster": `${prefix}:cluster/${cluster}` };
  const serviceArn = `${prefix}:service/${cluster}/${service}`;
  return [on(serviceArn, context), on(arn, { ...context, "ecs:service": serviceArn })];
}

/**
 * The roles of a task definition are passed to its tasks: by who registers it, and by who has a service run it
 * (https://github.com/keidarcy/e1s/issues/429), not by who changes no more than the number of its tasks.
 */
function passRoles({ executionRoleArn, taskRoleArn }: JsonObject): Demand[] {
  return [...new Set([executionRoleArn, taskRoleArn])].filter((arn) => typeof arn === "string")
    .map((arn) => on(arn, { "iam:PassedToService": "ecs-tasks.amazonaws.com" }, "iam:PassRole"));
}

function passRolesOf(world: World, taskDefinition: unknown): Demand[] {
  const found = typeof taskDefinition === "string" ? findTaskDefinition(world, taskDefinition) : undefined;
  return found ? passRoles(found.registered) : [];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html */
function tagging(resource: string, { tags }: JsonObject, createAction: string): Demand[] {
  const isTagged = Array.isArray(tags) && tags.length > 0;
  return isTagged ? [on(resource, { "ecs:CreateAction": createAction }, "ecs:TagResource")] : [];
}

const texts = (value: unknown): string[] => Array.isArray(value) ? value.map(String) : [];
const onArn = (member: string): Judge => (_world, input) => [on(String(input[member]))];

const ECS: Record<string, Judge> = {
  // Refused for want of a permission, these name `*`, whatever the reference says of RegisterTaskDefinition.
  DescribeTaskDefinition: onEverything,
  DeregisterTaskDefinition: onEverything,
  ListTaskDefinitions: onEverything,
  RegisterTaskDefinition: (world, input) => [
    on("*"),
    ...passRoles(input),
    ...tagging(ecsArn(world, `task-definition/${input.family}`), input, "RegisterTaskDefinition"),
  ],
  DeleteTaskDefinitions: (world, input) =>
    texts(input.taskDefinitions).map((id) => on(ecsArn(world, `task-definition/${nameOf(id)}`))),
  DescribeServices: (world, input) => texts(input.services).map((service) => onService(world, input, service)),
  ListClusters: onEverything,
  ListServices: (world, input) => [on("*", inCluster(world, input).context)],
  CreateService: (world, input) => {
    const service = onService(world, input, input.serviceName);
    return [
      service,
      ...passRolesOf(world, input.taskDefinition),
      ...tagging(service.resource, input, "CreateService"),
    ];
  },
  UpdateService: (world, input) => [
    onService(world, input, input.service),
    ...passRolesOf(world, input.taskDefinition),
  ],
  // Without a container instance there is no resource to judge by: https://github.com/cdklabs/construct-hub/pull/1207
  ListTasks: (world, input) => [on("*", inCluster(world, input).context)],
  DescribeTasks: (world, input) => {
    const { name, context } = inCluster(world, input);
    return texts(input.tasks).map((task) => on(ecsArn(world, `task/${name}/${nameOf(task)}`), context));
  },
  ListServiceDeployments: (world, input) => [onService(world, input, input.service)],
  DescribeServiceDeployments: (_world, input) => texts(input.serviceDeploymentArns).flatMap(withService),
  DescribeServiceRevisions: (_world, input) => texts(input.serviceRevisionArns).flatMap(withService),
  ListTagsForResource: onArn("resourceArn"),
  TagResource: (world, { resourceArn }) => [on(String(resourceArn), tagsOf(world, String(resourceArn)))],
  UntagResource: (world, { resourceArn }) => [on(String(resourceArn), tagsOf(world, String(resourceArn)))],
  StopServiceDeployment: (_world, input) => withService(String(input.serviceDeploymentArn)),
};

const onSecret: Judge = ({ settings: { region, accountId }, secrets }, { SecretId }) => {
  const id = String(SecretId);
  const found = Object.values(secrets).find(({ name, arn }) =>
    id === name || id === arn || id === arn.slice(0, arn.lastIndexOf("-"))
  );
  return [on(found?.arn ?? `arn:aws:secretsmanager:${region}:${accountId}:secret:${id}`)];
};

const JUDGES: Record<ServiceName, Record<string, Judge>> = {
  ecs: ECS,
  autoscaling: {
    DescribeScalableTargets: onEverything,
    RegisterScalableTarget: (world, { ServiceNamespace, ScalableDimension, ResourceId }) => [
      on(
        world.scalableTargets.find(({ resourceId }) => resourceId === ResourceId)?.arn ??
          `arn:aws:application-autoscaling:${world.settings.region}:${world.settings.accountId}:scalable-target/*`,
        {
          "application-autoscaling:service-namespace": String(ServiceNamespace),
          "application-autoscaling:scalable-dimension": String(ScalableDimension),
        },
      ),
    ],
    ListTagsForResource: onArn("ResourceARN"),
    TagResource: onArn("ResourceARN"),
    UntagResource: onArn("ResourceARN"),
  },
  ssm: {
    DescribeParameters: ({ settings: { region, accountId } }) => [on(`arn:aws:ssm:${region}:${accountId}:*`)],
    GetParameter: ({ settings: { region, accountId } }, { Name }) => {
      const name = String(Name).replace(/^arn:.*?:parameter\//, "").replace(/:\d+$/, "").replace(/^\//, "");
      return [on(`arn:aws:ssm:${region}:${accountId}:parameter/${name}`)];
    },
  },
  secretsmanager: { DescribeSecret: onSecret, GetSecretValue: onSecret },
  ecr: {
    DescribeImages: ({ settings: { region, accountId } }, { registryId, repositoryName }) => [
      on(`arn:aws:ecr:${region}:${registryId ?? accountId}:repository/${repositoryName}`),
    ],
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
    DescribePullThroughCacheRules: onEverything,
  },
  // "To return information about composite alarms, the permission must be scoped to *" (API reference).
  cloudwatch: { DescribeAlarms: onEverything, DescribeAlarmHistory: onEverything, GetMetricData: onEverything },
  cloudformation: {
    DescribeStacks: ({ settings: { region, accountId }, stacks }, { StackName }) => {
      const asked = String(StackName ?? "*");
      const found = Object.values(stacks).find(({ name, arn }) => name === asked || arn === asked);
      return [on(found?.arn ?? `arn:aws:cloudformation:${region}:${accountId}:stack/${asked}/*`)];
    },
    ListExports: onEverything,
  },
  // It is judged on no log group of its own (hashicorp/terraform-provider-aws#8804).
  logs: {
    DescribeLogGroups: ({ settings: { region, accountId } }) => [
      on(`arn:aws:logs:${region}:${accountId}:log-group::log-stream:`),
    ],
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
    GetLogEvents: ({ settings: { region, accountId } }, { logGroupName, logStreamName }) => [
      on(`arn:aws:logs:${region}:${accountId}:log-group:${logGroupName}:log-stream:${logStreamName}`),
    ],
  },
  ec2: { DescribeSubnets: onEverything },
  kms: {
    DescribeKey: ({ settings: { region, accountId } }, { KeyId }) => {
      const id = String(KeyId);
      return [on(id.startsWith("arn:") ? id : `arn:aws:kms:${region}:${accountId}:key/${id}`)];
    },
  },
  iam: {
    SimulatePrincipalPolicy: onArn("PolicySourceArn"),
    GetRole: ({ settings: { accountId }, roles }, { RoleName }) => [
      on(roles[String(RoleName)]?.arn ?? `arn:aws:iam::${accountId}:role/${RoleName}`),
    ],
  },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticfilesystem.html
  efs: {
    DescribeFileSystems: ({ settings: { region, accountId } }, { FileSystemId = "*" }) => [
      on(`arn:aws:elasticfilesystem:${region}:${accountId}:file-system/${FileSystemId}`),
    ],
    DescribeAccessPoints: ({ settings: { region, accountId } }, { AccessPointId = "*" }) => [
      on(`arn:aws:elasticfilesystem:${region}:${accountId}:access-point/${AccessPointId}`),
    ],
  },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
  elbv2: { DescribeTargetGroups: onEverything },
  // "No permissions are required to perform this operation", not even where a policy denies it (API reference).
  sts: { AssumeRole: onArn("RoleArn"), GetCallerIdentity: () => [] },
  s3: {
    // "If the object that you request doesn't exist", it takes s3:ListBucket to learn that (API reference).
    HeadObject: ({ objects }, { Bucket, Key }) => [
      on(`arn:aws:s3:::${Bucket}/${Key}`, {}, "s3:GetObject"),
      ...(Object.hasOwn(objects[String(Bucket)] ?? {}, String(Key))
        ? []
        : [on(`arn:aws:s3:::${Bucket}`, {}, "s3:ListBucket")]),
    ],
    GetObject: (_world, { Bucket, Key }) => [on(`arn:aws:s3:::${Bucket}/${Key}`)],
    HeadBucket: (_world, { Bucket }) => [on(`arn:aws:s3:::${Bucket}`, {}, "s3:ListBucket")],
  },
};
