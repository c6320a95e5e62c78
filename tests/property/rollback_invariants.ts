/** What holds for every run of the rollback, whatever AWS and others do meanwhile. */
import assert from "node:assert/strict";
import { shortName } from "../../src/model/arn.ts";
import { SERVICE } from "../emulator/myservice.ts";
import { isRead } from "../emulator/operations.ts";
import type { Observed } from "./observed.ts";
import { SCALING_OPERATIONS } from "./faulty_operations.ts";
import type { Options } from "./rollback_run.ts";
import {
  AFTER_TIMEOUT_MS,
  checkCauses,
  checkDeregistered,
  checkEnding,
  checkTime,
  checkUnchanged,
  hasSucceeded,
  isOnlyOneLeft,
  isStop,
  isTrusted,
  named,
  runsTarget,
  SERVICE_KEY,
} from "./run_invariants.ts";
import { checkScaling } from "./scaling_invariants.ts";

type Rollback = Observed<Options>;

/** Throws an AssertionError that names the broken promise. */
export function checkInvariants(run: Rollback): void {
  const target = findTarget(run);
  checkEnding(run);
  checkUnchanged(run);
  checkWrites(run, target);
  checkSuccess(run, target);
  checkCauses(run, target);
  checkDeregistered(run, target);
  checkScaling(run);
  checkTime(run, run.options.timeoutS * 1000 + AFTER_TIMEOUT_MS);
}

/** The task definition that the service was to get: what was asked for, what the plan has found, or a copy. */
function findTarget({ state, calls, options: { naming, revision } }: Rollback): string | undefined {
  const main = state.services[0]?.main;
  const planned = main?.plan.to && shortName(main.plan.to);
  const asked = naming === "previous" ? planned : `${SERVICE}:${revision}`;
  if (planned !== undefined) assert.equal(planned, asked, "another task definition than the one asked for");
  const registering = calls.find(named("RegisterTaskDefinition"));
  if (registering === undefined) return asked;
  // Cut off before the answer came, nobody knows its number.
  const copy = main?.registered && shortName(main.registered);
  assert.ok(copy === undefined || registering.before.taskDefinitions[copy] === undefined, `${copy} is no copy`);
  return copy;
}

/** The right calls, with the right members, and no order twice. */
function checkWrites({ calls, options }: Rollback, target: string | undefined): void {
  const copies = calls.filter(named("RegisterTaskDefinition"));
  assert.ok(copies.filter(({ call }) => call.applied).length <= 1, "more than one copy was registered");
  for (const { call, before } of copies) {
    assert.ok(options.reregister, "registering was not asked for");
    const tags = (call.input?.tags ?? []) as { key: string; value: string }[];
    const origin = tags.find(({ key }) => key === "ecspresso:copied-from")?.value;
    assert.ok(origin !== undefined && before.taskDefinitions[origin] === "INACTIVE", "a copy of what is not INACTIVE");
    if (options.naming !== "previous") assert.equal(origin, `${SERVICE}:${options.revision}`);
  }
  const updates = calls.filter((served) => named("UpdateService")(served) && served.call.applied);
  // ECS takes the order to stop again while it goes back, which changes nothing.
  const stops = new Set(calls.filter(isStop).map(({ call }) => call.input?.serviceDeploymentArn));
  assert.ok(updates.length + stops.size <= 1, "more than one order to roll back took effect");
  for (const { call } of calls) {
    if (call.operation === "UpdateService") {
      assert.deepEqual(Object.keys(call.input ?? {}).sort(), ["cluster", "service", "taskDefinition"]);
      assert.ok(String(call.input?.taskDefinition).endsWith(`:task-definition/${target}`), "not what was asked for");
    }
    if (call.operation === "RegisterScalableTarget") {
      assert.ok(!("MinCapacity" in call.input!) && !("MaxCapacity" in call.input!), "limits were sent");
      assert.equal(Object.keys(call.input!.SuspendedState as object).length, 3, "flags were left out");
    }
  }
  const known =
    /^(UpdateService|StopServiceDeployment|RegisterTaskDefinition|DeregisterTaskDefinition|RegisterScalableTarget|TagResource|UntagResource)$/;
  for (const { call } of calls) if (!isRead(call.operation)) assert.match(call.operation, known);
  if (!options.suspend && !options.resume) {
    assert.ok(!calls.some(({ call }) => SCALING_OPERATIONS.includes(call.operation)), "auto scaling was not asked for");
  }
  if (!options.deregister) assert.ok(!calls.some(named("DeregisterTaskDefinition")), "deregistering was not asked for");
}

/** `succeeded` is said only of what the world was seen to be, and still is unless somebody else has acted since. */
function checkSuccess(run: Rollback, target: string | undefined): void {
  const { world, options, code, calls, acts, final } = run;
  if (options.dryRun) return;
  const saysSucceeded = hasSucceeded(run);
  if (code === 0 && options.wait) assert.ok(saysSucceeded, "exit 0, but it was not said that the service is stable");
  if (code !== 0 && code !== 8) assert.ok(!saysSucceeded, `exit ${code}, but success was reported`);
  if (!saysSucceeded) {
    if (code !== 0) return;
    const ordered = calls.some((served) =>
      isStop(served) || served.after.services[SERVICE_KEY]?.taskDefinition === target
    );
    return assert.ok(ordered, "exit 0, but the service never got the target");
  }
  assert.ok(target !== undefined, "success was reported of nobody knows what");
  const lastSeen = calls.findLastIndex((served) =>
    // A service deployment is read beside its service: either read may be the later one.
    /^DescribeService(s|Deployments)$/.test(served.call.operation) && served.call.outcome === "ok" &&
    runsTarget(served.after, target, world)
  );
  assert.ok(lastSeen >= 0, "success was reported of a service that never ran the target");
  if (acts.some(({ call }) => call >= lastSeen) || !isTrusted(run)) return;
  const { taskDefinition, deployments } = final.services[SERVICE_KEY]!;
  assert.equal(taskDefinition, target, "success was reported, but the service does not run the target");
  assert.deepEqual(
    // After an early success the old tasks may still be on their way out.
    (world.earlySuccess === null ? deployments : deployments.slice(0, 1)).map((one) => [
      one.status,
      one.taskDefinition,
      isOnlyOneLeft(final, world.strategy) ? "COMPLETED" : one.rolloutState,
    ]),
    [["PRIMARY", target, "COMPLETED"]],
    "success was reported, but the deployment is not completed",
  );
}
