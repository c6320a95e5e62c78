import assert from "node:assert/strict";
import { failsToStart } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actBefore, stale, throttle } from "../../emulator/faults.ts";
import { fleet, fleetService } from "../../emulator/fleet.ts";
import { imageWithTag, myservice, SERVICE, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess } from "../../in_process.ts";
import { deployed, forgetful, HOUR_MS } from "./pasts.ts";

/** `rollback --if-deployed-within`: a young release is left once; what is old, or a way back itself, is left alone. */

const MINUTE_MS = 60_000;
const BREAKER = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };

interface Ran {
  readonly code: number;
  readonly revision: number;
  /** The operations that change something. */
  readonly changes: readonly string[];
  readonly last: string;
}

async function rollBack(emulator: Emulator, ...args: string[]): Promise<Ran> {
  const before = emulator.calls.length;
  const target = args.length > 0 ? args : ["--revision", "stable"];
  const { code, stderr } = await runInProcess(emulator, ["rollback", ...target, "--if-deployed-within", "60m"]);
  const { taskDefinition } = emulator.describeService(SERVICE);
  const changes = emulator.calls.slice(before).map(({ operation }) => operation).filter((name) => !isRead(name));
  const last = stderr.trimEnd().split("\n").findLast((line) => /Nothing to do|Left as it is/.test(line)) ?? stderr;
  return { code, revision: Number(String(taskDefinition).split(":").at(-1)), changes, last };
}

/** 3 has served for long; then 4 was deployed. */
function released(agoMs: number): Emulator {
  return deployed(myservice({ history: [2], revisions: 6 }), [3, HOUR_MS], [4, agoMs]);
}

function idle(ran: Ran): void {
  assert.deepEqual([ran.code, ran.changes], [0, []], ran.last);
}

for (const target of [["--revision", "stable"], ["--revision", "previous"], ["--revision", "3"], ["--at", "-20m"]]) {
  Deno.test(`a release of ten minutes ago is left: ${target.join(" ")}`, async () => {
    const ran = await rollBack(released(10 * MINUTE_MS), ...target);
    assert.deepEqual([ran.code, ran.revision, ran.changes], [0, 3, ["UpdateService"]], ran.last);
  });

  Deno.test(`a release of two hours ago is not: ${target.join(" ")}`, async () => {
    const ran = await rollBack(released(2 * HOUR_MS), ...target);
    idle(ran);
    assert.equal(ran.revision, 4);
    assert.match(ran.last, /Nothing to do\. myservice:4 was deployed more than 1h ago, at 2023\/01\/01 13:05:00\.$/);
  });
}

Deno.test("the limit is counted from the beginning of the deployment, to the second of AWS's clock", async () => {
  const within = async (agoMs: number) => (await rollBack(released(agoMs))).revision === 3;
  // A call takes no time in this world, and its answer names the second.
  assert.deepEqual([await within(HOUR_MS), await within(HOUR_MS + 2_000)], [true, false]);
});

Deno.test("a release that is still being deployed is stopped", async () => {
  const ran = await rollBack(released(20_000));
  assert.deepEqual([ran.code, ran.revision, ran.changes], [0, 3, ["StopServiceDeployment"]], ran.last);
});

Deno.test("what was rolled back to is left alone: right after it, and however often the alarm fires", async () => {
  const emulator = released(20 * MINUTE_MS);
  assert.equal((await rollBack(emulator)).revision, 3);
  for (const ms of [0, 10_000, 10 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS]) {
    emulator.advance(ms);
    const again = await rollBack(emulator);
    idle(again);
    assert.equal(again.revision, 3);
    assert.match(again.last, /The service was rolled back from myservice:4 to myservice:3 already\.$/);
  }
});

Deno.test("while the service goes back, nothing more is done", async () => {
  for (const agoMs of [20_000, 20 * MINUTE_MS]) {
    const emulator = released(agoMs);
    await rollBack(emulator, "--revision", "stable", "--no-wait");
    emulator.advance(5_000);
    const again = await rollBack(emulator);
    idle(again);
    assert.match(again.last, /The service is going back from myservice:4 to myservice:3 already\.$/);
  }
});

Deno.test("where ECS's list lags behind the first rollback, the second one does nothing all the same", async () => {
  for (const agoMs of [20_000, 20 * MINUTE_MS]) {
    const emulator = released(agoMs);
    await rollBack(emulator, "--revision", "stable", "--no-wait");
    emulator.inject({ operation: "ListServiceDeployments", times: Infinity, effect: stale(30_000) });
    const again = await rollBack(emulator);
    assert.deepEqual([again.code, again.revision, again.changes], [0, 3, []], again.last);
  }
});

Deno.test("where the service is read before the first rollback, and its record after it, nothing is done", async () => {
  const emulator = released(20 * MINUTE_MS);
  await rollBack(emulator, "--revision", "stable", "--no-wait");
  emulator.advance(2_000);
  emulator.inject({ operation: "DescribeServices", times: 1, effect: stale(3_000) });
  const again = await rollBack(emulator);
  idle(again);
  assert.match(again.last, /The service is going back from myservice:4 to myservice:3 already\.$/);
});

Deno.test("what ECS goes back to, or has gone back to, is left alone", async () => {
  const emulator = deployed(
    myservice({ history: [2], revisions: 5, service: BREAKER, behaviours: { 4: failsToStart("no") } }),
    [3, HOUR_MS],
  );
  emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:4` });
  const isBeingRolledBack = () => emulator.describeService(SERVICE).taskDefinition?.toString().endsWith(":3");
  for (let seconds = 0; seconds < 900 && !isBeingRolledBack(); seconds++) emulator.advance(1_000);
  const during = await rollBack(emulator);
  idle(during);
  assert.match(during.last, /is going back from myservice:4 to myservice:3 already\.$/);
  emulator.advance(HOUR_MS / 2);
  const after = await rollBack(emulator);
  idle(after);
  assert.match(after.last, /was rolled back from myservice:4 to myservice:3 already\.$/);
});

Deno.test("a way back that has failed itself is for a person", async () => {
  const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } };
  const emulator = deployed(myservice({ history: [2], service: breaker }), [3, HOUR_MS], [4, 20 * MINUTE_MS]);
  emulator.setBehaviour(`${SERVICE}:3`, failsToStart("no"));
  await rollBack(emulator, "--revision", "3", "--no-wait");
  emulator.advance(HOUR_MS / 2);
  const again = await rollBack(emulator);
  idle(again);
  assert.match(again.last, /The service could not go back from myservice:4 to myservice:3: that deployment failed\.$/);
});

Deno.test("a release that was left and is deployed once more is left once more", async () => {
  const emulator = released(20 * MINUTE_MS);
  await rollBack(emulator);
  deployed(emulator, [4, 10 * MINUTE_MS]);
  const again = await rollBack(emulator);
  assert.deepEqual([again.code, again.revision], [0, 3], again.last);
});

Deno.test("a restart of the same revision and images is no release", async () => {
  const emulator = released(2 * HOUR_MS);
  emulator.updateService({ service: SERVICE, forceNewDeployment: true });
  emulator.advance(10 * MINUTE_MS);
  const ran = await rollBack(emulator);
  idle(ran);
  assert.match(ran.last, /myservice:4 was deployed more than 1h ago, at 2023\/01\/01 13:05:00\.$/);
});

Deno.test("a restart that starts another image of the same tag is a release", async () => {
  const emulator = myservice({ history: [4, 4], movingTag: "latest" });
  emulator.advance(10 * MINUTE_MS);
  const ran = await rollBack(emulator, "--revision", "previous");
  assert.equal(ran.code, 0, ran.last);
  assert.deepEqual(ran.changes, ["RegisterTaskDefinition", "UpdateService"]);
  idle(await rollBack(emulator, "--revision", "previous"));
});

Deno.test("what ran before ECS's record begins is no young release", async () => {
  idle(await rollBack(forgetful()));
});

Deno.test("without ECS's record nothing is done, and that is a refusal", async () => {
  for (const target of ["stable", "previous", "3"]) {
    const emulator = released(10 * MINUTE_MS);
    emulator.inject({ operation: "ListServiceDeployments", times: Infinity, effect: accessDenied() });
    const ran = await rollBack(emulator, "--revision", target);
    assert.deepEqual([ran.code, ran.changes], [4, []], ran.last);
  }
});

Deno.test("the condition comes before every refusal: nothing else matters of an old release", async () => {
  const only = myservice({ history: [4] });
  only.advance(2 * HOUR_MS);
  idle(await rollBack(only));
  idle(await rollBack(only, "--revision", "9"));
});

Deno.test("of a young release, what cannot be rolled back is refused as ever", async () => {
  const ran = await rollBack(myservice({ history: [4], afterLastMs: UNTIL_STEADY_MS }));
  assert.deepEqual([ran.code, ran.changes], [4, []], ran.last);
});

Deno.test("of two runs that register a copy at the same moment, both use the first one", async () => {
  const emulator = myservice({ history: [4, 4], movingTag: "latest" });
  emulator.advance(10 * MINUTE_MS);
  const same = () => emulator.registerTaskDefinition(emulator.calls.at(-1)!.input as JsonObject);
  emulator.inject({ operation: "RegisterTaskDefinition", times: 1, effect: actBefore(same) });
  const ran = await rollBack(emulator, "--revision", "previous");
  assert.deepEqual([ran.code, ran.revision], [0, 5], ran.last);
});

Deno.test("a deployment that begins between the plan and the order is left alone", async () => {
  const emulator = released(10 * MINUTE_MS);
  const another = () => emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:2` });
  emulator.inject({ operation: "UpdateService", forMs: 5_000, effect: throttle() });
  emulator.schedule(1_000, another);
  const ran = await rollBack(emulator);
  assert.equal(ran.revision, 2);
  assert.equal(ran.code, 0, ran.last);
  assert.match(ran.last, /Left as it is\. Deployment ecs-svc\/\d+ of myservice:2 began meanwhile/);
});

Deno.test("of several services, only those with a young release are rolled back, and the plan says why", async () => {
  const emulator = fleet({ services: 3, deployed: 2 });
  emulator.advance(2 * HOUR_MS);
  const [old, young] = [fleetService(1), fleetService(2)];
  emulator.registerTaskDefinition({ ...FLEET_DEFINITION, family: young });
  emulator.updateService({ service: young, taskDefinition: `${young}:3` });
  emulator.advance(20 * MINUTE_MS);
  const names = [old, young].flatMap((name) => ["--service", name]);
  const args = ["rollback", ...names, "--cluster", "default", "--region", "ap-northeast-1", "--revision", "previous"];
  const { code, stderr } = await runInProcess(emulator, [...args, "--if-deployed-within", "60m", "--reason", "alarm"]);
  assert.equal(code, 0, stderr);
  const running = [old, young].map((name) => String(emulator.describeService(name).taskDefinition).split("/").at(-1));
  assert.deepEqual(running, [`${old}:2`, `${young}:2`], stderr);
  assert.match(stderr, /Plan: roll back 1 service, .*1 is left as it is\./);
  assert.match(stderr, /service-0001\/default .*nothing to do.* service-0001:2 was deployed more than 1h ago, at /);
});

const FLEET_DEFINITION = {
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  executionRoleArn: "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
  containerDefinitions: [{ name: "app", image: imageWithTag("1.1.0"), essential: true }],
};
