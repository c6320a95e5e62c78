import fc from "fast-check";
import assert from "node:assert/strict";
import type { Emulator } from "../emulator/emulator.ts";
import type { Json, JsonObject } from "../emulator/model.ts";
import { myservice, SERVICE, UNTIL_STEADY_MS } from "../emulator/myservice.ts";
import { runInProcess } from "../in_process.ts";
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

/** 3 has run with the settings of then, and 4 has changed some of them. */
async function rollBack(
  [then, now]: readonly [JsonObject, JsonObject],
  restore: string,
  options: { readonly terseAnswers: boolean; readonly revisionMembersRollOut: boolean },
) {
  const emulator = myservice({ history: [3], options });
  deploy(emulator, 3, then);
  const before = settingsOf(emulator);
  deploy(emulator, 4, now);
  const changed = settingsOf(emulator);
  const isChanged = JSON.stringify(before) !== JSON.stringify(changed);
  const calls = emulator.calls.length;
  const { code, stderr } = await runInProcess(emulator, ["rollback", "--revision", "3", "--restore", restore]);
  const updates = emulator.calls.slice(calls).filter(({ operation }) => operation === "UpdateService");
  const after = settingsOf(emulator);
  return {
    code,
    stderr,
    before,
    changed,
    isChanged,
    after,
    sent: updates.map(({ input = {} }) => Object.keys(input).sort()),
  };
}

const ONLY = ["cluster", "service", "taskDefinition"];
const both = fc.tuple(arbitraryRecordedSettings, arbitraryRecordedSettings);
const answers = fc.record({ terseAnswers: fc.boolean(), revisionMembersRollOut: fc.boolean() });
const SOME = tries(Math.ceil(RUNS / 20));

Deno.test("--restore service brings back exactly the settings that a deploy has changed, and sends no others", async () => {
  let restored = 0;
  const property = fc.asyncProperty(both, answers, async (settings, options) => {
    const run = await rollBack(settings, "service", options);
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(run.after, run.before);
    const changed = RECORDED.filter((name) => JSON.stringify(run.before[name]) !== JSON.stringify(run.changed[name]));
    const forced = changed.includes("capacityProviderStrategy") ? ["forceNewDeployment"] : [];
    assert.deepEqual(run.sent, [[...ONLY, ...changed, ...forced].sort()]);
    restored += Number(run.isChanged);
  });
  await fc.assert(property, SOME);
  assert.ok(restored > 0, "no run has restored anything");
});

Deno.test("--restore warn and none send the task definition and nothing else; warn says that settings stay", async () => {
  const property = fc.asyncProperty(
    both,
    answers,
    fc.constantFrom("warn", "none"),
    async (settings, options, restore) => {
      const run = await rollBack(settings, restore, options);
      assert.equal(run.code, 0, run.stderr);
      assert.deepEqual(run.after, run.changed);
      assert.deepEqual(run.sent, [ONLY]);
      assert.equal(/NOT restored/.test(run.stderr), restore === "warn" && run.isChanged, run.stderr);
    },
  );
  await fc.assert(property, SOME);
});
