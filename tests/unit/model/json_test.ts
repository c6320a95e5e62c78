import assert from "node:assert/strict";
import { isNestedDeeply, type Json } from "../../../src/model/json.ts";

function nest(levels: number): Json {
  let value: Json = { a: [null, 1, "x"] };
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

Deno.test("isNestedDeeply() counts levels, not members, and needs no stack for it", () => {
  assert.equal(isNestedDeeply(null), false);
  assert.equal(isNestedDeeply("x".repeat(5_000)), false);
  assert.equal(isNestedDeeply(Array.from({ length: 5_000 }, (_, index) => [index])), false);
  assert.equal(isNestedDeeply(nest(500)), false);
  assert.equal(isNestedDeeply(nest(5_000)), true);
  assert.equal(isNestedDeeply(nest(100_000)), true);
});
