import assert from "node:assert/strict";
import { ROWS } from "./rows.ts";
import { COLUMNS, score } from "./score.ts";

/** What was wrong with a row when it was last recorded (`deno task clarity --record`): there may be less, never more. */
const NOT_YET: Readonly<Record<string, readonly string[]>> = JSON.parse(
  await Deno.readTextFile(new URL("not_yet.json", import.meta.url)),
);

for (const row of ROWS) {
  Deno.test(`clear: ${row.name}`, async () => {
    const { wrong, output } = await score(row);
    const worse = COLUMNS.filter((column) => !NOT_YET[row.name]?.includes(column)).flatMap((column) =>
      (wrong[column] ?? []).map((what) => `${column}: ${what}`)
    );
    assert.deepEqual(worse, [], `${worse.join("\n")}\n${output}`);
  });
}

Deno.test("each row has a name of its own, and nothing is recorded of others", () => {
  const names = ROWS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(Object.keys(NOT_YET).filter((name) => !names.includes(name)), []);
});
