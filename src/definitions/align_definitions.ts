import type { JsonObject } from "../ecs/json.ts";
import { isList } from "./canonicalize.ts";
import { normalizeService } from "./normalize_service.ts";
import { normalizeTaskDefinition } from "./normalize_task_definition.ts";

/** The canonical forms of what the user wrote and of what AWS has, without what the user left to others. */
export interface Aligned {
  readonly local: JsonObject;
  readonly remote: JsonObject;
}

/**
 * The two sides of a task definition, to be compared. Tags count only where the local one has any: they can be put on a
 * registered task definition without registering another.
 */
export function alignTaskDefinitions(
  local: JsonObject,
  registered: JsonObject,
  ignoredTags: readonly string[] = [],
): Aligned {
  const hasTags = isList(local.tags) && local.tags.length > 0;
  return {
    local: normalizeTaskDefinition(local, ignoredTags),
    remote: normalizeTaskDefinition(hasTags ? registered : { ...registered, tags: null }, ignoredTags),
  };
}

/**
 * Members that count only where the local definition has them. The number of tasks is often left to auto scaling. The
 * rebalancing of availability zones depends, where nothing is said, on when the service was made, and an update leaves it
 * as it is (API reference, UpdateService). The name of the service is the configuration's.
 */
const OPTIONAL_IN_SERVICE = ["desiredCount", "availabilityZoneRebalancing", "serviceName"];

/** The two sides of a service, to be compared. */
export function alignServices(local: JsonObject, running: JsonObject, ignoredTags: readonly string[] = []): Aligned {
  const leftOut = OPTIONAL_IN_SERVICE.filter((key) => (local[key] ?? null) === null).map((key) => [key, null] as const);
  return {
    local: normalizeService(local, ignoredTags),
    remote: normalizeService({ ...running, ...Object.fromEntries(leftOut) }, ignoredTags),
  };
}
