import { renderFleetDetails, renderFleetPlan, sortByWave } from "../../report/fleet/plan_table.ts";
import type { Plan } from "../../rollout/plan/plan.ts";
import { renderPlan } from "../../report/plan_text.ts";
import { fitColumns } from "../../report/table_layout.ts";
import { hideInPlan } from "../../secrets/hidden_values.ts";
import { columnsOf } from "../reporter.ts";
import type { SessionPlan } from "../run_plans.ts";
import type { Session } from "../session.ts";

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
