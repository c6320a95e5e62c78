import assert from "node:assert/strict";
import { diffDefinitions } from "../../../src/definitions/diff_definitions.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { HiddenValues } from "../../../src/secrets/hidden_values.ts";

Deno.test("diffDefinitions() does not look for what few lines huge definitions have in common", () => {
  const huge = (prefix: string): JsonObject => ({ list: Array.from({ length: 30_000 }, (_, i) => `${prefix}${i}`) });
  const lines = diffDefinitions({ old: "a", new: "b" }, huge("a"), huge("b"), new HiddenValues());
  assert.equal(lines[2]?.text, "@@ -1,30004 +1,30004 @@");
  assert.equal(lines.length, 3 + 2 * 30_004);
});
