import assert from "node:assert/strict";
import { accessDenied } from "../../emulator/faults.ts";
import { UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { deployed, forced, LATEST, run, runningDigests, SIDECAR, withContainers } from "./mutable_tag_deploys.ts";

const TWO = withContainers({}, { name: "proxy", image: SIDECAR, portMappings: [] });

Deno.test("deploy of the same file forces a deployment where its tag has been pushed again, and then no other", async () => {
  const emulator = await deployed();
  const pushed = emulator.setImage(LATEST);
  const dry = await run(emulator, "deploy --dry-run");
  assert.deepEqual([dry.code, dry.writes], [0, []]);
  assert.match(dry.stdout, /app: myservice:latest runs sha256:\w{12}, the tag is sha256:\w{12} today/);
  const { code, writes, stderr } = await run(emulator, "deploy");
  assert.deepEqual([code, writes], [0, ["UpdateService"]], stderr);
  assert.ok(forced(stderr), stderr);
  assert.deepEqual(runningDigests(emulator), [pushed]);
  const again = await run(emulator, "deploy");
  assert.deepEqual([again.code, again.writes], [0, []], again.stderr);
});

Deno.test("deploy forces a deployment where the tag of a sidecar alone has moved", async () => {
  const emulator = await deployed(TWO);
  const pushed = emulator.setImage(SIDECAR);
  const { code, writes, stderr } = await run(emulator, "deploy", TWO);
  assert.deepEqual([code, writes, forced(stderr)], [0, ["UpdateService"], true], stderr);
  assert.match(stderr, / proxy: its tag now names another image/);
  assert.ok(runningDigests(emulator).includes(pushed));
  assert.deepEqual((await run(emulator, "deploy", TWO)).writes, []);
});

Deno.test("deploy asks Amazon ECR once an image, and nothing where something else is shipped", async () => {
  const same = withContainers({}, { name: "second", portMappings: [] });
  const emulator = await deployed(same);
  const unchanged = await run(emulator, "deploy", same);
  assert.deepEqual(unchanged.operations.filter((name) => name === "DescribeImages").length, 1);
  emulator.setImage(LATEST);
  const changed = await run(emulator, "deploy", withContainers({ cpu: 64 }));
  assert.deepEqual([changed.code, changed.operations.includes("DescribeImages"), forced(changed.stderr)], [
    0,
    false,
    false,
  ]);
});

Deno.test("deploy of an image elsewhere than in Amazon ECR asks nobody, and does nothing", async () => {
  const elsewhere = withContainers({ image: "public.ecr.aws/docker/library/nginx:latest" });
  const emulator = await deployed(elsewhere);
  const { code, operations, writes, stderr } = await run(emulator, "deploy --debug", elsewhere);
  assert.deepEqual([code, operations.includes("DescribeImages"), writes], [0, false, []]);
  assert.match(stderr, /\[debug\] .*nginx:latest is not in Amazon ECR/);
  assert.doesNotMatch((await run(emulator, "deploy", elsewhere)).stderr, /\[warn\]/);
});

Deno.test("deploy warns once, and does nothing, where Amazon ECR may not be asked", async () => {
  const emulator = await deployed(TWO);
  emulator.setImage(LATEST);
  emulator.inject({ operation: "DescribeImages", times: Infinity, effect: accessDenied() });
  const { code, writes, stderr } = await run(emulator, "deploy", TWO);
  assert.deepEqual([code, writes, stderr.match(/\[warn\]/g)?.length], [0, [], 1], stderr);
});

Deno.test("deploy goes by what the tasks run where ECS's record may not be read, or has nothing of the deployment", async () => {
  const emulator = await deployed();
  const records = ["ListServiceDeployments", "DescribeServiceRevisions"];
  emulator.inject({ operation: records, times: Infinity, effect: accessDenied() });
  assert.deepEqual((await run(emulator, "deploy")).writes, []);
  emulator.setImage(LATEST);
  const { code, writes, stderr } = await run(emulator, "deploy");
  assert.deepEqual([code, writes, forced(stderr)], [0, ["UpdateService"], true], stderr);
  assert.deepEqual((await run(emulator, "deploy")).writes, []);
});

Deno.test("deploy does nothing where neither ECS's record nor the tasks may be read", async () => {
  const emulator = await deployed();
  emulator.setImage(LATEST);
  const reads = ["ListServiceDeployments", "DescribeServiceRevisions", "ListTasks"];
  emulator.inject({ operation: reads, times: Infinity, effect: accessDenied() });
  const { code, writes, stderr } = await run(emulator, "deploy");
  assert.deepEqual([code, writes, stderr.match(/\[warn\]/g)?.length], [0, [], 1], stderr);
});

Deno.test("deploy looks at each task of a container without version consistency, for these may differ", async () => {
  const loose = withContainers({ versionConsistency: "disabled" });
  const emulator = await deployed(loose);
  assert.deepEqual((await run(emulator, "deploy", loose)).writes, []);
  const pushed = emulator.setImage(LATEST);
  emulator.updateService({ service: "myservice", desiredCount: 3 });
  emulator.advance(UNTIL_STEADY_MS);
  assert.equal(runningDigests(emulator).length, 2);
  const dry = await run(emulator, "deploy --dry-run --tasks=-1", loose);
  assert.match(dry.stdout, /runs sha256:\w{12} in some tasks \(versionConsistency is disabled\)/);
  const { code, writes, stderr } = await run(emulator, "deploy --tasks=-1", loose);
  assert.deepEqual([code, writes, forced(stderr)], [0, ["UpdateService"], true], stderr);
  assert.deepEqual(runningDigests(emulator), [pushed]);
  assert.deepEqual((await run(emulator, "deploy --tasks=-1", loose)).writes, []);
});

Deno.test("deploy of a revision that runs already, or of the newest one, forces a deployment where its tag has moved", async () => {
  for (const args of ["--revision 1", "--latest-task-definition"]) {
    const emulator = await deployed();
    const pushed = emulator.setImage(LATEST);
    const { code, writes, stderr } = await run(emulator, `deploy ${args}`);
    assert.deepEqual([code, writes, forced(stderr)], [0, ["UpdateService"], true], stderr);
    assert.deepEqual(runningDigests(emulator), [pushed]);
    assert.deepEqual((await run(emulator, `deploy ${args}`)).writes, []);
  }
});

Deno.test("deploy --skip-task-definition leaves the image that runs, as it leaves the task definition", async () => {
  const emulator = await deployed();
  emulator.setImage(LATEST);
  const { code, operations, writes } = await run(emulator, "deploy --skip-task-definition");
  assert.deepEqual([code, operations.includes("DescribeImages"), writes], [0, false, []]);
});

Deno.test("deploy changes what else differs in the same update, and says no reason where it was asked to force", async () => {
  const emulator = await deployed();
  emulator.setImage(LATEST);
  const both = await run(emulator, "deploy --tasks 3");
  assert.deepEqual([both.code, both.writes, forced(both.stderr)], [0, ["UpdateService"], true]);
  emulator.setImage(LATEST);
  const asked = await run(emulator, "deploy --force-new-deployment --tasks=-1");
  assert.deepEqual([asked.code, asked.writes, forced(asked.stderr)], [0, ["UpdateService"], false]);
  assert.match(asked.stderr, /app: myservice:latest runs sha256:\w{12}, the tag is sha256:\w{12} today/);
});
