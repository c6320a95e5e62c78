import assert from "node:assert/strict";
import fc from "fast-check";
import { SUSPENSION_RECORD_KEY } from "../../../../src/model/scalable_target.ts";
import { formatScalingRecord, readScalingRecord } from "../../../../src/rollout/read/scaling_record.ts";
import { scriptedPorts } from "../scripted_ports.ts";

/** What is read of a target whose tag has this value. */
async function read(value: string) {
  const scaling = {
    ...scriptedPorts({ reads: [] }).ports.scaling!,
    listTags: () => Promise.resolve(new Map([[SUSPENSION_RECORD_KEY, value]])),
  };
  return await readScalingRecord("arn", scaling, new AbortController().signal);
}

const prior = fc.record({
  dynamicScalingInSuspended: fc.boolean(),
  dynamicScalingOutSuspended: fc.boolean(),
  scheduledScalingSuspended: fc.boolean(),
}, { noNullPrototype: true });
const atMs = fc.integer({ min: 0, max: Date.UTC(2200, 0, 1) });
const runs = fc.array(fc.stringMatching(/^[0-9a-f]{8}$/), { maxLength: 9 });

Deno.test("formatScalingRecord() writes what readScalingRecord() reads, within AWS's limits for tag values", async () => {
  await fc.assert(fc.asyncProperty(prior, atMs, fc.string({ maxLength: 400 }), runs, async (flags, at, by, runs) => {
    const value = formatScalingRecord({ prior: flags, by, atMs: at, runs });
    assert.ok(value.length <= 256);
    assert.match(value, /^[\p{L}\p{N} +\-=._:/@]*$/u);
    const { record } = await read(value);
    assert.deepEqual([record?.prior, record?.atMs, record?.runs], [flags, at, runs.slice(0, 6)]);
  }));
});

Deno.test("readScalingRecord() reads what versions wrote that named no runs", async () => {
  const { record } = await read("v1 in=1 out=0 scheduled=0 at=2023-01-01T12:00:00.000Z by=ci");
  assert.deepEqual([record?.by, record?.runs], ["ci", []]);
});

Deno.test("readScalingRecord() takes nothing for a record that this program did not write", async () => {
  const foreign = { record: undefined, unrecordable: { code: "foreignTag" } };
  assert.deepEqual(await read("v2 in=0 out=0 scheduled=0 at=2023-01-01T12:00:00.000Z by=a"), foreign);
  assert.deepEqual(await read("v1 in=0 out=0 scheduled=0 at=2023-99-01T12:00:00.000Z by=a"), foreign);
  await fc.assert(fc.asyncProperty(fc.string(), async (value) => {
    if ((await read(value)).record !== undefined) assert.match(value, /^v1 /);
  }));
});
