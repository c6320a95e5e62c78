import assert from "node:assert/strict";
import type { CurrentState } from "../../../../src/rollout/read/current_state.ts";
import type { ChoiceReason, Doubt, ListedRevisions } from "../../../../src/rollout/read/revision_choice.ts";
import type { PlanNotice } from "../../../../src/rollout/plan/notice.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import type { RollbackOptions } from "../../../../src/rollout/plan/options.ts";
import type { Refusal, RefusalReason } from "../../../../src/rollout/plan/refusal.ts";
import { planRollback } from "../../../../src/rollout/plan/plan_rollback.ts";
import {
  chosen,
  currentState,
  DENIED,
  deployment,
  planOf,
  REF,
  refusalOf,
  revision,
  ROLLBACK_OPTIONS,
  scalingState,
  service,
  serviceDeployment,
  taskDefinition,
  taskSet,
} from "../../made_up.ts";

function plan(state: CurrentState, options: Partial<RollbackOptions> = {}): Plan {
  return planOf(planRollback(state, { ...ROLLBACK_OPTIONS, ...options })).plan;
}

const NEXT: ChoiceReason = { code: "nextLower", revision: 3, nothingBefore: undefined };
const DOUBT: Doubt = { code: "deploymentsNotRead", denial: DENIED };
const PREVIOUS = { kind: "previous" as const };

const LISTED: ListedRevisions = { family: "myservice", numbers: [7, 6, 4], deployed: { 6: "STOPPED" } };

function refusal(state: CurrentState): Refusal {
  return refusalOf(planRollback(state, ROLLBACK_OPTIONS));
}

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
  const wayBack = { ...chosen(3, NEXT), leavesWayBack: true };
  assert.equal(plan(currentState({ choice: PREVIOUS, chosen: wayBack }), { mayAsk: true }).to?.revision, 3);
  const there = { chosen: { ...chosen(4), isUnproven: true, leavesWayBack: true }, target: taskDefinition(4) };
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

Deno.test("planRollback() refuses what cannot be done, with what the way out needs", () => {
  const runs = { running: revision(4) };
  const target = revision(3);
  const attachment = { kind: "loadBalancer" as const, name: "arn:tg", containerName: "app", containerPort: 8080 };
  const cases: [Partial<CurrentState>, RefusalReason][] = [
    [{ service: undefined }, { code: "serviceMissing" }],
    [{ service: service({ status: "DRAINING" }) }, { code: "serviceNotActive", status: "DRAINING" }],
    [{ service: service({ status: "INACTIVE" }) }, { code: "serviceNotActive", status: "INACTIVE" }],
    [
      {
        service: service({
          deploymentController: "CODE_DEPLOY",
          taskSets: [taskSet({ externalId: undefined }), taskSet({ externalId: "d-ABC" })],
          attachments: [{ ...attachment, kind: "serviceRegistry" }, attachment],
        }),
        target: undefined,
      },
      {
        code: "deployedByCodeDeploy",
        codeDeploy: { deploymentId: "d-ABC", taskDefinition: revision(4), loadBalancer: attachment, revision: 3 },
      },
    ],
    [
      { service: service({ deploymentController: "EXTERNAL", taskDefinition: undefined }) },
      { code: "deployedElsewhere", controller: "EXTERNAL" },
    ],
    [{ service: service({ taskDefinition: undefined }) }, { code: "noDeployment" }],
    [
      { choice: PREVIOUS, chosen: { kind: "none", reason: { code: "nothingRuns" } }, target: undefined },
      { code: "noneChosen", choice: PREVIOUS, reason: { code: "nothingRuns" } },
    ],
    [
      { chosen: chosen(9), target: undefined, newestRevisions: LISTED },
      { code: "notRegistered", choice: "number", target: revision(9), ...runs, newest: LISTED },
    ],
    [
      { choice: PREVIOUS, chosen: { ...chosen(3, NEXT, [DOUBT]), isUnproven: true } },
      { code: "unproven", choice: "previous", target, ...runs, doubt: DOUBT },
    ],
    [
      { choice: PREVIOUS, chosen: { ...chosen(3, NEXT), leavesWayBack: true } },
      { code: "justRolledBack", target, ...runs, isProven: true },
    ],
    [{ choice: PREVIOUS, left: revision(5) }, { code: "runsAnother", ...runs, left: revision(5) }],
    [
      { target: taskDefinition(3, { status: "DELETE_IN_PROGRESS" }) },
      { code: "targetNotActive", target, status: "DELETE_IN_PROGRESS" },
    ],
    [
      { target: taskDefinition(3, { requiresCompatibilities: ["EC2"] }) },
      {
        code: "cannotRollBackTo",
        target: revision(3),
        ...runs,
        isActive: true,
        misfits: [{ code: "launchType", launchType: "FARGATE", fitFor: ["EC2"] }],
        isRestorable: false,
      },
    ],
    [
      {
        chosen: chosen(4),
        target: taskDefinition(4),
        service: service({ deployments: [deployment({ rolloutState: "FAILED", rolloutStateReason: "it broke." })] }),
      },
      {
        code: "targetFailed",
        choice: "number",
        target: revision(4),
        ...runs,
        deployment: { name: "ecs-svc/4", reason: "it broke." },
        isRestorable: false,
      },
    ],
  ];
  for (const [changes, reason] of cases) {
    assert.deepEqual(refusal(currentState(changes)), { ...reason, intent: "rollback", ref: REF });
  }
});

const IN_PROGRESS = service({ deployments: [deployment({ rolloutState: "IN_PROGRESS", runningCount: 0 })] });

Deno.test("planRollback() stops a deployment that came from the target alone, and keeps the update in reserve", () => {
  for (const status of ["PENDING", "IN_PROGRESS"]) {
    const newest = { deployment: serviceDeployment({ status }), cameFrom: revision(3).arn };
    const made = plan(currentState({ service: IN_PROGRESS, newest }));
    assert.deepEqual(made.steps, [
      {
        kind: "stopDeployment",
        arn: newest.deployment.arn,
        to: revision(3),
        otherwise: { kind: "updateService", taskDefinition: revision(3) },
      },
      { kind: "awaitDeployment", follows: undefined, taskDefinition: revision(3) },
    ]);
    assert.deepEqual(made.notices, [{ code: "stopsDeployment", running: revision(4), target: revision(3) }]);
  }
});

Deno.test("planRollback() updates the service where stopping would lead elsewhere, or would come too late", () => {
  const cases = [
    { deployment: serviceDeployment(), cameFrom: revision(2).arn },
    { deployment: serviceDeployment(), cameFrom: undefined },
    { deployment: serviceDeployment({ status: "SUCCESSFUL" }), cameFrom: revision(3).arn },
    { deployment: serviceDeployment({ status: "STOPPED" }), cameFrom: revision(3).arn },
  ];
  for (const newest of cases) {
    assert.deepEqual(plan(currentState({ service: IN_PROGRESS, newest })).steps.map(({ kind }) => kind), [
      "updateService",
      "awaitDeployment",
    ]);
  }
});

Deno.test("planRollback() follows a deployment that is going back to the target already, and starts none", () => {
  for (const status of ["STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"]) {
    const newest = { deployment: serviceDeployment({ status }), cameFrom: revision(3).arn };
    const follows = { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "rollback" };
    assert.deepEqual(plan(currentState({ service: IN_PROGRESS, newest })).steps, [
      { kind: "awaitDeployment", follows, taskDefinition: revision(3) },
    ]);
  }
});

Deno.test("planRollback() follows blue/green deployments by their service deployment", () => {
  const blueGreen = service({ deploymentStrategy: "BLUE_GREEN" });
  const done = { deployment: serviceDeployment({ status: "SUCCESSFUL" }), cameFrom: undefined };
  assert.deepEqual(plan(currentState({ service: blueGreen, newest: done })).steps[0], {
    kind: "updateService",
    taskDefinition: revision(3),
    newerThan: { serviceDeployment: done.deployment.arn },
  });
  const underWay = { deployment: serviceDeployment(), cameFrom: revision(3).arn };
  const atTarget = currentState({ chosen: chosen(4), target: taskDefinition(4), service: blueGreen, newest: underWay });
  assert.deepEqual(plan(atTarget).steps, [{
    kind: "awaitDeployment",
    follows: { kind: "serviceDeployment", arn: underWay.deployment.arn, goal: "success" },
    taskDefinition: revision(4),
  }]);
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
