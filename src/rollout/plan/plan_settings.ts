import type { Revision } from "../../model/arn.ts";
import type { DefinitionChange } from "../../model/definition_change.ts";
import type { JsonObject } from "../../model/json.ts";
import { findMisfits, requirementsWith } from "../../model/misfit.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { CurrentState } from "../read/current_state.ts";
import type { PlanNotice } from "./notice.ts";
import type { StopDeployment, UpdateService } from "./plan.ts";
import type { RestoredSettings, RestorePolicy } from "./options.ts";
import { forceWhereRequired } from "./plan_order.ts";

/** What a rollback restores of the service besides its task definition. */
export interface Restored {
  /** In the names of UpdateService. */
  readonly attributes: JsonObject;
  /** The names of those that ECS restores with the service revision where it goes back by itself. */
  readonly inRevision: readonly string[];
  readonly changes: readonly DefinitionChange[];
}

const isAnyToRestore = (settings: CurrentState["settings"]) => Object.keys(settings?.attributes ?? {}).length > 0;

/** Whether the user wants settings restored, and some that are on record differ. */
export function restoresSettings({ settings }: CurrentState, restore: RestorePolicy | undefined): boolean {
  return restore === "service" && isAnyToRestore(settings);
}

/** Whether `--restore service`, which was not given, would restore something. */
export function isRestorable({ settings }: CurrentState, restore: RestorePolicy | undefined): boolean {
  return restore !== undefined && restore !== "service" && isAnyToRestore(settings);
}

/** The settings of the service that the user wants restored. */
export function planSettings(state: CurrentState, restore: RestorePolicy | undefined): Restored {
  if (!restoresSettings(state, restore)) return { attributes: {}, inRevision: [], changes: [] };
  const { attributes = {}, differences = [] } = state.settings ?? {};
  const changes = differences.filter(({ comesBack }) => comesBack === "byUpdate").map(({ change }) => change);
  return { attributes: forceWhereRequired(attributes), inRevision: Object.keys(attributes), changes };
}

/** What changes in the service: where a deployment is stopped, ECS restores all settings that it has on record. */
export function changesOfSettings(
  { settings }: CurrentState,
  { changes }: Restored,
  restore: RestorePolicy | undefined,
  rollbackOrder: StopDeployment | UpdateService | undefined,
): readonly DefinitionChange[] {
  if (rollbackOrder === undefined) return [];
  if (rollbackOrder.kind === "updateService" || restore === undefined) return changes;
  // Blue/green itself swaps its target groups.
  return settings?.differences.filter(({ comesBack }) => comesBack !== "alternating").map(({ change }) => change) ?? [];
}

/** The settings that are checked after the rollback; `undefined` where none is restored. */
export function settingsToCheck(state: CurrentState, restore: RestorePolicy | undefined): RestoredSettings | undefined {
  if (state.ran === undefined || !restoresSettings(state, restore)) return undefined;
  return { names: Object.keys(state.settings?.attributes ?? {}), was: state.ran.raw };
}

/** Whether the service would fit the target if it had its settings of that time again. */
export function fitsRestored(
  state: CurrentState,
  service: ServiceSnapshot,
  target: TaskDefinition,
  restore: RestorePolicy | undefined,
): boolean {
  if (!isRestorable(state, restore)) return false;
  return findMisfits(requirementsWith(service, state.settings?.attributes ?? {}), target).length === 0;
}

/** Notices of settings that stay as they are; none where ECS goes back by itself, because it restores them. */
export function noticeSettings(
  { settings }: CurrentState,
  restore: RestorePolicy | undefined,
  target: Revision,
  rollbackOrder: StopDeployment | UpdateService | undefined,
): PlanNotice[] {
  if (restore === undefined || restore === "none" || rollbackOrder?.kind !== "updateService") return [];
  // Another notice says that they are not on record.
  if (settings === undefined) return [];
  const { differences } = settings;
  const stays = differences.filter(({ comesBack }) => restore === "warn" || comesBack !== "byUpdate");
  return [
    ...stays.map((difference): PlanNotice => {
      return { code: "settingStays", target, difference, isOffered: difference.comesBack === "byUpdate" };
    }),
    ...(differences.length === 0 ? [] : [{ code: "settingsNotRecorded" } as const]),
  ];
}

/** The update for what ECS does not restore where it goes back by itself. */
export function restoreRest(
  rollbackOrder: StopDeployment | UpdateService | undefined,
  { attributes, inRevision }: Restored,
): UpdateService | undefined {
  if (rollbackOrder?.kind === "updateService") return undefined;
  const isRest = (name: string) => !inRevision.includes(name) && name !== "forceNewDeployment";
  const rest = Object.fromEntries(Object.entries(attributes).filter(([name]) => isRest(name)));
  return Object.keys(rest).length === 0
    ? undefined
    : { kind: "updateService", taskDefinition: undefined, attributes: rest };
}
