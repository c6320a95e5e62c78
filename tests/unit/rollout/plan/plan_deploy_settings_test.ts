import assert from "node:assert/strict";
import { NO_CHANGES } from "../../../../src/definitions/compare_services.ts";
import type { JsonObject } from "../../../../src/model/json.ts";
import { ALL_SUSPENDED } from "../../../../src/model/scalable_target.ts";
import type { DeployOptions } from "../../../../src/rollout/plan/options.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import type { DeployState } from "../../../../src/rollout/read/read_deploy_state.ts";
import type { TaskDefinitionSource } from "../../../../src/rollout/read/read_source.ts";
import { REF, revision, scalableTarget, service, serviceDeployment, taskDefinition } from "../../made_up.ts";
import {
  CURRENT,
  INPUT,
  kinds,
  planned,
  refusal,
  REGISTER,
  registered,
  SCALING,
  setting,
  VPC,
} from "./deploy_plans.ts";

const NEWEST = { deployment: serviceDeployment({ status: "SUCCESSFUL" }), cameFrom: undefined };

function update({ steps }: Plan) {
  return steps.find((step) => step.kind === "updateService");
}

Deno.test("planDeploy() judges the fit by the settings that the service gets", () => {
  const source: TaskDefinitionSource = {
    kind: "registered",
    taskDefinition: taskDefinition(3, { networkMode: "bridge" }),
    reason: undefined,
  };
  const changed = (attributes: JsonObject) => ({ source, changes: { ...NO_CHANGES, attributes } });
  const fitting = changed({ networkConfiguration: {} });
  assert.deepEqual(kinds(planned(fitting).plan), ["updateService", "awaitDeployment"]);
  const unfit: JsonObject[] = [{ enableExecuteCommand: true }, { networkConfiguration: { awsvpcConfiguration: {} } }];
  for (const attributes of unfit) {
    const misfits = [{ code: "networkMode", networkMode: "bridge" }];
    const what = revision(3);
    assert.deepEqual(refusal(changed(attributes)), { code: "cannotDeploy", intent: "deploy", ref: REF, what, misfits });
  }
});

Deno.test("planDeploy() creates the service, by what the definition says and --tasks", () => {
  for (const missing of [undefined, service({ status: "INACTIVE" })]) {
    const changes = { service: missing, serviceDefinition: { desiredCount: 1, launchType: "FARGATE", ...VPC } };
    const { plan, undo } = planned({ ...changes, source: REGISTER }, { tasks: 3 });
    assert.deepEqual(plan.steps, [
      { kind: "register", family: "myservice", input: INPUT },
      {
        kind: "createService",
        taskDefinition: "registered",
        input: { desiredCount: 3, launchType: "FARGATE", ...VPC },
      },
      { kind: "awaitDeployment", taskDefinition: "registered", follows: undefined },
    ]);
    assert.deepEqual([plan.from, plan.to, plan.basedOn, plan.isReached], [undefined, undefined, undefined, false]);
    assert.deepEqual(undo, {
      from: undefined,
      to: undefined,
      before: {},
      inRevision: [],
      settings: [],
      changed: [],
      was: {},
      desiredCount: undefined,
      failedBefore: undefined,
    });
    const known = planned({ ...changes, source: registered(3) }).plan;
    assert.deepEqual([kinds(known), known.to?.revision], [["createService", "awaitDeployment"], 3]);
  }
  const scaled = planned({ service: undefined, serviceDefinition: { desiredCount: 1, ...VPC } }, {
    suspendAutoScaling: true,
  });
  assert.deepEqual(scaled.plan.notices, [{ code: "createdWithoutScaling" }]);
});

Deno.test("planDeploy() of a new service restores what is on record, and suspends nothing", () => {
  const both = { suspendAutoScaling: true, resumeAutoScaling: true };
  const record = { prior: scalableTarget().suspendedState, atMs: 0, by: "ci", runs: [] };
  const target = scalableTarget({ suspendedState: ALL_SUSPENDED });
  const creation = { service: undefined, serviceDefinition: VPC };
  const recorded = planned({ ...creation, scaling: { target, record, unrecordable: undefined } }, both).plan;
  assert.deepEqual(kinds(recorded), ["createService", "awaitDeployment", "restoreScaling"]);
  assert.deepEqual(kinds(planned({ ...creation, scaling: SCALING }, both).plan), ["createService", "awaitDeployment"]);
});

Deno.test("planDeploy() sends one number of tasks: --tasks before the file, and none where it is there already", () => {
  const inFile = {
    ...NO_CHANGES,
    attributes: { desiredCount: 5, enableExecuteCommand: true },
    before: { desiredCount: 2, enableExecuteCommand: false },
    settings: [setting("desiredCount", "2", "5"), setting("enableExecuteCommand", "false", "true")],
  };
  const cases: [number | undefined, number | undefined][] = [[undefined, 5], [7, 7], [0, 0], [2, undefined]];
  for (const [tasks, sent] of cases) {
    const { plan, undo } = planned({ source: CURRENT, changes: inFile }, { tasks });
    const count = sent === undefined ? {} : { desiredCount: sent };
    assert.deepEqual(update(plan)?.attributes, { enableExecuteCommand: true, ...count });
    assert.deepEqual(plan.changes, [
      setting("enableExecuteCommand", "false", "true"),
      ...(sent === undefined ? [] : [setting("desiredCount", "2", String(sent))]),
    ]);
    assert.deepEqual(undo, {
      from: revision(4),
      to: revision(4),
      before: { enableExecuteCommand: false, ...(sent !== undefined && { desiredCount: 2 }) },
      inRevision: [],
      settings: [
        setting("enableExecuteCommand", "true", "false"),
        ...(sent === undefined ? [] : [setting("desiredCount", String(sent), "2")]),
      ],
      changed: ["enableExecuteCommand", ...(sent === undefined ? [] : ["desiredCount"])],
      was: { desiredCount: 2 },
      desiredCount: sent,
      failedBefore: undefined,
    });
  }
});

Deno.test("planDeploy() --tasks alone is rolled back by the number of before, without a service definition", () => {
  const { plan, undo } = planned({ source: CURRENT }, { tasks: 6 });
  assert.deepEqual(update(plan), {
    kind: "updateService",
    taskDefinition: undefined,
    attributes: { desiredCount: 6 },
  });
  assert.deepEqual([undo.before, undo.desiredCount], [{ desiredCount: 2 }, 6]);
  assert.deepEqual([plan.changes, undo.settings], [
    [setting("desiredCount", "2", "6")],
    [setting("desiredCount", "6", "2")],
  ]);
});

Deno.test("planDeploy() changes attributes only, and forces a deployment which nothing rolls back", () => {
  const changes = { ...NO_CHANGES, attributes: { platformVersion: "LATEST" }, before: { platformVersion: "1.4.0" } };
  const { plan, undo } = planned({ source: CURRENT, changes }, { force: true });
  assert.deepEqual(plan.steps, [
    {
      kind: "updateService",
      taskDefinition: undefined,
      attributes: { platformVersion: "LATEST", forceNewDeployment: true },
    },
    { kind: "awaitDeployment", taskDefinition: revision(4), follows: undefined },
  ]);
  assert.deepEqual(undo.before, { platformVersion: "1.4.0" });
});

function strategy(strategy: string) {
  return { deploymentConfiguration: { strategy } };
}

Deno.test("planDeploy() follows a service deployment only where another strategy starts one", () => {
  const anew = { serviceDeployment: NEWEST.deployment.arn };
  const quiet = {
    deploymentConfiguration: {},
    enableExecuteCommand: true,
    healthCheckGracePeriodSeconds: 9,
    desiredCount: 9,
  };
  const cases: [string, Partial<DeployState>, Partial<DeployOptions>, unknown][] = [
    ["ROLLING", {}, {}, undefined],
    ["BLUE_GREEN", {}, {}, anew],
    ["CANARY", { source: CURRENT }, { force: true }, anew],
    ["LINEAR", { source: CURRENT, changes: { ...NO_CHANGES, attributes: quiet } }, {}, undefined],
    ["BLUE_GREEN", { source: CURRENT, changes: { ...NO_CHANGES, attributes: { loadBalancers: [] } } }, {}, anew],
    ["BLUE_GREEN", { newest: undefined }, {}, { serviceDeployment: undefined }],
    // Forced, because ECS demands that.
    [
      "LINEAR",
      { source: CURRENT, changes: { ...NO_CHANGES, attributes: { capacityProviderStrategy: [] } } },
      {},
      anew,
    ],
    // Whether it starts one is not known.
    ["LINEAR", { source: CURRENT, changes: { ...NO_CHANGES, attributes: { monitoring: {} } } }, {}, anew],
    // The strategy that the service gets is what counts.
    ["ROLLING", { changes: { ...NO_CHANGES, attributes: strategy("BLUE_GREEN") } }, {}, anew],
    ["BLUE_GREEN", { changes: { ...NO_CHANGES, attributes: strategy("ROLLING") } }, {}, undefined],
  ];
  for (const [deploymentStrategy, changes, options, expected] of cases) {
    const one = service({ deploymentStrategy });
    const { plan } = planned({ service: one, newest: NEWEST, ...changes }, options);
    assert.deepEqual(update(plan)?.newerThan, expected, deploymentStrategy);
  }
});

Deno.test("planDeploy() forces a deployment for another capacity provider strategy, and says so", () => {
  const attributes = { capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT" }] };
  const { plan } = planned({ source: CURRENT, changes: { ...NO_CHANGES, attributes } });
  assert.deepEqual(update(plan)?.attributes, { ...attributes, forceNewDeployment: true });
  assert.deepEqual(kinds(plan), ["updateService", "awaitDeployment"]);
  assert.deepEqual(plan.notices, [{ code: "forcesDeployment" }]);
});

Deno.test("planDeploy() waits for nothing that another controller deploys from then on", () => {
  const attributes = { deploymentController: { type: "EXTERNAL" } };
  const { plan } = planned({ source: CURRENT, changes: { ...NO_CHANGES, attributes } });
  assert.deepEqual(kinds(plan), ["updateService"]);
  assert.deepEqual(plan.notices, [{ code: "handsOver", controller: "EXTERNAL" }]);
});
