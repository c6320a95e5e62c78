import { type Json, objectIn, objectsIn, parseJson, textsIn } from "../model/json.ts";
import type { ReferenceChecker, SecretStages, SecretVersion } from "../model/ports.ts";
import type { Reference } from "./find_references.ts";
import type { Verified } from "./verified.ts";

// Whether a task can use what was found. Pure.

export type Finding = Pick<Verified, "state" | "reason">;

export const THERE: Finding = { state: "there", reason: undefined };
export const MISSING: Finding = { state: "missing", reason: undefined };

export function judgeRole(trustPolicy: string | undefined): Finding {
  if (trustPolicy === undefined) return MISSING;
  if (letsTasksAssume(trustPolicy)) return THERE;
  return { state: "unfit", reason: { code: "notAssumable" } };
}

/** The stage of the version that is read where neither stage nor version is named. */
const CURRENT = "AWSCURRENT";

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
export function judgeVersion({ stage, id }: SecretVersion, stages: SecretStages | undefined): Finding {
  if (stages === undefined) return MISSING;
  const wanted = stage ?? (id === undefined ? CURRENT : undefined);
  if (wanted === undefined) {
    return stages.has(id!) ? THERE : { state: "unknown", reason: { code: "versionWithoutStage" } };
  }
  const hasIt = stages.entries().some(([version, its]) => its.includes(wanted) && (id === undefined || id === version));
  return hasIt ? THERE : { state: "missing", reason: { code: "noSuchVersion", stage: wanted } };
}

export function judgeKey(key: string, keys: ReadonlySet<string> | "no JSON" | "unread" | undefined): Finding {
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

type Found<Method extends "readFileSystem" | "readAccessPoint" | "readTargetGroup"> = Awaited<
  ReturnType<ReferenceChecker[Method]>
>;
type Of<Kind extends Reference["kind"]> = Extract<Reference, { readonly kind: Kind }>;

export function judgeFileSystem(
  { isOfThisAccount }: Of<"file system">,
  found: Found<"readFileSystem">,
): Finding {
  if (found === undefined) return notHere(isOfThisAccount);
  const finding = judgeLifeCycle(found.state);
  if (finding.state !== "there" || found.mountTargets > 0) return finding;
  return { state: "unfit", reason: { code: "noMountTarget" } };
}

export function judgeAccessPoint(
  { fileSystem, isOfThisAccount }: Of<"access point">,
  found: Found<"readAccessPoint">,
): Finding {
  if (found === undefined) return notHere(isOfThisAccount);
  if (found.fileSystem === fileSystem.split("/").at(-1)) return judgeLifeCycle(found.state);
  return { state: "unfit", reason: { code: "ofOtherFileSystem", fileSystem: found.fileSystem } };
}

function notHere(isOfThisAccount: boolean): Finding {
  return isOfThisAccount ? MISSING : { state: "unknown", reason: { code: "notInThisAccount" } };
}

/** The states in which nothing can be mounted any more: https://docs.aws.amazon.com/efs/latest/ug/file-system-state.html */
const UNUSABLE = new Set(["deleting", "deleted", "error"]);

/** A file system that is `updating` can be used; one that is `creating` may be there in time. */
function judgeLifeCycle(state: string): Finding {
  if (state === "available" || state === "updating") return THERE;
  return { state: UNUSABLE.has(state) ? "unfit" : "unknown", reason: { code: "notAvailable", state } };
}

/**
 * "You must choose ip as the target type, not instance, when creating a target group" for tasks of the network mode awsvpc:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
 */
export function judgeTargetGroup({ needsIp }: Of<"target group">, found: Found<"readTargetGroup">): Finding {
  if (found === undefined) return MISSING;
  const { targetType } = found;
  if (needsIp ? targetType === "ip" : targetType === "ip" || targetType === "instance") return THERE;
  return { state: "unfit", reason: { code: "wrongTargetType", targetType } };
}
