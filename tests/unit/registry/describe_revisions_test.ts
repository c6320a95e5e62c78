import assert from "node:assert/strict";
import type { TaskDefinition } from "../../../src/model/task_definition.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { describeRevisions } from "../../../src/registry/describe_revisions.ts";
import { VirtualClock } from "../../virtual_clock.ts";
import { REF, revision, service, taskDefinition } from "../made_up.ts";
import { awsError, type Script, scriptedPorts } from "../rollout/scripted_ports.ts";

const NEVER = new AbortController().signal;

async function describe(
  script: Partial<Script>,
  definitions: Record<number, TaskDefinition | undefined> = {},
  limit = Infinity,
  clock = new VirtualClock(0),
) {
  const { ports, calls } = scriptedPorts({ reads: [service()], ...script });
  const describeTaskDefinition = (name: string) => {
    const number = Number(name.split(":")[1]);
    return Promise.resolve(number in definitions ? definitions[number] : taskDefinition(number));
  };
  const ecs = { ...ports.ecs, describeTaskDefinition };
  const past = ecs.listPastDeployments(REF, 100, NEVER);
  const events = await Array.fromAsync(describeRevisions(REF, "myservice", ecs, { limit, clock, past }, NEVER));
  return {
    rows: events.flatMap((event) => event.kind === "page" ? event.page : []),
    notices: events.flatMap((event) => event.kind === "notice" ? [event.notice.code] : []),
    hasMore: events.at(-1)?.kind === "hasMore",
    calls,
  };
}

Deno.test("describeRevisions() describes what each revision is, what uses it and how it was deployed last", async () => {
  const past = (number: number, atMs: number, status: string) => ({
    arn: `arn:sd/${atMs}`,
    status,
    createdAtMs: atMs,
    finishedAtMs: undefined,
    taskDefinition: revision(number).arn,
  });
  const { rows, notices } = await describe({
    registered: [4, 3, 2],
    past: [past(3, 1_000, "SUCCESSFUL"), past(3, 9_000, "ROLLBACK_SUCCESSFUL"), past(4, 5_000, "SUCCESSFUL")],
  });
  assert.deepEqual(rows.map(({ revision }) => revision.revision), [4, 3, 2]);
  assert.deepEqual(rows[0], {
    revision: revision(4),
    registeredAtMs: 4_000,
    imageTags: ["4"],
    user: { kind: "service", name: "myservice" },
    deployed: { atMs: 5_000, status: "SUCCESSFUL" },
  });
  assert.deepEqual(rows[1]?.deployed, { atMs: 9_000, status: "ROLLBACK_SUCCESSFUL" });
  assert.deepEqual([rows[2]?.user, rows[2]?.deployed], [undefined, undefined]);
  assert.deepEqual(notices, []);
});

Deno.test("describeRevisions() reads the tag behind a registry's port, a digest, and no tag at all", async () => {
  const images = ["localhost:5000/app", "localhost:5000/app:1.2", "app@sha256:0a1b", "app:1@sha256:0a1b", undefined];
  const containerDefinitions = images.map((image): JsonObject => image === undefined ? {} : { image });
  const { rows } = await describe({ registered: [1] }, { 1: taskDefinition(1, { raw: { containerDefinitions } }) });
  assert.deepEqual(rows[0]?.imageTags, ["latest", "1.2", "sha256:0a1b", "sha256:0a1b"]);
});

Deno.test("describeRevisions() goes without the history that may not be read, and without what is gone", async () => {
  const denied = awsError("denied", "AccessDeniedException");
  const { rows, notices } = await describe({ registered: [1], past: denied }, { 1: undefined });
  assert.deepEqual(rows, [
    { revision: revision(1), registeredAtMs: undefined, imageTags: [], user: undefined, deployed: undefined },
  ]);
  assert.deepEqual(notices, ["deploymentsNotShown"]);
  await assert.rejects(describe({ past: awsError("credentials") }));
});

Deno.test("describeRevisions() does not know what is in use where that may not be read, or has no cluster", async () => {
  const denied = awsError("denied", "AccessDeniedException");
  const { rows, notices } = await describe({ registered: [2, 1], inUse: denied });
  assert.deepEqual(rows.map(({ user }) => user), ["unknown", "unknown"]);
  assert.deepEqual(notices, ["usesNotShown"]);
  const noCluster = awsError("rejected", "ClusterNotFoundException");
  const away = await describe({ registered: [1], reads: [noCluster], inUse: noCluster, past: noCluster });
  assert.deepEqual(away.rows.map(({ user, deployed }) => [user, deployed]), [["unknown", undefined]]);
  assert.deepEqual(away.notices, ["usesNotShown", "deploymentsNotShown"]);
  for (const error of [awsError("credentials"), awsError("rejected"), awsError("unreachable")]) {
    await assert.rejects(describe({ inUse: error }), error);
  }
});

Deno.test("describeRevisions() describes no more than it is asked for, and knows whether there are more", async () => {
  const registered = [4, 3, 2, 1];
  const limited = async (limit: number) => {
    const { rows, hasMore } = await describe({ registered }, {}, limit);
    return [rows.map(({ revision }) => revision.revision), hasMore];
  };
  assert.deepEqual(await limited(3), [[4, 3, 2], true]);
  assert.deepEqual(await limited(4), [registered, false]);
  assert.deepEqual(await limited(Infinity), [registered, false]);
});

Deno.test("describeRevisions() keeps its pace where the clock is set back", async () => {
  const clock = new VirtualClock(3_600_000);
  const startedAtMs = clock.elapsed();
  const registered = Array.from({ length: 60 }, (_, index) => 60 - index);
  // Called for each row: what uses the revision is read then.
  const rows = Object.fromEntries(registered.map((number) => [number, taskDefinition(number)]));
  Object.defineProperty(rows, 15, {
    get: () => {
      clock.setBy(-3_600_000);
      return taskDefinition(15);
    },
  });
  assert.equal((await describe({ registered }, rows, Infinity, clock)).rows.length, 60);
  assert.ok(clock.elapsed() - startedAtMs < 5_000, `${clock.elapsed() - startedAtMs} ms`);
});
