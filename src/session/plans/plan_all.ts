import { sleep } from "../../host/sleep.ts";
import type { TypedOption } from "../../model/service.ts";
import type { Intent } from "../../rollout/plan/refusal.ts";
import { renderFleetDetails, renderFleetPlan, sortByWave } from "../../report/fleet/plan_table.ts";
import { renderPlan } from "../../report/plan_text.ts";
import { fitColumns } from "../../report/table_layout.ts";
import { columnsOf } from "../reporter.ts";
import { NeedsReader } from "../../rollout/read/read_preflight.ts";
import type { RevisionChoice } from "../../rollout/read/revision_choice.ts";
import type { SessionPlan } from "../run_in_session.ts";
import type { Session } from "../session.ts";
import { policyOf, type PolicyOptions } from "./policy.ts";

interface HowToPlan extends PolicyOptions {
  readonly dryRun: boolean;
  /** Why the command was given, in the user's words. */
  readonly reason?: string | undefined;
  readonly skipRefused: boolean;
}

/**
 * What looks up what tasks need.
 *
 * @param withinMs the value of `--preflight`
 */
export function openPreflight({ openChecker, signal }: Session, withinMs: number | "off", looksForTargetGroups = true) {
  if (withinMs === "off") return { checker: openChecker(), needs: undefined };
  const checker = openChecker(withinMs);
  return { checker, needs: new NeedsReader(checker, signal, looksForTargetGroups) };
}

/** Reports that a command begins with each of its services. */
export function reportStarted(
  sessions: readonly Session[],
  command: Intent,
  { dryRun, reason }: Pick<HowToPlan, "dryRun" | "reason">,
): void {
  for (const { emit, host, timeoutMs, wave, runId } of sessions) {
    const ofMany = sessions.length > 1 && { wave };
    const atMs = host.clock.now();
    emit({
      kind: "started",
      command,
      isDryRun: dryRun,
      timeoutMs,
      atMs,
      reason: reason || undefined,
      runId,
      ...ofMany,
    });
  }
}

/**
 * Reports, of many services, that all are planned or refused. Returns whether nothing may be done to any: one is refused, and
 * those are not to be skipped, or all are.
 *
 * @param planned those that have a plan
 * @param choice where all of them go
 */
export function reportPlanned(
  sessions: readonly Session[],
  planned: readonly { readonly session: Session }[],
  how: HowToPlan,
  choice?: RevisionChoice,
): boolean {
  const { parallel, onFailure } = policyOf(how);
  const [{ reporter, host, typed }] = sessions as [Session];
  if (sessions.length > 1) {
    const again = { policy: { parallel, onFailure }, skipsRefused: how.skipRefused, typed: withMoment(typed, choice) };
    reporter.emit({ kind: "allPlanned", isDryRun: how.dryRun, atMs: host.clock.now(), ...again });
  }
  const isRefused = planned.length < sessions.length && (!how.skipRefused || planned.length === 0);
  if (isRefused) { for (const { session } of planned) session.emit({ kind: "notBegun", because: "otherRefused" }); }
  return isRefused;
}

/** How long ago a moment was would soon mean another one. */
function withMoment(typed: readonly TypedOption[], choice: RevisionChoice | undefined): readonly TypedOption[] {
  if (choice?.kind !== "at") return typed;
  return typed.map((option) => option[0] === "--at" ? ["--at", new Date(choice.atMs).toISOString()] : option);
}

/**
 * Shows the plans of many services: a table, and what it does not say. Returns whether the plan of each is still to be shown,
 * as that of one service alone, and with `--verbose`.
 */
export function showAll(sessions: readonly Session[]): boolean {
  const [{ print, printText, reporter: { state, logSettings }, host }, ...others] = sessions as [Session, ...Session[]];
  if (others.length === 0) return true;
  print(fitColumns(renderFleetPlan(state), columnsOf(host, "stdout")));
  if (logSettings.verbose) return true;
  printText(renderFleetDetails(state));
  return false;
}

/** Of many services a table; the plan of each in the order in which they are begun. */
export function showPlans(planned: readonly Pick<SessionPlan, "plan">[], sessions: readonly Session[]): void {
  const [{ printText, timeoutMs }] = sessions as [Session];
  const isOfMany = sessions.length > 1;
  if (!showAll(sessions)) return;
  for (const { plan } of sortByWave(planned.map((one) => ({ ...one, ref: one.plan.subject })))) {
    printText([...(isOfMany ? [""] : []), ...renderPlan(plan, timeoutMs)]);
  }
}

/** Loads what images are looked up with, once the first calls are sent. What cannot be loaded is an error where it is needed. */
export async function loadRegistryAhead({ loadRegistry }: Session): Promise<void> {
  // They are sent once nothing else is to be done.
  await sleep(0).then(loadRegistry).catch(() => undefined);
}
