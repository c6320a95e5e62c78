import assert from "node:assert/strict";
import type { Emulator } from "../../emulator/emulator.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";

/** What the service runs, by the number of its task definition. */
const runs = (emulator: Emulator) => String(emulator.describeService("myservice").taskDefinition).split(":").at(-1);

async function rollBack(emulator: Emulator, args: string) {
  const before = emulator.calls.length;
  const { code, stderr } = await runInProcess(emulator, `rollback ${args}`.split(" "));
  assert.equal(code, 0, stderr);
  const registered = emulator.calls.slice(before).filter(({ operation }) => operation === "RegisterTaskDefinition");
  return { registered: registered.length, runs: runs(emulator), stderr };
}

/** 3 and 4 go by a tag that has moved; 5 is a copy of 3 by digest; then 4 once more. */
async function afterCopy(): Promise<Emulator> {
  const emulator = myservice({ movingTag: "latest" });
  const { registered } = await rollBack(emulator, "--revision 3");
  assert.deepEqual([registered, runs(emulator)], [1, "5"]);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
  emulator.advance(600_000);
  return emulator;
}

Deno.test("a rollback deploys the copy that an earlier one has registered, whatever says where to", async () => {
  for (const where of ["--revision 3", "--revision previous", "--revision stable --min-served 1m"]) {
    const found = await rollBack(await afterCopy(), where);
    assert.deepEqual([found.registered, found.runs], [0, "5"], `${where}\n${found.stderr}`);
  }
});

Deno.test("a copy that is deregistered, or is not what would be registered, is not deployed", async () => {
  const gone = await afterCopy();
  gone.deregisterTaskDefinition("myservice:5");
  const again = await rollBack(gone, "--revision 3");
  assert.deepEqual([again.registered, again.runs], [1, "6"]);
});

Deno.test("where the tags decide, no copy is deployed", async () => {
  const found = await rollBack(await afterCopy(), "--revision 3 --pin never");
  assert.deepEqual([found.registered, found.runs], [0, "3"]);
});
