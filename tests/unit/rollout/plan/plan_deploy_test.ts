import assert from "node:assert/strict";
import { NO_CHANGES } from "../../../../src/definitions/compare_services.ts";
import type { DefinitionChange } from "../../../../src/model/definition_change.ts";
import type { JsonObject } from "../../../../src/model/json.ts";
import { ALL_SUSPENDED } from "../../../../src/model/scalable_target.ts";
import type { DeployOptions } from "../../../../src/rollout/plan/options.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import type { ChoiceReason } from "../../../../src/rollout/read/revision_choice.ts";
import type { Refusal } from "../../../../src/rollout/plan/refusal.ts";
import { planDeploy } from "../../../../src/rollout/plan/plan_deploy.ts";
import type { AlarmState } from "../../../../src/rollout/read/read_alarms.ts";
import type { DeployState } from "../../../../src/rollout/read/read_deploy_state.ts";
import type { TaskDefinitionSource } from "../../../../src/rollout/read/read_source.ts";
import {
  DENIED,
  deployment,
  planOf,
  REF,
  refusalOf,
  revision,
  scalableTarget,
  scalingState,
  service,
  serviceDeployment,
  taskDefinition,
  taskSet,
} from "../../made_up.ts";

const OPTIONS: DeployOptions = {
  wait: true,
  until: "stable",
  force: false,
  tasks: undefined,
  suspendAutoScaling: false,
  resumeAutoScaling: false,
};
const INPUT = { family: "myservice", cpu: "512", networkMode: "awsvpc" };
const VPC = { networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } } };
const REGISTER: TaskDefinitionSource = { kind: "register", family: "myservice", input: INPUT };
const CURRENT: TaskDefinitionSource = { kind: "current" };
const SCALING = scalingState();
const NEWEST = { deployment: serviceDeployment({ status: "SUCCESSFUL" }), cameFrom: undefined };

function registered(number: number, reason?: ChoiceReason): TaskDefinitionSource {
  return { kind: "registered", taskDefinition: taskDefinition(number), reason };
}

function state(changes: Partial<DeployState> = {}): DeployState {
  return {
    ref: REF,
    service: service(),
    source: registered(3),
    serviceDefinition: undefined,
    changes: NO_CHANGES,
    scaling: undefined,
    newest: undefined,
    members: undefined,
    unread: [],
    rollsBackOnFailure: false,
    wayBackStatus: undefined,
    rolledBackFrom: undefined,
    denied: [],
    ...changes,
  };
}

function planned(changes: Partial<DeployState>, options: Partial<DeployOptions> = {}) {
  return planOf(planDeploy(state(changes), { ...OPTIONS, ...options }));
}

function refusal(changes: Partial<DeployState>, options: Partial<DeployOptions> = {}): Refusal {
  return refusalOf(planDeploy(state(changes), { ...OPTIONS, ...options }));
}

function kinds({ steps }: Plan): string[] {
  return steps.map(({ kind }) => kind);
}

function update({ steps }: Plan) {
  return steps.find((step) => step.kind === "updateService");
}

const setting = (attribute: string, from: string, to: string): DefinitionChange => ({
  ...{ scope: "service", attribute, kind: "changed" },
  ...{ from, to },
});

Deno.test("planDeploy() registers, updates once and waits for what was registered", () => {
  const { plan, undo } = planned({ source: REGISTER });
  assert.deepEqual(plan.steps, [
    { kind: "register", family: "myservice", input: INPUT },
    { kind: "updateService", taskDefinition: "registered" },
    { kind: "awaitDeployment", taskDefinition: "registered", follows: undefined },
  ]);
  assert.deepEqual([plan.intent, plan.from, plan.to, plan.basedOn], ["deploy", revision(4), undefined, "ecs-svc/4"]);
  assert.deepEqual(undo, {
    from: revision(4),
    to: undefined,
    before: {},
    inRevision: [],
    settings: [],
    changed: [],
    was: { desiredCount: 2 },
    desiredCount: undefined,
    failedBefore: undefined,
  });
});

Deno.test("planDeploy() ships a registered task definition, and says why that one", () => {
  const { plan, undo } = planned({ source: registered(3, { code: "newestOfFamily" }) });
  assert.deepEqual(plan.steps, [
    { kind: "updateService", taskDefinition: revision(3) },
    { kind: "awaitDeployment", taskDefinition: revision(3), follows: undefined },
  ]);
  assert.deepEqual([plan.to, plan.reason], [revision(3), { code: "newestOfFamily" }]);
  assert.deepEqual(undo.to, revision(3));
});

Deno.test("planDeploy() lists what changes in the task definition, where what runs was read, and in the service", () => {
  const running = taskDefinition(4);
  const shipped = { ...running.raw, networkMode: "awsvpc" };
  const settings = [setting("enableExecuteCommand", "false", "true")];
  const attribute = { ...NO_CHANGES, attributes: { enableExecuteCommand: true }, settings };
  const image = { scope: { container: "app" }, attribute: "image", kind: "changed", from: "example/app:4" };
  const cases: [Partial<DeployState>, object | undefined][] = [
    [{ source: registered(3), running }, [{ ...image, to: "example/app:3" }]],
    [{ source: { ...REGISTER, input: shipped }, running }, [
      { scope: "task", attribute: "networkMode", kind: "added", to: "awsvpc" },
    ]],
    [{ source: registered(4) }, []],
    [{ source: CURRENT }, []],
    [{ source: registered(3) }, undefined],
    [{ service: undefined, serviceDefinition: VPC }, undefined],
    [{ source: registered(3), running, changes: attribute }, [
      { ...image, to: "example/app:3" },
      ...attribute.settings,
    ]],
    [{ source: registered(3), changes: attribute }, attribute.settings],
    [{ source: registered(4), changes: attribute }, attribute.settings],
  ];
  for (const [given, changes] of cases) assert.deepEqual(planned(given).plan.changes, changes);
});

Deno.test("planDeploy() without waiting ends with the update", () => {
  assert.deepEqual(kinds(planned({}, { wait: false }).plan), ["updateService"]);
  assert.deepEqual(kinds(planned({ service: undefined, serviceDefinition: VPC }, { wait: false }).plan), [
    "createService",
  ]);
});

Deno.test("planDeploy() has nothing to do where nothing differs, whatever names the task definition", () => {
  for (const source of [CURRENT, registered(4)]) {
    const { plan, undo } = planned({ source }, { tasks: 2 });
    assert.deepEqual([plan.steps, plan.isReached, plan.to], [[], true, revision(4)]);
    assert.deepEqual(undo, {
      from: revision(4),
      to: revision(4),
      before: {},
      inRevision: [],
      settings: [],
      changed: [],
      was: { desiredCount: 2 },
      desiredCount: undefined,
      failedBefore: undefined,
    });
  }
});

Deno.test("planDeploy() follows what is under way where nothing differs, and starts nothing", () => {
  const underWay = service({ deployments: [deployment({ rolloutState: "IN_PROGRESS", runningCount: 1 })] });
  const { plan } = planned({ source: CURRENT, service: underWay });
  assert.deepEqual(plan.steps, [
    { kind: "awaitDeployment", taskDefinition: revision(4), follows: { kind: "deployment", id: "ecs-svc/4" } },
  ]);
  assert.equal(plan.isReached, false);
  assert.deepEqual(planned({ source: CURRENT, service: underWay }, { wait: false }).plan.steps, []);
  const almost = service({ deployments: [deployment({ runningCount: 1 })] });
  assert.equal(planned({ source: CURRENT, service: almost }, { until: "deployed" }).plan.isReached, true);
  assert.equal(planned({ source: CURRENT, service: almost }).plan.isReached, false);
});

Deno.test("planDeploy() does not call a blue/green deployment done that bakes, though its tasks run", () => {
  const newest = { deployment: serviceDeployment({ strategy: "BLUE_GREEN" }), cameFrom: revision(3).arn };
  const { plan } = planned({ source: CURRENT, service: service({ deploymentStrategy: "BLUE_GREEN" }), newest });
  assert.equal(plan.isReached, false);
  assert.deepEqual(plan.steps, [{
    kind: "awaitDeployment",
    taskDefinition: revision(4),
    follows: { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "success" },
  }]);
});

Deno.test("planDeploy() follows the blue/green deployment under way where only its number of tasks changes", () => {
  const newest = { deployment: serviceDeployment({ strategy: "BLUE_GREEN" }), cameFrom: revision(3).arn };
  const underWay = service({ deploymentStrategy: "BLUE_GREEN" });
  const followed = (changes: Partial<DeployState>, options: Partial<DeployOptions>) => {
    const step = planned({ service: underWay, newest, ...changes }, options).plan.steps.at(-1);
    return step?.kind === "awaitDeployment" ? step.follows : "nothing";
  };
  const own = { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "success" };
  assert.deepEqual(followed({ source: CURRENT }, { tasks: 0 }), own);
  assert.equal(followed({ source: CURRENT }, { tasks: 0, force: true }), undefined, "that is a deployment of its own");
  assert.equal(followed({ source: REGISTER }, { tasks: 0 }), undefined);
  const ended = (status: string) => ({
    newest: {
      deployment: serviceDeployment({ ...newest.deployment, status, finishedAtMs: 9_000_000 }),
      cameFrom: undefined,
    },
  });
  assert.deepEqual(followed({ source: CURRENT, ...ended("STOPPED") }, { tasks: 0 }), own, "it has failed");
  assert.equal(followed({ source: CURRENT, ...ended("SUCCESSFUL") }, { tasks: 0 }), undefined);
});

const FAILED = service({ deployments: [deployment({ rolloutState: "FAILED", rolloutStateReason: "no luck" })] });

Deno.test("planDeploy() refuses to ship what has FAILED, unless a deployment is forced or something differs", () => {
  assert.deepEqual(refusal({ source: CURRENT, service: FAILED }), {
    code: "alreadyFailed",
    intent: "deploy",
    ref: REF,
    running: revision(4),
    deployment: { name: "ecs-svc/4", reason: "no luck" },
  });
  for (const [changes, options] of [[{ source: CURRENT }, { force: true }], [{ source: REGISTER }, {}]] as const) {
    const { plan, undo } = planned({ service: FAILED, ...changes }, options);
    assert.equal(undo.failedBefore, "ecs-svc/4");
    assert.deepEqual(plan.notices, [{ code: "deploymentHasFailed", deployment: "ecs-svc/4", reason: "no luck" }]);
  }
});

const REFUSED: [string, Partial<DeployState>, Refusal["code"]][] = [
  [
    "nothing to ship",
    { source: { kind: "none", reason: { code: "noTaskDefinition", name: "myservice:9" } } },
    "noTaskDefinition",
  ],
  ["a service that is being deleted", { service: service({ status: "DRAINING" }) }, "serviceNotActive"],
  ["a service of CodeDeploy", { service: service({ deploymentController: "CODE_DEPLOY" }) }, "deployedByCodeDeploy"],
  [
    "a service of task sets",
    { service: service({ deploymentController: "EXTERNAL", taskSets: [taskSet()] }) },
    "deployedElsewhere",
  ],
  ["a service without a task definition", { service: service({ taskDefinition: undefined }) }, "noDeployment"],
  ["a service without a deployment", { service: service({ deployments: [] }) }, "noDeployment"],
  [
    "what does not fit the service",
    {
      source: { kind: "registered", taskDefinition: taskDefinition(3, { networkMode: "bridge" }), reason: undefined },
    },
    "cannotDeploy",
  ],
  ["a missing service without a definition", { service: undefined }, "noServiceDefinition"],
  [
    "what a missing service runs",
    { service: undefined, source: CURRENT, serviceDefinition: {} },
    "noTaskDefinition",
  ],
];

for (const [name, changes, expected] of REFUSED) {
  Deno.test(`planDeploy() refuses ${name}`, () => assert.equal(refusal(changes).code, expected));
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

Deno.test("planDeploy() suspends scaling after registering and before the update, and restores it last", () => {
  const both = { suspendAutoScaling: true, resumeAutoScaling: true };
  assert.deepEqual(kinds(planned({ source: REGISTER, scaling: SCALING }, both).plan), [
    "register",
    "suspendScaling",
    "updateService",
    "awaitDeployment",
    "restoreScaling",
  ]);
  assert.deepEqual(kinds(planned({ scaling: SCALING }, { suspendAutoScaling: true }).plan), [
    "suspendScaling",
    "updateService",
    "awaitDeployment",
  ]);
  const suspended = { ...SCALING, target: scalableTarget({ suspendedState: ALL_SUSPENDED }) };
  const nothing = planned({ source: CURRENT, scaling: suspended }, { resumeAutoScaling: true }).plan;
  assert.deepEqual([kinds(nothing), nothing.isReached], [["restoreScaling"], true]);
  assert.deepEqual(kinds(planned({ source: CURRENT, scaling: SCALING }, both).plan), [], "nothing to protect");
});

Deno.test("planDeploy() says beforehand what is denied, was rolled back, stays as it is, or is replaced", () => {
  const { plan } = planned({
    denied: [{ part: "rolledBackFrom", denial: DENIED }],
    rolledBackFrom: revision(3),
    changes: { ...NO_CHANGES, fixed: ["launchType"], unmentioned: ["loadBalancers"] },
    service: service({ deployments: [deployment({ rolloutState: "IN_PROGRESS" })] }),
  });
  assert.deepEqual(plan.notices, [
    { code: "notRead", denial: DENIED, alsoDenied: [], parts: ["rolledBackFrom"], intent: "deploy" },
    { code: "deploysRolledBack", revision: revision(3) },
    { code: "cannotChange", name: "launchType" },
    { code: "notInDefinition", name: "loadBalancers" },
    { code: "replacesDeployment", deployment: "ecs-svc/4" },
  ]);
});

Deno.test("planDeploy() says also of a deployment without a rolloutState that it is replaced", () => {
  const shifting = service({
    deploymentStrategy: "LINEAR",
    deployments: [deployment({ rolloutState: undefined })],
  });
  for (
    const [status, expected] of [["IN_PROGRESS", [{ code: "replacesDeployment", deployment: "ecs-svc/4" }]], [
      "SUCCESSFUL",
      [],
    ]]
  ) {
    const newest = { deployment: serviceDeployment({ status: String(status) }), cameFrom: undefined };
    assert.deepEqual(planned({ service: shifting, newest }).plan.notices, expected);
  }
});

Deno.test("planDeploy() says beforehand that there is no way back by itself to what is deregistered", () => {
  const notices = (changes: Partial<DeployState>) => planned(changes).plan.notices;
  assert.deepEqual(notices({ wayBackStatus: "INACTIVE" }), [
    { code: "noWayBack", running: revision(4), status: "INACTIVE" },
  ]);
  assert.deepEqual(notices({ wayBackStatus: "ACTIVE" }), []);
  const changes = {
    ...NO_CHANGES,
    attributes: { enableExecuteCommand: true },
    before: { enableExecuteCommand: false },
  };
  assert.deepEqual(notices({ wayBackStatus: "INACTIVE", source: CURRENT, changes }), []);
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

Deno.test("planDeploy() says of what a deploy that fails cannot be rolled back to, where it rolls back by itself", () => {
  const attributes = { ...VPC, monitoring: {} };
  const changes = { ...NO_CHANGES, attributes, oneWay: Object.keys(attributes) };
  const notices = (rollsBackOnFailure: boolean) =>
    planned({ changes, rollsBackOnFailure, unread: ["monitoring"] }).plan.notices;
  assert.deepEqual(notices(false), []);
  assert.deepEqual(notices(true), [
    { code: "staysAfterFailure", name: "networkConfiguration", isUnread: false },
    { code: "staysAfterFailure", name: "monitoring", isUnread: true },
  ]);
});

const states = (...entries: [string, string][]) => new Map(entries);

Deno.test("planDeploy() warns where nothing can come of an alarm that is to roll it back", () => {
  const armed = ["5xx", "latency"];
  const foreseen = (states: AlarmState["states"], change: Partial<AlarmState> = {}) =>
    planned({ source: REGISTER, rollsBackOnFailure: true, alarms: { ecsGoesBack: false, armed, states, ...change } })
      .plan.notices;
  assert.deepEqual(foreseen(new Map(), { armed: [] }), [{ code: "noAlarms" }]);
  assert.deepEqual(foreseen(states(["5xx", "OK"], ["latency", "INSUFFICIENT_DATA"])), []);
  assert.deepEqual(foreseen(states(["5xx", "OK"], ["latency", "ALARM"])), [
    { code: "alarmsWentOff", alarms: ["latency"] },
  ]);
  assert.deepEqual(foreseen(states(["5xx", "ALARM"], ["latency", "ALARM"])), [{
    code: "alarmsWentOff",
    alarms: armed,
  }]);
  assert.deepEqual(foreseen(states(["5xx", "OK"])), [{ code: "alarmsMissing", alarms: ["latency"] }]);
  assert.deepEqual(foreseen(undefined, { ecsGoesBack: true }), []);
  assert.deepEqual(foreseen(undefined, { armed: [] }), []);
  assert.deepEqual(foreseen(undefined), [{ code: "alarmsNotNamed", alarms: armed }]);
  assert.deepEqual(foreseen({ unknown: DENIED }), [{ code: "alarmsNotRead", reason: DENIED }]);
});
