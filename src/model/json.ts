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

export function objectsIn(value: unknown): JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

/** A text; an empty one counts as left out, too. */
export function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function textsIn(value: unknown): string[] {
  return isList(value) ? value.flatMap((item) => textIn(item) ?? []) : [];
}

export function numberIn(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The same with the members of all objects in the order of their keys. */
export function sortKeys(value: Json): Json {
  if (isList(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sortKeys(value[key]!)]));
}

/** A copy without the members that are `undefined`. */
export function withoutUndefined<Value extends object>(
  value: Value,
): { [Name in keyof Value]?: NonNullable<Value[Name]> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}

/** Whether the value means the same as leaving it out: to AWS's API, an empty list or object is the same as none. */
export function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || typeof value === "object" && Object.keys(value).length === 0;
}

/** `undefined` where the text is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a key is the author's comment, in a file that must stay plain JSON: it begins with `_`, `$` or `//`. */
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

// What the parts of a JSON text take in memory once they are parsed, in bytes, as measured with V8: an object without
// members takes fifty times its text.
const CONTAINER = 108;
/** The most that one byte of a JSON text weighs: the bracket that opens a container. */
export const HEAVIEST_BYTE = CONTAINER + 1;
const VALUE = 14;
const NEW_TEXT = 60;
const KNOWN_TEXT = 30;
/** For each new key, V8 makes a new shape. */
const NEW_KEY = 130;

/** How many texts are distinguished, as a power of two: eight for each byte of JSON, but no more than this. */
const MAX_REMEMBERED_BITS = 22;

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a, BRACKET = 0x5b, BRACE = 0x7b;

/**
 * Estimates how many bytes of memory a JSON text would take, without parsing it: real ones take a few times their
 * length, made-up ones hundreds of times that. Text that is not JSON gets a weight, too.
 */
export function weighJson(json: string | Uint8Array): number {
  const codeAt = typeof json === "string" ? (at: number) => json.charCodeAt(at) : (at: number) => json[at]!;
  const rememberedBits = Math.min(Math.ceil(Math.log2(json.length + 1)) + 3, MAX_REMEMBERED_BITS);
  const seen = new Uint8Array(2 ** (rememberedBits - 3));
  let weight = 0;
  let isNew = false;
  for (let at = 0; at < json.length; at++) {
    const code = codeAt(at);
    if (code === QUOTE) {
      let hash = 0x811c9dc5;
      for (at++; at < json.length && codeAt(at) !== QUOTE; at++) {
        if (codeAt(at) === BACKSLASH) at++;
        hash = Math.imul(hash ^ codeAt(at), 0x01000193);
      }
      const place = (hash >>> 0) >>> (32 - rememberedBits);
      const bit = 1 << (place & 7);
      isNew = (seen[place >> 3]! & bit) === 0;
      seen[place >> 3]! |= bit;
      weight += isNew ? NEW_TEXT : KNOWN_TEXT;
    } else if (code === BRACE || code === BRACKET) weight += CONTAINER;
    else if (code === COMMA) weight += VALUE;
    else if (code === COLON) weight += isNew ? NEW_KEY : VALUE - KNOWN_TEXT;
  }
  return weight;
}
