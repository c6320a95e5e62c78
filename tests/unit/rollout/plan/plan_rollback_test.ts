import assert from "node:assert/strict";
import type { PlanNotice } from "../../../../src/rollout/plan/notice.ts";
import type { RollbackOptions } from "../../../../src/rollout/plan/options.ts";
import { planRollback } from "../../../../src/rollout/plan/plan_rollback.ts";
import type { CurrentState } from "../../../../src/rollout/read/current_state.ts";
import {
  chosen,
  currentState,
  DENIED,
  deployment,
  revision,
  ROLLBACK_OPTIONS,
  scalingState,
  service,
  serviceDeployment,
  taskDefinition,
} from "../../made_up.ts";
import { DOUBT, NEXT, plan, PREVIOUS } from "./planned_rollbacks.ts";

Deno.test("planRollback() updates the service and waits for the deployment", () => {
  const made = plan(currentState());
  assert.deepEqual(made.steps, [
    { kind: "updateService", taskDefinition: revision(3) },
    { kind: "awaitDeployment", follows: undefined, taskDefinition: revision(3) },
  ]);
  assert.deepEqual([made.from?.revision, made.to?.revision, made.basedOn], [4, 3, "ecs-svc/4"]);
  assert.deepEqual(made.changes, [
    { scope: { container: "app" }, attribute: "image", kind: "changed", from: "example/app:4", to: "example/app:3" },
  ]);
  assert.deepEqual(made.notices, []);
});

Deno.test("planRollback() orders the steps by what depends on what", () => {
  const options = { deregister: true, suspendAutoScaling: true, resumeAutoScaling: true };
  const made = plan(currentState({ scaling: scalingState() }), options);
  assert.deepEqual(made.steps.map(({ kind }) => kind), [
    "suspendScaling",
    "updateService",
    "awaitDeployment",
    "restoreScaling",
    "deregister",
  ]);
  assert.deepEqual(made.steps.at(-1), { kind: "deregister", taskDefinition: revision(4) });
});

Deno.test("planRollback() without waiting ends with the update", () => {
  assert.deepEqual(plan(currentState(), { wait: false }).steps.map(({ kind }) => kind), ["updateService"]);
});

Deno.test("planRollback() has nothing to do at the target, and never deregisters it", () => {
  const made = plan(currentState({ chosen: chosen(4), target: taskDefinition(4) }), {
    deregister: true,
    suspendAutoScaling: true,
    resumeAutoScaling: true,
  });
  assert.deepEqual([made.steps, made.isReached], [[], true]);
  assert.deepEqual(made.notices.map(({ code }) => code), ["notScalable", "targetStaysRegistered"].toReversed());
});

Deno.test("planRollback() follows the deployment that is bringing the target already", () => {
  for (
    const primary of [
      deployment({ rolloutState: "IN_PROGRESS", runningCount: 0 }),
      deployment({ runningCount: 1 }),
      deployment({ rolloutState: undefined, runningCount: 1 }),
    ]
  ) {
    const made = plan(currentState({
      chosen: chosen(4),
      target: taskDefinition(4),
      service: service({ deployments: [primary] }),
    }));
    assert.deepEqual(made.steps, [
      { kind: "awaitDeployment", follows: { kind: "deployment", id: "ecs-svc/4" }, taskDefinition: revision(4) },
    ]);
  }
});

Deno.test("planRollback() gives notice of what the user should know", () => {
  const cases: [Partial<CurrentState>, Partial<RollbackOptions>, PlanNotice][] = [
    [
      {},
      { configuredFamily: "other" },
      { code: "otherFamily", configured: "other", running: revision(4), family: "myservice" },
    ],
    [{}, { suspendAutoScaling: true }, { code: "notScalable" }],
    [{}, { resumeAutoScaling: true }, { code: "notScalable" }],
    [
      { current: taskDefinition(4, { status: "INACTIVE" }) },
      {},
      { code: "currentNotActive", running: revision(4), status: "INACTIVE" },
    ],
    [{ current: undefined }, {}, { code: "currentDeleted", running: revision(4) }],
    [{ service: service({ desiredCount: 0 }) }, {}, { code: "noTasksDesired" }],
  ];
  for (const [changes, options, expected] of cases) {
    const made = plan(currentState(changes), options);
    assert.deepEqual(made.notices, [expected]);
    assert.ok(made.steps.some(({ kind }) => kind === "updateService"), "a notice is no refusal");
  }
  assert.deepEqual(plan(currentState(), { configuredFamily: "myservice" }).notices, []);
});

Deno.test("planRollback() goes where an objection is answered, and refuses nothing where the service is there", () => {
  const unproven = { ...chosen(3, NEXT), isUnproven: true };
  assert.equal(plan(currentState({ choice: PREVIOUS, chosen: unproven }), { allowUnproven: true }).to?.revision, 3);
  assert.equal(plan(currentState({ choice: PREVIOUS, chosen: unproven }), { mayAsk: true }).to?.revision, 3);
  const wayBack = { ...chosen(3, NEXT), leavesRollback: true };
  assert.equal(plan(currentState({ choice: PREVIOUS, chosen: wayBack }), { mayAsk: true }).to?.revision, 3);
  const there = { chosen: { ...chosen(4), isUnproven: true, leavesRollback: true }, target: taskDefinition(4) };
  for (const left of [undefined, revision(5)]) {
    assert.deepEqual(plan(currentState({ choice: PREVIOUS, left, ...there })).steps, []);
  }
  assert.equal(
    planRollback(currentState({ chosen: { ...wayBack, isUnproven: true } }), {
      ...ROLLBACK_OPTIONS,
      allowUnproven: true,
    }).kind,
    "refused",
  );
});

Deno.test("planRollback() names what may be repeated, for previous only", () => {
  assert.equal(plan(currentState()).repeatedBy, undefined);
  const previous = currentState({ choice: PREVIOUS });
  assert.deepEqual(plan(previous).repeatedBy, { from: revision(4), to: revision(3) });
  const back = plan({ ...previous, left: revision(5), chosen: chosen(4), target: taskDefinition(4) });
  assert.deepEqual(back.repeatedBy, { from: revision(5), to: revision(4) });
});

Deno.test("planRollback() notes optional permissions that are missing, and goes on", () => {
  const made = plan(currentState({ denied: [{ part: "underWay", denial: DENIED }] }));
  const notRead = { code: "notRead", denial: DENIED, alsoDenied: [], parts: ["underWay"], intent: "rollback" };
  assert.deepEqual(made.notices, [{ ...notRead, target: revision(3) }]);
  assert.equal(made.steps[0]?.kind, "updateService");
});

Deno.test("planRollback() registers a copy of a deregistered target when asked to, and deploys that", () => {
  const inactive = currentState({ target: taskDefinition(3, { status: "INACTIVE" }) });
  const made = plan(inactive, { reregister: true });
  assert.deepEqual(made.steps, [
    { kind: "registerCopy", of: revision(3) },
    { kind: "updateService", taskDefinition: "registered" },
    { kind: "awaitDeployment", follows: undefined, taskDefinition: "registered" },
  ]);
  const active = plan(currentState(), { reregister: true });
  assert.ok(active.steps.every(({ kind }) => kind !== "registerCopy"), "what is registered needs no copy");
});

Deno.test("planRollback() stops no deployment to bring a copy: ECS would go back to the original, which it cannot start", () => {
  const newest = { deployment: serviceDeployment({ status: "IN_PROGRESS" }), cameFrom: revision(3).arn };
  const inactive = currentState({ target: taskDefinition(3, { status: "INACTIVE" }), newest });
  const kinds = plan(inactive, { reregister: true }).steps.map(({ kind }) => kind);
  assert.deepEqual(kinds, ["registerCopy", "updateService", "awaitDeployment"]);
});

Deno.test("planRollback() says why it takes a revision that was not named, and what is doubtful about it", () => {
  const made = plan(currentState({ chosen: chosen(3, NEXT, [DOUBT]) }));
  assert.equal(made.reason, NEXT);
  assert.deepEqual(made.notices.map((notice) => notice.code === "notRead" && notice.parts), [["succeeded"]]);
});
