/** What JSON can say: definitions as the user writes them and as AWS's API has them, with keys in camelCase. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Whether a key is a comment of the author's, in a file that other programs read as plain JSON: `_`, `$` or `//` leads it. */
export function isCommentKey(key: string): boolean {
  return /^(?:_|\$|\/\/)/.test(key);
}

/** Whatever walks through a value, or writes it, does so within this; AWS's own structures have fewer than twenty levels. */
const DEEPEST_LEVEL = 1_000;

/** Whether a value has so many objects and lists inside each other that there is not the stack to walk through them. */
export function isNestedDeeply(value: Json): boolean {
  let level: Json[] = [value];
  for (let depth = 0; depth < DEEPEST_LEVEL && level.length > 0; depth++) {
    level = level.flatMap((one) => typeof one === "object" && one !== null ? Object.values(one) : []);
  }
  return level.length > 0;
}
