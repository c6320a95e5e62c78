import assert from "node:assert/strict";
import { parseLeft, parseRevisionChoice, readTarget } from "../../../src/commands/rollback_target.ts";
import { UsageError } from "../../../src/errors.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";

const NOW_MS = Date.parse("2026-11-24T20:00:00Z");
const stable = parseRevisionChoice("stable");

Deno.test("readTarget() reads where to go back to", () => {
  assert.deepEqual(stable, { kind: "stable", minServedMs: 900_000 });
  assert.deepEqual(readTarget({ revision: stable, minServed: 60_000 }, NOW_MS), {
    kind: "stable",
    minServedMs: 60_000,
  });
  assert.deepEqual(readTarget({ revision: stable }, NOW_MS), stable);
  assert.deepEqual(readTarget({ at: "-2h" }, NOW_MS), { kind: "at", atMs: NOW_MS - 7_200_000 });
  assert.deepEqual(readTarget({ imageTag: "v1" }, NOW_MS), { kind: "imageTag", tag: "v1" });
  assert.deepEqual(readTarget({ deployment: "abc" }, NOW_MS), { kind: "deployment", id: "abc" });
  assert.equal(readTarget({}, NOW_MS), undefined);
});

Deno.test("readTarget() refuses --min-served without stable, and parseLeft() what is no revision", () => {
  for (const revision of [undefined, parseRevisionChoice("3"), parseRevisionChoice("previous")]) {
    assert.throws(() => readTarget({ revision, minServed: 1 }, NOW_MS), UsageError);
  }
  for (const text of ["stable", "previous"]) assert.throws(() => parseLeft(text), UsageError, text);
});

Deno.test("of the options that say where to go back to, one can be given", async () => {
  const values: Record<string, string> = {
    "--revision": "3",
    "--at": "-1h",
    "--image-tag": "v1",
    "--deployment": "abc",
  };
  const pairs = Object.keys(values).flatMap((one, index) =>
    Object.keys(values).slice(index + 1).map((other) => [one, other])
  );
  for (const pair of pairs) {
    const emulator = myservice();
    const args = pair.flatMap((option) => [option, values[option]!]);
    const { code, stderr } = await runInProcess(emulator, ["rollback", ...args]);
    assert.deepEqual([code, emulator.calls.length], [2, 0], stderr);
    assert.match(stderr, new RegExp(`${pair.join(" .* ")}: each says where to go back to`));
  }
});

Deno.test("--at takes how long ago in both forms", async () => {
  for (const args of [["--at", "-1m"], ["--at=-1m"], ["--dry-run", "--at", "-1m"]]) {
    const { code, stdout, stderr } = await runInProcess(myservice(), ["rollback", ...args, "--dry-run"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /none: nothing to do/);
  }
});
