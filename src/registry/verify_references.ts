import { type AwsError, optional } from "../errors.ts";
import { type Json, type JsonObject, objectIn, objectsIn, parseJson, textsIn } from "../model/json.ts";
import { type AttachmentMisfit, demandsWith, misfitOfAttachment, NO_DEMANDS } from "../model/misfit.ts";
import type { ReferenceChecker, SecretStages, SecretVersion } from "../model/ports.ts";
import { readTaskSupply } from "../model/task_definition.ts";
import type { Reference } from "./find_references.ts";

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
  /** No version of the secret has the stage, or the one that is named does not. */
  | { readonly code: "noSuchVersion"; readonly stage: string }
  /** It can be read for as long as Secrets Manager keeps it, which is not shown. */
  | { readonly code: "versionWithoutStage" }
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
    case "secret version":
      return judgeVersion(reference.version, await checker.readSecretStages(reference.version.arn, signal));
    case "secret key":
      return judgeKey(reference.key, await checker.readSecretKeys(reference.version, signal));
    case "parameter":
      return await checker.hasParameter(reference.name, signal) ? THERE : MISSING;
    case "log group":
      return await checker.hasLogGroup(reference.name, reference.region, signal) ? THERE : MISSING;
    case "file":
      return await checker.hasObject(reference.bucket, reference.key, signal) ? THERE : MISSING;
  }
}

function judgeRole(trustPolicy: string | undefined): Finding {
  if (trustPolicy === undefined) return MISSING;
  if (letsTasksAssume(trustPolicy)) return THERE;
  return { state: "unfit", reason: { code: "notAssumable" } };
}

/** The stage of the version that is read where neither stage nor version is named. */
const CURRENT = "AWSCURRENT";

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
function judgeVersion({ stage, id }: SecretVersion, stages: SecretStages | undefined): Finding {
  if (stages === undefined) return MISSING;
  const wanted = stage ?? (id === undefined ? CURRENT : undefined);
  if (wanted === undefined) {
    return stages.has(id!) ? THERE : { state: "unknown", reason: { code: "versionWithoutStage" } };
  }
  const hasIt = stages.entries().some(([version, its]) => its.includes(wanted) && (id === undefined || id === version));
  return hasIt ? THERE : { state: "missing", reason: { code: "noSuchVersion", stage: wanted } };
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
