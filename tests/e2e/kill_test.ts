import assert from "node:assert/strict";
import type { Emulator } from "../emulator/emulator.ts";
import { RESOURCE_ID } from "../emulator/myservice.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { type Ended, runCli } from "./cli_process.ts";
import { type HeldCall, serveHeld } from "./kill_server.ts";
import {
  type Held,
  type Interrupted,
  killingPointsOf,
  type Point,
  pointsOf,
  shareOf,
  stopTwice,
  tryAll,
} from "./kill_table.ts";

/**
 * The program is interrupted and killed at every call that it makes to AWS: before the call is carried out (then it never
 * is, unless the program still waits for it), and after that but before the answer. Whatever the point, auto scaling is
 * restored: by the program itself, or after `kill -9` by the next run.
 *
 * Nothing here waits for a fixed time: a killed program is waited for until it is dead, an interrupted one until it has
 * given up the call that is held.
 */

const BOTH = ["--suspend-auto-scaling", "--resume-auto-scaling"];
const MYSERVICE = "default/myservice";
const PRIOR = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: true };
const CODES = { SIGINT: 130, SIGTERM: 143, SIGKILL: 137 } as const;
type Signal = keyof typeof CODES;

/** The reads and writes that give auto scaling back: a stop signal does not cut them off. */
const RESTORING = ["DescribeScalableTargets#2", "RegisterScalableTarget#2", "UntagResource#1"];
/** Who else counts on the suspension is looked at first; a stop signal cuts that off after a while. */
const LOOKING = "ListTagsForResource#4";
const FIRST_CHANGE = "TagResource#1";
const SUSPENDING = [FIRST_CHANGE, "RegisterScalableTarget#1"];
const UPDATE = "UpdateService#1";
const STOP = "StopServiceDeployment#1";
const DEREGISTER = "DeregisterTaskDefinition#1";

const MOST_ATTEMPTS = 5;
/** The random rollbacks hold the limit on a virtual clock; here a busy machine may be slow. */
const IN_TIME_MS = 10_000;
const ignore = Deno.build.os === "windows";

/** A world in which ECS is a step further each time that somebody looks at what was ordered. */
class KilledWorld {
  readonly emulator: Emulator;
  readonly before: ReturnType<Emulator["state"]>;
  #looks = 0;

  constructor(scenario: string, readonly args: readonly string[]) {
    this.emulator = createScenario(scenario);
    this.emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState: PRIOR });
    this.before = this.emulator.state();
  }

  /** Runs the program; `held` is asked at both moments of every call, before the world moves. */
  run(held: Held): Promise<Ended> {
    let child: Deno.ChildProcess;
    return serveHeld(this.emulator, async (call, moment) => {
      if (moment === "before") this.#goOn(call);
      return await held(call, moment, child);
    }, (url) => runCli(url, this.args, {}, (started) => child = started));
  }

  #goOn({ name }: HeldCall): void {
    if (!name.startsWith("DescribeServices#") || this.orders() === 0) return;
    this.emulator.advance(this.#looks++ === 0 ? 25_000 : 300_000);
  }

  applied(operation: string): number {
    return this.emulator.calls.filter((call) => call.operation === operation && call.applied).length;
  }

  /** How many deployments were ordered. */
  orders(): number {
    return this.applied("UpdateService") + this.applied("StopServiceDeployment");
  }

  get service() {
    return this.emulator.state().services[MYSERVICE]!;
  }

  /** The flags are as before, and a record is left only when the program says so. */
  assertScalingIsAsSaid(stderr: string): void {
    if (!/its record is kept; to make sure that it does not: aws .*application-autoscaling /.test(stderr)) {
      return this.assertScalingIsGivenBack();
    }
    assert.deepEqual(this.emulator.state().scalableTargets[RESOURCE_ID]!.suspendedState, PRIOR);
  }

  assertScalingIsGivenBack(): void {
    assert.deepEqual(this.emulator.state().scalableTargets, this.before.scalableTargets);
  }

  /** The flags are as before, or a record says what they were. */
  assertScalingCanBeGivenBack(): void {
    const { suspendedState, tags } = this.emulator.state().scalableTargets[RESOURCE_ID]!;
    const isRecorded = Object.values(tags).some((value) => value.includes("in=0 out=0 scheduled=1"));
    if (!isRecorded) assert.deepEqual(suspendedState, PRIOR, "neither the flags nor a record of them");
  }
}

/** The calls of an undisturbed run, in their order. */
async function listCalls(scenario: string, args: readonly string[]): Promise<string[]> {
  const world = new KilledWorld(scenario, args);
  const calls: string[] = [];
  const { code, stderr } = await world.run(({ name }, moment) => {
    if (moment === "before") calls.push(name);
    return true;
  });
  assert.equal(code, 0, stderr);
  world.assertScalingIsGivenBack();
  assert.equal(world.service.taskDefinition, "myservice:3");
  assert.equal(world.emulator.state().taskDefinitions["myservice:4"], "INACTIVE");
  for (const name of [FIRST_CHANGE, LOOKING, ...RESTORING]) assert.ok(calls.includes(name), `${name} in ${calls}`);
  return calls;
}

/**
 * Runs the program and sends it a signal at one point.
 *
 * @param seen gets the calls up to there: on a busy machine what was read is too old and is read once more, so that the
 * name of a read stands for an earlier point than in the undisturbed run
 */
async function runUntil(
  world: KilledWorld,
  point: Point,
  signal: Signal,
  isCutOff: () => boolean,
  seen = new Set<string>(),
): Promise<Interrupted> {
  let sentAtMs: number | undefined;
  let isAbandoned = false;
  const ended = await world.run(async (call, moment, child) => {
    if (sentAtMs === undefined) seen.add(call.name);
    if (call.name !== point.call || moment !== point.moment) return true;
    sentAtMs = performance.now();
    child.kill(signal);
    if (!isCutOff()) return true;
    await Promise.race([signal === "SIGKILL" ? child.status : call.abandoned, child.status]);
    isAbandoned = true;
    return false;
  });
  const afterMs = performance.now() - (sentAtMs ?? NaN);
  assert.ok(sentAtMs !== undefined, `the call was never made: ${ended.code} ${ended.stderr}`);
  assert.equal(isAbandoned, isCutOff());
  return { ...ended, afterMs };
}

/** Stopped by Ctrl-C or its kin at a point. */
async function interrupt(args: readonly string[], point: Point, signal: Signal) {
  const world = new KilledWorld("healthy", args);
  const seen = new Set<string>();
  const isRestoring = () => seen.has(LOOKING) && RESTORING.includes(point.call);
  const ended = await runUntil(world, point, signal, () => !isRestoring(), seen);
  const isDecided = seen.has(LOOKING);
  const { code, stderr, afterMs } = ended;
  assert.ok(afterMs < IN_TIME_MS, `took ${afterMs} ms after the signal`);
  assert.doesNotMatch(stderr, /^\s+at /m, "no stack trace");
  // A suspension that AWS never answers is uncertain: it may come into force when the program has ended.
  if (SUSPENDING.includes(point.call)) world.assertScalingIsAsSaid(stderr);
  else world.assertScalingIsGivenBack();
  if (!seen.has(FIRST_CHANGE)) assert.deepEqual(world.emulator.state(), world.before, "nothing is changed");
  const isUpdated = seen.has(UPDATE) && (point.call !== UPDATE || point.moment === "after");
  assert.equal(world.orders(), isUpdated ? 1 : 0);
  if (isDecided) {
    // What is left to do after the success may be cut off; then it is said.
    const isLeft = /still to do: aws .*deregister-task-definition/.test(stderr);
    assert.equal(code, isLeft ? 8 : 0, stderr);
    assert.match(stderr, /Service is stable now\./);
    assert.equal(world.service.taskDefinition, "myservice:3");
    if (point.call === DEREGISTER) assert.match(stderr, /myservice:4 may not be deregistered/);
    return ended;
  }
  assert.equal(code, CODES[signal], stderr);
  assert.match(stderr, /\[warn\] .* Interrupted: /);
  assert.deepEqual(world.emulator.state().taskDefinitions, world.before.taskDefinitions, "nothing is deregistered");
  assert.doesNotMatch(stderr, /Completed|stable now/);
  // Never more than is known: ordered, not ordered, or cut off before ECS answered.
  const [said, unsaid] = point.call === UPDATE
    ? [
      /ECS may have accepted the order.*\n.* see what runs now: ecspresso status/,
      /no deployment|ECS keeps going/,
    ]
    : isUpdated
    ? [/ECS keeps going\..*\n.* to follow the deployment: \S+/, /no deployment|may have accepted/]
    : [
      /: (no deployment was started|nothing has been changed)\.?\n/,
      /keeps going|to follow the deployment|may have accepted/,
    ];
  assert.match(stderr, said);
  assert.doesNotMatch(stderr, unsaid);
  return ended;
}

/** Stopped while AWS is about to answer a change of scaling: the answer is waited for, and nothing remains. */
async function interruptJustBeforeTheAnswer(args: readonly string[], point: Point) {
  // On a busy machine the answer may overtake the signal: then this was another point.
  for (let attempts = 1; attempts <= MOST_ATTEMPTS; attempts++) {
    const { world, ...ended } = await interruptBeforeTheAnswer(args, point);
    if (world.orders() === 0) return ended;
    world.assertScalingIsGivenBack();
  }
  throw new Error(`the answer has overtaken the signal ${MOST_ATTEMPTS} times`);
}

async function interruptBeforeTheAnswer(args: readonly string[], { call: name }: Point) {
  const world = new KilledWorld("healthy", args);
  let sentAtMs = NaN;
  const ended = await world.run((call, moment, child) => {
    if (call.name === name && moment === "after") {
      sentAtMs = performance.now();
      child.kill("SIGINT");
    }
    return true;
  });
  assert.equal(ended.code, 130, ended.stderr);
  if (world.orders() === 0) assert.deepEqual(world.emulator.state(), world.before);
  return { ...ended, world, afterMs: performance.now() - sentAtMs };
}

/** Stopped while a change is on its way to AWS, which carries it out when the program has ended; then run once more. */
async function interruptAndCarryOutLate(args: readonly string[], { call: name }: Point) {
  const world = new KilledWorld("healthy", args);
  let late: (() => void) | undefined;
  let sentAtMs = NaN;
  const ended = await world.run(async (call, moment, child) => {
    if (call.name !== name || moment !== "before") return true;
    late = call.carryOut;
    sentAtMs = performance.now();
    child.kill("SIGINT");
    await Promise.race([call.abandoned, child.status]);
    return false;
  });
  const afterMs = performance.now() - sentAtMs;
  assert.equal(ended.code, 130, ended.stderr);
  late!();
  world.assertScalingCanBeGivenBack();
  await runAgain(world);
  return { ...ended, afterMs };
}

/** The same command once more: it does what is left to do, and nothing twice. */
async function runAgain(world: KilledWorld): Promise<void> {
  const again = await world.run(() => true);
  assert.equal(again.code, 0, again.stderr);
  world.assertScalingIsGivenBack();
  assert.equal(world.service.taskDefinition, "myservice:3");
  assert.equal(world.orders(), 1, "one deployment, whichever of the runs has ordered it");
}

/** Killed at a point, then run once more. */
async function killAndRunAgain(scenario: string, args: readonly string[], point: Point) {
  const world = new KilledWorld(scenario, args);
  const ended = await runUntil(world, point, "SIGKILL", () => true);
  assert.notEqual(ended.code, 0);
  world.assertScalingCanBeGivenBack();
  await runAgain(world);
  return ended;
}

Deno.test({
  name: "stopped or killed at any call to AWS, auto scaling is restored and nothing is ordered twice",
  ignore,
  fn: async () => {
    const args = ["rollback", "--revision", "3", "--deregister", ...BOTH];
    const [calls, stopping] = await Promise.all([listCalls("healthy", args), listCalls("crash_loop", args)]);
    assert.ok(calls.includes(UPDATE) && stopping.includes(STOP));
    await tryAll([
      ...(["SIGINT", "SIGTERM"] as const).map((signal, index) => ({
        name: signal,
        points: shareOf(pointsOf(calls), index),
        attempt: (point: Point) => interrupt(args, point, signal),
      })),
      {
        name: "SIGINT just before the answer to a change of scaling",
        points: SUSPENDING.map((call) => ({ call, moment: "after" as const })),
        attempt: (point) => interruptJustBeforeTheAnswer(args, point),
      },
      {
        name: "SIGINT, the call is carried out after the end, then run again",
        points: [...SUSPENDING, UPDATE].map((call) => ({ call, moment: "before" as const })),
        attempt: (point) => interruptAndCarryOutLate(args, point),
      },
      {
        name: "SIGKILL, then run again",
        points: killingPointsOf(calls),
        attempt: (point) => killAndRunAgain("healthy", args, point),
      },
      {
        name: "SIGKILL while the deployment under way is stopped, then run again",
        points: killingPointsOf(stopping.slice(stopping.indexOf(STOP))),
        attempt: (point) => killAndRunAgain("crash_loop", args, point),
      },
    ]);
  },
});

Deno.test({
  name: "a second Ctrl-C ends at once, whatever call restoring waits for, and prints the command that restores",
  ignore,
  fn: async () => {
    const args = ["rollback", "--revision", "3", ...BOTH];
    await tryAll([{
      name: "SIGINT twice",
      points: pointsOf(RESTORING),
      attempt: async (point) => {
        const world = new KilledWorld("healthy", args);
        const stopped = await stopTwice((held) => world.run(held), UPDATE, point);
        const { stderr } = stopped;
        assert.match(stderr, /Stopped at once: auto scaling of service\/default\/myservice may still be suspended/);
        assert.match(stderr, /to restore it: ecspresso scale .*--resume-auto-scaling/);
        world.assertScalingCanBeGivenBack();
        return stopped;
      },
    }]);
  },
});
