import assert from "node:assert/strict";
import { NO_CHANGES } from "../../../../src/definitions/compare_services.ts";
import { ALL_SUSPENDED } from "../../../../src/model/scalable_target.ts";
import type { DeployOptions } from "../../../../src/rollout/plan/options.ts";
import type { Refusal } from "../../../../src/rollout/plan/refusal.ts";
import type { DeployState } from "../../../../src/rollout/read/read_deploy_state.ts";
import {
  deployment,
  REF,
  revision,
  scalableTarget,
  service,
  serviceDeployment,
  taskDefinition,
  taskSet,
} from "../../made_up.ts";
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

/** What undoes a deploy that changes no setting, of what it registers. */
const UNDO_ALONE = {
  from: revision(4),
  to: undefined,
  before: {},
  inRevision: [],
  settings: [],
  changed: [],
  was: { desiredCount: 2 },
  desiredCount: undefined,
  failedBefore: undefined,
};

Deno.test("planDeploy() registers, updates once and waits for what was registered", () => {
  const { plan, undo } = planned({ source: REGISTER });
  assert.deepEqual(plan.steps, [
    { kind: "register", family: "myservice", input: INPUT },
    { kind: "updateService", taskDefinition: "registered" },
    { kind: "awaitDeployment", taskDefinition: "registered", follows: undefined },
  ]);
  assert.deepEqual([plan.intent, plan.from, plan.to, plan.basedOn], ["deploy", revision(4), undefined, "ecs-svc/4"]);
  assert.deepEqual(undo, UNDO_ALONE);
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
    assert.deepEqual(undo, { ...UNDO_ALONE, to: revision(4) });
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
