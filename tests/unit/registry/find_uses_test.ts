import assert from "node:assert/strict";
import type { EcsReader } from "../../../src/model/ports.ts";
import type { ServiceSnapshot } from "../../../src/model/service.ts";
import { FamilyUses, findUses } from "../../../src/registry/find_uses.ts";
import { deployment, REF, revision, service, serviceDeployment, taskSet } from "../made_up.ts";
import { awsError, type Script, scriptedPorts } from "../rollout/scripted_ports.ts";

const NEVER = new AbortController().signal;
const OWN = { kind: "service", name: "myservice" };
const ANOTHER = { kind: "service", name: "another" };
const TASK = { kind: "task", family: "myservice" };

async function usesOf(read: ServiceSnapshot | undefined, script: Partial<Script> = {}) {
  const { ports, calls } = scriptedPorts({ reads: [read], ...script });
  const { byArn, notices } = await findUses(REF, "myservice", ports.ecs as EcsReader, NEVER);
  const byRevision = Object.fromEntries([...byArn].map(([arn, user]) => [arn.split(":").at(-1), user]));
  return { uses: byRevision, notices, calls };
}

Deno.test("findUses() names the service, its deployments and its running tasks", async () => {
  const old = deployment({ id: "ecs-svc/3", status: "ACTIVE", taskDefinition: revision(3).arn });
  const { uses } = await usesOf(service({ deployments: [deployment(), old] }), {
    inUse: new Set([revision(4).arn, revision(2).arn]),
  });
  assert.deepEqual(uses, {
    2: TASK,
    3: { kind: "deployment", id: "ecs-svc/3", of: undefined },
    4: OWN,
  });
});

Deno.test("findUses() leaves out a deployment that has been replaced wholly", async () => {
  const replaced = deployment({
    id: "ecs-svc/3",
    status: "INACTIVE",
    taskDefinition: revision(3).arn,
    runningCount: 0,
  });
  assert.deepEqual(Object.keys((await usesOf(service({ deployments: [deployment(), replaced] }))).uses), ["4"]);
});

Deno.test("findUses() goes by running tasks alone where the service is deleted, and by the service while it is drained", async () => {
  const inUse = new Set([revision(2).arn]);
  const deleted = await usesOf(service({ status: "INACTIVE", deployments: [] }), { inUse });
  assert.deepEqual(deleted.uses, { 2: TASK });
  assert.deepEqual(deleted.notices, []);
  const drained = await usesOf(service({ status: "DRAINING" }), { inUse });
  assert.deepEqual(drained.uses[4], OWN);
});

Deno.test("findUses() names task sets, and tasks where there is no service", async () => {
  const external = service({ deployments: [], taskDefinition: undefined, taskSets: [taskSet()] });
  assert.deepEqual((await usesOf(external)).uses, { 4: { kind: "taskSet", id: "ecs-svc/7", of: undefined } });
  const { uses } = await usesOf(undefined, { inUse: new Set([revision(1).arn]) });
  assert.deepEqual(uses, { 1: TASK });
});

Deno.test("findUses() looks at all services of the cluster where the config names none", async () => {
  const { ports, calls } = scriptedPorts({ reads: [], others: [service()], inUse: new Set([revision(2).arn]) });
  const scope = { ...REF, service: undefined };
  const { byArn, notices } = await findUses(scope, "myservice", ports.ecs as EcsReader, NEVER);
  assert.deepEqual([...byArn.keys()], [revision(4).arn, revision(2).arn]);
  assert.deepEqual([...notices], []);
  assert.ok(!calls.includes("describeService"));
});

const UNDER_WAY = service({
  deployments: [deployment({ rolloutState: "IN_PROGRESS" })],
  currentServiceDeployment: "arn:sd",
});

Deno.test("findUses() counts where ECS would go back to, although nothing of it runs any more", async () => {
  const { uses } = await usesOf(UNDER_WAY, {
    serviceDeployments: [serviceDeployment({ sourceRevisionArns: ["arn:sr/2", "arn:sr/3"] })],
    serviceRevisions: { "arn:sr/2": revision(2).arn, "arn:sr/3": revision(3).arn },
  });
  assert.deepEqual(Object.keys(uses), ["2", "3", "4"]);
  assert.deepEqual(uses[2], { kind: "wayBack", of: undefined });
});

Deno.test("findUses() counts what was last completed, too: the circuit breaker goes back to that", async () => {
  const script = {
    serviceDeployments: [serviceDeployment({ sourceRevisionArns: ["arn:sr/3"] })],
    serviceRevisions: { "arn:sr/3": revision(3).arn },
    lastCompleted: revision(2).arn,
  };
  assert.deepEqual(Object.keys((await usesOf(UNDER_WAY, script)).uses), ["2", "3", "4"]);
  const denied = await usesOf(UNDER_WAY, { ...script, lastCompleted: awsError("denied", "AccessDeniedException") });
  assert.deepEqual(denied.notices.map(({ code }) => code), ["waysBackNotRead"]);
  assert.deepEqual(Object.keys(denied.uses), ["3", "4"], "where it came from is known all the same");
});

Deno.test("findUses() goes by ECS's record where there is no rolloutState", async () => {
  const blueGreen = service({
    deployments: [deployment({ rolloutState: undefined })],
    deploymentStrategy: "BLUE_GREEN",
    currentServiceDeployment: "arn:sd",
  });
  const script = { serviceRevisions: { "arn:service-revision/3": revision(3).arn }, lastCompleted: revision(2).arn };
  const underWay = await usesOf(blueGreen, { ...script, serviceDeployments: [serviceDeployment()] });
  assert.deepEqual(Object.keys(underWay.uses), ["2", "3", "4"]);
  const ended = await usesOf(blueGreen, {
    ...script,
    serviceDeployments: [serviceDeployment({ status: "SUCCESSFUL" })],
  });
  assert.deepEqual(Object.keys(ended.uses), ["4"]);
});

Deno.test("findUses() says so when that may not be read, and asks nothing when no deployment is under way", async () => {
  const denied = await usesOf(UNDER_WAY, { serviceDeployments: [awsError("denied", "AccessDeniedException")] });
  assert.deepEqual(denied.notices.map(({ code }) => code), ["waysBackNotRead"]);
  const { calls } = await usesOf(service({ currentServiceDeployment: "arn:sd" }));
  assert.deepEqual(calls, ["listServices", "listTaskDefinitionsInUse", "describeService"]);
  await assert.rejects(usesOf(UNDER_WAY, { serviceDeployments: [awsError("server", "ServerException")] }));
});

/** Another service of the cluster, which runs no task. */
function another(changes: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  const arn = "arn:aws:ecs:ap-northeast-1:123456789012:service/default/another";
  const deployments = [deployment({ id: "ecs-svc/9", taskDefinition: revision(2).arn })];
  return service({ arn, name: "another", desiredCount: 0, taskDefinition: revision(2).arn, deployments, ...changes });
}

Deno.test("findUses() names the cluster's other services, what they deploy and where ECS would go back to", async () => {
  assert.deepEqual((await usesOf(service(), { others: [service(), another()] })).uses, {
    2: ANOTHER,
    4: OWN,
  });
  const moving = another({
    deployments: [
      deployment({ id: "ecs-svc/9", taskDefinition: revision(2).arn, rolloutState: "IN_PROGRESS" }),
      deployment({ id: "ecs-svc/8", status: "ACTIVE", taskDefinition: revision(3).arn }),
    ],
    taskSets: [taskSet({ taskDefinition: revision(5).arn })],
    currentServiceDeployment: "arn:sd",
  });
  const { uses } = await usesOf(service(), {
    others: [moving],
    serviceDeployments: [serviceDeployment({ sourceRevisionArns: ["arn:sr/1"] })],
    serviceRevisions: { "arn:sr/1": revision(1).arn },
  });
  assert.deepEqual(uses, {
    1: { kind: "wayBack", of: "another" },
    2: ANOTHER,
    3: { kind: "deployment", id: "ecs-svc/8", of: "another" },
    4: OWN,
    5: { kind: "taskSet", id: "ecs-svc/7", of: "another" },
  });
});

Deno.test("findUses() goes by running tasks where the other services may not be read, and says so", async () => {
  const denied = awsError("denied", "AccessDeniedException");
  for (const script of [{ others: denied }, { others: [another()], describeOthers: denied }]) {
    const { uses, notices } = await usesOf(service(), { ...script, inUse: new Set([revision(3).arn]) });
    assert.deepEqual(uses, { 3: TASK, 4: OWN });
    assert.deepEqual(notices, [{ code: "otherServicesNotRead", denial: denied.failure }]);
  }
  await assert.rejects(usesOf(service(), { others: awsError("server", "ServerException") }));
});

Deno.test("findUses() says so when the service itself does not exist", async () => {
  const { notices, uses } = await usesOf(undefined, { others: [another()] });
  assert.deepEqual(notices, [{ code: "ownServiceMissing", ref: REF }]);
  assert.deepEqual(uses, { 2: ANOTHER });
});

Deno.test("FamilyUses asks the services of the family every time, all of the cluster once a minute", async () => {
  const other = another({ arn: "arn:service/stranger", taskDefinition: undefined, deployments: [] });
  const { ports, calls, clock } = scriptedPorts({ reads: [service()], others: [another(), other] });
  const uses = new FamilyUses(REF, "myservice", ports.ecs, clock);
  const asked = async (afterMs: number) => {
    clock.advance(afterMs);
    calls.length = 0;
    const { byArn } = await uses.read(NEVER);
    assert.deepEqual(byArn.get(revision(2).arn), ANOTHER);
    return calls.filter((call) => call.endsWith("s another") || /listServices|stranger/.test(call));
  };
  const whole = ["listServices", "describeServices another,stranger"];
  assert.deepEqual(await asked(0), whole);
  assert.deepEqual(await asked(59_999), ["describeServices another"]);
  assert.deepEqual(await asked(1), whole);
});

Deno.test("FamilyUses gives each notice once", async () => {
  const { ports, clock } = scriptedPorts({ reads: [service()], others: awsError("denied", "AccessDeniedException") });
  const uses = new FamilyUses(REF, "myservice", ports.ecs, clock);
  assert.equal((await uses.read(NEVER)).notices.length, 1);
  clock.advance(60_000);
  assert.equal((await uses.read(NEVER)).notices.length, 0);
});
