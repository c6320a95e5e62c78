import assert from "node:assert/strict";
import { groupedBy } from "./grouped.ts";

Deno.test("groupedBy() finds what belongs together, also in a list that has grown or was replaced", () => {
  const byLength = groupedBy((word: string) => String(word.length));
  const words = ["a", "bb", "c"];
  assert.deepEqual(byLength(words, "1"), ["a", "c"]);
  words.push("d");
  assert.deepEqual(byLength(words, "1"), ["a", "c", "d"]);
  assert.deepEqual(byLength(words.filter((word) => word !== "a"), "1"), ["c", "d"]);
  assert.deepEqual(byLength(words, "3"), []);
});
