import assert from "node:assert/strict";
import type { OutcomeKind, RunEvent } from "../../../../src/rollout/events.ts";
import type { Intent, Plan } from "../../../../src/rollout/plan/plan.ts";
import { describeEnd, type EndedRun } from "../../../../src/report/github/ended_run.ts";
import { nextSteps } from "../../../../src/report/next_steps.ts";
import { EMPTY_STATE, reduce } from "../../../../src/report/state.ts";
import { deployment } from "../../made_up.ts";
import { plan, REF } from "./shown_run.ts";

function ended(command: Intent, kind: OutcomeKind, exitCode: number, changes: Partial<Plan> = {}): EndedRun {
  const events: RunEvent[] = [
    { kind: "started", command, isDryRun: false, timeoutMs: 0, service: REF },
    {
      ...{ kind: "planned", plan: plan({ intent: command, ...changes }), service: REF },
      ...{ isAutomaticRollback: false, rollsBackOnFailure: false },
    },
    { kind: "rolloutEnded", outcome: { ...kind, leftovers: [] }, service: REF },
    { kind: "finished", exitCode },
  ];
  const state = events.reduce(reduce, EMPTY_STATE);
  return { state, service: state.services[0], command, said: [], warnings: [], timeline: [], log: [], tookMs: 0 };
}

const typed = (name: string) => name.replace(/^\S+/, "ecspresso $& --config c.yml");
const GO_BACK = "rollback --revision previous";
const CHOOSE = "revisions --output table";
const EXPLAIN = /^aws ecs list-tasks /;
const CASES: [command: Intent, kind: OutcomeKind, exitCode: number, words: string, next: (string | RegExp)[]][] = [
  ["rollback", { kind: "succeeded" }, 0, "The rollback of S succeeded", []],
  ["rollback", { kind: "succeeded" }, 8, "The rollback of S succeeded, but something is left to do", []],
  ["rollback", { kind: "unchanged", taskDefinition: "a" }, 0, "The rollback of S needed no deployment", []],
  [
    "deploy",
    { kind: "submitted" },
    0,
    "The deploy of S is under way: ECS has accepted it, and nobody waits for its end",
    ["wait"],
  ],
  [
    "deploy",
    { kind: "submitted", startsNone: true },
    0,
    "The deploy of S is under way: ECS has accepted it, and nobody waits for its end",
    ["status"],
  ],
  [
    "rollback",
    { kind: "stalePlan", by: undefined },
    4,
    "The rollback of S was not begun: the service has changed since the plan was made",
    ["status"],
  ],
  ["rollback", { kind: "failed", reason: "" }, 6, "The rollback of S failed", [CHOOSE, EXPLAIN]],
  ["wait", { kind: "failed", reason: "" }, 6, "The deployment of S failed", [GO_BACK, EXPLAIN]],
  ["deploy", { kind: "failed", reason: "" }, 6, "The deploy of S failed", [GO_BACK, EXPLAIN]],
  [
    "deploy",
    { kind: "rolledBackByEcs", reason: "", to: undefined },
    6,
    "The deploy of S failed, and ECS rolled the service back",
    [EXPLAIN],
  ],
  [
    "rollback",
    { kind: "superseded", by: deployment() },
    6,
    "The rollback of S was superseded by another deployment",
    ["status"],
  ],
  [
    "rollback",
    { kind: "gone", status: "INACTIVE" },
    6,
    "The rollback of S ended because somebody deleted the service",
    ["status"],
  ],
  [
    "deploy",
    { kind: "timedOut", ordered: "yes", isCrashLooping: true },
    7,
    "The deploy of S timed out",
    [GO_BACK, "wait"],
  ],
  ["wait", { kind: "timedOut", ordered: "yes" }, 7, "The wait for the deployment of S timed out", ["wait"]],
  ["rollback", { kind: "timedOut", ordered: "unknown" }, 7, "The rollback of S timed out", ["status"]],
  ["rollback", { kind: "interrupted", ordered: "no" }, 130, "The rollback of S was interrupted", []],
];

Deno.test("every way to end has its words and its next commands", () => {
  for (const [command, kind, exitCode, words, next] of CASES) {
    const run = ended(command, kind, exitCode);
    assert.equal(describeEnd(run, () => "S"), words);
    const commands = nextSteps(run.service!).map((found) => found.command);
    assert.equal(commands.length, next.length, words);
    next.forEach((expected, index) => {
      if (typeof expected === "string") assert.equal(commands[index], typed(expected));
      else assert.match(commands[index]!, expected);
    });
  }
});

Deno.test("there is no way back from a deploy that has created the service", () => {
  const run = ended("deploy", { kind: "failed", reason: "" }, 6, { from: undefined });
  assert.deepEqual(nextSteps(run.service!).map(({ purpose }) => purpose), ["why its tasks stopped"]);
});
