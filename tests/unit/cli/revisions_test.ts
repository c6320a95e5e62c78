import assert from "node:assert/strict";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";

/** A family of so many revisions, and AWS's own limits on calls. */
const family = (revisions: number) => myservice({ revisions, rateLimits: true });

const rowsOf = (stdout: string) => stdout.trimEnd().split("\n");

/** What AWS has not taken, for it came too fast. */
const throttledOf = (stderr: string) => stderr.split("\n").filter((line) => line.includes("ThrottlingException"));

Deno.test("a table of 10,000 revisions takes at most 250 calls, and says how to have all of them", async () => {
  for (const output of ["table", "tsv"]) {
    const emulator = family(10_000);
    const { code, stdout, stderr } = await runInProcess(emulator, ["revisions", `--output=${output}`, "--debug"]);
    assert.equal(code, 0, stderr);
    assert.ok(emulator.calls.length <= 250, `${emulator.calls.length} calls`);
    assert.deepEqual(throttledOf(stderr), []);
    const rows = rowsOf(stdout);
    const heading = output === "table" ? 1 : 0;
    assert.equal(rows.length, heading + 100);
    assert.match(rows[heading]!, /^myservice:10000\b.*\d{4}\/\d\d\/\d\d/);
    assert.match(rows.at(-1)!, /^myservice:9901\b.*\d{4}\/\d\d\/\d\d/);
    assert.match(stderr, /\[warn\].* the newest 100; for all of them: ecspresso revisions --output \w+ --all\n/);
  }
});

Deno.test("a table of all revisions keeps to AWS's rate, and says how far it is", async () => {
  const emulator = family(1_000);
  const { code, stdout, stderr } = await runInProcess(emulator, ["revisions", "--output=tsv", "--all", "--debug"]);
  assert.equal(code, 0, stderr);
  assert.equal(rowsOf(stdout).length, 1_000);
  assert.deepEqual(throttledOf(stderr), []);
  assert.match(stderr, /\[info\].* 2\d\d revisions are listed so far, as far as myservice:7\d\d\n/);
  assert.doesNotMatch(stderr, /for all of them/);
});

Deno.test("a family of just 100 revisions is whole without --all", async () => {
  const { stdout, stderr } = await runInProcess(family(100), ["revisions", "--output=table"]);
  assert.equal(rowsOf(stdout).length, 101);
  assert.equal(stderr, "");
});

Deno.test("the numbers of 10,000 revisions, what is deregistered of them, and previous take at most 250 calls", async () => {
  for (
    const args of ["revisions", "revisions --output=json", "deregister --keeps=10 --dry-run", "status", "verify"].map(
      (line) => line.split(" "),
    ).concat([["rollback", "--revision=previous", "--dry-run"]])
  ) {
    const emulator = family(10_000);
    const { stderr } = await runInProcess(emulator, args);
    assert.ok(emulator.calls.length <= 250, `${args.join(" ")}: ${emulator.calls.length} calls\n${stderr}`);
  }
});
