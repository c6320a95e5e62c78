import { fileOf, type Mutation } from "./mutate.ts";

/** A rule of safety, one way to break the function that keeps it, and the test that has to notice. */
export type Rule = Mutation & {
  /** In the words of CONTRIBUTING.md, "Rules of safety". */
  readonly rule: string;
  /** Below `tests/`, and it takes seconds; the one that mirrors the function's file when left out. */
  readonly test?: string;
};

export function testOf(rule: Rule): string {
  return `tests/${rule.test ?? fileOf(rule).replace(/^src/, "unit").replace(/\.ts$/, "_test.ts")}`;
}

export const RULES: readonly Rule[] = [
  {
    rule: "Success is the own deployment COMPLETED, with its tasks running.",
    in: "src/rollout/judge/assess.ts runsEnough",
    returns: "true",
  },
  {
    rule: "Follow the ID that `UpdateService` returns.",
    in: "src/rollout/steps/find_ordered.ts followOrdered",
    swaps: ["service", "run.before"],
    test: "unit/rollout/run/run_plan_test.ts",
  },
  {
    rule: "Any other steady state is not success.",
    in: "src/rollout/judge/assess.ts wentBack",
    returns: '{ kind: "succeeded" }',
  },
  {
    rule: "turned back by ECS",
    in: "src/rollout/judge/assess.ts findReversal",
    returns: "undefined",
  },
  {
    rule: "timed out, interrupted",
    in: "src/rollout/run/run_plan.ts stopped",
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
    test: "unit/rollout/run/run_plan_test.ts",
  },
  {
    rule: "younger than a second at the first write",
    in: "src/rollout/run/run_plan.ts checkPrecondition",
    swaps: ["nowMs", "plannedFrom.readAtMs"],
    test: "unit/commands/rollback_round_trips_test.ts",
  },
  {
    rule: "Has the PRIMARY deployment changed since the plan: refuse.",
    in: "src/rollout/run/run_plan.ts checkPrecondition",
    drops: "precondition.end",
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
    test: "unit/rollout/run/run_plan_test.ts",
  },
  {
    rule: "Look whether it has begun.",
    in: "src/rollout/steps/find_ordered.ts findNewPrimary",
    returns: "undefined",
    test: "unit/rollout/run/run_plan_test.ts",
  },
  {
    rule: "Where ECS goes back already, follow; start no second deployment.",
    in: "src/rollout/plan/plan_order.ts chooseFollowed",
    test: "unit/rollout/plan/plan_rollback_test.ts",
    drops: "isGoingBack",
  },
  {
    rule: "Stop only a deployment that came from the target.",
    in: "src/rollout/read/newest_deployment.ts comesFrom",
    returns: "true",
    test: "unit/rollout/plan/plan_rollback_test.ts",
  },
  {
    rule: "a release is left once, however many runs want to",
    in: "src/rollout/steps/register.ts findOthersCopy",
    returns: "undefined",
    test: "unit/commands/rollback_if_deployed_within_test.ts",
  },
  {
    rule: "A service that another run has begun with the same is followed.",
    in: "src/rollout/run/planned_service.ts findFollowed",
    returns: "undefined",
    test: "unit/commands/rollback_killed_fleet_test.ts",
  },
  {
    rule: "a way back is never left",
    in: "src/rollout/read/find_release.ts findWayBack",
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
  },
  {
    rule: "A rollback sends the task definition and nothing else",
    in: "src/rollout/plan/plan_order.ts chooseWayBack",
    returns: '{ kind: "updateService", taskDefinition: target, attributes: { desiredCount: service.desiredCount } }',
    test: "unit/rollout/plan/plan_rollback_test.ts",
  },
  {
    rule: "unless `--restore service` is given",
    in: "src/rollout/plan/plan_settings.ts restoresSettings",
    returns: "hasSettingsToRestore(settings)",
  },
  {
    rule: "An automatic rollback restores just what the deploy has changed.",
    in: "src/rollout/plan/plan_automatic_rollback.ts attributesToRestore",
    returns: "forceWhereDemanded(before)",
  },
  {
    rule: "Auto scaling is restored on every way out.",
    in: "src/rollout/steps/scaling_guard.ts scheduleRestore",
    returns: "undefined",
  },
  {
    rule: "What was there before is on record in a tag _before_ it is changed",
    in: "src/rollout/steps/share_suspension.ts join",
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
    in: "src/rollout/steps/change_scaling.ts setBack",
    drops: "suspensionChangedByOthers",
    test: "unit/rollout/run/run_plan_test.ts",
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
    in: "src/rollout/plan/plan_waits.ts findUnreadableRecord",
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
    in: "src/model/waits.ts membersAs",
    returns: "Object.keys(waits)",
    test: "unit/rollout/run/run_plan_fast_rollback_test.ts",
  },
  {
    rule: "A number of tasks that auto scaling would undo is refused.",
    in: "src/rollout/plan/plan_scale.ts findObjection",
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
    in: "src/rollout/steps/tag_service.ts findUnheld",
    returns: "undefined",
    test: "unit/commands/hold_test.ts",
  },
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
    test: "unit/rollout/run/run_plan_test.ts",
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
    in: "src/aws/read_answer.ts readNamed",
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
    test: "unit/rollout/run/run_plan_test.ts",
  },
  {
    rule: "Calls of many services are held to AWS's rates",
    in: "src/aws/call_rates.ts takeToken",
    returns: "true",
  },
  {
    rule: "to fewer once AWS has throttled one",
    in: "src/aws/api.ts send",
    drops: "isThrottling",
    test: "unit/aws/call_rates_test.ts",
  },
  {
    rule: "A read that is throttled is sent again",
    in: "src/aws/call_policy.ts mayWorkLater",
    drops: "isThrottling",
    test: "unit/aws/api_calls_test.ts",
  },
  {
    rule: "a change that is stopped while it waits was not sent",
    in: "src/aws/api.ts attemptInTurn",
    swaps: ["signal.aborted", "false"],
    test: "unit/aws/call_rates_test.ts",
  },
  {
    rule: "matched by name or ARN, never by its place",
    in: "src/aws/batched_ecs.ts byName",
    swaps: ["isAsked(name, serviceArn)", "true"],
    test: "property/batched_reads_test.ts",
  },
  {
    rule: "what it does not answer",
    in: "src/aws/batched_reads.ts send",
    swaps: ["!answer.has(key)", "false"],
  },
  {
    rule: "or is refused for one, each asks for alone",
    in: "src/aws/batched_reads.ts send",
    swaps: ["isOfOne(answer)", "false"],
  },
  {
    rule: "With `--untrusted`, files run nothing",
    in: "src/session/open_config.ts narrowPermissions",
    swaps: ["untrusted && process !== undefined", "false"],
    test: "e2e/trust_test.ts",
  },
  {
    rule: "look nothing up",
    in: "src/config/untrusted.ts refuse",
    returns: "undefined",
    test: "e2e/trust_test.ts",
  },
  {
    rule: "and change nothing.",
    in: "src/aws/api.ts change",
    drops: "this.options.changesNothing",
    test: "unit/aws/api_changes_nothing_test.ts",
  },
  {
    rule: "A run gives up the permissions that it does not need.",
    in: "src/session/open_config.ts narrowPermissions",
    drops: "host.giveUp",
  },
  {
    rule: "No values of environment variables or secrets",
    in: "src/secrets/hidden_values.ts split",
    returns: "undefined",
  },
  {
    rule: "words of others are never taken for a command",
    in: "src/report/messages/log.ts onOneLine",
    returns: "text",
  },
  {
    rule: "or for Markdown",
    in: "src/report/github/texts.ts codeSpan",
    returns: "text",
    test: "unit/report/github/texts_test.ts",
  },
  {
    rule: "only where it was asked for",
    in: "src/report/messages/log_text.ts mayBeKept",
    returns: "true",
  },
  {
    rule: "one that was rolled back stays",
    in: "src/rollout/read/find_back.ts findBack",
    returns: "undefined",
    test: "unit/commands/rollback_repeated_fleet_test.ts",
  },
  {
    rule: "one whose rollback has failed is not taken for one that is back",
    in: "src/rollout/read/find_back.ts findBack",
    swaps: ["if (hasFailed)", "if (false)"],
    test: "unit/commands/rollback_repeated_fleet_test.ts",
  },
  {
    rule: "one that is refused refuses all",
    in: "src/session/plans/show_plans.ts reportPlanned",
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
    test: "unit/rollout/run/run_policies_test.ts",
  },
  {
    rule: "but for what was failing before",
    in: "src/rollout/run/planned_service.ts wasFailing",
    returns: "false",
    test: "unit/rollout/run/run_policies_test.ts",
  },
  {
    rule: "the one that failed at once",
    in: "src/rollout/run/run.ts runOne",
    drops: "leadsBack",
    test: "unit/rollout/run/run_policies_test.ts",
  },
  {
    rule: "Tasks that crash are a failure before the time is up",
    in: "src/session/policy.ts usualFailAfter",
    returns: "0",
    test: "unit/app/run_fleet_test.ts",
  },
  {
    rule: "what somebody does to one service is none",
    in: "src/rollout/outcome.ts speaksAgainstAll",
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
  {
    rule: "only where something was in trouble before it",
    in: "src/rollout/judge/judge_bake.ts compare",
    swaps: ["quiet", "good"],
  },
  {
    rule: "and nothing that was in trouble is unknown",
    in: "src/rollout/judge/judge_bake.ts judgeBake",
    swaps: ["isOpen", "false"],
  },
  {
    rule: "and nothing is in trouble now",
    in: "src/rollout/judge/judge_bake.ts isOff",
    returns: "false",
  },
  {
    rule: "of too few requests nothing is said",
    in: "src/rollout/judge/judge_bake.ts judgeFailures",
    swaps: ["FEWEST_REQUESTS", "0"],
  },
  {
    rule: "It is watched when all else is done",
    in: "src/rollout/run/run.ts isInPlace",
    returns: "true",
    test: "unit/commands/rollback_bake_test.ts",
  },
  {
    rule: "nothing is deployed because of it",
    in: "src/rollout/run/run.ts bake",
    returns: "await this.#runSideBySide(this.#ended, (ended) => this.#undo(ended))",
    test: "unit/commands/rollback_bake_test.ts",
  },
  {
    rule: "nothing from before the deployment was completed counts as after it",
    in: "src/rollout/judge/judge_bake.ts windowsOf",
    swaps: ["completedAtMs", "orderedAtMs"],
  },
  {
    rule: "What a load balancer answers itself decides nothing where others share it.",
    in: "src/rollout/judge/judge_bake.ts judgeShared",
    swaps: ['"quiet"', 'after > before ? "bad" : "good"'],
  },
  {
    rule: "where nobody knows when that was, only what is still to come does",
    in: "src/rollout/run/read_past.ts readInPlace",
    swaps: ["ecs.now()", "orderedAtMs"],
  },
];
