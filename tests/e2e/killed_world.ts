import assert from "node:assert/strict";
import type { Emulator } from "../emulator/emulator.ts";
import { RESOURCE_ID } from "../emulator/myservice.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { type Ended, runCli } from "./cli_process.ts";
import { type HeldCall, serveHeld } from "./kill_server.ts";
import type { Held, Interrupted, Point } from "./kill_table.ts";

/**
 * The program is interrupted and killed at every call that it makes to AWS: before the call is carried out (then it never
 * is, unless the program still waits for it), and after that but before the answer. Whatever the point, auto scaling is
 * restored: by the program itself, or after `kill -9` by the next run.
 *
 * Nothing here waits for a fixed time: a killed program is waited for until it is dead, an interrupted one until it has
 * given up the call that is held.
 */

export const BOTH = ["--suspend-auto-scaling", "--resume-auto-scaling"];
const MYSERVICE = "default/myservice";
const PRIOR = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: true };
export const CODES = { SIGINT: 130, SIGTERM: 143, SIGKILL: 137 } as const;
export type Signal = keyof typeof CODES;

/** The reads and writes that give auto scaling back: a stop signal does not cut them off. */
export const RESTORING = ["DescribeScalableTargets#2", "RegisterScalableTarget#2", "UntagResource#1"];
/** Who else counts on the suspension is looked at first; a stop signal cuts that off after a while. */
export const LOOKING = "ListTagsForResource#4";
export const FIRST_CHANGE = "TagResource#1";

/** A world in which ECS is a step further each time that somebody looks at what was ordered. */
export class KilledWorld {
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
export async function listCalls(scenario: string, args: readonly string[]): Promise<string[]> {
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
export async function runUntil(
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

/** The same command once more: it does what is left to do, and nothing twice. */
export async function runAgain(world: KilledWorld): Promise<void> {
  const again = await world.run(() => true);
  assert.equal(again.code, 0, again.stderr);
  world.assertScalingIsGivenBack();
  assert.equal(world.service.taskDefinition, "myservice:3");
  assert.equal(world.orders(), 1, "one deployment, whichever of the runs has ordered it");
}

/** Killed at a point, then run once more. */
export async function killAndRunAgain(scenario: string, args: readonly string[], point: Point) {
  const world = new KilledWorld(scenario, args);
  const ended = await runUntil(world, point, "SIGKILL", () => true);
  assert.notEqual(ended.code, 0);
  world.assertScalingCanBeGivenBack();
  await runAgain(world);
  return ended;
}
