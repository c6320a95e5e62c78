import assert from "node:assert/strict";
import fc from "fast-check";
import { formatScalingRecord, parseScalingRecord } from "../../../../src/rollout/read/scaling_record.ts";

const prior = fc.record({
  dynamicScalingInSuspended: fc.boolean(),
  dynamicScalingOutSuspended: fc.boolean(),
  scheduledScalingSuspended: fc.boolean(),
}, { noNullPrototype: true });
const atMs = fc.integer({ min: 0, max: Date.UTC(2200, 0, 1) });
const runs = fc.array(fc.stringMatching(/^[0-9a-f]{8}$/), { maxLength: 9 });

Deno.test("formatScalingRecord() writes what parseScalingRecord() reads, within AWS's limits for tag values", () => {
  fc.assert(fc.property(prior, atMs, fc.string({ maxLength: 400 }), runs, (flags, at, by, runs) => {
    const value = formatScalingRecord({ prior: flags, by, atMs: at, runs });
    assert.ok(value.length <= 256);
    assert.match(value, /^[\p{L}\p{N} +\-=._:/@]*$/u);
    const read = parseScalingRecord(value);
    assert.deepEqual([read?.prior, read?.atMs, read?.runs], [flags, at, runs.slice(0, 6)]);
  }));
});

Deno.test("parseScalingRecord() reads what versions wrote that named no runs", () => {
  const read = parseScalingRecord("v1 in=1 out=0 scheduled=0 at=2023-01-01T12:00:00.000Z by=ci");
  assert.deepEqual([read?.by, read?.runs], ["ci", []]);
});

Deno.test("parseScalingRecord() takes nothing for a record that this program did not write", () => {
  assert.equal(parseScalingRecord("v2 in=0 out=0 scheduled=0 at=2023-01-01T12:00:00.000Z by=a"), undefined);
  assert.equal(parseScalingRecord("v1 in=0 out=0 scheduled=0 at=2023-99-01T12:00:00.000Z by=a"), undefined);
  fc.assert(fc.property(fc.string(), (value) => {
    const read = parseScalingRecord(value);
    if (read !== undefined) assert.match(value, /^v1 /);
  }));
});
