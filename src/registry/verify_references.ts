import { type AwsError, optional } from "../errors.ts";
import { type ImageLocation, locateInEcr } from "../model/images.ts";
import { type Json, type JsonObject, objectIn, objectsIn, parseJson, textIn, textsIn } from "../model/json.ts";
import { type AttachmentMisfit, demandsWith, misfitOfAttachment, NO_DEMANDS } from "../model/misfit.ts";
import type { ReferenceChecker, SecretVersion } from "../model/ports.ts";
import { readTaskSupply } from "../model/task_definition.ts";

/** Something that a task needs and that a task definition only names. */
export type Reference =
  & { readonly name: string }
  & Readonly<
    | { kind: "role" }
    | { kind: "image"; location: ImageLocation }
    /** Of Secrets Manager, by its full ARN, without the key and the version that may follow it. */
    | { kind: "secret" }
    /** What of a secret a container gets, where that is one key of its JSON: all of `valueFrom`. */
    | { kind: "secret key"; key: string; version: SecretVersion }
    /** Of CloudWatch Logs, where the agent is not to create it; without a region that of the service. */
    | { kind: "log group"; region: string | undefined }
    /** Of Parameter Store, by name or ARN. */
    | { kind: "parameter" }
    /** An image that is elsewhere than in Amazon ECR: only its registry knows it. */
    | { kind: "foreign image" }
  >;

/** `arn:...:secret:NAME-SUFFIX`, and maybe `:json-key:version-stage:version-id`. */
const SECRET_ARN = /^(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::([^:]*)(?::([^:]*)(?::([^:]*))?)?)?$/;

/**
 * What a task definition (in the API's JSON) names: roles, images, log groups, secrets and parameters. Each once, in
 * its order.
 */
export function findReferences(definition: JsonObject): Reference[] {
  const references = [
    ...textsIn([definition.executionRoleArn, definition.taskRoleArn]).map((name) => ({ kind: "role", name }) as const),
    ...objectsIn(definition.containerDefinitions).flatMap((container) => {
      const logging = objectIn(container.logConfiguration);
      const valuesOf = (secrets: Json | undefined) => objectsIn(secrets).map(({ valueFrom }) => valueFrom);
      const { credentialsParameter } = objectIn(container.repositoryCredentials);
      return [
        ...textsIn([container.image]).map(readImage),
        ...textsIn(valuesOf(container.secrets)).flatMap(readSecret),
        ...readLogGroup(logging),
        ...textsIn([...valuesOf(logging.secretOptions), credentialsParameter]).flatMap(readSecret),
      ];
    }),
  ];
  const unique = new Map(references.map((reference) => [`${reference.kind} ${reference.name}`, reference]));
  return [...unique.values()];
}

function readImage(name: string): Reference {
  const location = locateInEcr(name);
  return location === undefined ? { kind: "foreign image", name } : { kind: "image", name, location };
}

function readSecret(name: string): Reference[] {
  const match = SECRET_ARN.exec(name);
  if (match === null) return [{ kind: "parameter", name }];
  const [, arn = "", key, stage, id] = match;
  const secret: Reference = { kind: "secret", name: arn };
  if (!key) return [secret];
  return [secret, { kind: "secret key", name, key, version: { arn, stage: stage || undefined, id: id || undefined } }];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html */
function readLogGroup({ logDriver, options }: JsonObject): Reference[] {
  const { "awslogs-group": name, "awslogs-region": region, "awslogs-create-group": creates } = objectIn(options);
  const group = textIn(name);
  if (logDriver !== "awslogs" || group === undefined || creates === "true") return [];
  return [{ kind: "log group", name: group, region: textIn(region) }];
}

/** What came of looking for one thing. `unfit`: of no use to a task as it is. */
export interface Verified {
  readonly reference: Pick<Reference, "name"> & {
    readonly kind: Reference["kind"] | "load balancer" | "service registry";
  };
  readonly state: "there" | "missing" | "unfit" | "unknown";
  /** Why it is unfit, or not known. */
  readonly reason: VerifiedReason | undefined;
  /** What has kept AWS from answering, where it is not known for that. */
  readonly error?: AwsError;
}

export type VerifiedReason =
  | { readonly code: "foreignRegistry" | "notAssumable" | "secretUnread" | "secretNotJson" | "noSuchKey" }
  | { readonly code: "noAnswer"; readonly message: string }
  | AttachmentMisfit;

/**
 * Looks for everything at the same time, and returns it in the order of `references`. What may not or cannot be read is
 * unknown.
 */
export async function verifyReferences(
  references: readonly Reference[],
  checker: ReferenceChecker,
  signal: AbortSignal,
): Promise<Verified[]> {
  return await Promise.all(references.map(async (reference): Promise<Verified> => {
    const { value, denied: error } = await optional(lookFor(reference, checker, signal), () => !signal.aborted);
    if (error === undefined) return { reference, ...value };
    return { reference, state: "unknown", reason: { code: "noAnswer", message: error.message }, error };
  }));
}

type Finding = Pick<Verified, "state" | "reason">;

const THERE: Finding = { state: "there", reason: undefined };
const MISSING: Finding = { state: "missing", reason: undefined };

async function lookFor(reference: Reference, checker: ReferenceChecker, signal: AbortSignal): Promise<Finding> {
  switch (reference.kind) {
    case "foreign image":
      return { state: "unknown", reason: { code: "foreignRegistry" } };
    case "image":
      return await checker.findDigest(reference.location, signal) !== undefined ? THERE : MISSING;
    case "role":
      return judgeRole(await checker.readTrustPolicy(reference.name.split("/").at(-1)!, signal));
    case "secret":
      return await checker.hasSecret(reference.name, signal) ? THERE : MISSING;
    case "secret key":
      return judgeKey(reference.key, await checker.readSecretKeys(reference.version, signal));
    case "parameter":
      return await checker.hasParameter(reference.name, signal) ? THERE : MISSING;
    case "log group":
      return await checker.hasLogGroup(reference.name, reference.region, signal) ? THERE : MISSING;
  }
}

function judgeRole(trustPolicy: string | undefined): Finding {
  if (trustPolicy === undefined) return MISSING;
  if (letsTasksAssume(trustPolicy)) return THERE;
  return { state: "unfit", reason: { code: "notAssumable" } };
}

function judgeKey(key: string, keys: ReadonlySet<string> | "no JSON" | "unread" | undefined): Finding {
  if (keys === undefined) return MISSING;
  if (keys === "unread") return { state: "unknown", reason: { code: "secretUnread" } };
  if (keys === "no JSON") return { state: "unfit", reason: { code: "secretNotJson" } };
  return keys.has(key) ? THERE : { state: "missing", reason: { code: "noSuchKey" } };
}

/** Who starts tasks: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
const TASKS = "ecs-tasks.amazonaws.com";

/**
 * Whether a trust policy (JSON) lets ECS assume the role for a task. Conditions and denials are not judged: of a policy
 * that cannot be read the answer is yes, for a wrong "no" would stop a deploy that works.
 */
function letsTasksAssume(policy: string): boolean {
  const { Statement: statements } = objectIn(parseJson(policy));
  if (statements === undefined) return true;
  return objectsIn([statements].flat()).some(({ Effect, Principal, Action }) =>
    Effect === "Allow" && namesTasks(Principal) &&
    textsIn([Action].flat()).some((action) => /^(?:\*|sts:(?:\*|Assume))/.test(action))
  );
}

function namesTasks(principal: Json | undefined): boolean {
  const { Service, AWS } = objectIn(principal);
  return principal === "*" || textsIn([Service].flat()).includes(TASKS) || textsIn([AWS].flat()).includes("*");
}

/**
 * The load balancers and service registries of a service definition that send to a container or a port which the task
 * definition does not have. Those that fit are left out: nothing has looked whether they are there. Pure.
 */
export function findAttachmentMisfits(service: JsonObject, taskDefinition: JsonObject): Verified[] {
  const { containers } = readTaskSupply(taskDefinition);
  return demandsWith(NO_DEMANDS, service).attachments.flatMap((attachment): Verified[] => {
    const misfit = misfitOfAttachment(attachment, containers);
    if (misfit === undefined) return [];
    const { kind, name } = attachment;
    return [{ reference: { kind, name }, state: "unfit", reason: misfit }];
  });
}
