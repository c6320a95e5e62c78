import assert from "node:assert/strict";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";

/** A family of so many revisions, and AWS's own limits on calls. */
const family = (revisions: number) => myservice({ revisions, options: { rateLimits: true } });

const rowsOf = (stdout: string) => stdout.trimEnd().split("\n");

/** What AWS has not taken, for it came too fast. */
const throttledOf = (stderr: string) => stderr.split("\n").filter((line) => line.includes("ThrottlingException"));

/** Making it takes a second; nothing here changes it. */
const LARGE = family(10_000);

async function runOnLarge(line: string) {
  const before = LARGE.calls.length;
  // Each has the calls of a burst again.
  LARGE.advance(10_000);
  const ended = await runInProcess(LARGE, line.split(" "));
  return { ...ended, calls: LARGE.calls.length - before };
}

Deno.test("a table of 10,000 revisions takes at most 250 calls, and says how to have all of them", async () => {
  for (const output of ["table", "tsv"]) {
    const { code, stdout, stderr, calls } = await runOnLarge(`revisions --output=${output} --debug`);
    assert.equal(code, 0, stderr);
    assert.ok(calls <= 250, `${calls} calls`);
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
  const lines = ["revisions", "revisions --output=json", "deregister --keeps=10 --dry-run", "status", "verify"];
  for (const line of [...lines, "rollback --revision=previous --dry-run"]) {
    const { calls, stderr } = await runOnLarge(line);
    assert.ok(calls <= 250, `${line}: ${calls} calls\n${stderr}`);
  }
});
