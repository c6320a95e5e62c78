import assert from "node:assert/strict";
import type { SettingChanges, SettingDifference } from "../../../../src/definitions/compare_settings.ts";
import type { RestorePolicy } from "../../../../src/rollout/plan/options.ts";
import type { StopDeployment, UpdateService } from "../../../../src/rollout/plan/plan.ts";
import { planRollback } from "../../../../src/rollout/plan/plan_rollback.ts";
import {
  changesOfSettings,
  fitsRestored,
  noticeSettings,
  planSettings,
  settingsToCheck,
} from "../../../../src/rollout/plan/plan_settings.ts";
import { currentState, planOf, revision, ROLLBACK_OPTIONS, service, taskDefinition } from "../../made_up.ts";

const difference = (attribute: string, comesBack: SettingDifference["comesBack"]): SettingDifference => ({
  change: { scope: "service", attribute, kind: "changed" },
  comesBack,
});
const VOLUMES = difference("volumeConfigurations", "byUpdate");
const NETWORK = difference("networkConfiguration", "never");
const SETTINGS: SettingChanges = { attributes: { volumeConfigurations: [] }, differences: [VOLUMES, NETWORK] };
const RAN = {
  arn: "arn:revision",
  taskDefinition: revision(3).arn,
  createdAtMs: 0,
  images: [],
  raw: { loadBalancers: [] },
};
const STATE = currentState({ settings: SETTINGS, ran: RAN });
const UPDATE: UpdateService = { kind: "updateService", taskDefinition: revision(3) };
const STOP: StopDeployment = {
  kind: "stopDeployment",
  arn: "arn:deployment",
  to: revision(3),
  otherwise: { kind: "updateService", taskDefinition: revision(3) },
};
const POLICIES = ["warn", "none", undefined] as const;

function update(restore: RestorePolicy | undefined) {
  const { steps } = planOf(planRollback(STATE, { ...ROLLBACK_OPTIONS, ...(restore && { restore }) })).plan;
  return steps.find(({ kind }) => kind === "updateService");
}

Deno.test("settings are sent, and looked at afterwards, with --restore service only", () => {
  assert.deepEqual(update("service"), { ...UPDATE, attributes: { volumeConfigurations: [] } });
  assert.deepEqual(settingsToCheck(STATE, "service"), { names: ["volumeConfigurations"], was: RAN.raw });
  for (const restore of POLICIES) {
    assert.deepEqual(update(restore), UPDATE);
    assert.deepEqual(planSettings(STATE, restore).attributes, {});
    assert.equal(settingsToCheck(STATE, restore), undefined);
  }
});

Deno.test("the settings that are restored are among the changes, and where ECS stops a deployment, all of them", () => {
  const swap = difference("loadBalancers", "alternating");
  const state = { ...STATE, settings: { ...SETTINGS, differences: [VOLUMES, NETWORK, swap] } };
  const changed = (restore: RestorePolicy | undefined, rollbackOrder: StopDeployment | UpdateService | undefined) =>
    changesOfSettings(state, planSettings(state, restore), restore, rollbackOrder).map(({ attribute }) => attribute);
  assert.deepEqual(changed("service", UPDATE), ["volumeConfigurations"]);
  assert.deepEqual(planOf(planRollback(STATE, { ...ROLLBACK_OPTIONS, restore: "service" })).plan.changes?.at(-1), {
    scope: "service",
    attribute: "volumeConfigurations",
    kind: "changed",
  });
  for (const restore of POLICIES) assert.deepEqual(changed(restore, UPDATE), []);
  for (const restore of ["service", "warn", "none"] as const) {
    assert.deepEqual(changed(restore, STOP), ["volumeConfigurations", "networkConfiguration"]);
    assert.deepEqual(changed(restore, undefined), []);
  }
  assert.deepEqual(changed(undefined, STOP), [], "an automatic rollback knows what its deploy has changed");
});

Deno.test("another capacity provider strategy forces the deployment", () => {
  const attributes = { capacityProviderStrategy: [] };
  const state = { ...STATE, settings: { ...SETTINGS, attributes } };
  assert.deepEqual(planSettings(state, "service").attributes, { ...attributes, forceNewDeployment: true });
});

Deno.test("what stays is said, and once what ECS has no record of", () => {
  const said = (restore: RestorePolicy | undefined, state = STATE) =>
    noticeSettings(state, restore, revision(3), UPDATE).map((notice) =>
      notice.code === "settingStays" ? `${notice.difference.change.attribute} ${notice.isOffered}` : notice.code
    );
  assert.deepEqual(said("warn"), ["volumeConfigurations true", "networkConfiguration false", "settingsNotRecorded"]);
  assert.deepEqual(said("service"), ["networkConfiguration false", "settingsNotRecorded"]);
  assert.deepEqual(said("none"), []);
  assert.deepEqual(said(undefined), []);
  const same = { ...STATE, settings: { attributes: {}, differences: [] } };
  assert.deepEqual([said("warn", same), said("service", same)], [[], []]);
  const unknown = { ...STATE, settings: undefined };
  assert.deepEqual([said("warn", unknown), said("service", unknown)], [[], []], "said of the record");
});

Deno.test("where ECS goes back by itself there is nothing to warn of", () => {
  for (const restore of ["warn", "service"] as const) {
    assert.deepEqual(noticeSettings(STATE, restore, revision(3), STOP), []);
    assert.deepEqual(noticeSettings(STATE, restore, revision(3), undefined), []);
  }
});

Deno.test("the settings of that time are offered where the target fits the service with them", () => {
  const withVolume = service({ volumeNames: ["data"] });
  const fits = (restore: RestorePolicy | undefined, settings: SettingChanges | undefined = SETTINGS) =>
    fitsRestored({ ...STATE, settings }, withVolume, taskDefinition(3), restore);
  assert.deepEqual([fits("warn"), fits("none"), fits("service"), fits(undefined)], [true, true, false, false]);
  assert.equal(fits("warn", { ...SETTINGS, attributes: { serviceRegistries: [] } }), false);
  assert.equal(fitsRestored({ ...STATE, settings: undefined }, withVolume, taskDefinition(3), "warn"), false);
});
