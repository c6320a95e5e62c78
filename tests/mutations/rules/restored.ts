import type { Rule } from "../rule.ts";

export const RESTORE_RULES: readonly Rule[] = [
  {
    rule: "Auto scaling is restored on every way out.",
    in: "src/rollout/steps/scaling_guard.ts scheduleRestore",
    returns: "undefined",
  },
  {
    rule: "What was there before is on record in a tag _before_ it is changed",
    in: "src/rollout/steps/share_suspension.ts joinSuspension",
    returns: "{ record: undefined, unrecordable: undefined }",
    test: "unit/rollout/steps/scaling_guard_test.ts",
  },
  {
    rule: "a record is never overwritten",
    in: "src/rollout/steps/share_suspension.ts joinRecord",
    returns: "own",
    test: "unit/rollout/steps/share_suspension_test.ts",
  },
  {
    rule: "flags that somebody has set meanwhile are left alone",
    in: "src/rollout/steps/change_scaling.ts restoreSuspendedState",
    drops: "suspensionChangedByOthers",
    test: "unit/rollout/run/run_plan_scaling_of_others_test.ts",
  },
  {
    rule: "What deployments wait for is restored on every way out of a fast rollback",
    in: "src/rollout/steps/waits_guard.ts restore",
    returns: "{ events: [], leftover: undefined }",
    test: "unit/rollout/run/run_plan_fast_rollback_test.ts",
  },
  {
    rule: "once a record of it is in tags _before_ it is changed",
    in: "src/rollout/steps/waits_guard.ts record",
    returns: "undefined",
    test: "unit/rollout/run/run_plan_fast_rollback_test.ts",
  },
  {
    rule: "no other run's record is overwritten or removed",
    in: "src/model/waits.ts keysOf",
    returns: '["", ...Array(parts).keys()].map((part) => `${WAITS_KEY}:0badcafe-${part}`)',
    test: "unit/rollout/run/run_plan_fast_record_test.ts",
  },
  {
    rule: "one that cannot be read is refused",
    in: "src/rollout/plan/plan_fast.ts findUnreadableRecord",
    returns: "undefined",
    test: "unit/rollout/run/run_plan_fast_rollback_test.ts",
  },
  {
    rule: "none is removed while the order may yet come",
    in: "src/rollout/steps/waits_guard.ts mayCome",
    returns: "false",
    test: "unit/rollout/run/run_plan_fast_rollback_test.ts",
  },
  {
    rule: "what somebody has set meanwhile is left alone.",
    in: "src/model/waits.ts matchingWaits",
    returns: "Object.keys(waits)",
    test: "unit/rollout/run/run_plan_fast_rollback_test.ts",
  },
  {
    rule: "A number of tasks that auto scaling would undo is refused.",
    in: "src/rollout/plan/plan_scale.ts findScaleObjection",
    returns: "undefined",
    test: "unit/commands/scale_test.ts",
  },
  {
    rule: "A held service is deployed only with `--override-hold`.",
    in: "src/rollout/plan/plan_deploy.ts findHeld",
    returns: "undefined",
    test: "unit/commands/hold_test.ts",
  },
  {
    rule: "only where they were asked for",
    in: "src/rollout/plan/plan_rollback.ts planTags",
    returns: '{ kind: "tagService", arn, holdForMs, left, reason }',
    test: "unit/commands/hold_test.ts",
  },
  {
    rule: "a hold that is not there is said, with the command that writes it",
    in: "src/rollout/steps/tag_service.ts findMissingHold",
    returns: "undefined",
    test: "unit/commands/hold_test.ts",
  },
];
