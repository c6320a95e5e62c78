import assert from "node:assert/strict";
import type { JsonObject } from "../../../../src/model/json.ts";
import type { SourceChoice } from "../../../../src/rollout/read/read_source.ts";
import { revision, scalableTarget, service, taskDefinition } from "../../made_up.ts";
import type { Script } from "../scripted_ports.ts";
import { FILE, INPUT, ON_3, query, read, REGISTERED, TURNED_BACK } from "./deploy_reads.ts";

const NEWEST: JsonObject = { ...INPUT, status: "ACTIVE", revision: 4, taskDefinitionArn: revision(4).arn };

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
  assert.deepEqual([state.source.kind, state.rollbackTargetStatus], ["register", "ACTIVE"]);
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

Deno.test("readDeployState() reads what runs once, and whether it is registered where the deploy may have to go back to it", async () => {
  const taskDefinitions = { ...REGISTERED, [revision(4).arn]: taskDefinition(4, { status: "INACTIVE" }) };
  const choice: SourceChoice = { kind: "revision", family: "myservice", revision: 3 };
  const taking = await read(query(choice, { rollsBackOnFailure: true }), { taskDefinitions });
  assert.equal(taking.state.rollbackTargetStatus, "INACTIVE");
  const not = await read(query(choice), { taskDefinitions });
  // Its images are those of its tasks, since there is no record of it here.
  const only = taking.calls.filter((call) => !not.calls.includes(call));
  assert.deepEqual([not.state.rollbackTargetStatus, only], [undefined, ["listLiveTasks"]]);
  for (const { state, calls } of [taking, not]) {
    assert.equal(state.running?.arn, revision(4).arn);
    assert.equal(calls.filter((call) => call === "describeTaskDefinition myservice:4").length, 1);
  }
});
