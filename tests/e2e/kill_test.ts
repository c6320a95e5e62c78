import assert from "node:assert/strict";
import { killingPointsOf, type Point, pointsOf, shareOf, stopTwice, tryAll } from "./kill_table.ts";
import {
  BOTH,
  CODES,
  FIRST_CHANGE,
  killAndRunAgain,
  KilledWorld,
  listCalls,
  LOOKING,
  RESTORING,
  runAgain,
  runUntil,
  type Signal,
} from "./killed_world.ts";

const SUSPENDING = [FIRST_CHANGE, "RegisterScalableTarget#1"];
const UPDATE = "UpdateService#1";
const STOP = "StopServiceDeployment#1";
const DEREGISTER = "DeregisterTaskDefinition#1";

const MAX_ATTEMPTS = 5;
/** The random rollbacks hold the limit on a virtual clock; here a busy machine may be slow. */
const IN_TIME_MS = 10_000;
const ignore = Deno.build.os === "windows";

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
  assertKnown(stderr, point.call === UPDATE ? "perhaps" : isUpdated ? "ordered" : "not ordered");
  return ended;
}

/** Never more than is known: ordered, not ordered, or cut off before ECS answered. */
function assertKnown(stderr: string, order: keyof typeof SAID): void {
  const [said, unsaid] = SAID[order];
  assert.match(stderr, said);
  assert.doesNotMatch(stderr, unsaid);
}

/** What is said of an order, and what is not. */
const SAID = {
  "perhaps": [
    /ECS may have accepted the order.*\n.* see what runs now: ecspresso status/,
    /no deployment|ECS keeps going/,
  ],
  "ordered": [/ECS keeps going\..*\n.* to follow the deployment: \S+/, /no deployment|may have accepted/],
  "not ordered": [
    /: (no deployment was started|nothing has been changed)\.?\n/,
    /keeps going|to follow the deployment|may have accepted/,
  ],
} as const;

/** Stopped while AWS is about to answer a change of scaling: the answer is waited for, and nothing remains. */
async function interruptJustBeforeTheAnswer(args: readonly string[], point: Point) {
  // On a busy machine the answer may overtake the signal: then this was another point.
  for (let attempts = 1; attempts <= MAX_ATTEMPTS; attempts++) {
    const { world, ...ended } = await interruptBeforeTheAnswer(args, point);
    if (world.orders() === 0) return ended;
    world.assertScalingIsGivenBack();
  }
  throw new Error(`the answer has overtaken the signal ${MAX_ATTEMPTS} times`);
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
