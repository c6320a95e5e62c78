import assert from "node:assert/strict";
import { run } from "../../../src/app/run.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { myservice, RESOURCE_ID } from "../../emulator/myservice.ts";
import { emulatorHandler, runInProcess } from "../../in_process.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

/** The command that a run prints for auto scaling which stays suspended restores it, with the options as they were typed. */

const NAMED = "--service myservice --cluster default --region ap-northeast-1";
const LINE = `rollback ${NAMED} --revision 3 --suspend-auto-scaling --resume-auto-scaling`;
const RESUME = `ecspresso scale ${NAMED} --resume-auto-scaling`;

/** Of which somebody has suspended scaling in, for a reason. */
function partlySuspended(): Emulator {
  const emulator = myservice();
  const SuspendedState = { DynamicScalingInSuspended: true };
  emulator.call("AnyScaleFrontendService.RegisterScalableTarget", {
    ...{
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId: RESOURCE_ID,
      SuspendedState,
    },
  });
  return emulator;
}

function scalingOf(emulator: Emulator) {
  const { suspendedState, tags } = emulator.state().scalableTargets[RESOURCE_ID]!;
  return { suspendedState, tags };
}

async function resumes(emulator: Emulator, stderr: string, before: unknown): Promise<void> {
  assert.ok(stderr.includes(`: ${RESUME}\n`), stderr);
  assert.notDeepEqual(scalingOf(emulator), before);
  emulator.clearFaults();
  const args = RESUME.split(" ").slice(1);
  const { code, stderr: said } = await runInProcess(emulator, args, { files: {} });
  assert.equal(code, 0, said);
  assert.deepEqual(scalingOf(emulator), before);
}

for (const operation of ["RegisterScalableTarget", "UntagResource"]) {
  Deno.test(`what is left to do where ${operation} is denied is done by the program itself`, async () => {
    const emulator = partlySuspended();
    const before = scalingOf(emulator);
    const nth = operation === "RegisterScalableTarget" ? 2 : 1;
    emulator.inject({ operation, nth, effect: accessDenied("application-autoscaling"), times: Infinity });
    const { code, stderr } = await runInProcess(emulator, LINE.split(" "), { files: {} });
    assert.equal(code, 8, stderr);
    await resumes(emulator, stderr, before);
  });
}

for (
  const [operation, nth] of [["RegisterScalableTarget", 1], ["UpdateService", 1], ["DescribeServices", 4]] as const
) {
  Deno.test(`what a second Ctrl-C leaves at the ${operation} of number ${nth} is restored by the program itself`, async () => {
    const emulator = partlySuspended();
    const before = scalingOf(emulator);
    emulator.calls.length = 0;
    const shown: string[] = [];
    // The program ends there: nothing of it is sent any more.
    const made = madeUpHost({
      args: LINE.split(" "),
      files: {},
      clock: new VirtualClock(emulator.now(), (ms) => emulator.advance(ms)),
      exit: () => void shown.push(made.written.stderr),
    });
    let hasEnded = false;
    const handler = emulatorHandler(emulator, () => {
      const calls = emulator.calls.filter((call) => call.operation === operation);
      if (hasEnded || emulator.calls.at(-1)?.operation !== operation || calls.length !== nth) return;
      hasEnded = true;
      made.send("SIGINT");
      made.send("SIGINT");
      const left = structuredClone(scalingOf(emulator));
      assert.notDeepEqual(left, before);
      emulator.inject({
        operation: "RegisterScalableTarget",
        effect: accessDenied("application-autoscaling"),
        times: Infinity,
      });
      emulator.inject({ operation: "UntagResource", effect: accessDenied("application-autoscaling"), times: Infinity });
    });
    await run(made.host, handler);
    await resumes(emulator, shown[0]!, before);
  });
}
