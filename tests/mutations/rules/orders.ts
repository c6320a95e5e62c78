import type { Rule } from "../rule.ts";

export const ORDER_RULES: readonly Rule[] = [
  {
    rule: "Success is the own deployment COMPLETED, with its tasks running.",
    in: "src/rollout/judge/assess.ts runsEnough",
    returns: "true",
  },
  {
    rule: "Follow the ID that `UpdateService` returns.",
    in: "src/rollout/steps/find_ordered.ts followOrdered",
    swaps: ["service", "run.before"],
    test: "unit/rollout/run/run_plan_order_test.ts",
  },
  {
    rule: "Any other steady state is not success.",
    in: "src/rollout/judge/assess.ts asRolledBack",
    returns: '{ kind: "succeeded" }',
  },
  {
    rule: "rolled back by ECS",
    in: "src/rollout/judge/assess.ts findReversal",
    returns: "undefined",
  },
  {
    rule: "timed out, interrupted",
    in: "src/rollout/run/run_plan.ts outcomeIfStopped",
    returns: "undefined",
    test: "unit/rollout/run/run_plan_test.ts",
  },
  {
    rule: "an outcome, a message and an exit code each",
    in: "src/report/ending.ts endOfOutcome",
    returns: '"ok"',
  },
  {
    rule: "never while one of its tasks is healthy",
    in: "src/rollout/judge/assess_failures.ts hasHealthyTask",
    returns: "false",
  },
  {
    rule: "so is the service before an order that had to wait",
    in: "src/rollout/steps/update_service.ts send",
    drops: "PRECONDITION_HOLDS_MS",
    test: "unit/rollout/run/run_plan_order_test.ts",
  },
  {
    rule: "younger than a second at the first write",
    in: "src/rollout/steps/update_service.ts checkPrecondition",
    swaps: ["PRECONDITION_HOLDS_MS", "Infinity"],
    test: "unit/commands/rollback_round_trips_test.ts",
  },
  {
    rule: "Has the PRIMARY deployment changed since the plan: refuse.",
    in: "src/rollout/steps/update_service.ts checkPrecondition",
    drops: "precondition.end",
    test: "unit/rollout/run/run_plan_test.ts",
  },
  {
    rule: "`UpdateService` has no client token",
    in: "src/aws/service_orders.ts updateService",
    swaps: ["once", "safe"],
  },
  {
    rule: "an order that may have arrived is never given twice",
    in: "src/rollout/steps/update_service.ts send",
    swaps: ["!mayHaveBeenApplied(sent)", "true"],
    test: "unit/rollout/run/run_plan_order_test.ts",
  },
  {
    rule: "Look whether it has begun.",
    in: "src/rollout/steps/find_ordered.ts findNewPrimary",
    returns: "undefined",
    test: "unit/rollout/run/run_plan_order_test.ts",
  },
  {
    rule: "Where ECS goes back already, follow; start no second deployment.",
    in: "src/rollout/plan/plan_order.ts findDeploymentToTarget",
    test: "unit/rollout/plan/plan_rollback_under_way_test.ts",
    drops: "isBeingRolledBack",
  },
  {
    rule: "Stop only a deployment that came from the target.",
    in: "src/rollout/read/newest_deployment.ts comesFrom",
    returns: "true",
    test: "unit/rollout/plan/plan_rollback_under_way_test.ts",
  },
  {
    rule: "a release is left once, however many runs want to",
    in: "src/rollout/steps/register.ts findOthersCopy",
    returns: "undefined",
    test: "unit/commands/rollback_if_deployed_within_test.ts",
  },
  {
    rule: "A service that another run has begun with the same is followed.",
    in: "src/rollout/run/planned_service.ts planToFollow",
    returns: "undefined",
    test: "unit/commands/rollback_killed_fleet_test.ts",
  },
  {
    rule: "a rollback never is",
    in: "src/rollout/read/find_release.ts findRecordedRollback",
    returns: "undefined",
    test: "unit/commands/rollback_if_deployed_within_test.ts",
  },
  {
    rule: "Images are compared by digest",
    in: "src/model/images.ts ranTheSame",
    swaps: ["known.digest", "image.digest"],
  },
  {
    rule: "a tag that was pushed again is shipped",
    in: "src/rollout/judge/planned_images.ts hasMoved",
    returns: "false",
    test: "unit/commands/deploy_mutable_tag_test.ts",
  },
  {
    rule: "what ECS's records do not agree on is not known",
    in: "src/rollout/read/deployment_record.ts findDeployed",
    returns: "await this.findRunning(service)",
  },
  {
    rule: "a deploy that fails goes back to the images that ran",
    in: "src/rollout/plan/plan_automatic_rollback.ts runsOtherImages",
    returns: "false",
    test: "unit/rollout/plan/plan_automatic_rollback_of_images_test.ts",
  },
  {
    rule: "A rollback sends the task definition and nothing else",
    in: "src/rollout/plan/plan_order.ts chooseRollbackOrder",
    returns: '{ kind: "updateService", taskDefinition: target, attributes: { desiredCount: service.desiredCount } }',
    test: "unit/rollout/plan/plan_rollback_test.ts",
  },
  {
    rule: "unless `--restore service` is given",
    in: "src/rollout/plan/plan_settings.ts restoresSettings",
    returns: "isAnyToRestore(settings)",
  },
  {
    rule: "An automatic rollback restores just what the deploy has changed.",
    in: "src/rollout/plan/plan_automatic_rollback.ts attributesToRestore",
    returns: "forceWhereRequired(before)",
  },
];
