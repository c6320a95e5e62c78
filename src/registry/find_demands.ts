import { type JsonObject, objectIn, objectsIn, textIn } from "../model/json.ts";
import { isForFargateOnly } from "../model/task_definition.ts";
import type { Reference } from "./find_references.ts";

/** What a task definition's execution role has to be allowed before the first container starts. */
export interface Demand {
  readonly actions: readonly string[];
  /** ARNs, or `*` for an action without a resource. */
  readonly resources: readonly string[];
  /** Whether a policy of the resource may allow it where no policy of the role does. */
  readonly mayBeGrantedThere: boolean;
}

/** Completes ARNs of things that are named without partition, region or account. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * What Fargate needs the execution role for: to pull images and to write logs. On EC2, the agent does both with the
 * instance's role. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
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

/** What ECS needs the execution role for wherever tasks run: to read files, parameters and secrets (ARNs of both). */
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

function demand(actions: readonly string[], resources: readonly string[], mayBeGrantedThere: boolean): Demand[] {
  return resources.length === 0 ? [] : [{ actions, resources: [...new Set(resources)], mayBeGrantedThere }];
}

/**
 * The log streams of each container that writes to CloudWatch Logs: `PREFIX/CONTAINER/TASK`, for policies may name
 * prefixes (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html).
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
