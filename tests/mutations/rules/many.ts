import type { Rule } from "../rule.ts";

export const MANY_RULES: readonly Rule[] = [
  {
    rule: "one that was rolled back stays",
    in: "src/rollout/read/latest_rollback.ts findLatestRollback",
    returns: "undefined",
    test: "unit/commands/rollback_repeated_fleet_test.ts",
  },
  {
    rule: "one whose rollback has failed is not taken for one that is back",
    in: "src/rollout/read/latest_rollback.ts findLatestRollback",
    swaps: ["if (hasFailed)", "if (false)"],
    test: "unit/commands/rollback_repeated_fleet_test.ts",
  },
  {
    rule: "one that is refused refuses all",
    in: "src/session/plans/report_plans.ts reportPlanned",
    returns: "false",
    test: "unit/app/run_fleet_test.ts",
  },
  {
    rule: "with `stop` no more are begun",
    in: "src/rollout/run/run.ts whyNotBegun",
    returns: "undefined",
    test: "unit/rollout/run/run_policies_test.ts",
  },
  {
    rule: "with `undo` all that this run has changed goes back",
    in: "src/rollout/run/planned_service.ts mayBeUndone",
    returns: "false",
    test: "unit/rollout/run/run_policies_undo_test.ts",
  },
  {
    rule: "but for what was failing before",
    in: "src/rollout/run/planned_service.ts wasFailing",
    returns: "false",
    test: "unit/rollout/run/run_policies_undo_test.ts",
  },
  {
    rule: "the one that failed at once",
    in: "src/rollout/run/run.ts runOne",
    drops: "triggersUndo",
    test: "unit/rollout/run/run_policies_undo_test.ts",
  },
  {
    rule: "Tasks that crash are a failure before the time is up",
    in: "src/session/policy.ts defaultFailAfter",
    returns: "0",
    test: "unit/app/run_fleet_test.ts",
  },
  {
    rule: "what somebody does to one service is none",
    in: "src/rollout/outcome.ts countsAsFailure",
    returns: `!["succeeded", "unchanged", "submitted"].includes(outcome?.kind)`,
    test: "unit/rollout/run/run_policies_test.ts",
  },
  {
    rule: "What is said at the end of many services is of that moment",
    in: "src/report/fleet/outages.ts describeAge",
    returns: '""',
    test: "unit/report/fleet/fleet_closing_test.ts",
  },
  {
    rule: "what has not ended well is looked at again",
    in: "src/rollout/run/run.ts lookAgain",
    returns: "undefined",
    test: "unit/rollout/run/run_policies_test.ts",
  },
];
