import type { JsonObject } from "../../model/json.ts";
import type { RegistryReader, WholeService } from "../../model/ports.ts";
import type { ServiceRef } from "../../model/service.ts";
import { type AwsError, optional } from "../../errors.ts";

/** A service, to be compared with its definition. */
export interface ComparedService extends WholeService {
  /** Members of the definition that may not be read, and why. */
  readonly unread: readonly string[];
  readonly denial: AwsError | undefined;
}

/**
 * Reads a service as a whole. What ECS answers in service revisions only is read where the definition writes some of it:
 * it takes a call more, and a permission.
 *
 * @returns `undefined` when ECS knows no such service
 * @throws AwsError
 */
export async function readWholeService(
  ref: ServiceRef,
  definition: JsonObject,
  ecs: RegistryReader,
  signal: AbortSignal,
): Promise<ComparedService | undefined> {
  const service = await ecs.readService(ref, signal);
  if (service === undefined) return undefined;
  const wanted = ecs.updatableMembers().inRevisionOnly.filter((name) => (definition[name] ?? null) !== null);
  if (wanted.length === 0) return { ...service, unread: [], denial: undefined };
  const { value, denied } = await optional(ecs.readRevisionMembers(service.members, signal));
  const members = { ...service.members, ...value };
  return { ...service, members, unread: denied === undefined ? [] : wanted, denial: denied };
}
