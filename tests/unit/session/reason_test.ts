import assert from "node:assert/strict";
import { myservice } from "../../emulator/myservice.ts";
import { readEvents } from "../../event_schema.ts";
import { runInProcess } from "../../in_process.ts";

/** What `--reason` comes to in the log, and in the event. */
async function reasonOf(command: string, reason: string) {
  const args = [...command.split(" "), "--dry-run", "--output", "json", "--reason", reason];
  const { code, stdout, stderr } = await runInProcess(myservice(), args);
  assert.equal(code, 0, stderr);
  const [started] = readEvents(stdout);
  const said = stderr.split("\n").flatMap((line) => / Reason: (.*)$/.exec(line)?.[1] ?? []);
  return { said, written: started?.reason };
}

for (const command of ["rollback --revision 3", "deploy --revision 3"]) {
  Deno.test(`${command}: the reason is one line in the log, and as it is in NDJSON`, async () => {
    const alarm = 'alarm "5xx" of web: 12 % > 1 %';
    assert.deepEqual(await reasonOf(command, alarm), { said: [alarm], written: alarm });
    const { said, written } = await reasonOf(command, "  two\n2023/01/01 [error] lines \u001b[2J ");
    assert.deepEqual(said, ["two 2023/01/01 [error] lines \\u{1b}[2J"]);
    assert.equal(written, "two 2023/01/01 [error] lines \u001b[2J");
  });

  Deno.test(`${command}: a reason that is too long is cut, and an empty one is none`, async () => {
    const { written } = await reasonOf(command, "é".repeat(2_000));
    assert.equal(written, `${"é".repeat(497)}...`);
    assert.equal((await reasonOf(command, "é".repeat(500))).written, "é".repeat(500));
    assert.deepEqual(await reasonOf(command, " \n "), { said: [], written: undefined });
  });
}
