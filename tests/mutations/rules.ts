import type { Mutation } from "./mutate.ts";

/** A rule of safety, one way to break the function that keeps it, and the test that has to notice. */
export type Rule = Mutation & {
  /** In the words of CONTRIBUTING.md, "Rules of safety". */
  readonly rule: string;
  /** Below `tests/`; it takes seconds. */
  readonly test: string;
};

export const RULES: readonly Rule[] = [
  {
    rule: "Success is the own deployment COMPLETED, with its tasks running.",
    in: "src/rollout/assess.ts runsEnough",
    returns: "true",
    test: "unit/rollout/assess_test.ts",
  },
  {
    rule: "Follow the ID that `UpdateService` returns.",
    in: "src/rollout/steps/find_ordered.ts followOrdered",
    swaps: ["service", "run.before"],
    test: "unit/rollout/run_plan_test.ts",
  },
  {
    rule: "Any other steady state is not success.",
    in: "src/rollout/assess.ts hasReached",
    returns: "true",
    test: "unit/rollout/assess_test.ts",
  },
  {
    rule: "turned back by ECS",
    in: "src/rollout/assess.ts findReversal",
    returns: "undefined",
    test: "unit/rollout/assess_test.ts",
  },
  {
    rule: "superseded",
    in: "src/rollout/assess.ts assess",
    drops: "predecessors",
    test: "unit/rollout/assess_test.ts",
  },
  {
    rule: "timed out, interrupted",
    in: "src/rollout/plan_run.ts stopped",
    returns: "undefined",
    test: "unit/rollout/run_plan_test.ts",
  },
  {
    rule: "an outcome, a message and an exit code each",
    in: "src/report/exit_code.ts exitCodeOfOutcome",
    returns: "EXIT.ok",
    test: "unit/report/exit_code_test.ts",
  },
  {
    rule: "Just before the first write the service is read once more.",
    in: "src/rollout/steps/update_service.ts send",
    drops: "PRECONDITION_HOLDS_MS",
    test: "property/throttling_test.ts",
  },
  {
    rule: "Has the PRIMARY deployment changed since the plan: refuse.",
    in: "src/rollout/run_plan.ts checkPrecondition",
    drops: "broken",
    test: "unit/rollout/run_plan_test.ts",
  },
  {
    rule: "`UpdateService` has no client token",
    in: "src/aws/services.ts updateService",
    swaps: ["once", "safe"],
    test: "unit/aws/services_test.ts",
  },
  {
    rule: "an order that may have arrived is never given twice",
    in: "src/rollout/steps/update_service.ts send",
    drops: "mayHaveBeenApplied",
    test: "unit/rollout/run_plan_test.ts",
  },
  {
    rule: "Look whether it has begun.",
    in: "src/rollout/steps/find_ordered.ts findNewPrimary",
    returns: "undefined",
    test: "unit/rollout/run_plan_test.ts",
  },
  {
    rule: "Where ECS goes back already, follow; start no second deployment.",
    in: "src/rollout/plan/plan_rollback.ts chooseFollowed",
    drops: "isGoingBack",
    test: "unit/rollout/plan/plan_rollback_test.ts",
  },
  {
    rule: "Stop only a deployment that came from the target.",
    in: "src/rollout/plan/plan_rollback.ts chooseWayBack",
    swaps: ["newest.cameFrom", "target.arn"],
    test: "unit/rollout/plan/plan_rollback_test.ts",
  },
  {
    rule: "A rollback sends the task definition and nothing else.",
    in: "src/rollout/plan/plan_rollback.ts chooseWayBack",
    returns: '{ kind: "updateService", taskDefinition: brought, attributes: { desiredCount: service?.desiredCount } }',
    test: "unit/rollout/plan/plan_rollback_test.ts",
  },
  {
    rule: "An automatic rollback restores just what the deploy has changed.",
    in: "src/rollout/plan/plan_automatic_rollback.ts attributesToRestore",
    returns: "forceWhereDemanded({ desiredCount: countBefore, ...others })",
    test: "unit/rollout/plan/plan_automatic_rollback_test.ts",
  },
  {
    rule: "Auto scaling is restored on every way out.",
    in: "src/rollout/steps/scaling_guard.ts scheduleRestore",
    returns: "undefined",
    test: "unit/rollout/steps/scaling_guard_test.ts",
  },
  {
    rule: "What was there before is on record in a tag _before_ it is changed",
    in: "src/rollout/steps/change_scaling.ts join",
    returns: "NOT_JOINED",
    test: "unit/rollout/steps/scaling_guard_test.ts",
  },
  {
    rule: "a record is never overwritten",
    in: "src/rollout/scaling_record.ts joinRecord",
    returns: "{ ...own, runs: [run] }",
    test: "unit/rollout/scaling_record_test.ts",
  },
  {
    rule: "flags that somebody has set meanwhile are left alone",
    in: "src/rollout/steps/change_scaling.ts setBack",
    drops: "suspensionChangedByOthers",
    test: "unit/rollout/steps/scaling_guard_test.ts",
  },
  {
    rule: "Deregister last, only after success",
    in: "src/rollout/run_plan.ts runPlan",
    swaps: ["succeeded", "failed"],
    test: "unit/rollout/run_plan_test.ts",
  },
  {
    rule: "only what nothing uses",
    in: "src/rollout/steps/deregister_unused.ts deregisterUnused",
    drops: "stillInUse",
    test: "unit/rollout/run_plan_test.ts",
  },
  {
    rule: "asked just before each one",
    in: "src/registry/deregister.ts deregister",
    drops: "user",
    test: "unit/registry/deregister_test.ts",
  },
  {
    rule: "Exit codes 2 to 4",
    in: "src/rollout/steps/read_precondition.ts readPrecondition",
    swaps: ["hasWritten", "false"],
    test: "unit/rollout/run_plan_test.ts",
  },
  {
    rule: "dry runs change nothing",
    in: "src/commands/rollback.ts rollBack",
    swaps: ["options.dryRun", "false"],
    test: "unit/commands/rollback_command_test.ts",
  },
  {
    rule: "Only AWS's own answers count",
    in: "src/aws/guard_handler.ts isFromAws",
    returns: "true",
    test: "unit/aws/guard_handler_test.ts",
  },
  {
    rule: "what a proxy or a portal says is trouble on the way",
    in: "src/aws/connection.ts clientConfig",
    swaps: ["manual", "follow"],
    test: "e2e/redirects_test.ts",
  },
  {
    rule: "A change counts as made only where an answer or a read says so.",
    in: "src/aws/read_answer.ts readNamed",
    returns: "undefined",
    test: "unit/aws/scaling_test.ts",
  },
  {
    rule: "Time limits and stop signals hold whatever stalls",
    in: "src/aws/call.ts endOfAttempt",
    returns: "new AbortController().signal",
    test: "unit/aws/call_test.ts",
  },
  {
    rule: "by time that has passed and not by the clock on the wall",
    in: "src/session/deadline.ts arm",
    swaps: ["this.clock.elapsed", "this.clock.now"],
    test: "unit/session/deadline_test.ts",
  },
  {
    rule: "A permission that is missing for something optional costs a warning, not the rollback.",
    in: "src/errors.ts optional",
    drops: "denied",
    test: "unit/rollout/steps/scaling_guard_test.ts",
  },
  {
    rule: "With `--untrusted`, files run nothing",
    in: "src/session/narrow_permissions.ts refuseProcess",
    returns: "undefined",
    test: "e2e/trust_test.ts",
  },
  {
    rule: "look nothing up",
    in: "src/config/untrusted.ts readText",
    drops: "leadsOut",
    test: "unit/config/untrusted_test.ts",
  },
  {
    rule: "change nothing. A run",
    in: "src/aws/call.ts make",
    drops: "this.options.changesNothing",
    test: "unit/aws/changes_nothing_test.ts",
  },
  {
    rule: "A run gives up the permissions that it does not need.",
    in: "src/session/narrow_permissions.ts narrowPermissions",
    drops: "host.giveUp",
    test: "e2e/narrow_permissions_test.ts",
  },
  {
    rule: "No values of environment variables or secrets",
    in: "src/secrets/hidden_values.ts split",
    returns: "undefined",
    test: "unit/secrets/hidden_values_test.ts",
  },
  {
    rule: "words of others are never taken for a command",
    in: "src/report/log.ts onOneLine",
    returns: "text",
    test: "unit/report/log_test.ts",
  },
  {
    rule: "or for Markdown",
    in: "src/report/github/render_summary.ts codeSpan",
    returns: "text",
    test: "unit/report/github/texts_test.ts",
  },
];
