import type { Deployment } from "../../../../src/model/service.ts";
import type { Progress, RolloutEvent, RunEvent } from "../../../../src/rollout/events.ts";
import type { Plan, Step } from "../../../../src/rollout/plan/plan.ts";
import { deployment, REF, revision } from "../../made_up.ts";

/** Events of a rollback of `myservice` from revision 4 to 3, to be shown. */

export const PLAN: Plan = {
  intent: "rollback",
  subject: REF,
  from: revision(4),
  to: revision(3),
  reason: undefined,
  changes: [],
  steps: [],
  until: "stable",
  isReached: false,
  notices: [],
  basedOn: "ecs-svc/4",
};

export const AWAIT: Step = { kind: "awaitDeployment", taskDefinition: revision(3), follows: undefined };

export function started(timeoutMs = 600_000): RunEvent {
  return { kind: "started", command: "rollback", service: REF, isDryRun: false, timeoutMs, atMs: 0 };
}

export function rollout(event: RolloutEvent): RunEvent {
  return { ...event, service: REF };
}

export function progress(changes: Partial<Progress>): RunEvent {
  return rollout({
    kind: "progress",
    progress: { events: [], deployments: [], serviceDeployment: undefined, ...changes },
  });
}

/** Some tasks of revision 3 run, those of 4 go. */
export const HALFWAY: readonly Deployment[] = [
  deployment({ id: "ecs-svc/4", status: "ACTIVE", desiredCount: 1, runningCount: 1 }),
  deployment({
    id: "ecs-svc/5",
    taskDefinition: revision(3).arn,
    desiredCount: 3,
    runningCount: 1,
    pendingCount: 1,
    rolloutState: "IN_PROGRESS",
  }),
];

export const FINISHED: RunEvent = rollout({ kind: "rolloutEnded", outcome: { kind: "succeeded", leftovers: [] } });

export const PLANNED: RunEvent = rollout({
  ...{ kind: "planned", plan: PLAN, isAutomaticRollback: false, rollsBackOnFailure: false },
});
