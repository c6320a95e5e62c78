import assert from "node:assert/strict";
import type { Emulator } from "../../../emulator/emulator.ts";
import { accessDenied, actAfter, actBefore, tagsUnsupported, throttle } from "../../../emulator/faults.ts";
import type { JsonObject } from "../../../emulator/model.ts";
import { waitingService, WAITS, waitsOf } from "../../../emulator/waiting_service.ts";
import { type FoundWaits, isReadable } from "../../../../src/model/waits.ts";
import { plannedNotices, runWithEvents } from "../../../run_with_events.ts";
import { fillTags, recordWaits, tagKeysOf, waitsRecordOf } from "../../../waits_in_tags.ts";

/** What an earlier fast rollback has left on record is neither lost nor restored over what somebody has set since. */

const MINUTE_MS = 60_000;
const run = (emulator: Emulator, typed = "rollback --revision 3 --fast") => runWithEvents(emulator, typed.split(" "));

const NO_WAITS = {
  canaryConfiguration: { canaryPercent: 100, canaryBakeTimeInMinutes: 0 },
  bakeTimeInMinutes: 0,
  lifecycleHooks: [],
};

/** A run was killed once its deployment to 3 had begun. */
function killed(before: JsonObject = WAITS): Emulator {
  const emulator = waitingService();
  recordWaits(emulator, before);
  const deploymentConfiguration = NO_WAITS;
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3", deploymentConfiguration });
  return emulator;
}

const setByHand = (emulator: Emulator, deploymentConfiguration: JsonObject) =>
  void emulator.updateService({ service: "myservice", deploymentConfiguration });

Deno.test("where AWS does not show the tags, a record that may be in them is not overwritten", async () => {
  const emulator = killed();
  emulator.advance(2 * MINUTE_MS);
  setByHand(emulator, { bakeTimeInMinutes: 3 });
  const record = waitsRecordOf(emulator);
  emulator.inject({ operation: "DescribeServices", effect: tagsUnsupported(), times: Infinity });
  const { code, stderr, refusal } = await run(emulator, "rollback --revision 2 --fast");
  assert.deepEqual([code, refusal?.code], [4, "waitsRecordUnread"], stderr);
  emulator.clearFaults();
  assert.deepEqual(waitsRecordOf(emulator), record);
});

Deno.test("the command to type leaves alone what somebody has set since", async () => {
  const emulator = waitingService();
  const change = actAfter((changed) => setByHand(changed, { bakeTimeInMinutes: 3 }));
  emulator.inject({ operation: "DescribeServiceDeployments", nth: 2, effect: change });
  emulator.inject({ operation: "UpdateService", nth: 2, effect: accessDenied(), times: Infinity });
  const { code, stderr } = await run(emulator);
  assert.equal(code, 8, stderr);
  emulator.clearFaults();
  const shown = await run(emulator, "status");
  const planned = await run(emulator, "rollback --revision 2 --dry-run");
  for (const text of [stderr, shown.stdout, planned.stdout]) {
    const command = /--deployment-configuration '([^']+)'/.exec(text)?.[1] ?? "";
    assert.deepEqual(Object.keys(JSON.parse(command)).toSorted(), ["canaryConfiguration", "lifecycleHooks"], text);
  }
});

Deno.test("the command to type names nothing that ECS refuses for the strategy that the service has since", async () => {
  for (const [strategy, wanted] of [["LINEAR", /'{"bakeTimeInMinutes":10,"lifecycleHooks":.*}'/], ["ROLLING", /^/]]) {
    const emulator = killed();
    emulator.advance(2 * MINUTE_MS);
    setByHand(emulator, { strategy: strategy as string });
    const { stdout } = await run(emulator, "status");
    assert.match(stdout, wanted as RegExp);
    assert.doesNotMatch(stdout, /canaryConfiguration/);
    assert.match(stdout, /ecs untag-resource/);
  }
});

Deno.test("a fast rollback that is refused for another deployment restores nothing, and leaves the record", async () => {
  const emulator = killed();
  emulator.advance(5_000);
  const record = waitsRecordOf(emulator);
  const deploy = actBefore((changed) =>
    void changed.updateService({ service: "myservice", taskDefinition: "myservice:2" })
  );
  emulator.inject({ operation: "DescribeServices", nth: 2, effect: deploy });
  emulator.inject({ operation: "DescribeTaskDefinition", effect: throttle(), times: 8 });
  const { code, stderr } = await run(emulator);
  assert.equal(code, 4, stderr);
  assert.deepEqual(waitsOf(emulator), NO_WAITS);
  assert.deepEqual(waitsRecordOf(emulator), record);
});

Deno.test("of a longer record that was left, no tag stays", async () => {
  const hook = { targetType: "PAUSE", lifecycleStages: ["POST_SCALE_UP", "PRE_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT"] };
  const emulator = killed({ ...WAITS, lifecycleHooks: Array(6).fill(hook) });
  emulator.advance(2 * MINUTE_MS);
  setByHand(emulator, { lifecycleHooks: [hook] });
  const { code, stderr } = await run(emulator, "rollback --revision 2 --fast");
  assert.equal(code, 0, stderr);
  assert.deepEqual(tagKeysOf(emulator), []);
});

Deno.test("a fast rollback that has restored leaves a record that another run writes just then", async () => {
  const emulator = waitingService();
  const begin = actBefore((changed) => {
    changed.advance(1_000);
    recordWaits(changed, WAITS);
    changed.updateService({ service: "myservice", taskDefinition: "myservice:2", deploymentConfiguration: NO_WAITS });
  });
  emulator.inject({ operation: "UntagResource", effect: begin });
  const { code, stderr } = await run(emulator);
  assert.equal(code, 0, stderr);
  const record = waitsRecordOf(emulator);
  assert.ok(isReadable(record));
  assert.deepEqual([record.before, record.runs], [WAITS, ["killed01"]]);
});

/** Two runs that know nothing of each other write their records, and this one orders later. */
async function besideAnother(afterMs: number) {
  const emulator = waitingService();
  const write = (changed: Emulator) => recordWaits(changed, WAITS, { atMs: changed.now() + afterMs });
  emulator.inject({ operation: "TagResource", effect: actBefore(write) });
  const ended = await run(emulator);
  return { ...ended, emulator, waits: waitsOf(emulator), record: waitsRecordOf(emulator) };
}

Deno.test("of two records that know nothing of each other, the later one's run restores, and neither removes both", async () => {
  const [first, second] = [await besideAnother(5_000), await besideAnother(-5_000)];
  for (const { code, stderr, record } of [first, second]) {
    assert.equal(code, 0, stderr);
    assert.ok(isReadable(record));
    assert.deepEqual([record.before, record.runs], [WAITS, ["killed01"]]);
  }
  assert.ok(first.notices.some((notice) => notice.code === "waitsLeftToOther" && notice.run === "killed01"));
  assert.deepEqual([first.waits, second.waits], [NO_WAITS, WAITS]);
  const again = await run(first.emulator);
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual([waitsOf(first.emulator), tagKeysOf(first.emulator)], [WAITS, []]);
});

Deno.test("a record comes after those that it takes up, whatever the clocks say", async () => {
  const emulator = waitingService();
  recordWaits(emulator, WAITS, { atMs: emulator.now() + MINUTE_MS });
  let found: unknown;
  const look = actAfter((changed) => found = waitsRecordOf(changed));
  emulator.inject({ operation: "TagResource", effect: look });
  const { code, stderr } = await run(emulator);
  assert.equal(code, 0, stderr);
  const { run: latest, runs } = found as FoundWaits;
  assert.deepEqual(runs.toReversed(), [latest, "killed01"]);
  assert.deepEqual([waitsOf(emulator), tagKeysOf(emulator)], [WAITS, []]);
});

Deno.test("where another run restores, a record that cannot be removed is said", async () => {
  const emulator = waitingService();
  const write = (changed: Emulator) => recordWaits(changed, WAITS, { atMs: changed.now() + 5_000 });
  emulator.inject({ operation: "TagResource", effect: actBefore(write) });
  emulator.inject({ operation: "UntagResource", effect: accessDenied() });
  const { code, stderr, leftovers } = await run(emulator);
  assert.equal(code, 8, stderr);
  const keys = tagKeysOf(emulator).filter((key) => !key.includes("killed01"));
  const record = leftovers.find((one) => one.code === "waitsRecordRemains");
  assert.deepEqual([record?.leftTo, record?.keys], ["killed01", keys]);
});

Deno.test("where the record is more tags than a service may have, nothing is changed, and with one less all is", async () => {
  for (const [count, wanted] of [[49, 5], [48, 0]] as const) {
    const emulator = waitingService();
    fillTags(emulator, count);
    const before = emulator.state().services["default/myservice"];
    const { code, stderr, notices } = await run(emulator);
    assert.equal(code, wanted, stderr);
    assert.deepEqual([waitsOf(emulator), tagKeysOf(emulator).length], [WAITS, count]);
    if (wanted === 0) continue;
    assert.ok(notices.some((notice) => notice.code === "serviceUnchanged"), stderr);
    assert.deepEqual(emulator.state().services["default/myservice"], before);
  }
});

Deno.test("a rollback that is refused says what a run before has left", async () => {
  const emulator = killed();
  emulator.advance(2 * MINUTE_MS);
  const { code, stderr } = await run(emulator, "rollback --revision previous --fast");
  assert.equal(code, 4, stderr);
  assert.match(stderr, /to restore that, .*: aws .*ecs update-service .*--deployment-configuration/i);
});

Deno.test("where what runs is not to be left any more, the same command restores what it left", async () => {
  const typed = "rollback --revision 3 --from 4 --if-deployed-within 60m --fast";
  const emulator = waitingService();
  const before = waitsOf(emulator);
  emulator.inject({ operation: "UpdateService", nth: 2, effect: accessDenied(), times: Infinity });
  assert.equal((await run(emulator, typed)).code, 8);
  emulator.clearFaults();
  const slowly = await run(emulator, typed.replace(" --fast", ""));
  assert.ok(plannedNotices(slowly).includes("waitsOnRecord"), slowly.stderr);
  const { code, stderr } = await run(emulator, typed);
  assert.equal(code, 0, stderr);
  assert.deepEqual([waitsOf(emulator), waitsRecordOf(emulator)], [before, undefined]);
});
