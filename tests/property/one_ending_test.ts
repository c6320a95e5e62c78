/** A run ends once: its exit code, its outcome for programs and for GitHub, and the last lines of its log agree. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { AwsError, failureOf } from "../../src/errors.ts";
import { EXIT } from "../../src/report/exit_code.ts";
import { createJsonPrinter } from "../../src/report/printers/json.ts";
import { reduce } from "../../src/report/reduce.ts";
import { EMPTY_STATE } from "../../src/report/state.ts";
import { exitCodeOfRun } from "../../src/report/ending.ts";
import type { Bake, BakeVerdict } from "../../src/rollout/judge/judge_bake.ts";
import type { RolloutEvent, RunEvent } from "../../src/rollout/events.ts";
import type { OutcomeKind } from "../../src/rollout/outcome.ts";
import { readDocument, sectionOf } from "../documents.ts";
import { DENIED, deployment, revision } from "../unit/made_up.ts";
import { awaits, happens, type Name, NAMES, planOf, refOf } from "../unit/report/made_up_fleet.ts";
import { showRun } from "../unit/report/github/shown_run.ts";
import { readOutputs } from "../unit/report/github/step_runner.ts";
import { RUNS, tries } from "./how_often.ts";

const LEFT = [{ code: "suspensionRecordRemains", error: DENIED }] as const;
const ends = (outcome: OutcomeKind, leftovers: typeof LEFT | [] = []): RolloutEvent => ({
  ...{ kind: "rolloutEnded", outcome: { ...outcome, leftovers } },
});
const BY = deployment({ taskDefinition: revision(9).arn });
const PLANNED_BACK: RolloutEvent = {
  ...{ kind: "planned", plan: planOf("api", { from: revision(3), to: revision(4) }) },
  ...{ isAutomaticRollback: true, rollsBackOnFailure: false },
};
const WHOLE = { failedBefore: undefined, unrestored: [], unknown: [], reason: undefined };
const VERIFIED: RolloutEvent = { kind: "rollbackVerified", check: { to: revision(4), ...WHOLE } };
const UNDONE: readonly RolloutEvent[] = [
  ...[{ kind: "undoDecided", unless: undefined } as const, PLANNED_BACK, ends({ kind: "succeeded" }), VERIFIED],
];
const BAKE: Bake = {
  ...{ kind: "bake", forMs: 60_000, alarms: ["high-5xx"], named: ["high-5xx"], targetGroups: [], loadBalancers: [] },
  isInPlace: false,
};
const baked = (verdict: BakeVerdict): readonly RolloutEvent[] => [
  ends({ kind: "succeeded" }),
  { kind: "bakeStarted", step: BAKE, completedAtMs: 0, bakedMs: 0, untilMs: 60_000 },
  { kind: "baked", verdict },
];

/** What may become of one of many services of a rollback, by the name of what happens. */
const WITHOUT_SIGNAL = {
  succeeded: [ends({ kind: "succeeded" })],
  submitted: [ends({ kind: "submitted" })],
  unchanged: [ends({ kind: "unchanged", taskDefinition: "myservice:3" })],
  leftover: [ends({ kind: "succeeded" }, LEFT)],
  stalePlan: [ends({ kind: "stalePlan", by: BY })],
  cannotPin: [ends({ kind: "cannotPin", of: revision(3), error: DENIED })],
  copyIncomplete: [ends({ kind: "copyIncomplete", of: revision(3), copy: revision(6), lost: ["pidMode"] })],
  failed: [ends({ kind: "failed", reason: "tasks failed to start." })],
  rolledBackByEcs: [ends({ kind: "rolledBackByEcs", reason: "tasks failed to start.", to: undefined })],
  givenUp: [ends({ kind: "givenUp", stopped: 3, unstarted: 0, limit: 3 })],
  superseded: [ends({ kind: "superseded", by: BY })],
  gone: [ends({ kind: "gone", status: "DRAINING" })],
  timedOut: [ends({ kind: "timedOut", ordered: "yes" })],
  timedOutUnordered: [ends({ kind: "timedOut", ordered: "no" })],
  helped: baked({ kind: "helped", findings: [] }),
  didNotHelp: baked({ kind: "didNotHelp", findings: [] }),
  denied: [],
  notRead: [],
  refused: [],
} satisfies Readonly<Record<string, readonly RolloutEvent[]>>;
/** What happens only where another service has failed: it is no end of a run by itself. */
const AFTER_OTHERS = {
  undone: [ends({ kind: "succeeded" }), ...UNDONE],
  notUndone: [ends({ kind: "succeeded" }), { kind: "undoDecided", unless: "wasFailing" }],
  failedAndUndone: [ends({ kind: "failed", reason: "tasks failed to start." }), ...UNDONE],
  otherFailed: [{ kind: "notBegun", because: "otherFailed" }],
} satisfies Readonly<Record<string, readonly RolloutEvent[]>>;
const WITH_SIGNAL = {
  interrupted: [ends({ kind: "interrupted", ordered: "yes" })],
  interruptedUnordered: [ends({ kind: "interrupted", ordered: "no" })],
  interruptedUnknown: [ends({ kind: "interrupted", ordered: "unknown" })],
  stopped: [{ kind: "notBegun", because: "stopSignal" }],
  bakingStopped: baked({ kind: "cannotSay", findings: [{ code: "unseen", says: "unknown", unseen: { of: "rest" } }] }),
} satisfies Readonly<Record<string, readonly RolloutEvent[]>>;
const ALL = { ...WITHOUT_SIGNAL, ...AFTER_OTHERS, ...WITH_SIGNAL };
type End = keyof typeof ALL;

const namesOf = <Table extends object>(table: Table) => Object.keys(table) as (keyof Table)[];
const FAILING: readonly End[] = ["failed", "rolledBackByEcs", "givenUp", "denied", "copyIncomplete"];

interface Ended {
  readonly ends: readonly End[];
  readonly signals: number;
  readonly skipsRefused: boolean;
  readonly isDefect: boolean;
}

const arbitraryEnd: fc.Arbitrary<Ended> = fc.record({
  ends: fc.array(fc.constantFrom(...namesOf(ALL)), { minLength: 1, maxLength: NAMES.length }),
  signals: fc.constantFrom(0, 0, 1, 1, 2),
  skipsRefused: fc.boolean(),
  isDefect: fc.integer({ min: 0, max: 19 }).map((number) => number === 0),
}).map(({ signals, ...ended }) => {
  const needsSignal = ended.ends.some((end) => end in WITH_SIGNAL);
  return { ...ended, signals: needsSignal ? Math.max(1, signals) : signals };
}).filter(({ ends }) => {
  const hasFailed = ends.some((end) => FAILING.includes(end));
  return hasFailed || ends.every((end) => !(end in AFTER_OTHERS) || end === "failedAndUndone" && ends.length > 1);
});

const STARTED = { kind: "started", command: "rollback", isDryRun: false, timeoutMs: 60_000, atMs: 0 } as const;

function* eventsOf({ ends, signals, skipsRefused, isDefect }: Ended): Generator<RunEvent> {
  const all = ends.map((end, index) => [NAMES[index]!, end] as const);
  for (const [name] of all) yield happens(name, STARTED);
  for (const [name, end] of all) {
    if (end === "notRead") {
      yield failedOf(name);
    } else if (end === "refused") {
      yield happens(name, { kind: "refused", refusal: { code: "noSuchTaskDefinition", name: "", scope: refOf(name) } });
    } else {
      const plan = planOf(name);
      yield happens(name, { kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false });
    }
  }
  if (all.length > 1) {
    const policy = { parallel: 10, onFailure: "undo" } as const;
    yield { kind: "allPlanned", isDryRun: false, atMs: 0, skipsRefused, typed: [], policy };
  }
  for (const [name, end] of all) if (hasBegun(end)) yield* awaits(name, 1, 1);
  if (signals > 0) yield { kind: "stopSignal", signal: "SIGTERM" };
  for (const [name, end] of all) for (const event of ALL[end]) yield happens(name, event);
  for (const [name, end] of all) if (end === "denied") yield failedOf(name);
  if (signals > 1) yield { kind: "stopSignal", signal: "SIGTERM" };
  if (isDefect && signals < 2) {
    yield { kind: "failed", failure: failureOf(new TypeError("a defect")), region: undefined };
  }
}

function failedOf(name: Name): RunEvent {
  const failure = failureOf(new AwsError({ operation: "UpdateService", kind: "denied", code: "", detail: "" }));
  return { kind: "failed", failure, region: undefined, service: refOf(name) };
}

function hasBegun(end: End): boolean {
  return !["notRead", "refused", "otherFailed", "stopped", "stalePlan", "cannotPin", "unchanged"].includes(end);
}

/** By outcome, the exit codes that docs/events.md promises. */
const PROMISED = new Map(
  sectionOf(await readDocument("docs/events.md"), "## Outcomes").split("\n").filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|")).flatMap(([, names = "", , codes = ""]) =>
      [...names.matchAll(/`(\w+)`/g)].map((
        [, name = ""],
      ) => [name, codes.split(",").map((code) => code.replace("of many also", "").trim())])
    ),
);

Deno.test("property: exit code, NDJSON, GitHub's outputs and the log tell one end of a run", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryEnd, async (ended) => {
      const shown = showRun("rollback");
      const lines: string[] = [];
      const json = createJsonPrinter((line) => lines.push(line));
      let state = EMPTY_STATE;
      const emit = (event: RunEvent) => json.print(event, state = reduce(state, event, 0), 0, []);
      for (const event of eventsOf(ended)) {
        shown.emit(event);
        emit(event);
      }
      const exitCode = exitCodeOfRun(state);
      emit({ kind: "finished", exitCode });
      const { outputs, stderr } = await shown.finish(exitCode);
      const { outcome, message = "" } = JSON.parse(lines.at(-1)!);
      assert.equal(readOutputs(outputs).outcome, outcome);
      const codes = PROMISED.get(outcome) ?? [];
      assert.ok(codes.includes(exitCode > 128 ? "128 + n" : `${exitCode}`), `${outcome} with exit code ${exitCode}`);
      assert.equal(exitCode > 128, outcome === "interrupted");
      // Of one service, the log has said before how its deployment ended, and of errors nothing is logged here.
      if (ended.ends.length > 1 && !ended.isDefect) assert.ok(stderr.includes(message), message);
      if (exitCode > 128) assert.match(message, /interrupted|stopped/i);
      if (exitCode === EXIT.timedOut) assert.match(message, /Timed out|time was up|Stopped watching/);
      if (exitCode === EXIT.deploymentFailed) assert.match(message, /fail|somebody/i);
      if (exitCode === EXIT.ok) assert.doesNotMatch(message, /fail|interrupted|refused/i);
    }),
    tries(RUNS),
  );
});
