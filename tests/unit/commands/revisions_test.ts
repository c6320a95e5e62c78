import assert from "node:assert/strict";
import type { Emulator } from "../../emulator/emulator.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { runInProcess } from "../../in_process.ts";
import { deployed, forgetful, HOUR_MS, PASTS } from "./pasts.ts";

/** A family of so many revisions, and AWS's own limits on calls. */
const family = (revisions: number) => myservice({ revisions, options: { rateLimits: true } });

const rowsOf = (stdout: string) => stdout.replace(/\n$/, "").split("\n");

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

/** The marks of a table by revision: `myservice:3 previous`. */
async function marksIn(emulator: Emulator): Promise<string[]> {
  const { stdout, code, stderr } = await runInProcess(emulator, ["revisions", "--output", "tsv"]);
  assert.equal(code, 0, stderr);
  return rowsOf(stdout).flatMap((row) => {
    const columns = row.split("\t");
    return columns[6]!.split(", ").filter((mark) => mark !== "").map((mark) => `${columns[0]} ${mark}`);
  });
}

for (const [name, makeWorld] of Object.entries(PASTS)) {
  Deno.test(`the marks of revisions are where rollback goes: ${name}`, async () => {
    const marks = await marksIn(makeWorld());
    for (const which of ["previous", "stable"]) {
      const rolling = async (...more: string[]) =>
        await runInProcess(makeWorld(), ["rollback", "--revision", which, "--dry-run", ...more]);
      const targetOf = (stdout: string) => /^ {2}to {3}(\S+)/m.exec(stdout)?.[1];
      const free = await rolling();
      const plain = marks.filter((mark) => mark.endsWith(` ${which}`));
      if (free.code === 0) assert.deepEqual(plain, [`${targetOf(free.stdout)} ${which}`], free.stdout);
      else {
        assert.deepEqual(plain, [], free.stderr);
        const { stdout } = await rolling("--allow-unproven");
        const target = targetOf(stdout);
        const asked = marks.filter((mark) => mark.endsWith(` ${which}?`));
        if (target !== undefined) assert.deepEqual(asked, [`${target} ${which}?`]);
      }
    }
  });
}

Deno.test("SERVED is what each revision has served in all, also before the record begins", async () => {
  const served = async (emulator: Emulator) =>
    rowsOf((await runInProcess(emulator, ["revisions", "--output", "tsv"])).stdout)
      .map((row) => row.split("\t")).filter((columns) => columns[5] !== "").map((columns) => [columns[0], columns[5]]);
  const twice = deployed(myservice({ history: [3] }), [4, HOUR_MS], [3, HOUR_MS], [4, HOUR_MS]);
  const [[, of4], [, of3]] = await served(twice) as [[string, string], [string, string]];
  assert.ok(Number(of4) > 2 * 3_300 && Number(of4) < 2 * 3_600, of4);
  assert.ok(Number(of3) > 3_300 + 240 && Number(of3) < 3_600 + 600, of3);
  const [[name, days]] = await served(forgetful()) as [[string, string]];
  assert.equal(name, "myservice:3");
  assert.ok(Number(days) >= 100 * 24 * 3_600, days);
  assert.deepEqual(await served(createScenario("circuit_breaker_tripped")).then((rows) => rows.map(([one]) => one)), [
    "myservice:3",
  ]);
});
