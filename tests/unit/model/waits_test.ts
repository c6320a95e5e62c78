import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/model/json.ts";
import {
  findWaitsRecord,
  formatWaitsRecord,
  isReadable,
  matchingWaits,
  missingWaits,
  readWaits,
  withoutWaits,
} from "../../../src/model/waits.ts";

const HOOK = {
  targetType: "AWS_LAMBDA",
  hookTargetArn: "arn:aws:lambda:ap-northeast-1:123456789012:function:verify-the-release-before-the-traffic",
  roleArn: "arn:aws:iam::123456789012:role/ecs-lifecycle-hooks",
  lifecycleStages: ["POST_SCALE_UP", "PRE_PRODUCTION_TRAFFIC_SHIFT"],
  hookDetails: { note: "日本語 and ümlauts", "": [1, null] },
};

const tagged = (tags: Readonly<Record<string, string>>): JsonObject => ({
  tags: [{ key: "team", value: "web" }, ...Object.entries(tags).map(([key, value]) => ({ key, value }))],
});

Deno.test("readWaits() has what deployments wait for, and what ECS leaves out by its default", () => {
  const table: [JsonObject, JsonObject][] = [
    [{}, {}],
    [{ strategy: "ROLLING", bakeTimeInMinutes: 5, lifecycleHooks: [HOOK] }, {}],
    [{ strategy: "BLUE_GREEN", bakeTimeInMinutes: 5, lifecycleHooks: [] }, { bakeTimeInMinutes: 5 }],
    [{ strategy: "BLUE_GREEN", bakeTimeInMinutes: 0, lifecycleHooks: [HOOK] }, { lifecycleHooks: [HOOK] }],
    [{ strategy: "LINEAR" }, { linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 6 } }],
    [{ strategy: "LINEAR", linearConfiguration: { stepPercent: 100, stepBakeTimeInMinutes: 0 } }, {}],
    [{ strategy: "CANARY", canaryConfiguration: { canaryPercent: 20 } }, {
      canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 10 },
    }],
    [{ strategy: "CANARY", canaryConfiguration: { canaryPercent: 100, canaryBakeTimeInMinutes: 0 } }, {}],
  ];
  for (const [configuration, waits] of table) assert.deepEqual(readWaits(configuration), waits);
});

Deno.test("without its waits, a deployment waits for nothing, and its strategy stays", () => {
  for (const strategy of ["BLUE_GREEN", "LINEAR", "CANARY"]) {
    const before = { strategy, bakeTimeInMinutes: 5, lifecycleHooks: [HOOK], maximumPercent: 150 };
    const after = { ...before, ...withoutWaits(readWaits(before)) };
    assert.deepEqual(readWaits(after), {}, strategy);
    assert.deepEqual([after.strategy, after.maximumPercent], [strategy, 150]);
  }
});

Deno.test("a record comes back as it was written, in tags that AWS allows", () => {
  for (const hooks of [0, 1, 3]) {
    const lifecycleHooks = Array.from({ length: hooks }, () => HOOK);
    const before = { bakeTimeInMinutes: 5, ...(hooks > 0 && { lifecycleHooks }) };
    const tags = formatWaitsRecord({ before, run: "0badcafe", atMs: 1_700_000_000_000, by: "alice (on call) 山田" });
    for (const [key, value] of Object.entries(tags)) {
      assert.match(key, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u);
      assert.match(value, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
    }
    const record = findWaitsRecord(tagged(tags));
    assert.ok(isReadable(record));
    assert.deepEqual([record.before, record.run, record.atMs], [before, "0badcafe", 1_700_000_000_000]);
    assert.deepEqual([record.runs, record.keys], [["0badcafe"], Object.keys(tags)]);
  }
});

Deno.test("a record that is not whole, or somebody else's, is none to restore from", () => {
  const before = { lifecycleHooks: [HOOK, HOOK] };
  const tags = formatWaitsRecord({ before, run: "0badcafe", atMs: 0, by: "alice" });
  const [head, ...parts] = Object.keys(tags) as [string, ...string[]];
  assert.ok(parts.length > 1);
  const assertUnreadable = (some: Readonly<Record<string, string>>, why?: string) =>
    assert.deepEqual(findWaitsRecord(tagged(some)), { unreadable: Object.keys(some) }, why);
  for (const part of parts) {
    const { [part]: _, ...others } = tags;
    assertUnreadable(others, `without ${part}`);
    assertUnreadable({ ...tags, [part]: "e30=" }, `another ${part}`);
  }
  const { [head]: _, ...headless } = tags;
  assertUnreadable(headless, "without who and when");
  assertUnreadable({ ...tags, [head]: "ours" });
  const whole = formatWaitsRecord({ before, run: "killed01", atMs: 0, by: "alice" });
  assert.deepEqual(findWaitsRecord(tagged({ ...whole, ...headless })), { unreadable: parts });
  assert.equal(findWaitsRecord(tagged({})), undefined);
});

Deno.test("of several runs' records, the latest says what there was, and an earlier one what that leaves out", () => {
  const record = (run: string, atMs: number, before: JsonObject) => formatWaitsRecord({ before, run, atMs, by: run });
  const [first, second] = [
    record("b0000000", 1_000, { bakeTimeInMinutes: 5, lifecycleHooks: [HOOK] }),
    record("a0000000", 2_000, { bakeTimeInMinutes: 3 }),
  ];
  const found = findWaitsRecord(tagged({ ...second, ...first }));
  assert.deepEqual(found, {
    ...{ before: { bakeTimeInMinutes: 3, lifecycleHooks: [HOOK] }, run: "a0000000", atMs: 2_000, by: "a0000000" },
    ...{ runs: ["b0000000", "a0000000"], keys: [...Object.keys(first), ...Object.keys(second)] },
  });
  const atOnce = { ...record("b", 1_000, { bakeTimeInMinutes: 1 }), ...record("a", 1_000, { bakeTimeInMinutes: 2 }) };
  const latest = findWaitsRecord(tagged(atOnce));
  assert.ok(isReadable(latest));
  assert.deepEqual([latest.run, latest.runs], ["b", ["a", "b"]]);
});

Deno.test("settings are compared by their values, in whatever order ECS names them", () => {
  const waits = { canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 9 }, bakeTimeInMinutes: 5 };
  const answered = { canaryConfiguration: { canaryBakeTimeInMinutes: 9, canaryPercent: 5 }, bakeTimeInMinutes: 6 };
  assert.deepEqual(matchingWaits(waits, answered), ["canaryConfiguration"]);
  assert.deepEqual(matchingWaits(withoutWaits({ lifecycleHooks: [HOOK], bakeTimeInMinutes: 1 }), {}), [
    "bakeTimeInMinutes",
    "lifecycleHooks",
  ]);
  const service = { deploymentStrategy: "CANARY", waits: { bakeTimeInMinutes: 3 } };
  assert.deepEqual(missingWaits(waits, service), { canaryConfiguration: waits.canaryConfiguration });
  assert.deepEqual(missingWaits(waits, { deploymentStrategy: "LINEAR", waits: {} }), { bakeTimeInMinutes: 5 });
});
