import assert from "node:assert/strict";
import { ask } from "../../emulator/asking.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess } from "../../in_process.ts";

/** `deploy` of files that name tags which are pushed again, against the emulator. */

const FOLDER = new URL("../../corpus/32_mutable_tag/", import.meta.url);
const NAMES = ["ecspresso.yml", "ecs-service-def.json", "ecs-task-def.json"];
const FILES = Object.fromEntries(NAMES.map((name) => [name, Deno.readTextFileSync(new URL(name, FOLDER))]));
const REPOSITORY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/myservice";
const LATEST = `${REPOSITORY}:latest`;
const SIDECAR = `${REPOSITORY}-proxy:stable`;

type Files = Readonly<Record<string, string>>;

/** The files with other containers. */
function withContainers(...containers: JsonObject[]): Files {
  const { containerDefinitions: [app], ...others } = JSON.parse(FILES["ecs-task-def.json"]!);
  const containerDefinitions = containers.map((container) => ({ ...app, ...container }));
  return { ...FILES, "ecs-task-def.json": JSON.stringify({ ...others, containerDefinitions }) };
}

const TWO = withContainers({}, { name: "proxy", image: SIDECAR, portMappings: [] });

/** A service that these files have been deployed to. */
async function deployed(files: Files = FILES): Promise<Emulator> {
  const emulator = new Emulator();
  for (const role of ["ecsTaskExecutionRole", "myservice-task"]) {
    emulator.setRole(`arn:aws:iam::123456789012:role/${role}`);
  }
  for (const name of ["database_url", "api_key"]) emulator.setSecret(`myservice/${name}`);
  for (const image of [LATEST, SIDECAR]) emulator.setImage(image);
  assert.equal((await run(emulator, "deploy", files)).code, 0);
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

async function run(emulator: Emulator, args: string, files: Files = FILES) {
  const before = emulator.calls.length;
  const ran = await runInProcess(emulator, args.split(" "), { files });
  const operations = emulator.calls.slice(before).map(({ operation }) => operation);
  return { ...ran, operations, writes: operations.filter((name) => !isRead(name)) };
}

/** The digests that the service's tasks run, sorted. */
function runningDigests(emulator: Emulator): string[] {
  const { taskArns: tasks } = ask(emulator, "ListTasks", { serviceName: "myservice" }).output;
  const { tasks: described } = ask(emulator, "DescribeTasks", { tasks }).output;
  const containers = (described as { containers: { imageDigest: string }[] }[]).flatMap((task) => task.containers);
  return [...new Set(containers.map(({ imageDigest }) => imageDigest))].sort();
}

function forced(stderr: string): boolean {
  return /\[warn\] .*\. This forces a new deployment/.test(stderr);
}

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

Deno.test("deploy given again while it is under way starts no second deployment, from its first moment to its last", async () => {
  const emulator = await deployed();
  emulator.setImage(LATEST);
  assert.deepEqual((await run(emulator, "deploy --no-wait")).writes, ["UpdateService"]);
  for (let second = 0; second < 90; second += 3) {
    assert.deepEqual((await run(emulator, "deploy --no-wait")).writes, [], `after ${second} s`);
    emulator.advance(3_000);
  }
});

Deno.test("deploy replaces what is under way where the tag has moved once more since", async () => {
  const emulator = await deployed();
  emulator.setImage(LATEST);
  await run(emulator, "deploy --no-wait");
  emulator.advance(10_000);
  const pushed = emulator.setImage(LATEST);
  const { code, writes, stderr } = await run(emulator, "deploy");
  assert.deepEqual([code, writes, forced(stderr)], [0, ["UpdateService"], true], stderr);
  assert.match(stderr, /this replaces deployment .*, which is under way/);
  assert.deepEqual(runningDigests(emulator), [pushed]);
});

Deno.test("deploy does not pull a tag that is gone from the registry", async () => {
  const emulator = await deployed();
  emulator.setImage(LATEST, false);
  const { code, writes, stdout } = await run(emulator, "deploy --dry-run");
  assert.deepEqual([code, writes], [0, []]);
  assert.match(stdout, /the tag is gone today/);
  assert.deepEqual((await run(emulator, "deploy")).writes, []);
});

/** ECS is asked to go back from the deployment under way. */
function stopDeployment(emulator: Emulator): void {
  const { currentServiceDeployment } = emulator.describeService("myservice");
  const order = { serviceDeploymentArn: String(currentServiceDeployment), stopType: "ROLLBACK" };
  assert.equal(ask(emulator, "StopServiceDeployment", order).type, undefined);
}

Deno.test("deploy follows ECS where it goes back from a push, and starts no second deployment over it", async () => {
  const emulator = await deployed();
  emulator.setImage(LATEST);
  await run(emulator, "deploy --no-wait");
  emulator.advance(5_000);
  stopDeployment(emulator);
  emulator.advance(1_000);
  const { code, writes, stderr } = await run(emulator, "deploy");
  assert.deepEqual([code, writes, forced(stderr)], [0, [], false], stderr);
  assert.match(stderr, /ECS is rolling back, .* NOT started; deploy again afterwards/);
  assert.doesNotMatch(stderr, /just been rolled back/);
});

Deno.test("deploy warns of a push that ECS has gone back from, unless the tag has been pushed again since", async () => {
  const emulator = await deployed();
  const [first] = runningDigests(emulator);
  emulator.setImage(LATEST);
  await run(emulator, "deploy --no-wait");
  emulator.advance(5_000);
  stopDeployment(emulator);
  emulator.advance(UNTIL_STEADY_MS);
  assert.deepEqual(runningDigests(emulator), [first]);
  const bad = await run(emulator, "deploy --dry-run");
  assert.match(bad.stdout, /just rolled back from myservice:1, and this deploys it again/);
  assert.match(bad.stdout, /This forces a new deployment/);
  emulator.setImage(LATEST);
  const mended = await run(emulator, "deploy --dry-run");
  assert.doesNotMatch(mended.stdout, /rolled back/);
  assert.match(mended.stdout, /This forces a new deployment/);
});

/** The first image of a tag runs by its digest, after a rollback from the second. */
async function pinnedByRollback(): Promise<{ emulator: Emulator; second: string }> {
  const emulator = await deployed();
  const second = emulator.setImage(LATEST);
  assert.equal((await run(emulator, "deploy")).code, 0);
  emulator.advance(UNTIL_STEADY_MS);
  const back = await run(emulator, "rollback --revision previous");
  assert.deepEqual([back.code, back.writes], [0, ["RegisterTaskDefinition", "UpdateService"]], back.stderr);
  emulator.advance(UNTIL_STEADY_MS);
  return { emulator, second };
}

Deno.test("deploy of the unchanged file warns where a rollback has pinned its image, with both digests", async () => {
  for (const args of ["", " --revision 1"]) {
    const { emulator, second } = await pinnedByRollback();
    const [first] = runningDigests(emulator);
    const both = `app: myservice:latest runs ${first!.slice(0, 19)}, the tag is ${second.slice(0, 19)} today`;
    const dry = await run(emulator, `deploy --dry-run${args}`);
    assert.ok(dry.stdout.includes(both), dry.stdout);
    assert.match(dry.stdout, /app: a rollback pinned .* \(myservice:2\)\. This deploy goes by the tag again/);
    const { stderr } = await run(emulator, `deploy --no-wait${args}`);
    assert.match(stderr, /\[warn\] .* goes by the tag again/);
    assert.ok(stderr.includes(both), stderr);
  }
});

Deno.test("deploy warns of no pinned image where the file has another tag, or the tag names that image again", async () => {
  const { emulator } = await pinnedByRollback();
  const [first] = runningDigests(emulator);
  const other = await run(emulator, "deploy --dry-run", withContainers({ image: `${REPOSITORY}:v2` }));
  assert.doesNotMatch(other.stdout, /goes by the tag again/);
  emulator.setImage(`${LATEST}@${first}`);
  const moved = await run(emulator, "deploy --dry-run");
  assert.doesNotMatch(moved.stdout, /goes by the tag again/);
});
