import { NOT_PULLED_YET, optional } from "../errors.ts";
import type { JsonObject } from "../model/json.ts";
import { demandsWith, misfitOfAttachment, NO_DEMANDS } from "../model/misfit.ts";
import type { ReferenceChecker } from "../model/ports.ts";
import { readTaskSupply } from "../model/task_definition.ts";
import type { Reference } from "./find_references.ts";
import {
  type Finding,
  judgeAccessPoint,
  judgeFileSystem,
  judgeKey,
  judgeRole,
  judgeTargetGroup,
  judgeVersion,
  MISSING,
  THERE,
} from "./judge_references.ts";
import type { Verified } from "./verified.ts";

/** Whether tasks cannot start for want of it. */
export function isMissing({ state }: Pick<Verified, "state">): boolean {
  return state === "missing" || state === "unfit";
}

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
    if (error.code === NOT_PULLED_YET) return { reference, state: "unknown", reason: { code: "notPulledYet" } };
    return { reference, state: "unknown", reason: { code: "noAnswer", failure: error.failure } };
  }));
}

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
    case "file system":
      return judgeFileSystem(reference, await checker.readFileSystem(reference.name, signal));
    case "access point":
      return judgeAccessPoint(reference, await checker.readAccessPoint(reference.name, signal));
    case "target group":
      return judgeTargetGroup(reference, await checker.readTargetGroup(reference.name, signal));
  }
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
    const { kind, name = "" } = attachment;
    return [{ reference: { kind, name }, state: "unfit", reason: misfit }];
  });
}
