import type { Rule } from "../rule.ts";

export const BAKE_RULES: readonly Rule[] = [
  {
    rule: "only where something was in trouble before it",
    in: "src/rollout/judge/judge_bake.ts compare",
    swaps: ["quiet", "good"],
  },
  {
    rule: "and nothing that was in trouble is unknown",
    in: "src/rollout/judge/judge_bake.ts judgeBake",
    swaps: ['some("open")', "false"],
  },
  {
    rule: "and nothing is in trouble now",
    in: "src/rollout/judge/judge_bake.ts isInAlarm",
    returns: "false",
  },
  {
    rule: "of too few requests nothing is said",
    in: "src/rollout/judge/judge_bake.ts judgeFailures",
    swaps: ["MIN_REQUESTS", "0"],
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
