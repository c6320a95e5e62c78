import type { Rule } from "../rule.ts";

export const CHANGE_RULES: readonly Rule[] = [
  {
    rule: "Deregister last, only after success",
    in: "src/rollout/run/run_plan.ts executePlan",
    swaps: ["succeeded", "failed"],
  },
  {
    rule: "only what nothing uses",
    in: "src/rollout/steps/deregister_unused.ts deregisterUnused",
    drops: "stillInUse",
    test: "unit/rollout/run/run_plan_test.ts",
  },
  {
    rule: "asked just before each one",
    in: "src/registry/deregister.ts run",
    drops: "user",
  },
  {
    rule: "Exit codes 2 to 4",
    in: "src/rollout/steps/update_service.ts readPrecondition",
    swaps: ["hasWritten", "false"],
    test: "unit/rollout/run/run_plan_order_test.ts",
  },
  {
    rule: "What was picked from a list is rolled back to only after a yes.",
    in: "src/session/plans/ask_person.ts askAboutPicked",
    returns: "undefined",
    test: "unit/commands/rollback_pick_deployment_test.ts",
  },
  {
    rule: "A plan file is compared with what runs",
    in: "src/rollout/plan/find_objection.ts findDeployedSince",
    returns: "undefined",
    test: "unit/commands/rollback_plan_file_test.ts",
  },
  {
    rule: "a service leaves only what the plan was made for",
    in: "src/rollout/plan/find_objection.ts findElsewhere",
    returns: "undefined",
    test: "unit/commands/rollback_plan_file_test.ts",
  },
  {
    rule: "and goes only where it says",
    in: "src/rollout/plan/find_objection.ts findOtherTarget",
    returns: "undefined",
    test: "unit/commands/rollback_plan_file_test.ts",
  },
  {
    rule: "dry runs change nothing",
    in: "src/session/plans/plan_rollbacks.ts planRollbacks",
    swaps: ["options.dryRun", "false"],
    test: "unit/commands/rollback_command_test.ts",
  },
  {
    rule: "Only AWS's own answers count",
    in: "src/aws/guard_handler.ts isFromAws",
    returns: "true",
  },
  {
    rule: "what a proxy or a portal says is trouble on the way",
    in: "src/aws/connection.ts fetchHandler",
    swaps: ["manual", "follow"],
    test: "e2e/redirects_test.ts",
  },
  {
    rule: "A change counts as made only where an answer or a read says so.",
    in: "src/aws/read_answer.ts checkNamed",
    returns: "undefined",
    test: "unit/aws/scaling_test.ts",
  },
  {
    rule: "Time limits and stop signals hold whatever stalls",
    in: "src/aws/api.ts limitAttempt",
    returns: "{ signal: new AbortController().signal, lift() {} }",
    test: "unit/aws/api_calls_test.ts",
  },
  {
    rule: "by time that has passed and not by the clock on the wall",
    in: "src/host/retry.ts lookFor",
    swaps: ["clock.elapsed", "clock.now"],
    test: "property/clock_set_test.ts",
  },
  {
    rule: "A permission that is missing for something optional costs a warning, not the rollback.",
    in: "src/errors.ts optional",
    drops: "denied",
    test: "unit/rollout/run/run_plan_causes_test.ts",
  },
];
