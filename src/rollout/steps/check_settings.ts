import { findUnrestored } from "../../definitions/compare_services.ts";
import { findSettingChanges } from "../../definitions/compare_settings.ts";
import { isPlain } from "../../definitions/list_setting_changes.ts";
import { asAwsError, AwsError } from "../../errors.ts";
import { readWhile } from "../../host/retry.ts";
import type { JsonObject } from "../../model/json.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { RollbackCheck } from "../events.ts";
import type { Leftover } from "../outcome.ts";
import type { RestoredSettings } from "../plan/options.ts";
import type { DeployUndo, Plan } from "../plan/plan.ts";
import type { PlanExecution } from "./plan_execution.ts";
import { readWholeService, type WholeService } from "../read/read_service.ts";
import type { RunContext } from "../run_context.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

const READ_WITHIN_MS = 10_000;
/** Reads lag behind writes: what is not back at the first read may be at the next. */
const MAX_READS = 3;
const READ_EVERY_MS = 2_000;

/**
 * Reads the service after a rollback until `compare` finds all back, three times at most. Returns what it found last.
 *
 * @param wanted the members that are compared
 */
async function readUntilRestored<Found extends { readonly unrestored: readonly unknown[] }>(
  ref: ServiceRef,
  wanted: JsonObject,
  { ecs, clock, stop }: RunContext,
  compare: (service: Partial<WholeService>) => Found,
): Promise<Found> {
  const signal = AbortSignal.any([stop, clock.deadline(READ_WITHIN_MS)]);
  return await readWhile(
    ({ unrestored }) => unrestored.length > 0,
    async () => compare(await readWholeService(wanted, { ref, ecs, signal }) ?? {}),
    { clock, maxReads: MAX_READS, everyMs: READ_EVERY_MS },
    signal,
  );
}

/** Finds which of the settings that a rollback was to restore have not come back. */
export async function checkSettings({ names, was }: RestoredSettings, run: PlanExecution): Promise<Leftover[]> {
  const { target, plan, context } = run;
  const back = { target, ...(plan.carried && { carried: plan.carried }) };
  const notCompared = (unknown: readonly string[], error: AwsFailure | undefined): Leftover[] =>
    unknown.length === 0 ? [] : [{ code: "settingsNotCompared", ...back, names: unknown, error }];
  const wanted = Object.fromEntries(names.map((name) => [name, true]));
  const found = await readUntilRestored(plan.subject, wanted, context, ({ members, unread = [], denied }) => {
    const unknown = members === undefined ? names : unread;
    const { attributes } = findSettingChanges(was, members ?? {}, context.ecs.updatableMembers());
    const unrestored = names.filter((name) => Object.hasOwn(attributes, name) && !unknown.includes(name));
    return { unrestored, attributes, unknown, reason: denied?.failure };
  }).catch(asAwsError);
  if (found instanceof AwsError) return notCompared(names, found.failure);
  const unrestored = found.unrestored.map((name): Leftover => {
    const value = found.attributes[name]!;
    return { code: "settingNotRestored", ...back, name, value: isPlain(value, [name]) ? value : undefined };
  });
  return [...unrestored, ...notCompared(found.unknown, found.reason)];
}

/** Reads the service once more, and compares what the deploy has changed with what was there before it. */
export async function checkRollback(
  undo: DeployUndo,
  plan: Plan,
  context: RunContext,
): Promise<Pick<RollbackCheck, "unrestored" | "unknown" | "reason">> {
  // The number of tasks is restored only where nobody else has set it since.
  const names = undo.changed.filter((name) => name !== "desiredCount" || restoresCount(plan));
  if (names.length === 0) return { unrestored: [], unknown: [], reason: undefined };
  const wanted = Object.fromEntries(names.map((name) => [name, true]));
  const check = await readUntilRestored(plan.subject, wanted, context, ({ members = {}, unread = [], denied }) => {
    // ECS may keep what it never shows; nothing was sent to restore that.
    const isNeverShown = (name: string) => [undo.before, undo.was, members].every((shown) => shown[name] === undefined);
    const isUnknown = (name: string) => unread.includes(name) || isNeverShown(name);
    const known = names.filter((name) => !isUnknown(name));
    const unrestored = findUnrestored(undo.was, members, known).map((name) => {
      const before = undo.before[name];
      return { name, before, hasFreeText: !isPlain(before, [name]) };
    });
    return { unrestored, unknown: names.filter(isUnknown), reason: denied?.failure };
  }).catch(asAwsError);
  return check instanceof AwsError ? { unrestored: [], unknown: names, reason: check.failure } : check;
}

function restoresCount({ steps }: Plan): boolean {
  return steps.some((step) =>
    step.kind === "updateService" && step.attributes?.desiredCount !== undefined ||
    step.kind === "stopDeployment" && step.otherwise.attributes?.desiredCount !== undefined
  );
}
