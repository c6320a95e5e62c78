import assert from "node:assert/strict";
import { readDeploymentSettings } from "../../../../src/model/deployment_settings.ts";
import type { JsonObject } from "../../../../src/model/json.ts";
import type { PastDeployment } from "../../../../src/model/service_deployment.ts";
import { type DeployQuery, readDeployState } from "../../../../src/rollout/read/read_deploy_state.ts";
import type { SourceChoice } from "../../../../src/rollout/read/read_source.ts";
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
const FILE: SourceChoice = { kind: "file", family: "myservice", input: INPUT, force: false };
const NEWEST: JsonObject = { ...INPUT, status: "ACTIVE", revision: 4, taskDefinitionArn: revision(4).arn };
const REGISTERED = {
  [revision(4).arn]: taskDefinition(4),
  "myservice:3": taskDefinition(3),
  myservice: taskDefinition(4),
};

function query(source: SourceChoice, more: Partial<DeployQuery> = {}): DeployQuery {
  return { ref: REF, source, serviceDefinition: undefined, ignoredTags: [], rollsBackOnFailure: false, ...more };
}

async function read(query: DeployQuery, script: Partial<Script>, withScaling = false) {
  const { ports, calls } = scriptedPorts({ reads: [service()], taskDefinitions: REGISTERED, ...script });
  const signal = new AbortController().signal;
  const scaling = withScaling ? ports.scaling : undefined;
  return { state: await readDeployState(query, ports.ecs, scaling, signal), calls };
}

Deno.test("readDeployState() registers nothing where the newest revision says the same", async () => {
  const { state, calls } = await read(query(FILE), { definition: NEWEST });
  assert.deepEqual(state.source, {
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

Deno.test("readDeployState() reads what runs once, where that is the newest revision", async () => {
  const { state, calls } = await read(query(FILE, { rollsBackOnFailure: true }), {
    definition: { ...NEWEST, cpu: "256" },
  });
  assert.deepEqual([state.source.kind, state.wayBackStatus], ["register", "ACTIVE"]);
  assert.deepEqual(calls.filter((call) => /^describeTaskDefinition/.test(call)), ["describeTaskDefinition myservice"]);
});

const IN_DOUBT: [string, Script["definition"]][] = [
  ["it differs", { ...NEWEST, cpu: "256" }],
  ["the newest is deregistered", { ...NEWEST, status: "INACTIVE" }],
  ["the family is new", undefined],
  ["it has a member that nobody knows", { ...NEWEST, novelty: true }],
];

for (const [name, definition] of IN_DOUBT) {
  Deno.test(`readDeployState() registers where ${name}`, async () => {
    const { state } = await read(query(FILE), { definition });
    assert.deepEqual(state.source, { kind: "register", family: "myservice", input: INPUT });
    assert.deepEqual(state.denied, []);
  });
}

Deno.test("readDeployState() registers when asked to, and reads what runs, for the list of changes", async () => {
  const { state, calls } = await read(query({ ...FILE, force: true }), {});
  assert.deepEqual(state.source, { kind: "register", family: "myservice", input: INPUT });
  assert.deepEqual(calls, ["describeService", "listPastDeployments", "describeTaskDefinition myservice:4"]);
  assert.equal(state.running?.arn, revision(4).arn);
});

Deno.test("readDeployState() reads a registered one by its number, or the newest", async () => {
  const three = await read(query({ kind: "revision", family: "myservice", revision: 3 }), {});
  assert.deepEqual(three.state.source, {
    kind: "registered",
    taskDefinition: taskDefinition(3),
    reason: undefined,
  });
  const latest = await read(query({ kind: "latest", family: "myservice" }), {});
  assert.deepEqual(latest.state.source, {
    kind: "registered",
    taskDefinition: taskDefinition(4),
    reason: { code: "newestOfFamily" },
  });
  const current = await read(query({ kind: "current" }), {});
  assert.deepEqual([current.state.source, current.calls], [{ kind: "current" }, [
    "describeService",
    "listPastDeployments",
  ]]);
});

Deno.test("readDeployState() ships nothing that is missing or deregistered", async () => {
  const choice = { kind: "revision", family: "myservice", revision: 9 } as const;
  assert.deepEqual((await read(query(choice), {})).state.source, {
    kind: "none",
    reason: { code: "noTaskDefinition", name: "myservice:9" },
  });
  const taskDefinitions = { "myservice:9": taskDefinition(9, { status: "INACTIVE" }) };
  assert.deepEqual((await read(query(choice), { taskDefinitions })).state.source, {
    kind: "none",
    reason: { code: "taskDefinitionNotActive", name: "myservice:9", status: "INACTIVE" },
  });
});

Deno.test("readDeployState() compares the whole service only with a definition, and asks for scaling only when asked to", async () => {
  const serviceDefinition = { enableExecuteCommand: true };
  const { state, calls } = await read(query({ kind: "current" }, { serviceDefinition }), {
    raw: { enableExecuteCommand: false },
  });
  assert.deepEqual(calls, ["describeService", "listPastDeployments"], "the service is read once");
  assert.deepEqual([state.service?.arn, state.members], [service().arn, { enableExecuteCommand: false }]);
  assert.ok(!calls.some((call) => /Scalable/.test(call)));
  assert.deepEqual(state.changes.attributes, { enableExecuteCommand: true });
  assert.deepEqual(state.changes.before, { enableExecuteCommand: false });
  const scaled = await read(query({ kind: "current" }), {}, true);
  assert.ok(scaled.calls.includes("describeScalableTarget"));
});

Deno.test("readDeployState() reads the scalable target once, also where it is to be suspended and counts are compared", async () => {
  const fewer = { serviceDefinition: { desiredCount: 1 }, describeScalableTarget: () => assert.fail("read once more") };
  const { state, calls } = await read(query({ kind: "current" }, fewer), {
    reads: [service({ desiredCount: 3 })],
    raw: { desiredCount: 3 },
    targets: [scalableTarget()],
  }, true);
  assert.deepEqual(calls.filter((call) => /Scalable/.test(call)), ["describeScalableTarget"]);
  assert.deepEqual([state.scaling?.target, state.scaledBy], [scalableTarget(), scalableTarget()]);
});

Deno.test("readDeployState() reads nothing of deployments in progress for a service that is not there", async () => {
  const { state, calls } = await read(query({ kind: "current" }), { reads: [undefined] });
  assert.deepEqual([state.service, state.newest, state.rolledBackFrom], [undefined, undefined, undefined]);
  assert.deepEqual(calls, ["describeService", "listPastDeployments"]);
});

const UNDER_WAY = service({ deployments: [deployment({ rolloutState: "IN_PROGRESS" })] });

Deno.test("readDeployState() goes without what is optional and denied, and says so", async () => {
  const denied = awsError("denied", "AccessDeniedException");
  const { state } = await read(query(FILE), {
    reads: [UNDER_WAY],
    past: denied,
    definition: denied,
    serviceDeployments: [denied],
  });
  assert.deepEqual(state.denied.map(({ part }) => part).toSorted(), [
    "changes",
    "registered",
    "rolledBackFrom",
    "underWay",
  ]);
  assert.ok(state.denied.every((one) => one.denial.code === denied.code));
  assert.deepEqual([state.newest, state.rolledBackFrom], [undefined, undefined]);
  assert.deepEqual(state.source, { kind: "register", family: "myservice", input: INPUT }, "a doubt is registered");
});

Deno.test("readDeployState() throws what is no denial, and any denial of the service itself", async () => {
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
    await assert.rejects(read(query(FILE), script), error);
  }
});

Deno.test("readDeployState() reads ECS's own record of what is in progress", async () => {
  const newest = serviceDeployment();
  const { state } = await read(query({ kind: "current" }), {
    reads: [UNDER_WAY],
    serviceDeployments: [newest],
    serviceRevisions: { "arn:service-revision/3": revision(3).arn },
  });
  assert.deepEqual(state.newest, { deployment: newest, cameFrom: revision(3).arn, source: state.newest?.source });
  assert.equal(state.newest?.source?.taskDefinition, revision(3).arn);
});

/** 4 was turned back to 3, which runs. */
const TURNED_BACK: readonly PastDeployment[] = [
  { arn: "arn:sd/1", status: "SUCCESSFUL", createdAtMs: 1, finishedAtMs: 2, taskDefinition: revision(3).arn },
  { arn: "arn:sd/2", status: "ROLLBACK_SUCCESSFUL", createdAtMs: 3, finishedAtMs: 4, taskDefinition: revision(4).arn },
];
const ON_3 = service({ taskDefinition: revision(3).arn });

Deno.test("readDeployState() knows when what was rolled back is source again: by its ARN, or by what it says", async () => {
  const cases: [SourceChoice, Partial<Script>, number | undefined][] = [
    [{ kind: "latest", family: "myservice" }, {}, 4],
    [{ kind: "revision", family: "myservice", revision: 3 }, {}, undefined],
    [{ kind: "current" }, {}, undefined],
    [{ ...FILE, force: true }, { definition: NEWEST }, 4],
    [{ ...FILE, force: true }, { definition: { ...NEWEST, cpu: "256" } }, undefined],
    [{ ...FILE, force: true }, { definition: undefined }, undefined],
    [{ kind: "latest", family: "myservice" }, { reads: [service()] }, undefined],
  ];
  for (const [choice, script, expected] of cases) {
    const { state } = await read(query(choice), { reads: [ON_3], past: TURNED_BACK, ...script });
    assert.equal(state.rolledBackFrom?.revision, expected, JSON.stringify(choice));
  }
});

Deno.test("readDeployState() deploys without the warning where that may not be read", async () => {
  const script = { reads: [ON_3], past: TURNED_BACK, definition: awsError("denied") };
  const { state } = await read(query({ ...FILE, force: true }), script);
  assert.deepEqual([state.source.kind, state.rolledBackFrom, state.denied.map(({ part }) => part)], [
    "register",
    undefined,
    ["changes", "shippedBefore"],
  ]);
});

Deno.test("readDeployState() reads what runs once, and whether it is registered where the deploy may have to go back to it", async () => {
  const taskDefinitions = { ...REGISTERED, [revision(4).arn]: taskDefinition(4, { status: "INACTIVE" }) };
  const choice: SourceChoice = { kind: "revision", family: "myservice", revision: 3 };
  const taking = await read(query(choice, { rollsBackOnFailure: true }), { taskDefinitions });
  assert.equal(taking.state.wayBackStatus, "INACTIVE");
  const not = await read(query(choice), { taskDefinitions });
  // Its images are those of its tasks, since there is no record of it here.
  const only = taking.calls.filter((call) => !not.calls.includes(call));
  assert.deepEqual([not.state.wayBackStatus, only], [undefined, ["listLiveTasks"]]);
  for (const { state, calls } of [taking, not]) {
    assert.equal(state.running?.arn, revision(4).arn);
    assert.equal(calls.filter((call) => call === "describeTaskDefinition myservice:4").length, 1);
  }
});

Deno.test("readDeployState() goes without what runs where only the list of changes needs it, and says so", async () => {
  const choice: SourceChoice = { kind: "revision", family: "myservice", revision: 3 };
  for (const kind of ["denied", "throttled", "unreachable"] as const) {
    const taskDefinitions = { ...REGISTERED, [revision(4).arn]: awsError(kind) };
    const { state } = await read(query(choice), { taskDefinitions });
    assert.deepEqual([state.source.kind, state.running], ["registered", undefined]);
    assert.deepEqual(state.denied, [{ part: "changes", denial: awsError(kind).failure }]);
  }
  const taskDefinitions = { ...REGISTERED, [revision(4).arn]: awsError("denied") };
  const goesBack = await read(query(choice, { rollsBackOnFailure: true }), { taskDefinitions });
  assert.deepEqual(goesBack.state.denied.map(({ part }) => part), ["status", "changes"]);
});

const ALARMED = service({
  deploymentSettings: readDeploymentSettings({ alarms: { alarmNames: ["5xx"], enable: true, rollback: false } }),
});

Deno.test("readDeployState() reads the states of the alarms that the service has after the deploy", async () => {
  const asked: string[][] = [];
  const readAlarmStates: DeployQuery["readAlarmStates"] = (names) => {
    asked.push([...names]);
    return Promise.resolve(new Map(names.map((name) => [name, "OK"])));
  };
  const alarmsOf = async (more: Partial<DeployQuery>, script: Partial<Script> = { reads: [ALARMED] }) =>
    (await read(query({ kind: "current" }, { rollsBackOnFailure: true, ...more }), script)).state.alarms;
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
  assert.equal(await alarmsOf({ rollsBackOnFailure: false, readAlarmStates }), undefined);
});

Deno.test("readDeployState() goes without the states of alarms where CloudWatch does not show them", async () => {
  for (const kind of ["denied", "unreachable", "throttled", "rejected"] as const) {
    const readAlarmStates = () => Promise.reject(awsError(kind));
    const asked = query({ kind: "current" }, { rollsBackOnFailure: true, readAlarmStates });
    const { state: { alarms, denied } } = await read(asked, { reads: [ALARMED] });
    assert.deepEqual([alarms?.states, denied], [{ unknown: awsError(kind).failure }, []]);
  }
});
