import { sleep } from "../../host/sleep.ts";
import type { TypedOption } from "../../model/service.ts";
import type { Intent } from "../../rollout/plan/refusal.ts";
import { renderFleetDetails, renderFleetPlan, sortByWave } from "../../report/fleet/plan_table.ts";
import type { Plan } from "../../rollout/plan/plan.ts";
import { renderPlan } from "../../report/plan_text.ts";
import { fitColumns } from "../../report/table_layout.ts";
import { hideInPlan } from "../../secrets/hidden_values.ts";
import { columnsOf } from "../reporter.ts";
import { NeedsReader } from "../../rollout/read/read_preflight.ts";
import type { RevisionChoice } from "../../rollout/read/revision_choice.ts";
import type { SessionPlan } from "../run_plans.ts";
import type { Session } from "../session.ts";
import { policyOf, type PolicyOptions } from "../policy.ts";

interface HowToPlan extends PolicyOptions {
  readonly dryRun: boolean;
  /** Why the command was given, in the user's words. */
  readonly reason?: string | undefined;
  readonly skipRefused: boolean;
}

/**
 * Opens the checker for what tasks need.
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
 * Reports, where there are many services, that all are planned or refused. Returns whether nothing may be done: because
 * one is refused, and refused ones are not to be skipped, or because all are refused.
 *
 * @param planned the services that have a plan
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

/** Replaces `--at` by the moment itself: `-2h` would soon mean another one. */
function withMoment(typed: readonly TypedOption[], choice: RevisionChoice | undefined): readonly TypedOption[] {
  if (choice?.kind !== "at") return typed;
  return typed.map((option) => option[0] === "--at" ? ["--at", new Date(choice.atMs).toISOString()] : option);
}

/**
 * Where there are many services, shows a table of their plans, and what it leaves out. Returns whether to show each
 * plan, too: where there is one service, and with `--verbose`.
 */
export function showAll(sessions: readonly Session[]): boolean {
  const [{ print, printText, reporter: { state, logSettings }, host }, ...others] = sessions as [Session, ...Session[]];
  if (others.length === 0) return true;
  print(fitColumns(renderFleetPlan(state), columnsOf(host, "stdout")));
  if (logSettings.verbose) return true;
  printText(renderFleetDetails(state));
  return false;
}

/** Shows a table for many services; for one, or with `--verbose`, each plan, in the order in which they begin. */
export function showPlans(planned: readonly Pick<SessionPlan, "plan">[], sessions: readonly Session[]): void {
  const [session] = sessions as [Session];
  const isOfMany = sessions.length > 1;
  if (!showAll(sessions)) return;
  for (const { plan } of sortByWave(planned.map((one) => ({ ...one, ref: one.plan.subject })))) {
    if (isOfMany) session.printText([""]);
    showPlan(plan, session);
  }
}

export function showPlan(plan: Plan, { printText, hidden, timeoutMs }: Session): void {
  printText(renderPlan(hideInPlan(plan, hidden), timeoutMs));
}

/** Loads what looks up images, after the first calls were sent. An error in loading shows where it is needed. */
export async function loadRegistryAhead({ loadRegistry }: Session): Promise<void> {
  // Calls are sent once there is nothing else to do.
  await sleep(0).then(loadRegistry).catch(() => undefined);
}
