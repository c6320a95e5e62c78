import assert from "node:assert/strict";
import { exitCodeOfOutcome, exitCodeOfRun } from "../../../src/report/ending.ts";
import { EXIT } from "../../../src/report/exit_code.ts";
import { EMPTY_STATE, type RunState } from "../../../src/report/state.ts";
import { reduce } from "../../../src/report/reduce.ts";
import { AwsError, ConfigError, exitCodeOf, UsageError } from "../../../src/errors.ts";
import { MachineError } from "../../../src/host.ts";
import { codeSpans, readDocument, sectionOf } from "../../documents.ts";
import type { OutcomeKind } from "../../../src/rollout/outcome.ts";

Deno.test("an error carries its exit code, and what nobody has foreseen has one", () => {
  assert.equal(exitCodeOf(new UsageError("")), EXIT.usage);
  assert.equal(exitCodeOf(new ConfigError({ code: "nul" })), EXIT.config);
  assert.equal(exitCodeOf(new MachineError({ code: "notText", variable: "HOME" })), EXIT.config);
  assert.equal(exitCodeOf(new AwsError({ operation: "", kind: "denied", code: "", detail: "" })), EXIT.aws);
  assert.equal(exitCodeOf(new TypeError("a defect")), EXIT.unforeseen);
  assert.equal(exitCodeOf("thrown text"), EXIT.unforeseen);
});

const OUTCOMES: Readonly<Record<OutcomeKind["kind"], number>> = {
  succeeded: 0,
  unchanged: 0,
  submitted: 0,
  stalePlan: 4,
  copyIncomplete: 5,
  cannotPin: 4,
  failed: 6,
  rolledBackByEcs: 6,
  givenUp: 6,
  superseded: 6,
  gone: 6,
  timedOut: 7,
  interrupted: 130,
};

Deno.test("exitCodeOfOutcome() is 0 only for what the user asked for", () => {
  for (const [kind, code] of Object.entries(OUTCOMES) as [OutcomeKind["kind"], number][]) {
    assert.equal(exitCodeOfOutcome({ kind, leftovers: [] }, undefined), code, kind);
  }
});

Deno.test("docs/events.md has every outcome of the schema, with its exit code", async () => {
  const page = sectionOf(await readDocument("docs/events.md"), "## Outcomes");
  const rows = page.split("\n").filter((line) => line.startsWith("| `")).map((line) => line.split("|"));
  const codes = new Map(rows.flatMap(([, names, , code]) => codeSpans(names!).map((name) => [name, code!.trim()])));
  const { oneOf } = JSON.parse(await readDocument("docs/events.schema.json"));
  assert.deepEqual([...codes.keys()].toSorted(), oneOf.at(-1).properties.outcome.enum.toSorted());
  for (const [kind, code] of Object.entries(OUTCOMES).filter(([kind]) => kind !== "interrupted")) {
    assert.equal(codes.get(kind)!.split(", ")[0], `${code}`, kind);
  }
});

Deno.test("exitCodeOfOutcome() is 8 where something is left over, and hides no failure", () => {
  const leftovers = [{ code: "suspensionRecordRemains" as const, arn: "", error: "" }];
  assert.equal(exitCodeOfOutcome({ kind: "succeeded", leftovers }, undefined), 8);
  assert.equal(exitCodeOfOutcome({ kind: "failed", leftovers }, undefined), 6);
  assert.equal(exitCodeOfOutcome({ kind: "timedOut", leftovers }, undefined), 7);
});

Deno.test("exitCodeOfOutcome() is 128 + the signal's number", () => {
  const outcome = { kind: "interrupted" as const, leftovers: [] };
  assert.equal(exitCodeOfOutcome(outcome, "SIGINT"), 130);
  assert.equal(exitCodeOfOutcome(outcome, "SIGTERM"), 143);
  assert.equal(exitCodeOfOutcome(outcome, "SIGHUP"), 129);
});

function stateOf(...kinds: readonly ("succeeded" | "stalePlan" | "gone" | "timedOut")[]): RunState {
  return kinds.reduce(
    (state: RunState, kind, index) =>
      reduce(state, {
        ...{ kind: "alreadyEnded", until: "stable", service: { cluster: "default", service: `service${index}` } },
        outcome: { kind } as OutcomeKind,
      }, 0),
    EMPTY_STATE,
  );
}

Deno.test("exitCodeOfRun() is the gravest of its services, and 4 only where nothing was changed of any", () => {
  assert.equal(exitCodeOfRun(stateOf("succeeded", "succeeded")), 0);
  assert.equal(exitCodeOfRun(stateOf("timedOut", "gone", "succeeded")), 6);
  assert.equal(exitCodeOfRun(stateOf("stalePlan", "timedOut")), 7);
  assert.equal(exitCodeOfRun(stateOf("stalePlan", "stalePlan")), 4);
  assert.equal(exitCodeOfRun(stateOf("stalePlan", "succeeded")), 8);
});
