import type { Json, JsonObject } from "../ecs/json.ts";
import { isList, isObject } from "./canonicalize.ts";

/**
 * Hides every value below a member `environment` of two definitions, so that their difference can be shown to anybody. An
 * equal value reads `(hidden)` on both sides, a changed one `(hidden, old)` and `(hidden, new)`. The variables' names stay.
 * The shape that AWS asks for is not relied upon: the file is the user's.
 */
export function hideEnvironment(
  old: JsonObject | undefined,
  new_: JsonObject,
): { readonly old: JsonObject | undefined; readonly new: JsonObject } {
  const oldValues = valuesOf(old ?? {});
  const newValues = valuesOf(new_);
  const hide = (side: string, others: ReadonlyMap<string, string>): Replace => (place, value) => {
    const other = others.get(place);
    return other === undefined || other === JSON.stringify(value) ? "(hidden)" : `(hidden, ${side})`;
  };
  return {
    old: old && replaceIn(old, hide("old", newValues)) as JsonObject,
    new: replaceIn(new_, hide("new", oldValues)) as JsonObject,
  };
}

/** Gives what stands in place of a value. */
type Replace = (place: string, value: Json) => Json;

/** The values to be hidden, as JSON, by where they stand. */
function valuesOf(definition: JsonObject): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  replaceIn(definition, (place, value) => {
    values.set(place, JSON.stringify(value));
    return value;
  });
  return values;
}

function replaceIn(value: Json, replace: Replace, place = ""): Json {
  return mapMembers(value, place, (member, at, key) => {
    return key !== undefined && /^environment$/i.test(key)
      ? replaceVariables(member, replace, at)
      : replaceIn(member, replace, at);
  });
}

/** Names are seen where AWS has them, in the elements of the list; anywhere else a `name` is a variable of that name. */
function replaceVariables(environment: Json, replace: Replace, place: string): Json {
  if (!isList(environment)) return replaceAll(environment, replace, place);
  return mapMembers(environment, place, (variable, at) => {
    if (nameOf(variable) === undefined) return replaceAll(variable, replace, at);
    return mapMembers(variable, at, (value, at, key) => key === "name" ? value : replaceAll(value, replace, at));
  });
}

/** Elements of a list stand where they stand: their names, if they have any, are values that nobody sees change. */
function replaceAll(value: Json, replace: Replace, place: string): Json {
  if (isList(value)) return value.map((element, index) => replaceAll(element, replace, `${place}/${index}`));
  if (!isObject(value)) return replace(place, value);
  return mapMembers(value, place, (member, at) => replaceAll(member, replace, at));
}

/** Maps the elements of a list or the members of an object; nothing else has any. */
function mapMembers(value: Json, place: string, map: (member: Json, place: string, key?: string) => Json): Json {
  if (isList(value)) {
    const places = placesIn(value);
    return value.map((element, index) => map(element, `${place}/${places[index]}`));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, map(member, `${place}/${JSON.stringify(key)}`, key)]),
  );
}

/** Where each element stands: by name, so that one that comes or goes does not make the others look changed. */
function placesIn(list: readonly Json[]): string[] {
  const seen = new Map<string, number>();
  return list.map((element) => {
    const name = JSON.stringify(nameOf(element) ?? null);
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return `${name}#${count}`;
  });
}

function nameOf(element: Json): string | undefined {
  return isObject(element) && typeof element.name === "string" ? element.name : undefined;
}
