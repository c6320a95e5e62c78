import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../definition_files.ts";
import { secretNotFound } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { myservice, RESOURCE_ID } from "../emulator/myservice.ts";
import { type Ended, runCli } from "./cli_process.ts";
import { type HeldCall, type Moment, serveHeld } from "./kill_server.ts";
import { type Interrupted, killingPointsOf, type Point, pointsOf, shareOf, tryAll } from "./kill_table.ts";

/**
 * A deploy that fails and rolls back by itself is interrupted and killed at every call that it makes to AWS, on both of its
 * ways: forward (register, suspend, update, failure) and back. Auto scaling is restored by the program itself, or after
 * `kill -9` by the next run; nothing is registered or ordered twice, nothing is deregistered.
 */

const BOTH = ["--suspend-auto-scaling", "--resume-auto-scaling"];
const DEPLOY = ["deploy", "--rollback-events", "DEPLOYMENT_FAILURE", ...BOTH];
const PRIOR = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: true };
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key";
/** The random rollbacks hold the limit on a virtual clock; here a busy machine may be slow. */
const IN_TIME_MS = 10_000;
/** What gives auto scaling back is not cut off by a stop signal. */
const RESTORING = /^(DescribeScalableTargets|RegisterScalableTarget|UntagResource)#[2-9]|^UntagResource#1$/;
const ignore = Deno.build.os === "windows";

/** Revision 4 runs well; what is registered as 5 cannot start, and the circuit breaker says so. */
class DeployedWorld {
  readonly emulator: Emulator;
  #looks = 0;

  constructor() {
    const deploymentCircuitBreaker = { enable: true, rollback: false };
    this.emulator = myservice({ service: { deploymentConfiguration: { deploymentCircuitBreaker } } });
    this.emulator.setBehaviour("myservice:5", secretNotFound(SECRET));
    this.emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState: PRIOR });
  }

  run(
    args: readonly string[],
    held: (call: HeldCall, moment: Moment, child: Deno.ChildProcess) => Promise<boolean> | boolean = () => true,
  ): Promise<Ended> {
    let child: Deno.ChildProcess;
    const options = { files: DEFINITION_FILES, env: { TAG: "1.4.0" } };
    return serveHeld(this.emulator, async (call, moment) => {
      if (moment === "before" && call.name.startsWith("DescribeServices#") && this.orders() > 0) {
        this.emulator.advance(this.#looks++ % 2 === 0 ? 60_000 : 300_000);
      }
      return await held(call, moment, child);
    }, (url) => runCli(url, args, options, (started) => child = started));
  }

  applied(operation: string): number {
    return this.emulator.calls.filter((call) => call.operation === operation && call.applied).length;
  }

  orders(): number {
    return this.applied("UpdateService") + this.applied("StopServiceDeployment");
  }

  get taskDefinition(): string {
    return this.emulator.state().services["default/myservice"]!.taskDefinition;
  }

  get scaling() {
    return this.emulator.state().scalableTargets[RESOURCE_ID]!;
  }

  /** The flags are as before, or a record says what they were. */
  assertScalingCanBeGivenBack(): void {
    const isRecorded = Object.values(this.scaling.tags).some((value) => value.includes("in=0 out=0 scheduled=1"));
    if (!isRecorded) assert.deepEqual(this.scaling.suspendedState, PRIOR, "neither the flags nor a record of them");
  }

  assertNothingTwice(): void {
    assert.ok(this.applied("RegisterTaskDefinition") <= 1, "registered twice");
    assert.ok(this.orders() <= 2, "more than one order forward and one back");
    assert.equal(this.applied("DeregisterTaskDefinition"), 0);
  }
}

/** The calls of an undisturbed run, in their order. */
async function listCalls(): Promise<string[]> {
  const world = new DeployedWorld();
  const calls: string[] = [];
  const { code, stderr } = await world.run(DEPLOY, ({ name }, moment) => {
    if (moment === "before") calls.push(name);
    return true;
  });
  assert.equal(code, 6, stderr);
  assert.match(stderr, /myservice:4 is live: /);
  assert.equal(world.taskDefinition, "myservice:4");
  assert.deepEqual([world.scaling.suspendedState, world.scaling.tags], [PRIOR, {}]);
  assert.equal(world.orders(), 2);
  return calls;
}

async function runUntil(
  world: DeployedWorld,
  point: Point,
  signal: Deno.Signal,
  isCutOff: boolean,
): Promise<Interrupted> {
  let sentAtMs: number | undefined;
  const ended = await world.run(DEPLOY, async (call, moment, child) => {
    if (call.name !== point.call || moment !== point.moment || sentAtMs !== undefined) return true;
    sentAtMs = performance.now();
    child.kill(signal);
    if (!isCutOff) return true;
    await Promise.race([signal === "SIGKILL" ? child.status : call.abandoned, child.status]);
    return false;
  });
  assert.ok(sentAtMs !== undefined, `the call was never made: ${ended.code} ${ended.stderr}`);
  return { ...ended, afterMs: performance.now() - sentAtMs };
}

async function interrupt(point: Point, signal: keyof typeof CODES): Promise<Interrupted> {
  const world = new DeployedWorld();
  const ended = await runUntil(world, point, signal, !RESTORING.test(point.call));
  assert.ok(ended.afterMs < IN_TIME_MS, `took ${ended.afterMs} ms after the signal`);
  assert.doesNotMatch(ended.stderr, /^\s+at /m, "no stack trace");
  // Stopped when the deploy had failed already, it says that; it is never called a success.
  assert.ok([CODES[signal], 6].includes(ended.code), `exit code ${ended.code}: ${ended.stderr}`);
  if (ended.code === 6) assert.match(ended.stderr, /Deploy of myservice:\d+ failed/);
  world.assertNothingTwice();
  world.assertScalingCanBeGivenBack();
  const isUncertain = /its record is kept|may still be suspended/.test(ended.stderr);
  if (!isUncertain) assert.deepEqual(world.scaling.suspendedState, PRIOR, ended.stderr);
  return ended;
}

async function killAndGoBack(point: Point): Promise<Interrupted> {
  const world = new DeployedWorld();
  const ended = await runUntil(world, point, "SIGKILL", true);
  assert.notEqual(ended.code, 0);
  world.assertScalingCanBeGivenBack();
  const again = await world.run(["rollback", "--revision", "4", "--resume-auto-scaling"]);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(world.taskDefinition, "myservice:4");
  // Where nothing was suspended or on record any more, resuming is an order to resume everything.
  const isOrdered = /Setting auto scaling of .* to: nothing suspended/.test(again.stderr);
  const { DynamicScalingInSuspended, DynamicScalingOutSuspended } = world.scaling.suspendedState;
  assert.deepEqual([DynamicScalingInSuspended, DynamicScalingOutSuspended], [false, false]);
  if (!isOrdered) assert.deepEqual(world.scaling.suspendedState, PRIOR, again.stderr);
  assert.deepEqual(world.scaling.tags, {});
  world.assertNothingTwice();
  return ended;
}

Deno.test({
  name: "a deploy that fails, stopped or killed at any call to AWS on its way forward and back, loses nothing",
  ignore,
  fn: async () => {
    const calls = await listCalls();
    for (const name of ["RegisterTaskDefinition#1", "UpdateService#1", "UpdateService#2", "TagResource#2"]) {
      assert.ok(calls.includes(name), `${name} in ${calls}`);
    }
    await tryAll([
      ...(["SIGINT", "SIGTERM"] as const).map((signal, index) => ({
        name: signal,
        points: shareOf(pointsOf(calls), index),
        attempt: (point: Point) => interrupt(point, signal),
      })),
      {
        name: "SIGKILL, then rolled back by the next run",
        points: killingPointsOf(calls),
        attempt: killAndGoBack,
      },
    ]);
  },
});

Deno.test({
  name: "killed between register and update, the next deploy finds what is registered and registers nothing",
  ignore,
  fn: async () => {
    const world = new DeployedWorld();
    await runUntil(world, { call: "RegisterTaskDefinition#1", moment: "after" }, "SIGKILL", true);
    assert.equal(world.taskDefinition, "myservice:4");
    const again = await world.run(DEPLOY);
    assert.match(again.stderr, /Task definition myservice:5: the file says the same, so nothing is registered/);
    assert.equal(again.code, 6, again.stderr);
    assert.equal(world.applied("RegisterTaskDefinition"), 1);
    assert.equal(world.taskDefinition, "myservice:4");
  },
});

Deno.test({
  name: "killed between the failure and the way back, the next deploy says what it found",
  ignore,
  fn: async () => {
    const world = new DeployedWorld();
    await runUntil(world, { call: "UpdateService#2", moment: "before" }, "SIGKILL", true);
    const again = await world.run(["deploy"]);
    assert.equal(again.code, 4, again.stderr);
    assert.match(again.stderr, /myservice:5 is deployed already, and its deployment ecs-svc\/\d+ has FAILED/);
    assert.match(again.stderr, /ecspresso rollback --revision previous/);
    const back = await world.run(["rollback", "--revision", "previous", "--resume-auto-scaling"]);
    assert.equal(back.code, 0, back.stderr);
    assert.equal(world.taskDefinition, "myservice:4");
    assert.deepEqual([world.scaling.suspendedState, world.scaling.tags], [PRIOR, {}]);
  },
});
