import assert from "node:assert/strict";
import { myservice, RESOURCE_ID } from "../emulator/myservice.ts";
import { runCli, withServer } from "./cli_process.ts";

const PRIOR = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: true };
const BOTH = ["--suspend-auto-scaling", "--resume-auto-scaling"];
/** A minute of the world in 0.3 s: the programs poll once a second. */
const SPEED = 200;

Deno.test("two programs at once: one of them wins, and auto scaling is as it was in the end", async () => {
  const emulator = myservice();
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState: PRIOR });
  await withServer(emulator, async ({ url }) => {
    const revisions = [2, 3];
    const runs = await Promise.all(
      revisions.map((revision) => runCli(url, ["rollback", "--revision", String(revision), ...BOTH])),
    );
    const said = runs.map(({ code, stderr }) => `${code}\n${stderr}`).join("\n");
    const live = emulator.state().services["default/myservice"]!.taskDefinition;
    const winner = revisions.findIndex((revision) => live === `myservice:${revision}`);
    assert.equal(runs[winner]?.code, 0, said);
    // Refused since the other one was faster, or superseded by it.
    assert.match(String(runs[1 - winner]?.code), /^[46]$/, said);
    const { suspendedState, tags } = emulator.state().scalableTargets[RESOURCE_ID]!;
    assert.deepEqual([suspendedState, tags], [PRIOR, {}], said);
  }, SPEED);
});
