import { shortName } from "../model/arn.ts";
import { subjectName } from "../model/service.ts";
import { renderSteps } from "../report/plan_text.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import type { Chosen } from "../rollout/read/revision_choice.ts";
import type { Session } from "../session/session.ts";

/** What goes before the question about a deployment that was picked from a list: the log has shown the rest of the plan. */
export function askAboutPicked(plan: Plan, { ref, log, timeoutMs }: Session): string | undefined {
  if (!changesSomething(plan) || plan.to === undefined) return undefined;
  for (const line of ["Steps:", ...renderSteps(plan, timeoutMs).map((step) => `  ${step}`)]) log.info(line);
  return `Roll ${subjectName(ref)} back to ${shortName(plan.to)}?`;
}

function changesSomething({ steps }: Plan): boolean {
  return steps.some(({ kind }) => kind !== "awaitDeployment" && kind !== "restoreScaling");
}

/** The question on a terminal. Without a terminal, the same rollback is refused. */
export function findQuestion(
  plan: Plan,
  chosen: Chosen | undefined,
  { allowUnproven }: { readonly allowUnproven: boolean },
): string | undefined {
  const { from, to } = plan;
  if (
    chosen?.kind !== "chosen" || !changesSomething(plan) || from === undefined || to === undefined ||
    from.arn === to.arn
  ) {
    return undefined;
  }
  if (chosen.leavesWayBack) {
    return `The service was rolled back to ${shortName(from)} less than an hour ago. Go further back, to ${
      shortName(to)
    }?`;
  }
  if (chosen.isProven || allowUnproven) return undefined;
  return `Nothing shows that ${shortName(to)} has ever run. Roll back to it anyway?`;
}
