import type { Deployment } from "../../../../src/model/service.ts";
import type { RollbackOptions } from "../../../../src/rollout/plan/options.ts";
import type { DeployUndo, Plan } from "../../../../src/rollout/plan/plan.ts";
import { planAutomaticRollback } from "../../../../src/rollout/plan/plan_automatic_rollback.ts";
import type { Refusal } from "../../../../src/rollout/plan/refusal.ts";
import type { CurrentState } from "../../../../src/rollout/read/current_state.ts";
import {
  chosen,
  currentState,
  deployment,
  planOf,
  refusalOf,
  revision,
  ROLLBACK_OPTIONS,
  service,
  taskDefinition,
} from "../../made_up.ts";

/** The service has shipped revision 5 in place of 4, with an attribute and three tasks instead of two. */
export const DEPLOYED: DeployUndo = {
  from: revision(4),
  to: revision(5),
  before: { enableExecuteCommand: false, platformVersion: "1.4.0", desiredCount: 2 },
  desiredCount: 3,
  failedBefore: undefined,
  inRevision: ["platformVersion", "networkConfiguration"],
  settings: [
    { scope: "service", attribute: "enableExecuteCommand", kind: "changed", from: "true", to: "false" },
    { scope: "service", attribute: "desiredCount", kind: "changed", from: "3", to: "2" },
  ],
  changed: ["enableExecuteCommand", "platformVersion", "desiredCount"],
  was: {},
};
export const NOTHING_ELSE: DeployUndo = { ...DEPLOYED, before: {}, desiredCount: undefined };
export function running(number: number, desiredCount: number, changes: Partial<Deployment> = {}) {
  const { arn } = revision(number);
  return service({
    taskDefinition: arn,
    desiredCount,
    deployments: [deployment({ id: `ecs-svc/${number}`, taskDefinition: arn, desiredCount, ...changes })],
  });
}

/** What is read for a rollback from 5, which has failed, to 4. */
function state(changes: Partial<CurrentState> = {}): CurrentState {
  return currentState({
    choice: { kind: "known", ...revision(4) },
    chosen: chosen(4),
    service: running(5, 3, { rolloutState: "FAILED" }),
    current: taskDefinition(5),
    target: taskDefinition(4),
    ...changes,
  });
}

export function plan(changes: Partial<CurrentState>, undo = DEPLOYED, options: Partial<RollbackOptions> = {}): Plan {
  return planOf(planAutomaticRollback(state(changes), undo, { ...ROLLBACK_OPTIONS, ...options })).plan;
}

export function refusal(changes: Partial<CurrentState>, undo = DEPLOYED): Refusal {
  return refusalOf(planAutomaticRollback(state(changes), undo, ROLLBACK_OPTIONS));
}

export const AWAIT = { kind: "awaitDeployment", taskDefinition: revision(4), follows: undefined };

export const SAME_DEFINITION: DeployUndo = { ...DEPLOYED, to: revision(4) };
