import assert from "node:assert/strict";
import { isWhole } from "../../src/report/ending.ts";
import type { JsonObject } from "../emulator/model.ts";
import { type Deploy, hasFailedBy, isBack, mayClamp, nameOf, ranBefore } from "./deploy_facts.ts";
import { isTrusted, outcomeOf, runsTarget } from "./run_invariants.ts";

/** Rolled back is only what was asked to be, to where it was, and unless the user has stopped the program. */
export function checkAutomaticRollback(run: Deploy): void {
  const { state, options, calls, acts, stoppedAtCall, code } = run;
  const { decision, check } = state.services[0] ?? {};
  const event = decision?.unless === undefined ? decision?.trigger : undefined;
  if (event === undefined) {
    assert.equal(check, undefined, "rolled back without an event");
    const isSaid = decision?.unless === "notNamed" || decision?.unless === "nothingBefore";
    if (hasFailedBy(run) && options.events.length > 0 && stoppedAtCall === undefined) {
      assert.ok(isSaid, "not rolled back");
    }
    return;
  }
  assert.ok(options.events.includes(event), `${event} was not asked for`);
  if (event === "DEPLOYMENT_STOP_ON_ALARM") {
    assert.ok(acts.some(({ act }) => act.kind === "alarm"), "no alarm has gone off");
  }
  if (event === "DEPLOYMENT_STOP_ON_REQUEST") {
    // Deleting the service stops its deployment, too.
    const hasStopped = acts.some(({ act }) => act.kind === "stopDeployment" || act.kind === "deleteService");
    assert.ok(hasStopped, "nobody has stopped the deployment");
  }
  assert.ok(!["superseded", "gone"].includes(outcomeOf(run)?.kind ?? ""), "nothing is there to roll back");
  if (stoppedAtCall !== undefined) {
    assert.ok(isBack(run, calls[stoppedAtCall - 1]!), "rolled back although the user had stopped it");
  }
  assert.ok(code === 6 || code === 130 || code === 143, `exit ${code} after rolling back`);
  checkRolledBack(run);
}

/** Where it is said to be rolled back, it is. */
function checkRolledBack(run: Deploy): void {
  const { state, calls, acts, world, settingsBefore, settingsAfter } = run;
  const { check } = state.services[0] ?? {};
  const missing = check?.unrestored.map(({ name }) => name) ?? [];
  if (isTrusted(run) && acts.length === 0) {
    assert.deepEqual(missing.filter((name) => name !== "desiredCount" || !mayClamp(run)), [], "not wholly rolled back");
  }
  const isRunning = ["succeeded", "unchanged"].includes(state.services[0]?.rollback?.outcome?.kind ?? "");
  if (check === undefined || !isWhole(check) || !isRunning) return;
  const where = nameOf(check.to)!;
  const before = ranBefore(run);
  assert.equal(where, before, "rolled back to another task definition than before");
  const lastSeen = calls.findLastIndex((served) =>
    /^DescribeService(s|Deployments)$/.test(served.call.operation) && served.call.outcome === "ok" &&
    runsTarget(served.after, where, world)
  );
  assert.ok(lastSeen >= 0, "it was reported to run what it never ran");
  if (!isTrusted(run) || acts.length > 0) return;
  const comparable = ({ desiredCount, ...settings }: JsonObject) =>
    mayClamp(run) ? settings : { ...settings, desiredCount };
  assert.deepEqual(
    comparable(settingsAfter),
    comparable(settingsBefore),
    "the log says that it is rolled back, and it is not",
  );
}
