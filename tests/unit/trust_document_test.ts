import assert from "node:assert/strict";
import { readDocument } from "../documents.ts";
import { POWERS } from "../e2e/trust_powers.ts";

Deno.test("docs/trust.md has a row for every power that is tested, and no other", async () => {
  const rows = (await readDocument("docs/trust.md")).split("\n").filter((line) => line.startsWith("| "));
  const [, , ...names] = rows.map((row) => row.split("|")[1]!.trim());
  assert.deepEqual(names.toSorted(), POWERS.map(({ name }) => name).toSorted());
});
