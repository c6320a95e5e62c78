import assert from "node:assert/strict";
import { delay } from "../emulator/faults.ts";
import { DEPLOY_ROLE, myservice } from "../emulator/myservice.ts";
import { type EmulatorServer, startEmulatorServer } from "../emulator/server.ts";
import { NOWHERE } from "./nowhere.ts";
import { runCli, withServer } from "./cli_process.ts";

const ROLE = ["--assume-role-arn", DEPLOY_ROLE];

Deno.test("AWS STS is asked where AWS_ENDPOINT_URL_STS says, and the others in the role that it gives", async () => {
  const elsewhere = myservice();
  const sts: EmulatorServer = await startEmulatorServer(elsewhere);
  try {
    await withServer(myservice(), async ({ url, emulator }) => {
      const { code, stderr } = await runCli(url, [...ROLE, "status"], { env: { AWS_ENDPOINT_URL_STS: sts.url } });
      assert.equal(code, 0, stderr);
      const made = ({ operation, signedBy }: { operation: string; signedBy?: string }) => `${operation} ${signedBy}`;
      assert.deepEqual(elsewhere.calls.map(made), ["AssumeRole AKIDEXAMPLE"]);
      assert.ok(emulator.calls.length > 0);
      assert.ok(emulator.calls.every(({ signedBy }) => signedBy?.startsWith("ASIA")), emulator.calls.map(made).join());
    });
  } finally {
    await sts.close();
  }
});

Deno.test("an STS that cannot be reached is known at once", async () => {
  await withServer(myservice(), async ({ url, emulator }) => {
    const env = { AWS_ENDPOINT_URL_STS: NOWHERE };
    const { code, stderr, tookMs } = await runCli(url, [...ROLE, "rollback", "--revision", "3"], { env });
    assert.equal(code, 5, stderr);
    assert.match(stderr, /AssumeRole of arn:\S+ failed: NotConnected: \S+127\.0\.0\.1\S+ .*\n.*AWS_ENDPOINT_URL_STS/);
    assert.equal(emulator.calls.length, 0);
    assert.ok(tookMs < 10_000);
  });
});

Deno.test("Ctrl-C while STS does not answer ends the run, which has changed nothing", async () => {
  const emulator = myservice();
  emulator.inject({ operation: "AssumeRole", times: Infinity, effect: delay(6_000) });
  const before = emulator.state();
  await withServer(emulator, async ({ url }) => {
    const { code, stderr } = await runCli(url, [...ROLE, "rollback", "--revision", "3"], {}, (child) => {
      const watch = setInterval(() => {
        if (emulator.calls.length === 0) return;
        clearInterval(watch);
        child.kill("SIGINT");
      }, 20);
      child.status.then(() => clearInterval(watch));
    });
    assert.equal(code, 130, stderr);
    assert.match(stderr, /Interrupted: nothing has been changed\n/);
    // It would have been sent again by the time that it is answered.
    assert.deepEqual(emulator.calls.map(({ operation }) => operation), ["AssumeRole"]);
    assert.deepEqual(emulator.state().services["default/myservice"], before.services["default/myservice"]);
  });
});
