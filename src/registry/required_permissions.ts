import { type JsonObject, objectIn, objectsIn, textIn } from "../model/json.ts";
import { isForFargateOnly } from "../model/task_definition.ts";
import type { Reference } from "./find_references.ts";

/** Actions that a task definition's execution role must be allowed before the first container starts. */
export interface RequiredPermission {
  readonly actions: readonly string[];
  /** ARNs, or `*` for an action without a resource. */
  readonly resources: readonly string[];
  /** Whether a policy of the resource may allow it where no policy of the role does. */
  readonly mayBeGrantedByResource: boolean;
}

/** The parts of ARNs that a task definition leaves out. */
export interface ArnDefaults {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * What Fargate needs the execution role for: to pull images and to write logs. On EC2, the agent does both with the
 * instance's role. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export function findFargatePermissions(
  definition: JsonObject,
  references: readonly Reference[],
  defaults: ArnDefaults,
): RequiredPermission[] {
  if (!isForFargateOnly(definition)) return [];
  const repositories = references.flatMap((reference) => {
    if (reference.kind !== "image") return [];
    const { region, registryId, repository } = reference.location;
    return [`arn:${defaults.partition}:ecr:${region}:${registryId}:repository/${repository}`];
  });
  return [
    permissionFor(["ecr:GetAuthorizationToken"], repositories.length === 0 ? [] : ["*"], false),
    permissionFor(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], repositories, true),
    permissionFor(["logs:CreateLogStream", "logs:PutLogEvents"], findLogStreams(definition, defaults), false),
  ].flat();
}

/** What ECS needs the execution role for wherever tasks run: to read files, parameters and secrets (ARNs of both). */
export function findReadPermissions(
  references: readonly Reference[],
  { secrets, parameters }: { readonly secrets: readonly string[]; readonly parameters: readonly string[] },
): RequiredPermission[] {
  const files = references.flatMap(({ kind, name }) => kind === "file" ? [name] : []);
  return [
    permissionFor(["secretsmanager:GetSecretValue"], secrets, true),
    permissionFor(["ssm:GetParameters"], parameters, false),
    permissionFor(["s3:GetObject"], files, true),
  ].flat();
}

function permissionFor(
  actions: readonly string[],
  resources: readonly string[],
  mayBeGrantedByResource: boolean,
): RequiredPermission[] {
  return resources.length === 0 ? [] : [{ actions, resources: [...new Set(resources)], mayBeGrantedByResource }];
}

/**
 * The log streams of each container that writes to CloudWatch Logs: `PREFIX/CONTAINER/TASK`, for policies may name
 * prefixes (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html).
 */
function findLogStreams({ containerDefinitions }: JsonObject, { partition, region, accountId }: ArnDefaults): string[] {
  return objectsIn(containerDefinitions).flatMap(({ name, logConfiguration }) => {
    const { logDriver, options } = objectIn(logConfiguration);
    const { "awslogs-group": group, "awslogs-region": other, "awslogs-stream-prefix": prefix } = objectIn(options);
    if (logDriver !== "awslogs" || textIn(group) === undefined) return [];
    const stream = `${textIn(prefix) ?? "ecs"}/${textIn(name)}/*`;
    return [`arn:${partition}:logs:${textIn(other) ?? region}:${accountId}:log-group:${group}:log-stream:${stream}`];
  });
}
