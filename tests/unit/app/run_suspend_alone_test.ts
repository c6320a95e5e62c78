import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";

const NOTHING_TO_DO = ["deploy", "rollback --revision 4", "deploy --no-wait", "rollback --revision 4 --no-wait"];

function findTarget(emulator: Emulator) {
  const scaling = "AnyScaleFrontendService";
  const found = emulator.call(`${scaling}.DescribeScalableTargets`, { ServiceNamespace: "ecs" });
  const [target] = found.ScalableTargets as { ScalableTargetARN: string; SuspendedState: Record<string, boolean> }[];
  const { Tags } = emulator.call(`${scaling}.ListTagsForResource`, { ResourceARN: target!.ScalableTargetARN });
  return { suspended: Object.values(target!.SuspendedState), tags: Object.keys(Tags as object) };
}

const run = (emulator: Emulator, line: string) => runInProcess(emulator, line.split(" "), { files: DEFINITION_FILES });

for (const line of NOTHING_TO_DO) {
  Deno.test(`"${line}" suspends and resumes auto scaling, although no deployment is needed`, async () => {
    const emulator = myservice();
    const before = emulator.state();
    const dry = await run(emulator, `${line} --suspend-auto-scaling --dry-run`);
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, /^ {2}1\. suspend auto scaling of service\/default\/myservice/m);
    assert.deepEqual(emulator.state(), before);

    const suspending = await run(emulator, `${line} --suspend-auto-scaling`);
    assert.equal(suspending.code, 0, suspending.stderr);
    const said = /No deployment is needed\.\n.*stays suspended; to resume it: ecspresso (.*)\n/.exec(suspending.stderr);
    assert.equal(said?.[1], "scale --resume-auto-scaling", suspending.stderr);
    assert.deepEqual(findTarget(emulator), {
      suspended: [true, true, true],
      tags: ["ecspresso:auto-scaling-suspended"],
    });

    const resuming = await run(emulator, line.startsWith("deploy") ? said[1] : `${line} --resume-auto-scaling`);
    assert.equal(resuming.code, 0, resuming.stderr);
    assert.deepEqual(findTarget(emulator), { suspended: [false, false, false], tags: [] });
    assert.equal(emulator.calls.filter(({ operation }) => operation === "UpdateService").length, 0);
  });
}
