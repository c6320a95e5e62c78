import { type JsonObject, objectIn, objectsIn, textIn } from "../model/json.ts";
import { isForFargateOnly } from "../model/task_definition.ts";
import type { Reference } from "./find_references.ts";

/** What the execution role of a task definition has to be allowed, before the first container starts. */
export interface Demand {
  readonly actions: readonly string[];
  /** ARNs, or `*` for an action without a resource. */
  readonly resources: readonly string[];
  /** Whether a policy of the resource may allow it where none of the role does. */
  readonly mayBeGrantedThere: boolean;
}

/** Whose names and ARNs things get that are named without. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * What Fargate does by the execution role: it pulls images and writes logs. On instances their agent does both by the role of
 * the instance. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export function findFargateDemands(definition: JsonObject, references: readonly Reference[], place: Place): Demand[] {
  if (!isForFargateOnly(definition)) return [];
  const repositories = references.flatMap((reference) => {
    if (reference.kind !== "image") return [];
    const { region, registryId, repository } = reference.location;
    return [`arn:${place.partition}:ecr:${region}:${registryId}:repository/${repository}`];
  });
  return [
    demand(["ecr:GetAuthorizationToken"], repositories.length === 0 ? [] : ["*"], false),
    demand(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], repositories, true),
    demand(["logs:CreateLogStream", "logs:PutLogEvents"], findLogStreams(definition, place), false),
  ].flat();
}

/** What ECS does by the execution role wherever tasks run: it reads files, parameters and secrets (ARNs of both). */
export function findReadDemands(
  references: readonly Reference[],
  { secrets, parameters }: { readonly secrets: readonly string[]; readonly parameters: readonly string[] },
): Demand[] {
  const files = references.flatMap(({ kind, name }) => kind === "file" ? [name] : []);
  return [
    demand(["secretsmanager:GetSecretValue"], secrets, true),
    demand(["ssm:GetParameters"], parameters, false),
    demand(["s3:GetObject"], files, true),
  ].flat();
}

/** Keys (ARNs) that encrypt a secret or a parameter; the policy of a key may allow it by itself. */
export function findKeyDemands(keys: readonly string[]): Demand[] {
  return demand(["kms:Decrypt"], keys, true);
}

function demand(actions: readonly string[], resources: readonly string[], mayBeGrantedThere: boolean): Demand[] {
  return resources.length === 0 ? [] : [{ actions, resources: [...new Set(resources)], mayBeGrantedThere }];
}

/**
 * A stream of each container that writes to CloudWatch Logs: `PREFIX/CONTAINER/TASK`, for policies may be about prefixes
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html).
 */
function findLogStreams({ containerDefinitions }: JsonObject, { partition, region, accountId }: Place): string[] {
  return objectsIn(containerDefinitions).flatMap(({ name, logConfiguration }) => {
    const { logDriver, options } = objectIn(logConfiguration);
    const { "awslogs-group": group, "awslogs-region": other, "awslogs-stream-prefix": prefix } = objectIn(options);
    if (logDriver !== "awslogs" || textIn(group) === undefined) return [];
    const stream = `${textIn(prefix) ?? "ecs"}/${textIn(name)}/*`;
    return [`arn:${partition}:logs:${textIn(other) ?? region}:${accountId}:log-group:${group}:log-stream:${stream}`];
  });
}
