import assert from "node:assert/strict";
import type { Emulator } from "../../emulator/emulator.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";
import { isRead } from "../../emulator/operations.ts";

/** 3 and 4 name the same tag, which was pushed again before 4 was deployed. */
function tagMoved(): Emulator {
  return myservice({ movingTag: "latest" });
}

/** Returns what the service runs after it, and what was written. */
async function rollBack(emulator: Emulator, ...args: string[]) {
  const before = emulator.calls.length;
  const { code, stderr } = await runInProcess(emulator, ["rollback", "--revision", "3", ...args]);
  const writes = emulator.calls.slice(before).map(({ operation }) => operation)
    .filter((operation) => !isRead(operation));
  assert.equal(code, 0, stderr);
  return { runs: String(emulator.describeService("myservice").taskDefinition).split("/").at(-1), writes };
}

const NOTHING: string[] = [];

Deno.test("--pin never leaves a copy by digest for the tags of its original", async () => {
  const emulator = tagMoved();
  assert.equal((await rollBack(emulator)).runs, "myservice:5", "a copy by digest");
  assert.deepEqual(await rollBack(emulator), { runs: "myservice:5", writes: NOTHING });
  assert.deepEqual(await rollBack(emulator, "--pin=never"), { runs: "myservice:3", writes: ["UpdateService"] });
  assert.deepEqual(await rollBack(emulator, "--pin=never"), { runs: "myservice:3", writes: NOTHING });
});

Deno.test("of a deregistered revision --pin never takes the copy that goes by tags, and no other", async () => {
  const emulator = tagMoved();
  emulator.deregisterTaskDefinition("myservice:3");
  const anew = ["RegisterTaskDefinition", "UpdateService"];
  const never = ["--reregister", "--pin=never"];
  assert.deepEqual(await rollBack(emulator, ...never), { runs: "myservice:5", writes: anew });
  assert.deepEqual(await rollBack(emulator, ...never), { runs: "myservice:5", writes: NOTHING }, "it has been done");
  assert.deepEqual(await rollBack(emulator, "--reregister"), { runs: "myservice:6", writes: anew }, "by digest");
  assert.deepEqual(await rollBack(emulator, "--reregister"), { runs: "myservice:6", writes: NOTHING });
  assert.deepEqual(await rollBack(emulator, ...never), { runs: "myservice:7", writes: anew }, "by tag once more");
});
