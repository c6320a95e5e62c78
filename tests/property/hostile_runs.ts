import fc from "fast-check";
import { type Cause, CAUSE_CODES } from "../../src/diagnosis/cause.ts";
import type { RolloutEvent } from "../../src/rollout/events.ts";
import type { Outcome } from "../../src/rollout/outcome.ts";
import type { PlanNotice } from "../../src/rollout/plan/notice.ts";
import type { Plan } from "../../src/rollout/plan/plan.ts";
import { DENIED, revision } from "../unit/made_up.ts";
import { plan } from "../unit/report/github/shown_run.ts";
import { RUNS, tries } from "./how_often.ts";

export const PARAMETERS = tries(RUNS);

/** Words of others, in which everything stands that the runner, a Markdown parser or GitHub make something of. */
export const hostile = fc.array(
  fc.oneof(
    fc.constantFrom(
      ..."\n \r \r\n \t :: : ##[ ] % %0A %0D %3A ` `` ``` ~~~ | * _ [ ( ) ! < > & # - = \\ @ $ << EOF".split(" "),
      ..."\u2028 \u0085 \u00a0 \ufeff \u200d \x1b[31m \x00".split(" "),
      " ",
      "    ",
      "\n\n",
      "::error::no",
      "::add-mask::a",
      "::stop-commands::a",
      "##[error]no",
      "</details>",
      "<script>",
      "<!--",
      "![a](https://example.com/a.png)",
      "[a](https://example.com)",
      "https://example.com",
      "www.example.com",
      "a@example.com",
      "@octocat",
      "#1",
      "&#96;",
      "\n# a\n",
      "\n- a\n",
      "\n```\n",
      "\nfrom=x\n",
      "outcome<<EOF",
    ),
    fc.string({ unit: "binary", maxLength: 12 }),
  ),
  { maxLength: 12 },
).map((parts) => parts.join(""));
const texts = fc.array(hostile, { maxLength: 4 });

const cause: fc.Arbitrary<Cause> = fc.record({
  code: fc.constantFrom(...CAUSE_CODES),
  container: fc.option(hostile, { nil: undefined }),
  exitCode: fc.option(fc.nat(255), { nil: undefined }),
  said: hostile,
  count: fc.nat(),
  about: fc.record({ image: hostile, secret: hostile }, { requiredKeys: [] }),
  taskArn: fc.constant(undefined),
  atMs: fc.constant(undefined),
});

const leftovers = fc.array(
  fc.record({
    code: fc.constant("suspensionRecordRemains" as const),
    error: hostile.map((detail) => ({ ...DENIED, detail })),
  }),
  { maxLength: 2 },
);
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ kind: fc.constant("failed" as const), reason: hostile, leftovers }),
  fc.record({ kind: fc.constant("gone" as const), status: hostile, leftovers }),
  fc.record({ kind: fc.constantFrom("succeeded" as const, "submitted" as const), leftovers }),
  fc.record({
    kind: fc.constantFrom("timedOut" as const, "interrupted" as const),
    ordered: fc.constantFrom("yes" as const, "unknown" as const),
    leftovers,
  }),
);

const shownPlan: fc.Arbitrary<Plan> = fc.record({
  subject: fc.record({ cluster: hostile, service: hostile }),
  reason: fc.option(
    hostile.map((family) => ({ code: "runsCopy", copy: { ...revision(3), family }, of: revision(2) }) as const),
    {
      nil: undefined,
    },
  ),
  notices: texts.map((denials) =>
    denials.map((denial): PlanNotice => ({ code: "scalingNotRead", denial: { ...DENIED, detail: denial } }))
  ),
  changes: fc.array(
    fc.record({
      scope: fc.oneof(fc.constant("task" as const), hostile.map((container) => ({ container }))),
      attribute: fc.oneof(hostile, hostile.map((name) => ({ kind: "secret" as const, name }))),
      kind: fc.constant("changed" as const),
      from: hostile,
      to: hostile,
    }),
    { maxLength: 3 },
  ),
  steps: fc.subarray<Plan["steps"][number]>([
    { kind: "register", family: "::error::no ##[error]", input: {} },
    { kind: "updateService", taskDefinition: revision(3) },
    { kind: "awaitDeployment", taskDefinition: revision(3), follows: undefined },
  ]),
}).map(plan);

const event: fc.Arbitrary<RolloutEvent> = fc.oneof(
  fc.record({ kind: fc.constant("causes" as const), causes: fc.array(cause, { maxLength: 3 }) }),
  hostile.map((detail): RolloutEvent => ({
    kind: "notice",
    notice: { code: "stillWatching", error: { ...DENIED, detail } },
  })),
  hostile.map((message): RolloutEvent => ({
    kind: "progress",
    progress: { events: [{ id: "1", createdAtMs: 0, message }], deployments: [], serviceDeployment: undefined },
  })),
);

export const run = fc.record({
  plan: shownPlan,
  isDryRun: fc.boolean(),
  before: texts,
  differences: fc.option(texts, { nil: undefined }),
  events: fc.array(event, { maxLength: 6 }),
  outcome: fc.option(outcome, { nil: undefined }),
  failure: fc.option(
    fc.record({ kind: fc.constant("usage" as const), message: hostile, hint: hostile }),
    { nil: undefined },
  ),
});
