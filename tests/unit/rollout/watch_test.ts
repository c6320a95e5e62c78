import assert from "node:assert/strict";
import { AwsError } from "../../../src/errors.ts";
import { followDeployment, type Poll, watch } from "../../../src/rollout/watch.ts";
import { followPrimary } from "../../../src/rollout/judge/assess.ts";
import { deployment, REF, service } from "../made_up.ts";
import type { RunContext } from "../../../src/rollout/run_context.ts";
import { awsError, contextOf, scriptedPorts } from "./scripted_ports.ts";

/** What each poll comes to, up to the end of the deployment. */
async function* watchToTheEnd(poll: Poll, context: RunContext) {
  for await (const observation of watch(poll, context)) {
    yield observation === "missing" ? "missing" : observation instanceof AwsError ? "trouble" : "seen";
    if (observation === "missing" || observation instanceof AwsError) continue;
    if (observation.phase.kind !== "progressing") return;
  }
}

const RUNNING = service({ deployments: [deployment({ rolloutState: "IN_PROGRESS" })] });
const BUSY = awsError("throttled");

/** How long each pause was before these reads, and before the one that shows the end. */
async function pausesBefore(...reads: (typeof RUNNING | typeof BUSY)[]): Promise<number[]> {
  const callsAtMs: number[] = [];
  const { ports } = scriptedPorts({
    reads: [...reads, service()],
    onCall: (_call, clock) => callsAtMs.push(clock.now()),
  });
  const poll = followDeployment(REF, followPrimary(RUNNING)!, "stable", ports.ecs);
  const kinds = await Array.fromAsync(watchToTheEnd(poll, contextOf(ports)));
  assert.deepEqual(kinds, [...reads.map((read) => read === BUSY ? "trouble" : "seen"), "seen"]);
  return callsAtMs.map((atMs, index) => atMs - (callsAtMs[index - 1] ?? 0));
}

Deno.test("watch() asks fast after a change, ever more slowly without one, never slower than 5 s", async () => {
  const moved = service({ deployments: [deployment({ rolloutState: "IN_PROGRESS", pendingCount: 1 })] });
  const still = Array(6).fill(RUNNING);
  const pauses = [1_000, 1_000, 1_500, 2_250, 3_375, 5_000, 5_000];
  assert.deepEqual(await pausesBefore(...still, moved), [...pauses, 1_000]);
});

Deno.test("watch() backs off while AWS is in trouble, up to 20 s", async () => {
  assert.deepEqual(await pausesBefore(RUNNING, RUNNING, RUNNING, BUSY, BUSY), [
    1_000,
    1_000,
    1_500,
    2_250,
    4_500,
    9_000,
  ]);
  const busy = Array(6).fill(BUSY);
  assert.deepEqual(await pausesBefore(...busy), [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
});

Deno.test("watch() believes a refusal that comes twice with no proper answer in between", async () => {
  const running = service({ deployments: [deployment({ rolloutState: "IN_PROGRESS" })] });
  const [denied, expired, busy] = [awsError("denied"), awsError("credentials"), awsError("throttled")];
  const cases = [
    [[denied, running, awsError("rejected"), service()], ["trouble", "seen", "trouble", "seen"], false],
    [[denied, undefined, denied, service()], ["trouble", "trouble", "seen"], false],
    [[running, denied, denied], ["seen", "trouble"], true],
    [[expired, busy, busy, expired], ["trouble", "trouble", "trouble"], true],
  ] as const;
  for (const [reads, expected, isThrown] of cases) {
    const { ports, clock } = scriptedPorts({ reads });
    const poll = followDeployment(REF, followPrimary(running)!, "stable", ports.ecs);
    const kinds: string[] = [];
    let thrown: unknown;
    try {
      for await (const kind of watchToTheEnd(poll, contextOf(ports, { deadline: clock.deadline(300_000) }))) {
        kinds.push(kind);
      }
    } catch (error) {
      thrown = error;
    }
    assert.deepEqual([kinds, thrown !== undefined], [expected, isThrown]);
  }
});

Deno.test("watch() spreads its reads by a tenth in either direction", async () => {
  for (const [random, expected] of [[0, 900], [1, 1_100]] as const) {
    const { ports, clock } = scriptedPorts({ reads: [service()] });
    const poll = followDeployment(REF, followPrimary(service())!, "stable", ports.ecs);
    const context = contextOf({ ...ports, random: () => random });
    for await (const _ of watchToTheEnd(poll, context));
    assert.equal(clock.now(), expected);
  }
});

Deno.test("watch() never pauses for more than 5 s while AWS answers", async () => {
  const running = service({ deployments: [deployment({ rolloutState: "IN_PROGRESS" })] });
  const callsAtMs: number[] = [];
  const { ports } = scriptedPorts({
    reads: [...Array(8).fill(running), service()],
    onCall: (_call, clock) => callsAtMs.push(clock.now()),
  });
  const poll = followDeployment(REF, followPrimary(running)!, "stable", ports.ecs);
  for await (const _ of watchToTheEnd(poll, contextOf({ ...ports, random: () => 1 })));
  const pauses = callsAtMs.map((atMs, index) => atMs - (callsAtMs[index - 1] ?? 0));
  assert.equal(Math.max(...pauses), 5_000);
});

Deno.test("watch() ends without a word when its signal is aborted", async () => {
  const running = service({ deployments: [deployment({ rolloutState: "IN_PROGRESS" })] });
  const { ports, clock } = scriptedPorts({ reads: [running] });
  const poll = followDeployment(REF, followPrimary(running)!, "stable", ports.ecs);
  const context = contextOf(ports, { deadline: clock.deadline(3_000) });
  let reads = 0;
  for await (const _ of watchToTheEnd(poll, context)) reads++;
  assert.equal(reads, 2);
  assert.equal(clock.now(), 3_000);
});

Deno.test("watch() believes that a service is gone after three reads, and takes its time for one that was never seen", async () => {
  const running = service({ deployments: [deployment({ rolloutState: "IN_PROGRESS" })] });
  const deleted = service({ status: "INACTIVE", deployments: [] });
  const cases = [
    [[running, undefined, undefined, service()], ["seen", "seen"]],
    [[running, undefined, undefined, undefined], ["seen", "missing"]],
    [[undefined, undefined, undefined, undefined, service()], ["seen"]],
    [[undefined], ["missing"]],
    // One of the same name that was deleted before, shown by reads that lag behind the creation.
    [[deleted, deleted, running, deleted, service()], ["seen", "seen"]],
  ] as const;
  for (const [reads, expected] of cases) {
    const { ports, clock } = scriptedPorts({ reads });
    const poll = followDeployment(REF, followPrimary(running)!, "stable", ports.ecs);
    const kinds: string[] = [];
    for await (const kind of watchToTheEnd(poll, contextOf(ports, { deadline: clock.deadline(60_000) }))) {
      kinds.push(kind);
    }
    assert.deepEqual(kinds, expected);
    assert.ok(clock.now() < 60_000);
  }
});
