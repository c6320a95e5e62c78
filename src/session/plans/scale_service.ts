import type { Ending } from "../../report/exit_code.ts";
import { planScale, type ScaleOptions } from "../../rollout/plan/plan_scale.ts";
import { readScaleState } from "../../rollout/read/read_service.ts";
import { reportRefusal } from "../report_refusal.ts";
import { runPlans } from "../run_plans.ts";
import type { Session } from "../session.ts";
import { reportStarted } from "./report_plans.ts";
import { showPlan } from "./show_plans.ts";

interface ScaleRequest extends ScaleOptions {
  readonly dryRun: boolean;
  readonly output: "text" | "json";
  readonly reason?: string | undefined;
  readonly logs?: number | undefined;
}

export function changesNothing(request: ScaleRequest): boolean {
  return request.tasks === undefined && !changesScaling(request);
}

function changesScaling(request: ScaleRequest): boolean {
  return request.suspendAutoScaling || request.resumeAutoScaling ||
    request.autoScalingMin !== undefined || request.autoScalingMax !== undefined;
}

/** Changes the number of tasks, and what auto scaling does about it. Returns the ending. */
export async function scaleService(session: Session, request: ScaleRequest): Promise<Ending> {
  const { ref, signal, wave } = session;
  reportStarted([session], "scale", request);
  const [ecs, scaling] = await Promise.all([session.connectEcs(), session.connectScaling()]);
  const state = await readScaleState({ ref, ecs, signal }, scaling, changesScaling(request));
  const planned = planScale(state, request);
  if (planned.kind === "refused") return await reportRefusal(planned.refusal, session);
  const { plan } = planned;
  session.emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false });
  if (request.dryRun && request.output === "text") showPlan(plan, session);
  return await runPlans([session], request.dryRun ? [] : [{ session, ecs, scaling, plan, wave }], {
    logs: request.logs,
  });
}
