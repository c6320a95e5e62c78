import { isEmpty, isObject, type Json, type JsonObject } from "../model/json.ts";
import { readDefinition } from "./api_members.ts";

/**
 * Finds the members of an order that the API's model does not know and that ECS's answer does not show: ECS silently
 * drops a member that it does not know either. One of which the answer shows more than was ordered counts as kept.
 *
 * @param answer the service in ECS's answer; some members are in its PRIMARY deployment only
 * @returns their paths, without values; none when ECS has kept all of the order
 */
export function findUnkept(order: JsonObject, answer: JsonObject): string[] {
  const deployments = Array.isArray(answer.deployments) ? answer.deployments as readonly JsonObject[] : [];
  const places: readonly Json[] = [answer, ...deployments.filter(({ status }) => status === "PRIMARY")];
  const unknown = readDefinition("service", order).problems.filter(({ problem }) => problem.code === "unknownMember");
  return unknown.filter(({ path }) => {
    const given = valuesAt(order, path, isThere)[0]!;
    return !isEmpty(given) && !places.some((place) => valuesAt(place, path).some((value) => includes(value, given)));
  }).map(({ path }) => path.join("."));
}

type Path = readonly (string | number)[];

const isThere = (index: number, at: string | number) => index === at;
/** ECS may return a list in another order. */
const isAnywhere = () => true;

function valuesAt(value: Json, [at, ...rest]: Path, isMeant: typeof isThere = isAnywhere): Json[] {
  if (at === undefined) return [value];
  if (Array.isArray(value)) {
    return value.filter((_, index) => isMeant(index, at)).flatMap((item) => valuesAt(item, rest, isMeant));
  }
  return isObject(value) && Object.hasOwn(value, at) ? valuesAt(value[at]!, rest, isMeant) : [];
}

function includes(value: Json, part: Json): boolean {
  if (typeof part !== "object" || part === null) return value === part;
  if (typeof value !== "object" || value === null || Array.isArray(value) !== Array.isArray(part)) return false;
  if (Array.isArray(part) && part.length !== (value as readonly Json[]).length) return false;
  const members = value as JsonObject;
  return Object.entries(part).every(([name, item]) => Object.hasOwn(members, name) && includes(members[name]!, item));
}
