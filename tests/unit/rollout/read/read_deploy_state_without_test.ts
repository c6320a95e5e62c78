import assert from "node:assert/strict";
import { readDeploymentSettings } from "../../../../src/model/deployment_settings.ts";
import type { DeployQuery } from "../../../../src/rollout/read/read_deploy_state.ts";
import type { SourceChoice } from "../../../../src/rollout/read/read_source.ts";
import { deployment, revision, service, serviceDeployment } from "../../made_up.ts";
import { awsError, type Script } from "../scripted_ports.ts";
import { FILE, INPUT, ON_3, query, read, REGISTERED, TURNED_BACK } from "./deploy_reads.ts";

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

Deno.test("readDeployState() deploys without the warning where that may not be read", async () => {
  const script = { reads: [ON_3], past: TURNED_BACK, definition: awsError("denied") };
  const { state } = await read(query({ ...FILE, force: true }), script);
  assert.deepEqual([state.source.kind, state.rolledBackFrom, state.denied.map(({ part }) => part)], [
    "register",
    undefined,
    ["changes", "shippedBefore"],
  ]);
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
