import type { Json, JsonObject } from "../model/json.ts";
import { isList, isObject } from "./canonicalize.ts";
import { normalizeTaskDefinition } from "./normalize_task_definition.ts";

/**
 * The members of a task definition that AWS's answer does not have, or has otherwise: a member that ECS does not know may
 * be dropped without a word. Pure.
 *
 * @param sent the input of RegisterTaskDefinition
 * @param answered AWS's description of what came of it
 * @returns where they are, by names, such as `containerDefinitions.app.user`; no values. Empty when it has all of them
 */
export function findLostMembers(sent: JsonObject, answered: JsonObject): string[] {
  return findIn(normalizeTaskDefinition(sent), normalizeTaskDefinition(answered), "");
}

function findIn(sent: Json, answered: Json | undefined, path: string): string[] {
  if (isList(sent) && isList(answered) && sent.length === answered.length) {
    return sent.flatMap((item, index) => findIn(item, answered[index], join(path, nameOf(item) ?? String(index))));
  }
  if (isObject(sent) && isObject(answered)) {
    return Object.entries(sent).flatMap(([name, member]) => {
      return findIn(member, Object.hasOwn(answered, name) ? answered[name] : undefined, join(path, name));
    });
  }
  return JSON.stringify(sent) === JSON.stringify(answered) ? [] : [path];
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function nameOf(item: Json): string | undefined {
  return isObject(item) && typeof item.name === "string" ? item.name : undefined;
}
