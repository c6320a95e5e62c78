/** What JSON can say: definitions as the user writes them and as AWS's API has them, with keys in camelCase. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The object, or an empty one: these readers take unchecked JSON, and ignore values of another kind. */
export function objectIn(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects in a list. */
export function objectsIn(value: unknown): JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

/** A text; an empty one counts as left out, too. */
export function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The texts in a list. */
export function textsIn(value: unknown): string[] {
  return isList(value) ? value.flatMap((item) => textIn(item) ?? []) : [];
}

export function numberIn(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Whether a key is the author's comment, in a file that other programs read as plain JSON: it begins with `_`, `$` or `//`. */
export function isCommentKey(key: string): boolean {
  return /^(?:_|\$|\/\/)/.test(key);
}

/** Everything that walks through a value is recursive; AWS's own structures have fewer than twenty levels. */
const DEEPEST_LEVEL = 1_000;

/** Whether walking through a value could exhaust the stack. */
export function isNestedDeeply(value: Json): boolean {
  let level: Json[] = [value];
  for (let depth = 0; depth < DEEPEST_LEVEL && level.length > 0; depth++) {
    level = level.flatMap((one) => typeof one === "object" && one !== null ? Object.values(one) : []);
  }
  return level.length > 0;
}
