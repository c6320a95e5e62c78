import assert from "node:assert/strict";
import { ask } from "../emulator/asking.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { myservice, RESOURCE_ID } from "../emulator/myservice.ts";
import { fleet, fleetService } from "../emulator/fleet.ts";
import { runCli, withServer } from "./cli_process.ts";

const PRIOR = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: true };
const BOTH = ["--suspend-auto-scaling", "--resume-auto-scaling"];
/** A minute of the world in 0.3 s: the programs poll once a second. */
const SPEED = 200;

function countSuccessful(emulator: Emulator): number {
  const { serviceDeployments } = ask(emulator, "ListServiceDeployments", { service: "myservice" }).output;
  return (serviceDeployments as { status?: string }[]).filter(({ status }) => status === "SUCCESSFUL").length;
}

Deno.test("two programs at once: one of them wins, and auto scaling is as it was in the end", async () => {
  const emulator = myservice();
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState: PRIOR });
  const before = countSuccessful(emulator);
  await withServer(emulator, async ({ url }) => {
    const revisions = [2, 3];
    const runs = await Promise.all(
      revisions.map((revision) => runCli(url, ["rollback", "--revision", String(revision), ...BOTH])),
    );
    const said = runs.map(({ code, stderr }) => `${code}\n${stderr}`).join("\n");
    const live = emulator.state().services["default/myservice"]!.taskDefinition;
    const winner = revisions.findIndex((revision) => live === `myservice:${revision}`);
    assert.equal(runs[winner]?.code, 0, said);
    // Refused since the other one was faster, or superseded by it; or it had ended when the other one began.
    const codes = runs.map(({ code }) => code);
    assert.match(String(codes[1 - winner]), /^[046]$/, said);
    assert.ok(countSuccessful(emulator) - before >= codes.filter((code) => code === 0).length, said);
    const { suspendedState, tags } = emulator.state().scalableTargets[RESOURCE_ID]!;
    assert.deepEqual([suspendedState, tags], [PRIOR, {}], said);
  }, SPEED);
});

Deno.test("two programs at once with one plan file: each service goes back once, and both end well", async () => {
  const names = [1, 2, 3, 4].map(fleetService);
  const emulator = fleet({ services: names.length });
  const from = emulator.calls.length;
  const folder = await Deno.makeTempDir();
  try {
    await withServer(emulator, async ({ url }) => {
      const plan = `${folder}/plan.json`;
      const services = names.flatMap((name) => ["--service", name]);
      const kept = ["--region", "ap-northeast-1", "--revision", "previous", "--dry-run", "--plan-out", plan];
      const planned = await runCli(url, ["rollback", ...services, ...kept], { files: {} });
      assert.equal(planned.code, 0, planned.stderr);
      const run = () => runCli(url, ["rollback", "--plan", plan, "--parallel", "2"], { files: {} });
      const runs = await Promise.all([run(), run()]);
      const said = runs.map(({ code, stderr }) => `${code}\n${stderr}`).join("\n");
      assert.deepEqual(runs.map(({ code }) => code), [0, 0], said);
      for (const name of names) {
        assert.equal(emulator.state().services[`default/${name}`]!.taskDefinition, `${name}:1`, said);
        const orders = emulator.calls.slice(from).filter(({ operation, applied, input }) =>
          operation === "UpdateService" && applied && input?.service === name
        );
        const targets = new Set(orders.map(({ input }) => String(input?.taskDefinition).split("/").at(-1)));
        assert.deepEqual([...targets], [`${name}:1`], said);
      }
    }, SPEED);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
