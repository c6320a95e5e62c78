import assert from "node:assert/strict";
import type { ServiceDeployment, ServiceRevision } from "../../../../src/model/service_deployment.ts";
import { readInPlace, stateAt } from "../../../../src/rollout/run/read_past.ts";
import { awsError } from "../scripted_ports.ts";

const REF = { cluster: "default", service: "web" };
const NEVER = new AbortController().signal;
const RECORD = { status: "SUCCESSFUL", createdAtMs: 90, finishedAtMs: 200, sourceRevisionArns: ["one"] };

function read(record: object | undefined | "denied", left: readonly object[] | "denied" = [{ createdAtMs: 10 }]) {
  const answer = <Value>(value: Value | "denied") =>
    value === "denied" ? Promise.reject(awsError("denied")) : Promise.resolve(value as Value);
  const ecs = {
    now: () => 1_000,
    findNewestServiceDeployment: () => answer(record as ServiceDeployment | undefined | "denied"),
    describeServiceRevisions: () => answer(left as readonly ServiceRevision[] | "denied"),
  };
  return readInPlace(REF, 100, ecs, NEVER);
}

Deno.test("what is in place was completed when ECS's record says so, and has left what its source had brought", async () => {
  assert.deepEqual(await read(RECORD), { orderedAtMs: 100, completedAtMs: 200, deployedAtMs: 10 });
  assert.deepEqual(await read(RECORD, "denied"), { orderedAtMs: 100, completedAtMs: 200 });
  const turnedBack = { ...RECORD, status: "ROLLBACK_SUCCESSFUL", createdAtMs: 30 };
  assert.deepEqual(await read(turnedBack), { orderedAtMs: 100, completedAtMs: 200, deployedAtMs: 30 });
});

Deno.test("what no record of the PRIMARY deployment shows counts as completed now", async () => {
  const unknown = { orderedAtMs: 100, completedAtMs: 1_000 };
  assert.deepEqual(await read("denied"), unknown);
  assert.deepEqual(await read(undefined), unknown);
  assert.deepEqual(await read({ ...RECORD, finishedAtMs: 99 }), unknown);
  assert.deepEqual(await read({ ...RECORD, status: "IN_PROGRESS", finishedAtMs: undefined }), unknown);
});

Deno.test("the state of an alarm at a moment is that before its next change", () => {
  const changes = [{ atMs: 50, from: "OK" }, { atMs: 120, from: "ALARM" }, { atMs: 130, from: "OK" }];
  assert.equal(stateAt(100, changes, "ALARM"), "ALARM");
  assert.equal(stateAt(125, changes, "ALARM"), "OK");
  assert.equal(stateAt(200, changes, "ALARM"), "ALARM");
  assert.equal(stateAt(200, [], undefined), undefined);
});
