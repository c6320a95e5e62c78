import { NOT_PULLED_YET, optional } from "../errors.ts";
import { type Json, type JsonObject, objectIn, objectsIn, parseJson, textsIn } from "../model/json.ts";
import {
  type AttachmentMisfit,
  type ContainerAttachment,
  misfitOfAttachment,
  NEW_SERVICE,
  requirementsWith,
} from "../model/misfit.ts";
import type { ReferenceChecker, SecretStages, SecretVersion } from "../model/ports.ts";
import { readTaskCapabilities } from "../model/task_definition.ts";
import type { Reference } from "./find_references.ts";
import type { AwsFailure } from "../problems/aws_failure.ts";

/** Whether a missing or unusable reference keeps tasks from starting. */
export function preventsStart({ state }: Pick<Verified, "state">): boolean {
  return state === "missing" || state === "unfit";
}

/** Looks for all references at the same time, and returns them in the given order. What cannot be read is unknown. */
export async function verifyReferences(
  references: readonly Reference[],
  checker: ReferenceChecker,
  signal: AbortSignal,
): Promise<Verified[]> {
  return await Promise.all(references.map(async (reference): Promise<Verified> => {
    const { value, denied: error } = await optional(lookFor(reference, checker, signal), () => !signal.aborted);
    if (error === undefined) return { reference, ...value };
    if (error.code === NOT_PULLED_YET) return { reference, state: "unknown", reason: { code: "notPulledYet" } };
    return { reference, state: "unknown", reason: { code: "noAnswer", failure: error.failure } };
  }));
}

async function lookFor(reference: Reference, checker: ReferenceChecker, signal: AbortSignal): Promise<CheckResult> {
  switch (reference.kind) {
    case "foreignImage":
      return { state: "unknown", reason: { code: "foreignRegistry" } };
    case "image":
      return await checker.findDigest(reference.location, signal) !== undefined ? THERE : MISSING;
    case "role":
      return judgeRole(await checker.readTrustPolicy(reference.name.split("/").at(-1)!, signal));
    case "secret":
    case "secretVersion":
      return judgeVersion(reference.version, await checker.readSecretStages(reference.version.arn, signal));
    case "secretKey":
      return judgeKey(reference.key, await checker.readSecretKeys(reference.version, signal));
    case "parameter":
      return await checker.hasParameter(reference.name, signal) ? THERE : MISSING;
    case "logGroup":
      return await checker.hasLogGroup(reference.name, reference.region, signal) ? THERE : MISSING;
    case "file":
      return await checker.hasObject(reference.bucket, reference.key, signal) ? THERE : MISSING;
    case "fileSystem":
      return judgeFileSystem(reference, await checker.readFileSystem(reference.name, signal));
    case "accessPoint":
      return judgeAccessPoint(reference, await checker.readAccessPoint(reference.name, signal));
    case "targetGroup":
      return judgeTargetGroup(reference, await checker.readTargetGroup(reference.name, signal));
  }
}

/**
 * The load balancers and service registries of a service definition whose container or port the task definition lacks.
 * Those that fit are left out: whether they exist was not checked. Pure.
 */
export function findAttachmentMisfits(service: JsonObject, taskDefinition: JsonObject): Verified[] {
  const { containers } = readTaskCapabilities(taskDefinition);
  return requirementsWith(NEW_SERVICE, service).attachments.flatMap((attachment): Verified[] => {
    const misfit = misfitOfAttachment(attachment, containers);
    if (misfit === undefined) return [];
    const { kind, name = "" } = attachment;
    return [{ reference: { kind, name }, state: "unfit", reason: misfit }];
  });
}

// Whether a task can use what was found. Pure.

export type CheckResult = Pick<Verified, "state" | "reason">;

export const THERE: CheckResult = { state: "there", reason: undefined };
export const MISSING: CheckResult = { state: "missing", reason: undefined };

function judgeRole(trustPolicy: string | undefined): CheckResult {
  if (trustPolicy === undefined) return MISSING;
  return letsTasksAssume(trustPolicy) ? THERE : { state: "unfit", reason: { code: "notAssumable" } };
}

/** The stage that is read where neither a stage nor a version is named. */
const CURRENT = "AWSCURRENT";

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
function judgeVersion({ stage, id }: SecretVersion, stages: SecretStages | undefined): CheckResult {
  if (stages === undefined) return MISSING;
  const wanted = stage ?? (id === undefined ? CURRENT : undefined);
  if (wanted === undefined) {
    return stages.has(id!) ? THERE : { state: "unknown", reason: { code: "versionWithoutStage" } };
  }
  const hasIt = stages.entries().some(([version, its]) => its.includes(wanted) && (id === undefined || id === version));
  return hasIt ? THERE : { state: "missing", reason: { code: "noSuchVersion", stage: wanted } };
}

function judgeKey(key: string, keys: ReadonlySet<string> | "noJson" | "unread" | undefined): CheckResult {
  if (keys === undefined) return MISSING;
  if (keys === "unread") return { state: "unknown", reason: { code: "secretUnread" } };
  if (keys === "noJson") return { state: "unfit", reason: { code: "secretNotJson" } };
  return keys.has(key) ? THERE : { state: "missing", reason: { code: "noSuchKey" } };
}

/** Who starts tasks: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
const TASKS = "ecs-tasks.amazonaws.com";

/**
 * Whether a trust policy (JSON) lets ECS assume the role for a task. Ignores conditions and denials, and says yes to a
 * policy that cannot be parsed: a wrong "no" would stop a deploy that works.
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

type Found<Method extends "readFileSystem" | "readAccessPoint" | "readTargetGroup"> = Awaited<
  ReturnType<ReferenceChecker[Method]>
>;
type Of<Kind extends Reference["kind"]> = Extract<Reference, { readonly kind: Kind }>;

function judgeFileSystem({ isOfThisAccount }: Of<"fileSystem">, found: Found<"readFileSystem">): CheckResult {
  if (found === undefined) return notHere(isOfThisAccount);
  const finding = judgeLifeCycle(found.state);
  if (finding.state !== "there" || found.mountTargets > 0) return finding;
  return { state: "unfit", reason: { code: "noMountTarget" } };
}

function judgeAccessPoint(
  { fileSystem, isOfThisAccount }: Of<"accessPoint">,
  found: Found<"readAccessPoint">,
): CheckResult {
  if (found === undefined) return notHere(isOfThisAccount);
  if (found.fileSystem === fileSystem.split("/").at(-1)) return judgeLifeCycle(found.state);
  return { state: "unfit", reason: { code: "ofOtherFileSystem", fileSystem: found.fileSystem } };
}

function notHere(isOfThisAccount: boolean): CheckResult {
  return isOfThisAccount ? MISSING : { state: "unknown", reason: { code: "notInThisAccount" } };
}

/** The states in which nothing can be mounted: https://docs.aws.amazon.com/efs/latest/ug/file-system-state.html */
const UNUSABLE = new Set(["deleting", "deleted", "error"]);

/** A file system that is `updating` can be used; one that is `creating` may be ready in time. */
function judgeLifeCycle(state: string): CheckResult {
  if (state === "available" || state === "updating") return THERE;
  return { state: UNUSABLE.has(state) ? "unfit" : "unknown", reason: { code: "notAvailable", state } };
}

/**
 * "You must choose ip as the target type, not instance, when creating a target group" for tasks of the network mode
 * awsvpc: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
 */
function judgeTargetGroup({ needsIp }: Of<"targetGroup">, found: Found<"readTargetGroup">): CheckResult {
  if (found === undefined) return MISSING;
  const { targetType } = found;
  if (needsIp ? targetType === "ip" : targetType === "ip" || targetType === "instance") return THERE;
  return { state: "unfit", reason: { code: "wrongTargetType", targetType } };
}

/** The result for one reference. `unfit`: it exists, but tasks cannot use it as it is. */
export interface Verified {
  readonly reference:
    & { readonly name: string }
    & Readonly<
      | { kind: Reference["kind"] | ContainerAttachment["kind"] | "key" | "subnet" | "subnets" }
      /** To do something with a resource. */
      | { kind: "permission"; action: string }
      /** The key that encrypts something, where AWS has not said which one that is. */
      | { kind: "keyOf"; of: Reference["kind"] }
    >;
  readonly state: "there" | "missing" | "unfit" | "unknown";
  /** Why it is unfit or unknown; for a subnet that exists, how many addresses are free. */
  readonly reason: VerifiedReason | undefined;
}

export type VerifiedReason =
  | { readonly code: "foreignRegistry" | "notAssumable" | "secretUnread" | "secretNotJson" | "noSuchKey" }
  /** Amazon ECR does not have it, but has a pull-through cache rule for it. */
  | { readonly code: "notPulledYet" }
  /** No version of the secret has this stage, or the named version does not have it. */
  | { readonly code: "noSuchVersion"; readonly stage: string }
  /** Secrets Manager shows only versions with a stage: this one can be read while it is kept. */
  | { readonly code: "versionWithoutStage" }
  /** The file system or access point is not `available`. */
  | { readonly code: "notAvailable"; readonly state: string }
  | { readonly code: "noMountTarget" }
  | { readonly code: "ofOtherFileSystem"; readonly fileSystem: string }
  /** It is not in this account and region; instances may reach one of another account. */
  | { readonly code: "notInThisAccount" }
  /** Tasks with their own network interface are registered by IP address. */
  | { readonly code: "wrongTargetType"; readonly targetType: string }
  /** The simulation did not answer for it. */
  | { readonly code: "notSimulated" }
  | { readonly code: "deniedByPolicy" }
  /** No policy of the role allows it; one of the resource may. */
  | { readonly code: "notOfRole" }
  | { readonly code: "dependsOnConditions"; readonly keys: readonly string[] }
  | { readonly code: "keyState"; readonly state: string }
  | { readonly code: "freeAddresses"; readonly free: number }
  /** @param tasks how many tasks a rollout starts before it stops others */
  | { readonly code: "fewAddresses"; readonly free: number; readonly tasks: number }
  | { readonly code: "noAnswer"; readonly failure: AwsFailure }
  | AttachmentMisfit;
