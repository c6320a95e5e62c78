import fc from "fast-check";
import assert from "node:assert/strict";
import { healthy } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import type { Json, JsonObject } from "../emulator/model.ts";
import { myservice, SERVICE, UNTIL_STEADY_MS } from "../emulator/myservice.ts";
import { plannedNotices, runWithEvents } from "../run_with_events.ts";
import { arbitraryRecordedSettings } from "./arbitrary_settings.ts";
import { RUNS, tries } from "./how_often.ts";

/** Settings that a deploy has changed come back with `--restore service` exactly, and are left alone without it. */

const RECORDED = [
  ...["capacityProviderStrategy", "gatewayConnectors", "loadBalancers", "monitoring", "networkConfiguration"],
  ...["platformVersion", "serviceConnectConfiguration", "serviceRegistries", "volumeConfigurations"],
  "vpcLatticeConfigurations",
];

/** Without order, and without what is off. */
function meaningOf(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) {
    const list = value.map((one) => meaningOf(one) ?? null).map((one) => JSON.stringify(one)).sort();
    return list.length === 0 ? undefined : list;
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.keys(value).sort().flatMap((name) => {
    const member = meaningOf(value[name]);
    return member === undefined ? [] : [[name, member] as const];
  });
  return members.length === 0 || value.enabled === false ? undefined : Object.fromEntries(members);
}

/** The service's own settings of now, by the newest service revision. */
function settingsOf(emulator: Emulator): JsonObject {
  const { currentServiceRevisions } = emulator.describeService(SERVICE);
  const [{ arn }] = currentServiceRevisions as [JsonObject];
  const call = (operation: string, input: JsonObject) =>
    emulator.call(`AmazonEC2ContainerServiceV20141113.${operation}`, input);
  const { serviceRevisions } = call("DescribeServiceRevisions", { serviceRevisionArns: [arn!] });
  const [revision] = serviceRevisions as [JsonObject];
  return Object.fromEntries(RECORDED.map((name) => [name, meaningOf(revision[name])]));
}

function deploy(emulator: Emulator, revision: number, settings: JsonObject): void {
  const forceNewDeployment = true;
  emulator.updateService({
    service: SERVICE,
    taskDefinition: `${SERVICE}:${revision}`,
    ...settings,
    forceNewDeployment,
  });
  emulator.advance(UNTIL_STEADY_MS);
}

/** How long tasks take means nothing here. */
const QUICK = healthy({ startMs: 2_000, stopMs: 2_000 });

interface World {
  readonly emulator: Emulator;
  /** The settings with which 3 has run, and those that 4 has: some of them are others. */
  readonly before: JsonObject;
  readonly changed: JsonObject;
  readonly isChanged: boolean;
}

function createWorld(
  [then, now]: readonly [JsonObject, JsonObject],
  options: { readonly terseAnswers: boolean; readonly revisionMembersRollOut: boolean },
): World {
  const emulator = myservice({ history: [3], options, behaviours: { 3: QUICK, 4: QUICK } });
  deploy(emulator, 3, then);
  const before = settingsOf(emulator);
  deploy(emulator, 4, now);
  const changed = settingsOf(emulator);
  return { emulator, before, changed, isChanged: JSON.stringify(before) !== JSON.stringify(changed) };
}

/** @returns how the settings are then, and which members each order had */
async function rollBack(emulator: Emulator, restore: string) {
  const run = await runWithEvents(emulator, ["rollback", "--revision", "3", "--restore", restore]);
  assert.equal(run.code, 0, run.stderr);
  const updates = emulator.calls.filter(({ operation }) => operation === "UpdateService");
  const sent = updates.map(({ input = {} }) => Object.keys(input).sort());
  return { notices: plannedNotices(run), after: settingsOf(emulator), sent };
}

const ONLY = ["cluster", "service", "taskDefinition"];

/** The settings that a deploy has changed come back exactly, and no others are sent. */
async function checkRestoring({ emulator, before, changed }: World): Promise<void> {
  const { after, sent } = await rollBack(emulator.copy(), "service");
  assert.deepEqual(after, before);
  const others = RECORDED.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(changed[name]));
  const forced = others.includes("capacityProviderStrategy") ? ["forceNewDeployment"] : [];
  assert.deepEqual(sent, [[...ONLY, ...others, ...forced].sort()]);
}

/** The task definition is sent and nothing else; `warn` says that settings stay. */
async function checkKeeping({ emulator, changed, isChanged }: World, restore: "warn" | "none"): Promise<void> {
  const { after, sent, notices } = await rollBack(emulator.copy(), restore);
  assert.deepEqual(after, changed);
  assert.deepEqual(sent, [ONLY]);
  const isSaid = notices.includes("settingStays") || notices.includes("settingsNotRecorded");
  assert.equal(isSaid, restore === "warn" && isChanged, notices.join());
}

const both = fc.tuple(arbitraryRecordedSettings, arbitraryRecordedSettings);
const answers = fc.record({ terseAnswers: fc.boolean(), revisionMembersRollOut: fc.boolean() });

Deno.test("--restore service brings back exactly the settings that a deploy has changed; warn and none send none", async () => {
  let restored = 0;
  const property = fc.asyncProperty(
    both,
    answers,
    fc.constantFrom("warn" as const, "none" as const),
    async (settings, options, restore) => {
      const world = createWorld(settings, options);
      await checkRestoring(world);
      await checkKeeping(world, restore);
      restored += Number(world.isChanged);
    },
  );
  await fc.assert(property, tries(Math.ceil(RUNS / 20)));
  assert.ok(restored > 0, "no run has restored anything");
});
