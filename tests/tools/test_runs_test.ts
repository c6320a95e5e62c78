import assert from "node:assert/strict";
import { findTestRuns } from "../../tools/test_runs.ts";

Deno.test("every test file is in one run, and the longest are there and come first", async () => {
  const runs = await findTestRuns();
  const files = runs.flatMap(({ files }) => files);
  assert.equal(new Set(files).size, files.length);
  assert.ok(files.includes("tests/architecture_test.ts"));
  assert.ok(files.includes("tests/unit/report/live/live_display_test.ts"));
  assert.equal(runs[0]?.name, "tests/e2e/live_display_test.ts");
  const runOf = (file: string) => runs.find(({ files }) => files.includes(file));
  const measured = runOf("tests/unit/report/live/live_display_test.ts");
  assert.ok(measured?.name === "tests/unit" && measured.isMeasured && measured.files.length > 50);
  assert.ok(runOf("tests/transcripts/messages_test.ts")?.isMeasured);
  assert.equal(runs.filter(({ isMeasured }) => isMeasured).length, 3);
  assert.equal(runOf("tests/unit/config/load_config_slow_files_test.ts")?.isMeasured, false);
});

Deno.test("a file is in the run that names it, or else its folder; the others have one of their own", async () => {
  const runs = await findTestRuns();
  const nameOf = (file: string) => runs.find(({ files }) => files.includes(file))?.name;
  const faults = "tests/property/rollback_faults_test.ts";
  assert.equal(nameOf(faults), `${faults} tests/property/deploy_faults_test.ts`);
  assert.equal(nameOf("tests/property/causes_test.ts"), "tests/property");
  assert.match(
    nameOf("tests/unit/app/program_listed_options_test.ts") ?? "",
    /^tests\/unit\/commands tests\/unit\/app /,
  );
  assert.equal(nameOf("tests/tools/test_runs_test.ts"), "tests/tools");
  assert.equal(nameOf("tests/e2e/tls_test.ts"), "tests/e2e/tls_test.ts");
});
