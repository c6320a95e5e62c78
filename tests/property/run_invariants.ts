/** What holds for every run of a command that moves a service, whatever AWS and others do meanwhile. */
import assert from "node:assert/strict";
import { RunLog } from "../../src/report/printers/run_log.ts";
import { EMPTY_STATE } from "../../src/report/state.ts";
import { reduce } from "../../src/report/reduce.ts";
import { type RunEvent } from "../../src/rollout/events.ts";
import { orderedOf } from "../../src/model/outcome_kinds.ts";
import type { Outcome } from "../../src/rollout/outcome.ts";
import type { WorldState } from "../emulator/emulator.ts";
import { SERVICE } from "../emulator/myservice.ts";
import { isRead } from "../emulator/operations.ts";
import type { Acted, Observed, Served } from "./observed.ts";
import type { WorldSpec } from "./world_spec.ts";

export const SERVICE_KEY = `default/${SERVICE}`;
const ENDINGS = new Set([0, 2, 3, 4, 5, 6, 7, 8, 130, 143]);
/** Reading the last causes and restoring auto scaling, which follow the timeout, take 5 s together at most. */
export const AFTER_TIMEOUT_MS = 5_000;
/** The first stop signal ends a run within 2 s, unless AWS is in trouble just then. */
const AFTER_STOP_MS = 2_000;

const isWrite = ({ call }: Served) => !isRead(call.operation);
export const isApplied = (served: Served) => served.call.applied && isWrite(served);
export const named = (operation: string) => ({ call }: Served) => call.operation === operation;
/** Asked to stop a deployment, ECS goes back in its own time: until then the service has what it had. */
export const isStop = ({ call }: Served) => call.operation === "StopServiceDeployment" && call.applied;

/** One documented exit code, and no defect's traces. */
export function checkEnding(run: Observed): void {
  const { code, stderr, stdout, script, options, elapsedMs, stoppedForMs } = run;
  assert.ok(ENDINGS.has(code), `exit code ${code} is not documented`);
  assert.doesNotMatch(stderr + stdout, /^ {4}at /m, "a stack trace");
  const isDefect = run.events.some((event) => event.kind === "failed" && event.failure.kind === "unforeseen");
  assert.ok(!isDefect, `an unforeseen error: ${stderr}`);
  assert.doesNotMatch(stderr, /undefined|\[object|NaN/, "a value that has no words");
  if (code === 130) assert.ok(stoppedForMs !== undefined && script.stop?.signal === "SIGINT", "130 without SIGINT");
  if (code === 143) assert.ok(stoppedForMs !== undefined && script.stop?.signal === "SIGTERM", "143 without SIGTERM");
  if (code === 7) assert.ok(elapsedMs >= options.timeoutS * 1000, `timed out after ${elapsedMs} ms already`);
  if (code !== 0) assert.match(stderr, /\[(warn|error)\]|^error: /m, `exit ${code} without a word`);
  const leftovers = run.events.flatMap((event) => event.kind === "rolloutEnded" ? event.outcome.leftovers : []);
  if (code === 8) assert.notDeepEqual(leftovers, [], "exit 8 without what is left to do");
  if (code === 0) assert.deepEqual(leftovers, [], "exit 0 though something is left to do");
}

/** Stored and read again, the events make the same state and the same lines. */
export function checkReplay({ events, eventsAtMs, state }: Observed): void {
  const replay = (all: readonly RunEvent[]) => {
    let state = EMPTY_STATE;
    const log = new RunLog();
    const lines = all.map((event, index) => {
      state = reduce(state, event, eventsAtMs[index]!);
      return log.describe(event, state, false);
    });
    return { state: JSON.stringify(state), lines: JSON.stringify(lines) };
  };
  const replayed = replay(events);
  assertSaysSame(replayed.state, JSON.stringify(state), "the program has another state than its events make");
  const again = replay(asStored(events));
  assertSaysSame(again.state, replayed.state, "stored and read again, the events make another state");
  assertSaysSame(again.lines, replayed.lines, "stored and read again, the events make other lines");
}

/** Two JSON texts say the same; mostly they are the same. */
function assertSaysSame(one: string, other: string, message: string): void {
  if (one !== other) assert.deepEqual(JSON.parse(one), JSON.parse(other), message);
}

function asStored<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

const ORDERS = new Set(["CreateService", "UpdateService", "StopServiceDeployment"]);

/** Exit 2 to 4, and an end before there was a plan, promise that nothing has been changed; so does a dry run. */
export function checkUnchanged(run: Observed): void {
  const { code, options, events } = run;
  const applied = run.calls.filter(isApplied).map(({ call }) => call.operation);
  if (code >= 2 && code <= 4) assert.deepEqual(applied, [], `exit ${code}, but something was changed`);
  if (events.some(({ kind }) => kind === "stoppedEarly")) assert.deepEqual(applied, [], "no plan, and yet a change");
  if (events.some((event) => event.kind === "notice" && event.notice.code === "serviceUnchanged")) {
    assert.deepEqual(applied.filter((name) => ORDERS.has(name)), [], "it was said that the service is unchanged");
  }
  if (options.dryRun) assert.deepEqual(run.calls.filter(isWrite).map(({ call }) => call), [], "a dry run writes");
}

/**
 * ECS shows no rolloutState of blue/green. Where its service deployments may not be read, design's rule for an absent
 * rolloutState holds: the only deployment that is left (ECS itself waits some seconds more before it calls it completed).
 */
export function isOnlyOneLeft(world: WorldState, strategy: WorldSpec["strategy"]): boolean {
  const deployments = world.services[SERVICE_KEY]?.deployments ?? [];
  return strategy !== "ROLLING" && deployments.length === 1 && deployments[0]!.rolloutState !== "FAILED";
}

/**
 * The service's own deployment of the target is completed, and all of its tasks run, or as many as make an early success;
 * one at least.
 */
export function runsTarget(world: WorldState, target: string, { strategy, earlySuccess, bounds }: WorldSpec): boolean {
  const service = world.services[SERVICE_KEY];
  const primary = service?.deployments.find(({ status }) => status === "PRIMARY");
  const percent = Math.max(earlySuccess?.percent ?? 100, bounds[0]);
  const isEarly = (desired: number, running: number) =>
    strategy === "ROLLING" && earlySuccess !== null && running >= Math.max(1, Math.ceil(desired * percent / 100));
  return service !== undefined && service.status === "ACTIVE" && service.taskDefinition === target &&
    primary?.taskDefinition === target &&
    (service.runningCount === service.desiredCount || isEarly(service.desiredCount, primary.runningCount)) &&
    (primary.rolloutState === "COMPLETED" || isOnlyOneLeft(world, strategy));
}

/** Whether what AWS answered was true: a stale read shows what was before. */
export function isTrusted({ script }: Observed): boolean {
  return !script.faults.some(({ kind }) => kind === "stale");
}

function primaryOf(world: WorldState) {
  return world.services[SERVICE_KEY]?.deployments.find(({ status }) => status === "PRIMARY");
}

const didDeploy = ({ act }: Acted) => act.kind === "deploy" || act.kind === "forceNewDeployment";

/** How the command's own plan has ended. */
export function outcomeOf({ state }: Observed): Outcome | undefined {
  return state.services[0]?.main?.outcome;
}

export function hasSucceeded(run: Observed): boolean {
  const kind = outcomeOf(run)?.kind;
  return kind === "succeeded" || kind === "unchanged";
}

/** What is said about others, and about AWS, has a cause. `target`: what the service was to get. */
export function checkCauses(run: Observed, target: string | undefined, breaker = run.world.breaker): void {
  const { code, acts, calls, initial, world, stoppedForMs, script, events } = run;
  const outcome = outcomeOf(run);
  // Who stops a deployment makes ECS start one back, which is seen before ECS says why.
  const didStart = (one: Acted) => didDeploy(one) || one.act.kind === "stopDeployment";
  if (outcome?.kind === "superseded") assert.ok(acts.some(didStart), "nobody else has deployed");
  if (outcome?.kind === "gone") {
    // Reads that lag behind for long show the deleted service in whose place a new one was created.
    const wasDeleted = initial.services[SERVICE_KEY]?.status !== "ACTIVE" &&
      script.faults.some(({ kind }) => kind === "stale");
    assert.ok(wasDeleted || acts.some(({ act }) => act.kind === "deleteService"), "nobody has deleted the service");
  }
  if (outcome?.kind === "rolledBackByEcs") {
    const mayTurn = breaker === "rollback" || world.strategy !== "ROLLING" || world.alarm === "rollback" ||
      acts.some(({ act }) => act.kind === "stopDeployment");
    assert.ok(mayTurn, "ECS does not turn this service back");
  }
  const isChangedByOthers = events.some((event) =>
    event.kind === "notice" && event.notice.code === "suspensionChangedByOthers"
  );
  if (isChangedByOthers || (outcome?.kind === "stalePlan" && outcome.hasSuspensionChanged)) {
    assert.ok(
      acts.some(({ act }) => act.kind === "setFlags" || act.kind === "deregisterTarget") || world.scaling?.record,
      "nobody changed the suspension",
    );
  }
  if (outcome !== undefined && orderedOf(outcome) === "yes") checkBegun(run, target);
  if (code === 5) {
    const isSlow = script.faults.some(({ kind }) => kind === "slow");
    const failed = calls.some(({ call }) => call.outcome !== "ok") || isSlow || stoppedForMs !== undefined;
    assert.ok(failed, "exit 5, but every call was answered");
  }
}

/** What goes on in ECS was begun, by this run or before it. */
function checkBegun({ acts, calls, script }: Observed, target: string | undefined): void {
  const isStopping = calls.some(isStop) || acts.some(({ act }) => act.kind === "stopDeployment");
  const wasBegun = calls.some(({ after }) => after.services[SERVICE_KEY]?.taskDefinition === target);
  assert.ok(wasBegun || isStopping, "it was said that ECS goes on with what was never begun");
  const ordered = calls.findLastIndex((served) => named("UpdateService")(served) || isStop(served));
  const reads = calls.slice(ordered + 1).filter(named("DescribeServices"))
    .filter(({ call }) => call.outcome === "ok").slice(-4);
  const isStale = script.faults.some(({ kind }) => kind === "stale");
  // One that was there before may be shown by a read that lags behind: that takes longer to be believed.
  const wasThere = new Set(calls[ordered]?.before.services[SERVICE_KEY]?.deployments.map(({ id }) => id as unknown));
  const isOverlooked = reads.length === 4 && !isStale &&
    reads.every(({ before, after }) =>
      acts.some(didDeploy) && [before, after].every((seen) => {
        const primary = primaryOf(seen);
        return primary?.taskDefinition !== target && !wasThere.has(primary?.id);
      })
    );
  assert.ok(!isOverlooked, "somebody else's deployment was overlooked");
}

/** A revision that something used, when it was last looked at, is never deregistered; nor is the target. */
export function checkDeregistered({ calls, world, events }: Observed, target: string | undefined): void {
  calls.forEach((served, index) => {
    if (!named("DeregisterTaskDefinition")(served) || !served.call.applied) return;
    const revision = String(served.call.input?.taskDefinition).split("/").at(-1)!;
    assert.notEqual(revision, target, "the target itself was deregistered");
    // The other service keeps its revision to the end, with tasks or without.
    const seesOthers = !events.some((event) => event.kind === "notice" && event.notice.code === "otherServicesNotRead");
    if (seesOthers) assert.notEqual(revision, `${SERVICE}:${world.elsewhere}`, "another service uses it");
    const earlier = calls.slice(0, index);
    const reads = [earlier.findLast(named("DescribeServices")), earlier.findLast(named("ListTasks"))];
    const wasUsed = [served, ...reads].every((at) => at?.inUse?.has(revision));
    assert.ok(!wasUsed, `${revision} was deregistered while in use`);
  });
}

/** It ends in time, and soon after a stop signal. `mostMs`: the time limit, and what tidying up may take. */
export function checkTime(
  { elapsedMs, options, stoppedForMs, stoppedAtCall, calls, script }: Observed,
  mostMs: number,
): void {
  assert.ok(elapsedMs <= mostMs, `ended after ${elapsedMs} ms with a timeout of ${options.timeoutS} s`);
  if (stoppedForMs === undefined || stoppedAtCall === undefined) return;
  assert.ok(stoppedForMs <= AFTER_TIMEOUT_MS, `ended ${stoppedForMs} ms after the stop signal`);
  const isTrouble = calls.slice(stoppedAtCall - 1).some(({ call }) => call.outcome !== "ok");
  if (!isTrouble && !script.faults.some(({ kind }) => kind === "slow")) {
    assert.ok(stoppedForMs <= AFTER_STOP_MS, `ended ${stoppedForMs} ms after the stop signal, though AWS answered`);
  }
}
