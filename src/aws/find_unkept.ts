import type { Json, JsonObject } from "../model/json.ts";
import { readDefinition } from "./read_definition.ts";

/**
 * What an order has given a service that the API's model has no name for, and that ECS's answer does not show: a member
 * that ECS does not know either is dropped without a word. Where ECS answers with more inside such a member, it has kept it.
 *
 * @param order the members of CreateService or UpdateService
 * @param answered the service in ECS's answer; some members are in its PRIMARY deployment only
 * @returns the paths; no values. Empty when all of it is there
 */
export function findUnkept(order: JsonObject, answered: JsonObject): string[] {
  const deployments = Array.isArray(answered.deployments) ? answered.deployments as readonly JsonObject[] : [];
  const places: readonly Json[] = [answered, ...deployments.filter(({ status }) => status === "PRIMARY")];
  const unknown = readDefinition("service", order).problems.filter(({ isUnknown }) => isUnknown);
  return unknown.filter(({ path }) => {
    const given = valuesAt(order, path, isThere)[0]!;
    return !isEmpty(given) && !places.some((place) => valuesAt(place, path).some((value) => includes(value, given)));
  }).map(({ path }) => path.join("."));
}

type Path = readonly (string | number)[];

const isThere = (index: number, at: string | number) => index === at;
/** ECS may answer with a list in another order. */
const isAnywhere = () => true;

function valuesAt(value: Json, [at, ...rest]: Path, isMeant: typeof isThere = isAnywhere): Json[] {
  if (at === undefined) return [value];
  if (Array.isArray(value)) {
    return value.filter((_, index) => isMeant(index, at)).flatMap((item) => valuesAt(item, rest, isMeant));
  }
  const isObject = typeof value === "object" && value !== null;
  return isObject && Object.hasOwn(value, at) ? valuesAt((value as JsonObject)[at]!, rest, isMeant) : [];
}

/** An empty list or object means the same as none. */
function isEmpty(value: Json): boolean {
  return value === null || typeof value === "object" && Object.keys(value).length === 0;
}

function includes(value: Json, part: Json): boolean {
  if (typeof part !== "object" || part === null) return value === part;
  if (typeof value !== "object" || value === null || Array.isArray(value) !== Array.isArray(part)) return false;
  if (Array.isArray(part) && part.length !== (value as readonly Json[]).length) return false;
  const members = value as JsonObject;
  return Object.entries(part).every(([name, item]) => Object.hasOwn(members, name) && includes(members[name]!, item));
}
