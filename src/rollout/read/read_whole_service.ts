import { type JsonObject, objectsIn, textIn } from "../../model/json.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { DescribedService, ServiceRef } from "../../model/service.ts";
import type { ServiceRevision } from "../../model/service_deployment.ts";
import { type AwsError, optional } from "../../errors.ts";

/** A service, to be compared with its definition. */
export interface WholeService {
  readonly service: DescribedService;
  /** Every member, those that ECS shows in service revisions only among them. */
  readonly members: JsonObject;
  /** Members of the definition that may not be read, and why. */
  readonly unread: readonly string[];
  readonly denied: AwsError | undefined;
}

/**
 * Reads a service as a whole. What ECS shows in service revisions only is read where the definition has some of it, for
 * that takes a call and a permission more.
 */
export async function readWholeService(
  ref: ServiceRef,
  definition: JsonObject,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<WholeService | undefined> {
  const service = await ecs.describeService(ref, signal);
  if (service === undefined) return undefined;
  const { raw } = service;
  const { inRevisionOnly } = ecs.updatableMembers();
  const wanted = inRevisionOnly.filter((name) => (definition[name] ?? null) !== null);
  const arns = objectsIn(raw.currentServiceRevisions).flatMap(({ arn }) => textIn(arn) ?? []);
  if (wanted.length === 0 || arns.length === 0) return { service, members: raw, unread: [], denied: undefined };
  const { value: revisions = [], denied } = await optional(ecs.describeServiceRevisions(arns, signal));
  const shown = currentRevision(revisions, raw.taskDefinition)?.raw ?? {};
  const ofRevision = inRevisionOnly.flatMap((name) => name in shown ? [[name, shown[name]!] as const] : []);
  const members = { ...raw, ...Object.fromEntries(ofRevision) };
  return { service, members, unread: denied === undefined ? [] : wanted, denied };
}

/**
 * While a deployment is under way, a service has several revisions: the newest one counts, but none that ECS has turned back
 * from.
 */
function currentRevision(revisions: readonly ServiceRevision[], running: unknown): ServiceRevision | undefined {
  const newestFirst = revisions.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  return newestFirst.find(({ taskDefinition }) => taskDefinition === running) ?? newestFirst[0];
}
