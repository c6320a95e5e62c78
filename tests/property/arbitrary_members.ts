import fc from "fast-check";
import type { JsonObject } from "../../src/model/json.ts";

export type Members = Record<string, fc.Arbitrary<unknown>>;

/** An object with some of the members; those of `always` are always there. */
export function some(members: Members, always: Members = {}): fc.Arbitrary<JsonObject> {
  const requiredKeys = Object.keys(always);
  return fc.record({ ...always, ...members }, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<JsonObject>;
}

/** A list in which no two objects share the member. */
export function unique(key: string, item: fc.Arbitrary<JsonObject>, maxLength = 3): fc.Arbitrary<JsonObject[]> {
  return fc.uniqueArray(item, { maxLength, selector: (one) => one[key] });
}

export const one = fc.constantFrom;
export const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,7}$/);
export const text = fc.oneof(name, fc.string({ unit: "grapheme", maxLength: 6 }), one("", "0", "true", "a b"));
export const map = fc.dictionary(fc.oneof(name, one("Name", "_x", "$y", "//", "com.example.a/b")), text, {
  maxKeys: 3,
});
export const flag = fc.boolean();
