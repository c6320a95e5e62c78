import assert from "node:assert/strict";
import { describeProgress } from "../../../../src/report/fleet/progress_line.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import { EMPTY_STATE, type RunState } from "../../../../src/report/state.ts";
import { revision } from "../../made_up.ts";
import { fails, happens, PLANNED, planOf, succeeds } from "../made_up_fleet.ts";

Deno.test("a service that goes back after it has failed is counted once", () => {
  const plan = planOf("worker", { from: revision(3), to: revision(4) });
  const events = [
    ...[...PLANNED, ...succeeds("api"), ...fails("worker")],
    happens("worker", { kind: "planned", plan, isAutomaticRollback: true, rollsBackOnFailure: false }),
    happens("worker", { kind: "stepStarted", step: plan.steps[0]! }),
  ];
  const state = events.reduce((state: RunState, event, index) => reduce(state, event, index * 1_000), EMPTY_STATE);
  assert.equal(describeProgress(state), "1 of 3 done, 1 failed and goes back, 1 not to be begun");
});
