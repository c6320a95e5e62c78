import assert from "node:assert/strict";
import { readDeploymentSettings } from "../../../../src/model/deployment_settings.ts";
import type { JsonObject } from "../../../../src/model/json.ts";
import type { PastDeployment } from "../../../../src/model/service_deployment.ts";
import {
  type DeployWish,
  readDeploySituation,
  type ShippedChoice,
} from "../../../../src/rollout/read/read_deploy_situation.ts";
import {
  deployment,
  REF,
  revision,
  scalableTarget,
  service,
  serviceDeployment,
  taskDefinition,
} from "../../made_up.ts";
import { awsError, type Script, scriptedPorts } from "../scripted_ports.ts";

const INPUT: JsonObject = { family: "myservice", containerDefinitions: [{ name: "app", image: "example/app:4" }] };
const FILE: ShippedChoice = { kind: "file", family: "myservice", input: INPUT, force: false };
const NEWEST: JsonObject = { ...INPUT, status: "ACTIVE", revision: 4, taskDefinitionArn: revision(4).arn };
const REGISTERED = {
  [revision(4).arn]: taskDefinition(4),
  "myservice:3": taskDefinition(3),
  myservice: taskDefinition(4),
};

function wish(shipped: ShippedChoice, more: Partial<DeployWish> = {}): DeployWish {
  return { ref: REF, shipped, serviceDefinition: undefined, ignoredTags: [], takesBack: false, ...more };
}

async function read(wish: DeployWish, script: Partial<Script>, withScaling = false) {
  const { ports, calls } = scriptedPorts({ reads: [service()], taskDefinitions: REGISTERED, ...script });
  const signal = new AbortController().signal;
  const scaling = withScaling ? ports.scaling : undefined;
  return { situation: await readDeploySituation(wish, ports.ecs, scaling, signal), calls };
}

Deno.test("readDeploySituation() registers nothing where the newest revision says the same", async () => {
  const { situation, calls } = await read(wish(FILE), { definition: NEWEST });
  assert.deepEqual(situation.shipped, {
    kind: "registered",
    taskDefinition: taskDefinition(4, { raw: NEWEST }),
    reason: { code: "fileSaysTheSame" },
  });
  assert.deepEqual(calls, [
    "describeService",
    "describeTaskDefinition myservice",
    "listPastDeployments",
  ]);
});

Deno.test("readDeploySituation() reads what runs once, where that is the newest revision", async () => {
  const { situation, calls } = await read(wish(FILE, { takesBack: true }), { definition: { ...NEWEST, cpu: "256" } });
  assert.deepEqual([situation.shipped.kind, situation.wayBackStatus], ["register", "ACTIVE"]);
  assert.deepEqual(calls.filter((call) => /^describeTaskDefinition/.test(call)), ["describeTaskDefinition myservice"]);
});

const IN_DOUBT: [string, Script["definition"]][] = [
  ["it differs", { ...NEWEST, cpu: "256" }],
  ["the newest is deregistered", { ...NEWEST, status: "INACTIVE" }],
  ["the family is new", undefined],
  ["it has a member that nobody knows", { ...NEWEST, novelty: true }],
];

for (const [name, definition] of IN_DOUBT) {
  Deno.test(`readDeploySituation() registers where ${name}`, async () => {
    const { situation } = await read(wish(FILE), { definition });
    assert.deepEqual(situation.shipped, { kind: "register", family: "myservice", input: INPUT });
    assert.deepEqual(situation.denied, []);
  });
}

Deno.test("readDeploySituation() registers when told to, without asking what is there", async () => {
  const { situation, calls } = await read(wish({ ...FILE, force: true }), { definition: NEWEST });
  assert.deepEqual(situation.shipped, { kind: "register", family: "myservice", input: INPUT });
  assert.deepEqual(calls, ["describeService", "listPastDeployments"]);
});

Deno.test("readDeploySituation() reads a registered one by its number, or the newest", async () => {
  const three = await read(wish({ kind: "revision", family: "myservice", revision: 3 }), {});
  assert.deepEqual(three.situation.shipped, {
    kind: "registered",
    taskDefinition: taskDefinition(3),
    reason: undefined,
  });
  const latest = await read(wish({ kind: "latest", family: "myservice" }), {});
  assert.deepEqual(latest.situation.shipped, {
    kind: "registered",
    taskDefinition: taskDefinition(4),
    reason: { code: "newestOfFamily" },
  });
  const current = await read(wish({ kind: "current" }), {});
  assert.deepEqual([current.situation.shipped, current.calls], [{ kind: "current" }, [
    "describeService",
    "listPastDeployments",
  ]]);
});

Deno.test("readDeploySituation() ships nothing that is missing or deregistered", async () => {
  const choice = { kind: "revision", family: "myservice", revision: 9 } as const;
  assert.deepEqual((await read(wish(choice), {})).situation.shipped, {
    kind: "none",
    reason: { code: "noTaskDefinition", name: "myservice:9" },
  });
  const taskDefinitions = { "myservice:9": taskDefinition(9, { status: "INACTIVE" }) };
  assert.deepEqual((await read(wish(choice), { taskDefinitions })).situation.shipped, {
    kind: "none",
    reason: { code: "taskDefinitionNotActive", name: "myservice:9", status: "INACTIVE" },
  });
});

Deno.test("readDeploySituation() compares the whole service only with a definition, and asks for scaling only when told", async () => {
  const serviceDefinition = { enableExecuteCommand: true };
  const { situation, calls } = await read(wish({ kind: "current" }, { serviceDefinition }), {
    raw: { enableExecuteCommand: false },
  });
  assert.deepEqual(calls, ["describeService", "listPastDeployments"], "the service is read once");
  assert.deepEqual([situation.service?.arn, situation.members], [service().arn, { enableExecuteCommand: false }]);
  assert.ok(!calls.some((call) => /Scalable/.test(call)));
  assert.deepEqual(situation.changes.attributes, { enableExecuteCommand: true });
  assert.deepEqual(situation.changes.before, { enableExecuteCommand: false });
  const scaled = await read(wish({ kind: "current" }), {}, true);
  assert.ok(scaled.calls.includes("describeScalableTarget"));
});

Deno.test("readDeploySituation() reads the scalable target once, also where it is to be suspended and counts are compared", async () => {
  const fewer = { serviceDefinition: { desiredCount: 1 }, describeScalableTarget: () => assert.fail("read once more") };
  const { situation, calls } = await read(wish({ kind: "current" }, fewer), {
    reads: [service({ desiredCount: 3 })],
    raw: { desiredCount: 3 },
    targets: [scalableTarget()],
  }, true);
  assert.deepEqual(calls.filter((call) => /Scalable/.test(call)), ["describeScalableTarget"]);
  assert.deepEqual([situation.scaling?.target, situation.scaledBy], [scalableTarget(), scalableTarget()]);
});

Deno.test("readDeploySituation() reads nothing of deployments in progress for a service that is not there", async () => {
  const { situation, calls } = await read(wish({ kind: "current" }), { reads: [undefined] });
  assert.deepEqual([situation.service, situation.newest, situation.rolledBackFrom], [undefined, undefined, undefined]);
  assert.deepEqual(calls, ["describeService", "listPastDeployments"]);
});

const UNDER_WAY = service({ deployments: [deployment({ rolloutState: "IN_PROGRESS" })] });

Deno.test("readDeploySituation() goes without what is optional and denied, and says so", async () => {
  const denied = awsError("denied", "AccessDeniedException");
  const { situation } = await read(wish(FILE), {
    reads: [UNDER_WAY],
    past: denied,
    definition: denied,
    serviceDeployments: [denied],
  });
  assert.deepEqual(situation.denied, Array(3).fill("Operation failed: AccessDeniedException"));
  assert.deepEqual([situation.newest, situation.rolledBackFrom], [undefined, undefined]);
  assert.deepEqual(situation.shipped, { kind: "register", family: "myservice", input: INPUT }, "a doubt is registered");
});

Deno.test("readDeploySituation() throws what is no denial, and any denial of the service itself", async () => {
  const expired = awsError("credentials", "ExpiredTokenException");
  const denied = awsError("denied");
  for (
    const [script, error] of [
      [{ past: expired }, expired],
      [{ definition: expired }, expired],
      [{ reads: [UNDER_WAY], serviceDeployments: [expired] }, expired],
      [{ reads: [denied] }, denied],
    ] as const
  ) {
    await assert.rejects(read(wish(FILE), script), error);
  }
});

Deno.test("readDeploySituation() reads ECS's own record of what is in progress", async () => {
  const newest = serviceDeployment();
  const { situation } = await read(wish({ kind: "current" }), {
    reads: [UNDER_WAY],
    serviceDeployments: [newest],
    serviceRevisions: { "arn:service-revision/3": revision(3).arn },
  });
  assert.deepEqual(situation.newest, { deployment: newest, cameFrom: revision(3).arn });
});

/** 4 was turned back to 3, which runs. */
const TURNED_BACK: readonly PastDeployment[] = [
  { arn: "arn:sd/1", status: "SUCCESSFUL", createdAtMs: 1, finishedAtMs: 2, taskDefinition: revision(3).arn },
  { arn: "arn:sd/2", status: "ROLLBACK_SUCCESSFUL", createdAtMs: 3, finishedAtMs: 4, taskDefinition: revision(4).arn },
];
const ON_3 = service({ taskDefinition: revision(3).arn });

Deno.test("readDeploySituation() knows when what was rolled back is shipped again: by its ARN, or by what it says", async () => {
  const cases: [ShippedChoice, Partial<Script>, number | undefined][] = [
    [{ kind: "latest", family: "myservice" }, {}, 4],
    [{ kind: "revision", family: "myservice", revision: 3 }, {}, undefined],
    [{ kind: "current" }, {}, undefined],
    [{ ...FILE, force: true }, { definition: NEWEST }, 4],
    [{ ...FILE, force: true }, { definition: { ...NEWEST, cpu: "256" } }, undefined],
    [{ ...FILE, force: true }, { definition: undefined }, undefined],
    [{ kind: "latest", family: "myservice" }, { reads: [service()] }, undefined],
  ];
  for (const [choice, script, expected] of cases) {
    const { situation } = await read(wish(choice), { reads: [ON_3], past: TURNED_BACK, ...script });
    assert.equal(situation.rolledBackFrom?.revision, expected, JSON.stringify(choice));
  }
});

Deno.test("readDeploySituation() deploys without the warning where that may not be read", async () => {
  const script = { reads: [ON_3], past: TURNED_BACK, definition: awsError("denied") };
  const { situation } = await read(wish({ ...FILE, force: true }), script);
  assert.deepEqual([situation.shipped.kind, situation.rolledBackFrom, situation.denied.length], [
    "register",
    undefined,
    1,
  ]);
});

Deno.test("readDeploySituation() looks at what runs only where the deploy may have to go back to it", async () => {
  const taskDefinitions = { ...REGISTERED, [revision(4).arn]: taskDefinition(4, { status: "INACTIVE" }) };
  const choice: ShippedChoice = { kind: "revision", family: "myservice", revision: 3 };
  const taking = await read(wish(choice, { takesBack: true }), { taskDefinitions });
  assert.equal(taking.situation.wayBackStatus, "INACTIVE");
  const not = await read(wish(choice), { taskDefinitions });
  assert.deepEqual([not.situation.wayBackStatus, taking.calls.length - not.calls.length], [undefined, 1]);
});

const ALARMED = service({
  deploymentSettings: readDeploymentSettings({ alarms: { alarmNames: ["5xx"], enable: true, rollback: false } }),
});

Deno.test("readDeploySituation() reads the states of the alarms that the service has after the deploy", async () => {
  const asked: string[][] = [];
  const readAlarmStates: DeployWish["readAlarmStates"] = (names) => {
    asked.push([...names]);
    return Promise.resolve(new Map(names.map((name) => [name, "OK"])));
  };
  const alarmsOf = async (more: Partial<DeployWish>, script: Partial<Script> = { reads: [ALARMED] }) =>
    (await read(wish({ kind: "current" }, { takesBack: true, ...more }), script)).situation.alarms;
  const ecsGoesBack = false;
  const own = await alarmsOf({ readAlarmStates });
  assert.deepEqual(own, { armed: ["5xx"], ecsGoesBack, states: new Map([["5xx", "OK"]]) });
  const serviceDefinition = {
    deploymentConfiguration: { alarms: { alarmNames: ["new"], enable: true, rollback: true } },
  };
  const defined = await alarmsOf({ readAlarmStates, serviceDefinition }, { reads: [ALARMED], raw: {} });
  assert.deepEqual(defined?.armed, ["new"]);
  assert.deepEqual(await alarmsOf({}), { armed: ["5xx"], ecsGoesBack, states: undefined });
  assert.deepEqual((await alarmsOf({ readAlarmStates }, { reads: [service()] }))?.armed, []);
  assert.deepEqual(asked, [["5xx"], ["new"]]);
  assert.equal(await alarmsOf({ takesBack: false, readAlarmStates }), undefined);
});

Deno.test("readDeploySituation() goes without the states of alarms where CloudWatch does not tell them", async () => {
  for (const kind of ["denied", "unreachable", "throttled", "rejected"] as const) {
    const readAlarmStates = () => Promise.reject(awsError(kind));
    const asked = wish({ kind: "current" }, { takesBack: true, readAlarmStates });
    const { situation: { alarms, denied } } = await read(asked, { reads: [ALARMED] });
    assert.deepEqual([alarms?.states, denied], [{ unknown: awsError(kind).message }, []]);
  }
});
