/** What holds for every run of the rollback, whatever AWS and others do meanwhile. */
import assert from "node:assert/strict";
import type { WorldState } from "../emulator/emulator.ts";
import { RESOURCE_ID, SERVICE } from "../emulator/myservice.ts";
import { SCALING_OPERATIONS } from "./rollback_faults.ts";
import type { Acted, Observed, Served } from "./rollback_run.ts";
import { ALL, type Flags, NONE, RECORD_KEY, suspendedState, type WorldSpec } from "./rollback_worlds.ts";

const SERVICE_KEY = `default/${SERVICE}`;
const ENDINGS = new Set([0, 2, 3, 4, 5, 6, 7, 8, 130, 143]);
/** Reading the last causes and restoring auto scaling, which follow the timeout, take 5 s together at most. */
const AFTER_TIMEOUT_MS = 5_000;
/** The first stop signal ends a run within 2 s, unless AWS is in trouble just then. */
const AFTER_STOP_MS = 2_000;

const isWrite = ({ call }: Served) => !/^(Describe|List)/.test(call.operation);
const isApplied = (served: Served) => served.call.applied && isWrite(served);
const named = (operation: string) => ({ call }: Served) => call.operation === operation;

/** Throws an AssertionError that names the broken promise. */
export function checkInvariants(run: Observed): void {
  checkEnding(run);
  checkUnchanged(run);
  checkWrites(run);
  checkSuccess(run);
  checkWords(run);
  checkDeregistered(run);
  checkScaling(run);
  checkTime(run);
}

/** One documented exit code, and no defect's traces. */
function checkEnding({ code, stderr, stdout, script, options, elapsedMs, stoppedForMs }: Observed): void {
  assert.ok(ENDINGS.has(code), `exit code ${code} is not documented`);
  assert.doesNotMatch(stderr + stdout, /^ {4}at /m, "a stack trace");
  assert.doesNotMatch(stderr, /unforeseen|undefined|\[object|NaN/, "an unforeseen error");
  if (code === 130) assert.ok(stoppedForMs !== undefined && script.stop?.signal === "SIGINT", "130 without SIGINT");
  if (code === 143) assert.ok(stoppedForMs !== undefined && script.stop?.signal === "SIGTERM", "143 without SIGTERM");
  if (code === 7) assert.ok(elapsedMs >= options.timeoutS * 1000, `timed out after ${elapsedMs} ms already`);
  if (code !== 0) assert.match(stderr, /\[(warn|error)\]|^error: /m, `exit ${code} without a word`);
  assert.equal(code === 8, code === 8 && stderr.includes("still to do: "), "exit 8 without what is left to do");
  if (code === 0) assert.ok(!stderr.includes("still to do: "), "exit 0 though something is left to do");
}

/** Exit 2 to 4, and every message that says so, promise that nothing has been changed. */
function checkUnchanged(run: Observed): void {
  const { code, stderr, options } = run;
  const applied = run.calls.filter(isApplied).map(({ call }) => call.operation);
  if (code >= 2 && code <= 4) assert.deepEqual(applied, [], `exit ${code}, but something was changed`);
  if (/nothing has been changed/i.test(stderr)) assert.deepEqual(applied, [], "it was said that nothing was changed");
  if (options.dryRun) assert.deepEqual(run.calls.filter(isWrite).map(({ call }) => call), [], "a dry run writes");
}

/** The right calls, with the right members, and no order twice. */
function checkWrites({ calls, options }: Observed): void {
  const updates = calls.filter((served) => named("UpdateService")(served) && served.call.applied);
  const stops = calls.filter((served) => named("StopServiceDeployment")(served) && served.call.applied);
  assert.ok(updates.length + stops.length <= 1, "more than one order to roll back took effect");
  for (const { call } of calls) {
    if (call.operation === "UpdateService") {
      assert.deepEqual(Object.keys(call.input ?? {}).sort(), ["cluster", "service", "taskDefinition"]);
      assert.match(String(call.input?.taskDefinition), new RegExp(`:task-definition/${SERVICE}:${options.revision}$`));
    }
    if (call.operation === "RegisterScalableTarget") {
      assert.ok(!("MinCapacity" in call.input!) && !("MaxCapacity" in call.input!), "limits were sent");
      assert.equal(Object.keys(call.input!.SuspendedState as object).length, 3, "flags were left out");
    }
  }
  const known =
    /^(Describe|List)|^(UpdateService|StopServiceDeployment|DeregisterTaskDefinition|RegisterScalableTarget|TagResource|UntagResource)$/;
  for (const { call } of calls) assert.match(call.operation, known);
  if (!options.suspend && !options.resume) {
    assert.ok(!calls.some(({ call }) => SCALING_OPERATIONS.includes(call.operation)), "auto scaling was not asked for");
  }
  if (!options.deregister) assert.ok(!calls.some(named("DeregisterTaskDefinition")), "deregistering was not asked for");
}

/**
 * ECS tells no rolloutState of blue/green. Where its service deployments may not be read, design's rule for an absent
 * rolloutState holds: the only deployment that is left (ECS itself waits some seconds more before it calls it completed).
 */
function isOnlyOneLeft(world: WorldState, strategy: WorldSpec["strategy"]): boolean {
  const deployments = world.services[SERVICE_KEY]?.deployments ?? [];
  return strategy === "BLUE_GREEN" && deployments.length === 1 && deployments[0]!.rolloutState !== "FAILED";
}

/** The service's own deployment of the target is completed, and all of its tasks run. */
function runsTarget(world: WorldState, target: string, strategy: WorldSpec["strategy"]): boolean {
  const service = world.services[SERVICE_KEY];
  const primary = service?.deployments.find(({ status }) => status === "PRIMARY");
  return service !== undefined && service.status === "ACTIVE" && service.taskDefinition === target &&
    primary?.taskDefinition === target && service.runningCount === service.desiredCount &&
    (primary.rolloutState === "COMPLETED" || isOnlyOneLeft(world, strategy));
}

/** `succeeded` is said only of what the world was seen to be, and still is unless somebody else has acted since. */
function checkSuccess(run: Observed): void {
  const { world, options, stderr, code, calls, acts, final } = run;
  if (options.dryRun) return;
  const target = `${SERVICE}:${options.revision}`;
  const saysSucceeded = stderr.includes("Service is stable now") || stderr.includes("and stable. Nothing to do.");
  if (code === 0 && options.wait) assert.ok(saysSucceeded, "exit 0, but it was not said that the service is stable");
  if (code !== 0 && code !== 8) {
    assert.ok(!stderr.includes("Completed!") && !saysSucceeded, `exit ${code}, but success was told`);
  }
  if (!saysSucceeded) {
    if (code !== 0) return;
    const ordered = calls.some(({ after }) => after.services[SERVICE_KEY]?.taskDefinition === target);
    return assert.ok(ordered, "exit 0, but the service never got the target");
  }
  const lastSeen = calls.findLastIndex((served) =>
    // A service deployment is read beside its service: either read may be the later one.
    /^DescribeService(s|Deployments)$/.test(served.call.operation) && served.call.outcome === "ok" &&
    runsTarget(served.after, target, world.strategy)
  );
  assert.ok(lastSeen >= 0, "success was told of a service that never ran the target");
  if (acts.some(({ call }) => call >= lastSeen) || !isTrusted(run)) return;
  const { taskDefinition, deployments } = final.services[SERVICE_KEY]!;
  assert.equal(taskDefinition, target, "success was told, but the service does not run the target");
  assert.deepEqual(
    deployments.map((one) => [
      one.status,
      one.taskDefinition,
      isOnlyOneLeft(final, world.strategy) ? "COMPLETED" : one.rolloutState,
    ]),
    [["PRIMARY", target, "COMPLETED"]],
    "success was told, but the deployment is not completed",
  );
}

/** Whether what AWS answered was true: a stale read shows what was before. */
function isTrusted({ script }: Observed): boolean {
  return !script.faults.some(({ kind }) => kind === "stale");
}

function primaryOf(world: WorldState) {
  return world.services[SERVICE_KEY]?.deployments.find(({ status }) => status === "PRIMARY");
}

const didDeploy = ({ act }: Acted) => act.kind === "deploy" || act.kind === "forceNewDeployment";

/** What is said about others, and about AWS, has a cause. */
function checkWords({ stderr, code, acts, calls, world, stoppedForMs, script, options }: Observed): void {
  if (stderr.includes("started by somebody else")) assert.ok(acts.some(didDeploy), "nobody else has deployed");
  if (stderr.includes("somebody has deleted it")) {
    assert.ok(acts.some(({ act }) => act.kind === "deleteService"), "nobody has deleted the service");
  }
  if (stderr.includes("ECS has turned the service back")) {
    const mayTurn = world.breaker === "rollback" || world.strategy === "BLUE_GREEN";
    assert.ok(mayTurn, "ECS does not turn this service back");
  }
  if (stderr.includes("has changed the suspension")) {
    assert.ok(
      acts.some(({ act }) => act.kind === "setFlags") || world.scaling?.record,
      "nobody changed the suspension",
    );
  }
  // What goes on in ECS was begun, by this run or before it.
  if (/ECS goes on with it/.test(stderr)) {
    const target = `${SERVICE}:${options.revision}`;
    const wasBegun = calls.some(({ after }) => after.services[SERVICE_KEY]?.taskDefinition === target);
    assert.ok(wasBegun, "it was said that ECS goes on with what was never begun");
    const ordered = calls.findLastIndex(named("UpdateService"));
    const reads = calls.slice(ordered + 1).filter(named("DescribeServices"))
      .filter(({ call }) => call.outcome === "ok").slice(-4);
    const isStale = script.faults.some(({ kind }) => kind === "stale");
    const isOverlooked = reads.length === 4 && !isStale &&
      reads.every(({ before, after }) =>
        acts.some(didDeploy) && [before, after].every((seen) => primaryOf(seen)?.taskDefinition !== target)
      );
    assert.ok(!isOverlooked, "somebody else's deployment was overlooked");
  }
  if (code === 5) {
    const isSlow = script.faults.some(({ kind }) => kind === "slow");
    const failed = calls.some(({ call }) => call.outcome !== "ok") || isSlow || stoppedForMs !== undefined;
    assert.ok(failed, "exit 5, but every call was answered");
  }
}

/** A revision that something used, when it was last looked at, is never deregistered. */
function checkDeregistered({ calls, options }: Observed): void {
  calls.forEach((served, index) => {
    if (!named("DeregisterTaskDefinition")(served) || !served.call.applied) return;
    const revision = String(served.call.input?.taskDefinition).split("/").at(-1)!;
    assert.notEqual(revision, `${SERVICE}:${options.revision}`, "the target itself was deregistered");
    const earlier = calls.slice(0, index);
    const reads = [earlier.findLast(named("DescribeServices")), earlier.findLast(named("ListTasks"))];
    const wasUsed = [served, ...reads].every((at) => at?.inUse?.has(revision));
    assert.ok(!wasUsed, `${revision} was deregistered while in use`);
  });
}

function targetOf(world: WorldState) {
  return world.scalableTargets[RESOURCE_ID];
}

function flagsOf(world: WorldState): Flags | undefined {
  const state = targetOf(world)?.suspendedState;
  return state && [
    state.DynamicScalingInSuspended!,
    state.DynamicScalingOutSuspended!,
    state.ScheduledScalingSuspended!,
  ];
}

const same = (a: Flags | undefined, b: Flags | undefined) => String(a) === String(b);

/** The command that sets the flags, as far as a person needs it to begin with. */
function restoringCommand(flags: Flags): string {
  const state = Object.entries(suspendedState(flags)).map(([name, value]) => `${name}=${value}`).join(",");
  return `--resource-id ${RESOURCE_ID} --suspended-state ${state}`;
}

/** Auto scaling is given back, or who has it is told how; the record of an earlier run is never lost. */
function checkScaling(run: Observed): void {
  const { world: { scaling }, options, calls, acts, final, stderr, code } = run;
  if (scaling === null || options.dryRun) return;
  const hasRecord = scaling.hasArn && scaling.record !== null && scaling.record !== "foreign";
  const isForeign = scaling.hasArn && scaling.record === "foreign";
  const read = calls.find((served) => named("DescribeScalableTargets")(served) && served.call.outcome === "ok");
  // What the program saw at first is what was there before it, whoever had set it.
  const found = read && flagsOf(read.before) || scaling.flags;
  const prior = hasRecord ? scaling.record as Flags : found;
  const settings = calls.filter(named("RegisterScalableTarget"));
  const tags = calls.filter(named("TagResource"));
  if (hasRecord) assert.ok(!tags.some(isApplied), "the record of an earlier run was overwritten");
  if (isForeign) {
    const touched = calls.some((served) =>
      isApplied(served) && /^(TagResource|UntagResource)$/.test(served.call.operation)
    );
    assert.ok(!touched, "a tag that is not this program's was changed");
  }
  checkRecordedFirst(run);

  const othersFlags = acts.flatMap(({ act }) => act.kind === "setFlags" ? [act.flags] : []);
  const isTargetGone = targetOf(final) === undefined;
  if (isTargetGone || !(options.suspend || options.resume)) return;
  const now = flagsOf(final)!;
  const record = targetOf(final)!.tags[RECORD_KEY];
  const hasTouched = settings.length > 0 || tags.length > 0;

  if (!hasTouched) {
    if (othersFlags.length === 0) assert.ok(same(now, scaling.flags), "the flags changed by themselves");
    const untagged = calls.some((served) => named("UntagResource")(served) && isApplied(served));
    if (hasRecord && !same(scaling.flags, prior) && untagged && othersFlags.length === 0) {
      assert.fail("the record was dropped, but nothing was restored");
    }
  }
  if (options.suspend && options.resume && hasTouched) {
    const isGivenBack = same(now, prior) || othersFlags.some((flags) => same(flags, now));
    const isTold = stderr.includes(restoringCommand(prior));
    assert.ok(isGivenBack || isTold, `auto scaling ends as ${now} instead of ${prior}, and no command restores it`);
    const isTrouble = calls.some(({ call }) => SCALING_OPERATIONS.includes(call.operation) && call.outcome !== "ok");
    const isSlow = run.script.faults.some(({ kind }) => kind === "slow");
    const isStale = !isTrusted(run);
    if (!isTrouble && !isSlow && !isStale) {
      assert.ok(isGivenBack, `auto scaling ends as ${now} instead of ${prior}, though AWS took every call`);
      if (!isForeign) assert.equal(record, undefined, "a record remains, though AWS took every call");
    }
    if (!isGivenBack && record === undefined && !isForeign) {
      const mayLack = !scaling.hasArn || calls.some(({ call }) => /Tag/.test(call.operation) && call.outcome !== "ok");
      assert.ok(mayLack, "neither flags nor a record remain");
    }
  }
  checkOthersDecision(run, prior);
  if (options.suspend && !options.resume && settings.some(isApplied)) {
    assert.ok(stderr.includes(restoringCommand(prior)), "no command resumes what stays suspended");
  }
  if (code === 0 && options.resume && othersFlags.length === 0 && isTrusted(run)) {
    const wanted = options.suspend || hasRecord ? prior : NONE;
    // Without a permission to read tags there is no record to be seen.
    const sawRecord = !calls.some(({ call }) => call.operation === "ListTagsForResource" && call.outcome !== "ok");
    if (sawRecord || !hasRecord) {
      assert.ok(same(now, wanted), `exit 0, but auto scaling is ${now} instead of ${wanted}`);
    }
    if (sawRecord && hasRecord) assert.equal(record, undefined, "exit 0, but the record is still there");
  }
}

/** Flags that are neither the earlier ones nor this program's are somebody's decision: once they are seen, they stay. */
function checkOthersDecision({ calls, acts, options, final }: Observed, prior: Flags): void {
  const suspended = calls.findIndex((served) => named("RegisterScalableTarget")(served) && isApplied(served));
  const looked = calls.findLastIndex((served) =>
    named("DescribeScalableTargets")(served) && served.call.outcome === "ok"
  );
  const theirs = acts.filter(({ act }) => act.kind === "setFlags");
  const last = theirs.at(-1);
  if (!options.suspend || !options.resume || suspended < 0 || last?.act.kind !== "setFlags") return;
  const { flags } = last.act;
  const isSeen = last.call > suspended && last.call < looked;
  if (!isSeen || same(flags, ALL) || same(flags, prior)) return;
  assert.ok(same(flagsOf(final), flags), "somebody's decision about auto scaling was overruled");
}

/** Before all three are suspended, what was there is on record, or it is said that it cannot be. */
function checkRecordedFirst({ calls, world: { scaling }, stderr }: Observed): void {
  const first = calls.find((served) => {
    const state = served.call.input?.SuspendedState as Record<string, boolean> | undefined;
    return named("RegisterScalableTarget")(served) && isApplied(served) &&
      same(
        ALL,
        state && [
          state.DynamicScalingInSuspended!,
          state.DynamicScalingOutSuspended!,
          state.ScheduledScalingSuspended!,
        ],
      ) && !same(flagsOf(served.before), ALL);
  });
  // A record that says "all three" is restored with the same call.
  if (first === undefined || same(scaling?.record as Flags, ALL)) return;
  const isOnRecord = targetOf(first.before)?.tags[RECORD_KEY] !== undefined;
  const isSaid = stderr.includes("is kept in memory only");
  assert.ok(isOnRecord || isSaid, "auto scaling was suspended without a record");
}

/** It ends within the timeout and what tidying up may take, and soon after a stop signal. */
function checkTime({ elapsedMs, options, stoppedForMs, stoppedAtCall, calls, script }: Observed): void {
  const most = options.timeoutS * 1000 + AFTER_TIMEOUT_MS;
  assert.ok(elapsedMs <= most, `ended after ${elapsedMs} ms with a timeout of ${options.timeoutS} s`);
  if (stoppedForMs === undefined || stoppedAtCall === undefined) return;
  assert.ok(stoppedForMs <= AFTER_TIMEOUT_MS, `ended ${stoppedForMs} ms after the stop signal`);
  const isTrouble = calls.slice(stoppedAtCall - 1).some(({ call }) => call.outcome !== "ok");
  if (!isTrouble && !script.faults.some(({ kind }) => kind === "slow")) {
    assert.ok(stoppedForMs <= AFTER_STOP_MS, `ended ${stoppedForMs} ms after the stop signal, though AWS answered`);
  }
}
