import { AwsError } from "../errors.ts";
import type { JsonObject } from "../model/json.ts";
import { type AttachmentMisfit, misfitOfAttachment } from "../model/misfit.ts";
import type { ReferenceChecker } from "../model/ports.ts";
import { demandsWith, NO_DEMANDS } from "../model/service_demands.ts";
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
    try {
      return { reference, ...await lookFor(reference, checker, signal) };
    } catch (error) {
      if (!(error instanceof AwsError) || signal.aborted) throw error;
      return { reference, state: "unknown", reason: { code: "noAnswer", message: error.message }, error };
    }
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
      return await checker.hasImage(reference.location, signal) ? THERE : MISSING;
    case "role":
      return judgeRole(await checker.readTrustPolicy(lastPart(reference.name), signal));
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

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
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

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
}

/**
 * Whether a trust policy (JSON) lets ECS assume the role for a task. Conditions and denials are not judged: of a policy
 * that cannot be read the answer is yes, for a wrong "no" would stop a deploy that works.
 */
export function letsTasksAssume(policy: string): boolean {
  try {
    const { Statement: statements } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
    if (statements === undefined) return true;
    return [statements].flat().some(({ Effect, Principal, Action }) =>
      Effect === "Allow" && namesTasks(Principal) &&
      listOf(Action).some((action) => /^(?:\*|sts:(?:\*|Assume))/.test(action))
    );
  } catch {
    return true;
  }
}

function namesTasks(principal: unknown): boolean {
  if (principal === "*") return true;
  if (typeof principal !== "object" || principal === null) return false;
  const { Service, AWS } = principal as { Service?: unknown; AWS?: unknown };
  return listOf(Service).includes(TASKS) || listOf(AWS).includes("*");
}

function listOf(value: unknown): readonly string[] {
  return [value].flat().filter((one) => typeof one === "string");
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
