import assert from "node:assert/strict";
import { changedFiles } from "../../definition_files.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { count, deploy, faulty } from "./deploys.ts";

Deno.test("deploy warns of a desiredCount that is less than what auto scaling has set, and asks only then", async () => {
  const files = (desiredCount: number) => ({
    files: changedFiles("ecs-service-def.json", "{", `{ "desiredCount": ${desiredCount},`),
  });
  const warning = /this stops 4 tasks: auto scaling \(1 to 10\) runs 6 now, .* is 2\. To keep 6/;
  const run = async (args: string[], desiredCount: number) => {
    const emulator = myservice();
    emulator.updateService({ service: "myservice", desiredCount: 6 });
    emulator.advance(60_000);
    const { code, stdout, stderr } = await deploy(emulator, args, files(desiredCount));
    assert.equal(code, 0, stderr);
    return { said: stdout + stderr, asked: count(emulator, "DescribeScalableTargets"), emulator };
  };
  for (const args of [[], ["--dry-run"], ["--dry-run", "--output", "json"]]) {
    const { said, asked } = await run(args, 2);
    assert.match(said, warning);
    assert.equal(asked, 1);
  }
  for (const [args, desiredCount] of [[[], 7], [["--tasks=-1"], 2], [["--tasks=2"], 2]] as const) {
    const { said, asked } = await run([...args], desiredCount);
    assert.doesNotMatch(said, /auto scaling/);
    assert.equal(asked, 0);
  }
  const { emulator } = await run(["--tasks=-1"], 2);
  assert.equal(emulator.state().services["default/myservice"]!.desiredCount, 6);
});

Deno.test("deploy goes on where it may not ask what auto scaling has set, and says so", async () => {
  const emulator = faulty("DescribeScalableTargets", accessDenied("application-autoscaling"));
  const files = changedFiles("ecs-service-def.json", "{", '{ "desiredCount": 1,');
  const { code, stderr } = await deploy(emulator, [], { files });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /whether auto scaling has set the number of tasks is not known/);
});
