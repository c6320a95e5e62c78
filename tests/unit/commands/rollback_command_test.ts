import assert from "node:assert/strict";
import { parseRevision } from "../../../src/commands/options.ts";
import { VERSION } from "../../../src/session/version.ts";
import { UsageError } from "../../../src/errors.ts";
import { runInProcess } from "../../in_process.ts";
import { myservice } from "../../emulator/myservice.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { isRead } from "../../emulator/operations.ts";

Deno.test("parseRevision() takes positive whole numbers that ECS could have given", () => {
  assert.equal(parseRevision("1"), 1);
  assert.equal(parseRevision("2147483647"), 2_147_483_647);
  for (const text of ["", "0", "-1", "1.5", "1e3", "03", " 3", "three", "2147483648", "99999999999999999999"]) {
    assert.throws(() => parseRevision(text), UsageError, text);
  }
});

Deno.test("global options work before and after the command", async () => {
  const files = { "other.yml": "region: ap-northeast-1\nservice: myservice\ntimeout: 1s\n" };
  for (
    const args of [
      "--config other.yml --timeout 5m rollback --revision 3 --dry-run",
      "rollback --revision 3 --dry-run --config other.yml --timeout 5m",
      "--timeout 5m rollback --config other.yml --revision 3 --dry-run",
    ]
  ) {
    const { code, stdout } = await runInProcess(myservice(), args.split(" "), { files });
    assert.equal(code, 0);
    assert.match(stdout, /for 5m at most/);
  }
});

Deno.test("a deployment that is completed before ECS stops it is rolled back by the same command again", async () => {
  const emulator = myservice({ afterLastMs: 21_000 });
  emulator.configure({ rollbackRequestedMs: 60_000 });
  const rollback = () => runInProcess(emulator, ["rollback", "--revision", "3"]);
  const first = await rollback();
  assert.equal(first.code, 6);
  assert.match(first.stderr, /completed before ECS stopped it: a rollback given now updates the service/);
  assert.equal((await rollback()).code, 0);
  assert.match(String(emulator.describeService("myservice").taskDefinition), /myservice:3$/);
});

Deno.test("a rollback without a preflight makes at most 7 calls before it writes, and 4 more to suspend scaling", async () => {
  for (const [scaling, atMost] of [[[], 7], [["--suspend-auto-scaling", "--resume-auto-scaling"], 11]] as const) {
    const emulator = myservice();
    await runInProcess(emulator, ["rollback", "--revision", "3", "--preflight", "off", ...scaling]);
    const reads = emulator.calls.findIndex(({ operation }) => !isRead(operation));
    assert.ok(reads > 0 && reads <= atMost, `${reads} calls before the first write`);
  }
});

Deno.test("--version is the version of deno.json", async () => {
  const { version } = JSON.parse(await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)));
  assert.equal(VERSION, version);
  const { code, stdout } = await runInProcess(myservice(), ["--version"]);
  assert.deepEqual([code, stdout], [0, `ecspresso ${version}\n`]);
});

Deno.test("--reregister follows the copy also where ECS deploys blue/green", async () => {
  const emulator = createScenario("blue_green");
  emulator.deregisterTaskDefinition("myservice:3");
  const { code, stderr } = await runInProcess(emulator, ["rollback", "--revision", "3", "--reregister"]);
  assert.equal(code, 0, stderr);
  assert.equal(emulator.state().services["default/myservice"]!.taskDefinition, "myservice:5");
});

Deno.test("--reregister given again goes on with the copy that is there: once registered, once ordered", async () => {
  const again = ["rollback", "--revision", "2", "--reregister"];
  const writes = ({ calls }: Emulator) => calls.map(({ operation }) => operation).filter((name) => !isRead(name));
  const emulator = myservice();
  emulator.deregisterTaskDefinition("myservice:2");
  emulator.deregisterTaskDefinition("myservice:1");

  assert.equal((await runInProcess(emulator, [...again, "--no-wait"])).code, 0);
  const underWay = await runInProcess(emulator, again);
  assert.equal(underWay.code, 0, underWay.stderr);
  assert.match(underWay.stderr, /myservice:5, which the service runs, is a copy of myservice:2$/m);
  const there = await runInProcess(emulator, again);
  assert.match(there.stderr, /Already at task definition myservice:5 and stable\. Nothing to do\.$/m);
  assert.equal((await runInProcess(emulator, ["rollback", "--revision", "2"])).code, 0, "no copy is needed any more");
  assert.deepEqual(writes(emulator), ["RegisterTaskDefinition", "UpdateService"]);

  const ofAnother = await runInProcess(emulator, ["rollback", "--revision", "1", "--reregister", "--dry-run"]);
  assert.match(ofAnother.stdout, /register a copy of .*myservice:1 under/);
});
