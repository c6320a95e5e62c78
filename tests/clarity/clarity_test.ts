import assert from "node:assert/strict";
import { ROWS } from "./rows.ts";
import { COLUMNS, score } from "./score.ts";

for (const row of ROWS) {
  Deno.test(`clear: ${row.name}`, async () => {
    const { wrong, output } = await score(row);
    const unclear = COLUMNS.flatMap((column) => (wrong[column] ?? []).map((what) => `${column}: ${what}`));
    assert.deepEqual(unclear, [], output);
  });
}

Deno.test("each row has a name of its own", () => {
  const names = ROWS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});
