import assert from "node:assert/strict";
import { findTestRuns } from "../../tools/test_runs.ts";

Deno.test("every test file is in one run, and the longest are there and come first", async () => {
  const runs = await findTestRuns();
  const files = runs.flatMap(({ files }) => files);
  assert.equal(new Set(files).size, files.length);
  assert.ok(files.includes("tests/architecture_test.ts"));
  assert.ok(files.includes("tests/unit/report/live/live_display_test.ts"));
  assert.equal(runs[0]?.name, "tests/e2e/live_display_test.ts");
  const room = runs.find(({ name }) => name === "tests/unit/report");
  assert.ok(room && room.isMeasured && room.files.length > 5);
  assert.deepEqual(
    runs.filter(({ isMeasured }) => !isMeasured).map(({ name }) => name).filter((name) => /^tests\/unit/.test(name)),
    ["tests/unit/commands", "tests/unit/app"],
  );
  const properties = runs.filter(({ name }) => /^tests\/property/.test(name));
  assert.deepEqual(properties.filter(({ files }) => files.length > 1).map(({ name }) => name), ["tests/property"]);
  assert.ok(properties.some(({ name }) => name === "tests/property/rollback_faults_test.ts"));
});
