import assert from "node:assert/strict";
import {
  type DeregisterPlan,
  type DeregisterRefusal,
  planDeregister,
  type Selection,
} from "../../../src/registry/plan_deregister.ts";
import { revision } from "../made_up.ts";

type FamilyRevisions = Parameters<typeof planDeregister>[3];

const USER = { kind: "service", name: "myservice" } as const;

function register(active: number[], inactive: number[] = [], used: number[] = []): FamilyRevisions {
  const byArn = new Map(used.map((number) => [revision(number).arn, USER]));
  return {
    active: active.map(revision),
    inactive: inactive.map(revision),
    uses: { byArn, notices: [], others: [] },
  };
}

function planned(selection: Selection, read: FamilyRevisions, deletes = false): DeregisterPlan {
  const plan = planDeregister("myservice", selection, deletes, read);
  assert.ok(!("code" in plan), JSON.stringify(plan));
  return plan;
}

function refusal(selection: Selection, read: FamilyRevisions, deletes = false): DeregisterRefusal {
  const refused = planDeregister("myservice", selection, deletes, read);
  assert.ok("code" in refused, JSON.stringify(refused));
  return refused;
}

const numbers = (revisions: readonly { revision: number }[]) => revisions.map((one) => one.revision);
const keeps = (count: number): Selection => ({ kind: "allBut", keeps: count });
const only = (number: number): Selection => ({ kind: "revision", revision: number });

Deno.test("planDeregister() keeps the newest besides those in use", () => {
  const plan = planned(keeps(2), register([1, 2, 3, 4, 5, 6], [], [2, 6]));
  assert.deepEqual(numbers(plan.deregister), [1, 3]);
  assert.deepEqual(plan.inUse.map(({ revision, user }) => [revision.revision, user]), [
    [2, USER],
    [6, USER],
  ]);
  assert.deepEqual(plan.delete, []);
  assert.deepEqual(planned(keeps(9), register([1, 2])).deregister, []);
  assert.deepEqual(planned(keeps(9), register([])).deregister, []);
});

Deno.test("planDeregister() deletes what it deregisters, and what an earlier run has left", () => {
  const plan = planned(keeps(1), register([3, 4, 5], [1, 2], [2, 5]), true);
  assert.deepEqual(numbers(plan.deregister), [3]);
  assert.deepEqual(numbers(plan.delete), [1, 3]);
});

Deno.test("planDeregister() takes the one that is named, or the latest", () => {
  assert.deepEqual(numbers(planned(only(2), register([1, 2, 3])).deregister), [2]);
  assert.deepEqual(numbers(planned({ kind: "latest" }, register([1, 2, 3])).deregister), [3]);
  assert.deepEqual(numbers(planned(only(2), register([2]), true).delete), [2]);
});

Deno.test("planDeregister() deletes one that is deregistered already", () => {
  const plan = planned(only(2), register([3], [2]), true);
  assert.deepEqual([plan.deregister, numbers(plan.delete)], [[], [2]]);
});

Deno.test("planDeregister() refuses the one that is in use, deregistered or not known", () => {
  const named = (revision: number) => ({ family: "myservice", revision });
  const inUse = (number: number) => ({ code: "inUse", revision: named(number), user: USER });
  assert.deepEqual(refusal(only(2), register([2], [], [2])), inUse(2));
  assert.deepEqual(refusal({ kind: "latest" }, register([3], [], [3])), inUse(3));
  assert.deepEqual(refusal(only(2), register([], [2], [2]), true), inUse(2));
  assert.deepEqual(
    refusal(only(2), register([3], [2])),
    { code: "alreadyDeregistered", revision: named(2), newest: [3] },
  );
  assert.deepEqual(
    refusal(only(9), register([1, 2, 3])),
    { code: "revisionNotRegistered", revision: named(9), newest: [3, 2, 1] },
  );
  assert.deepEqual(refusal({ kind: "latest" }, register([])), { code: "latestNotRegistered", family: "myservice" });
});
