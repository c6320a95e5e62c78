import assert from "node:assert/strict";
import type { JsonObject } from "../../../../src/model/json.ts";
import { type DeployUndo, NOTHING_CHANGED } from "../../../../src/rollout/plan/plan.ts";
import { REF, revision, scalingState, service, serviceDeployment } from "../../made_up.ts";
import { AWAIT, DEPLOYED, NOTHING_ELSE, plan, refusal, running, SAME_DEFINITION } from "./automatic_rollbacks.ts";

Deno.test("planAutomaticRollback() takes everything back by one update", () => {
  const made = plan({});
  assert.deepEqual(made.steps, [
    { kind: "updateService", taskDefinition: revision(4), attributes: DEPLOYED.before },
    AWAIT,
  ]);
  assert.deepEqual([made.intent, made.from, made.to, made.basedOn], [
    "rollback",
    revision(5),
    revision(4),
    "ecs-svc/5",
  ]);
  assert.deepEqual(plan({}, NOTHING_ELSE).steps, [{ kind: "updateService", taskDefinition: revision(4) }, AWAIT]);
});

Deno.test("planAutomaticRollback() leaves the number of tasks alone where it is not the deploy's any more", () => {
  const others = { enableExecuteCommand: false, platformVersion: "1.4.0" };
  const cases: [number, DeployUndo, object][] = [
    [3, DEPLOYED, DEPLOYED.before],
    [7, DEPLOYED, others],
    [2, DEPLOYED, others],
    [3, { ...DEPLOYED, desiredCount: undefined }, others],
    [3, { ...DEPLOYED, before: others }, others],
  ];
  for (const [desiredCount, undo, expected] of cases) {
    const [update] = plan({ service: running(5, desiredCount, { rolloutState: "FAILED" }) }, undo).steps;
    assert.deepEqual(update, { kind: "updateService", taskDefinition: revision(4), attributes: expected });
  }
});

const GOING_BACK = {
  deployment: serviceDeployment({ status: "ROLLBACK_IN_PROGRESS", triggered: ["circuitBreaker"] }),
  cameFrom: revision(4).arn,
};

Deno.test("planAutomaticRollback() follows ECS that goes back already, then sets what a service revision does not hold", () => {
  const follows = { kind: "serviceDeployment", arn: GOING_BACK.deployment.arn, goal: "rollback" };
  for (const number of [4, 5]) {
    const changes = { service: running(number, 3, { rolloutState: "IN_PROGRESS" }), newest: GOING_BACK };
    assert.deepEqual(plan(changes).steps, [
      { kind: "awaitDeployment", taskDefinition: revision(4), follows },
      {
        kind: "updateService",
        taskDefinition: undefined,
        attributes: { enableExecuteCommand: false, desiredCount: 2 },
      },
    ]);
    const held = { ...NOTHING_ELSE, before: { platformVersion: "1.4.0", networkConfiguration: {} } };
    for (const undo of [held, NOTHING_ELSE]) {
      assert.deepEqual(plan(changes, undo).steps, [{ ...AWAIT, follows }]);
    }
  }
});

Deno.test("planAutomaticRollback() where ECS is back already has only the rest to set, or nothing to do", () => {
  const back = { service: running(4, 3, { runningCount: 3 }) };
  assert.deepEqual(plan(back).steps, [{
    kind: "updateService",
    taskDefinition: undefined,
    attributes: { enableExecuteCommand: false, desiredCount: 2 },
  }]);
  const nothing = plan(back, NOTHING_ELSE);
  assert.deepEqual([nothing.steps, nothing.isReached], [[], true]);
});

Deno.test("planAutomaticRollback() stops what is under way; all attributes where ECS does not take that", () => {
  const newest = { deployment: serviceDeployment(), cameFrom: revision(4).arn };
  const { steps } = plan({ service: running(5, 3, { rolloutState: "IN_PROGRESS" }), newest });
  assert.deepEqual(steps, [
    {
      kind: "stopDeployment",
      arn: newest.deployment.arn,
      to: revision(4),
      otherwise: { kind: "updateService", taskDefinition: revision(4), attributes: DEPLOYED.before },
    },
    AWAIT,
    {
      kind: "updateService",
      taskDefinition: undefined,
      attributes: { enableExecuteCommand: false, desiredCount: 2 },
    },
  ]);
});

Deno.test("planAutomaticRollback() lists what changes in the service, without a number of tasks that is not the deploy's", () => {
  const listed = (desiredCount: number) =>
    plan({ service: running(5, desiredCount) }).changes?.filter(({ scope }) => scope === "service");
  assert.deepEqual(listed(3), DEPLOYED.settings);
  assert.deepEqual(listed(4), DEPLOYED.settings.slice(0, 1));
});

Deno.test("planAutomaticRollback() of a rollback with --restore service restores the settings of what it goes back to", () => {
  const change = { scope: "service", attribute: "volumeConfigurations", kind: "removed" } as const;
  const settings = {
    attributes: { volumeConfigurations: [] },
    differences: [{ change, comesBack: "byUpdate" }],
  } as const;
  const ran = { arn: "arn:revision", taskDefinition: revision(4).arn, createdAtMs: 0, images: [], raw: {} };
  const undo = { ...NOTHING_CHANGED, from: revision(4), to: revision(5) };
  const back = (restore: "service" | undefined) => plan({ settings, ran }, undo, { ...(restore && { restore }) });
  const [update] = back("service").steps;
  assert.deepEqual(update, { kind: "updateService", taskDefinition: revision(4), attributes: settings.attributes });
  assert.deepEqual(back("service").changes?.at(-1), change);
  assert.deepEqual(back(undefined).steps[0], { kind: "updateService", taskDefinition: revision(4) });
});

Deno.test("planAutomaticRollback() of a deploy of attributes updates those and no task definition", () => {
  const update = { kind: "updateService", taskDefinition: undefined, attributes: DEPLOYED.before };
  const underWay = { deployment: serviceDeployment(), cameFrom: revision(4).arn };
  for (
    const [state, newest] of [["FAILED", undefined], ["IN_PROGRESS", underWay], ["IN_PROGRESS", undefined]] as const
  ) {
    const made = plan({ service: running(4, 3, { rolloutState: state }), newest }, SAME_DEFINITION);
    assert.deepEqual(made.steps, [update, AWAIT], "what is failing is not followed on");
    assert.deepEqual([made.from, made.to, made.isReached], [revision(4), revision(4), false]);
    assert.deepEqual(made.changes, DEPLOYED.settings);
  }
  const goingBack = plan(
    { service: running(4, 3, { rolloutState: "IN_PROGRESS" }), newest: GOING_BACK },
    SAME_DEFINITION,
  );
  assert.deepEqual(goingBack.steps.map(({ kind }) => kind), ["awaitDeployment", "updateService"]);
});

Deno.test("planAutomaticRollback() of attributes waits for nothing where the deployment in place had failed before", () => {
  const quiet = { ...SAME_DEFINITION, before: { enableExecuteCommand: false }, failedBefore: "ecs-svc/4" };
  const failed = { service: running(4, 3, { rolloutState: "FAILED" }) };
  const made = plan(failed, quiet);
  assert.deepEqual(made.steps, [{ kind: "updateService", taskDefinition: undefined, attributes: quiet.before }]);
  assert.equal(made.isReached, false);
  const kinds = (undo: DeployUndo) => plan(failed, undo).steps.map(({ kind }) => kind);
  assert.deepEqual(kinds({ ...quiet, before: { platformVersion: "1.4.0" } }), ["updateService", "awaitDeployment"]);
  assert.deepEqual(kinds({ ...quiet, failedBefore: "ecs-svc/3" }), ["updateService", "awaitDeployment"]);
});

Deno.test("planAutomaticRollback() of attributes follows the service deployment of another strategy", () => {
  const stopped = { deployment: serviceDeployment({ status: "STOPPED", strategy: "BLUE_GREEN" }), cameFrom: undefined };
  const blueGreen = { ...running(4, 3), deploymentStrategy: "BLUE_GREEN" };
  const [update] = plan({ service: blueGreen, newest: stopped }, SAME_DEFINITION).steps;
  assert.deepEqual(update, {
    kind: "updateService",
    taskDefinition: undefined,
    attributes: DEPLOYED.before,
    newerThan: { serviceDeployment: stopped.deployment.arn },
  });
  const count = { ...SAME_DEFINITION, before: { desiredCount: 2 } };
  const [quiet] = plan({ service: blueGreen, newest: stopped }, count).steps;
  assert.deepEqual(quiet, { kind: "updateService", taskDefinition: undefined, attributes: { desiredCount: 2 } });
});

Deno.test("planAutomaticRollback() says that nothing can be rolled back of what has changed nothing", () => {
  const forced = { ...NOTHING_ELSE, to: revision(4) };
  for (const rolloutState of ["FAILED", "IN_PROGRESS"]) {
    const refused = refusal({ service: running(4, 2, { rolloutState }) }, forced);
    assert.deepEqual(refused, { code: "nothingChanged", intent: "rollback", ref: REF, running: revision(4) });
  }
  assert.equal(plan({ service: running(4, 2) }, forced).isReached, true, "ECS has turned back by itself");
});

Deno.test("planAutomaticRollback() leaves alone what somebody has deployed meanwhile", () => {
  for (const undo of [DEPLOYED, NOTHING_ELSE, SAME_DEFINITION, { ...DEPLOYED, to: undefined }]) {
    const refused = refusal({ service: running(7, 3) }, undo);
    assert.deepEqual(refused, { code: "deployedOver", intent: "rollback", ref: REF, running: revision(7) });
  }
  assert.equal(refusal({ service: undefined }).code, "serviceMissing");
  assert.equal(refusal({ service: service({ status: "DRAINING" }) }).code, "serviceNotActive");
});

Deno.test("planAutomaticRollback() takes ECS's going back further than the deploy came from for nobody else's deployment", () => {
  for (const status of ["ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"]) {
    const newest = { deployment: serviceDeployment({ status }), cameFrom: revision(2).arn };
    const further = refusal({ service: running(2, 3), newest }, DEPLOYED);
    const data = { intent: "rollback", ref: REF, running: revision(2), from: revision(4) };
    assert.deepEqual(further, { code: "ecsWentFurtherBack", ...data });
    assert.equal(refusal({ service: running(7, 3), newest }, DEPLOYED).code, "deployedOver");
  }
});

Deno.test("planAutomaticRollback() protects the way back, too, and restores scaling last", () => {
  const both = { suspendAutoScaling: true, resumeAutoScaling: true };
  const scaling = scalingState();
  const order = ["suspendScaling", "updateService", "awaitDeployment", "restoreScaling"];
  assert.deepEqual(plan({ scaling }, DEPLOYED, both).steps.map(({ kind }) => kind), order);
  const attributesOnly = plan({ scaling, service: running(4, 3) }, SAME_DEFINITION, both);
  assert.deepEqual(attributesOnly.steps.map(({ kind }) => kind), order);
  const record = { prior: scaling.target.suspendedState, atMs: 0, by: "ci", runs: [] };
  const [suspend] = plan({ scaling: { ...scaling, record } }, DEPLOYED, both).steps;
  assert.deepEqual(suspend, { kind: "suspendScaling", target: scaling.target, prior: record.prior, record: "keep" });
  const followed = plan({ scaling, service: running(5, 3), newest: GOING_BACK }, DEPLOYED, both);
  assert.deepEqual(followed.steps.map(({ kind }) => kind), [
    "suspendScaling",
    "awaitDeployment",
    "updateService",
    "restoreScaling",
  ]);
});

Deno.test("planAutomaticRollback() foresees no bake time where it gives the strategy up again", () => {
  const before = { deploymentConfiguration: { strategy: "ROLLING", bakeTimeInMinutes: 0 } };
  const settings = {
    deploymentStrategy: "BLUE_GREEN",
    deploymentSettings: { ...service().deploymentSettings, bakeMinutes: 9 },
  };
  const failed = { ...running(5, 3, { rolloutState: undefined }), ...settings };
  const notices = (before: JsonObject) =>
    plan({ service: failed }, { ...DEPLOYED, before }).notices.map(({ code }) => code);
  assert.deepEqual(notices(before), []);
  assert.deepEqual(notices({}), ["wholeDeployment"]);
});
