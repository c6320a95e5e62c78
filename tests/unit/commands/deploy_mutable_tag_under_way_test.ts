import assert from "node:assert/strict";
import { ask } from "../../emulator/asking.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { deployed, forced, LATEST, REPOSITORY, run, runningDigests, withContainers } from "./mutable_tag_deploys.ts";

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
