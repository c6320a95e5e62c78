import assert from "node:assert/strict";
import { endOf, endOfFailure, exitCodeOfRun } from "../../../src/report/ending.ts";
import { EXIT, exitCodeOfEnding } from "../../../src/report/exit_code.ts";
import { EMPTY_STATE } from "../../../src/report/state.ts";
import { reduce } from "../../../src/report/reduce.ts";
import { AwsError, ConfigError, failureOf, RefusedError, UsageError } from "../../../src/errors.ts";
import { MachineError, type StopSignal } from "../../../src/host.ts";
import { PLAN } from "./live/made_up_run.ts";
import { codeSpans, readDocument, sectionOf } from "../../documents.ts";
import type { RunEvent } from "../../../src/rollout/events.ts";
import type { OutcomeKind } from "../../../src/rollout/outcome.ts";
import { DENIED } from "../made_up.ts";

function codeOfOutcome(outcome: object, signal?: StopSignal): number {
  const service = { cluster: "default", service: "web" };
  const planned = { kind: "planned", plan: PLAN, isAutomaticRollback: false, rollsBackOnFailure: false, service };
  const stop = signal === undefined ? [] : [{ kind: "stopSignal", signal }];
  const events = [planned, ...stop, { kind: "rolloutEnded", outcome, service }] as readonly RunEvent[];
  return exitCodeOfRun(events.reduce((state, event) => reduce(state, event, 0), EMPTY_STATE));
}

Deno.test("each kind of error has its exit code", () => {
  const denied = new AwsError({ operation: "", kind: "denied", code: "", detail: "" });
  const errors: readonly [thrown: unknown, code: number][] = [
    [new UsageError(""), EXIT.usage],
    [new ConfigError({ code: "nul" }), EXIT.config],
    [new MachineError({ code: "notText", variable: "HOME" }), EXIT.config],
    [new MachineError({ code: "runsNothing" }), EXIT.unforeseen],
    [new RefusedError({ code: "nul" } as never), EXIT.refused],
    [denied, EXIT.aws],
    [new TypeError("a defect"), EXIT.unforeseen],
    ["thrown text", EXIT.unforeseen],
  ];
  for (const [thrown, code] of errors) assert.equal(exitCodeOfEnding(endOfFailure(failureOf(thrown))), code);
});

Deno.test("endOf() a run that an error, the time limit or a signal ends, whatever its services have come to", () => {
  const [service, signal] = [{ cluster: "default", service: "web" }, "SIGTERM"] as const;
  const planned = { kind: "planned", plan: PLAN, isAutomaticRollback: false, rollsBackOnFailure: false, service };
  const early = { kind: "stoppedEarly", timeoutMs: 1, waitedFor: undefined };
  const stop = { kind: "stopSignal", signal };
  const endOfAll = (...events: readonly unknown[]) => {
    const state = (events as readonly RunEvent[]).reduce((known, event) => reduce(known, event, 0), EMPTY_STATE);
    return [endOf(state), exitCodeOfRun(state)];
  };
  assert.deepEqual(endOfAll(planned), ["ok", 0]);
  assert.deepEqual(endOfAll(planned, HAPPENED.denied), ["aws", 5]);
  assert.deepEqual(endOfAll({ ...early, by: "timeLimit" }), ["timedOut", 7]);
  assert.deepEqual(endOfAll(stop, { ...early, by: "signal" }), ["stopped", 143]);
  // The second one, of which nothing is waited for.
  assert.deepEqual(endOfAll(planned, stop, { ...stop, signal: "SIGINT" }), ["stopped", 130]);
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

Deno.test("the exit code of an outcome is 0 only for what the user asked for", () => {
  for (const [kind, code] of Object.entries(OUTCOMES) as [OutcomeKind["kind"], number][]) {
    assert.equal(codeOfOutcome({ kind, leftovers: [] }), code, kind);
  }
});

Deno.test("docs/events.md has every outcome of the schema, with its exit code", async () => {
  const page = sectionOf(await readDocument("docs/events.md"), "## Outcomes");
  const rows = page.split("\n").filter((line) => line.startsWith("| `")).map((line) => line.split("|"));
  const codes = new Map(rows.flatMap(([, names, , code]) => codeSpans(names!).map((name) => [name, code!.trim()])));
  const { $defs } = JSON.parse(await readDocument("docs/events.schema.json"));
  assert.deepEqual([...codes.keys()].toSorted(), $defs.ending.enum.toSorted());
  for (const [kind, code] of Object.entries(OUTCOMES).filter(([kind]) => kind !== "interrupted")) {
    assert.equal(codes.get(kind)!.split(", ")[0], `${code}`, kind);
  }
});

Deno.test("the exit code of an outcome is 8 where something is left over, and hides no failure", () => {
  const leftovers = [{ code: "suspensionRecordRemains" as const, error: DENIED }];
  assert.equal(codeOfOutcome({ kind: "succeeded", leftovers }), 8);
  assert.equal(codeOfOutcome({ kind: "failed", leftovers }), 6);
  assert.equal(codeOfOutcome({ kind: "timedOut", leftovers }), 7);
});

Deno.test("the exit code of an outcome is 128 + the signal's number", () => {
  const outcome = { kind: "interrupted" as const, leftovers: [] };
  assert.equal(codeOfOutcome(outcome, "SIGINT"), 130);
  assert.equal(codeOfOutcome(outcome, "SIGTERM"), 143);
  assert.equal(codeOfOutcome(outcome, "SIGHUP"), 129);
});

const HAPPENED = {
  good: { kind: "rolloutEnded", outcome: { kind: "succeeded", leftovers: [] } },
  there: { kind: "rolloutEnded", outcome: { kind: "unchanged", taskDefinition: "", leftovers: [] } },
  incomplete: {
    kind: "rolloutEnded",
    outcome: { kind: "succeeded", leftovers: [{ code: "suspensionRecordRemains", error: DENIED }] },
  },
  refused: { kind: "refused", refusal: { code: "noSuchTaskDefinition", name: "", scope: {} } },
  stale: { kind: "rolloutEnded", outcome: { kind: "stalePlan", by: undefined, leftovers: [] } },
  denied: {
    kind: "failed",
    region: undefined,
    failure: failureOf(new AwsError({ operation: "DescribeServices", kind: "denied", code: "", detail: "" })),
  },
  failed: { kind: "rolloutEnded", outcome: { kind: "failed", reason: "", leftovers: [] } },
  timedOut: { kind: "rolloutEnded", outcome: { kind: "timedOut", ordered: "yes", leftovers: [] } },
  interrupted: { kind: "rolloutEnded", outcome: { kind: "interrupted", ordered: "yes", leftovers: [] } },
  otherRefused: { kind: "notBegun", because: "otherRefused" },
  otherFailed: { kind: "notBegun", because: "otherFailed" },
  timeUp: { kind: "notBegun", because: "timeLimit" },
  stopped: { kind: "notBegun", because: "stopSignal" },
} as const;

type Happened = keyof typeof HAPPENED;

function codeOf(happened: readonly Happened[]): number {
  const planned = { kind: "planned", plan: PLAN, isAutomaticRollback: false, rollsBackOnFailure: false };
  const events = happened.flatMap((what, index) => {
    const service = { cluster: "default", service: `service${index}` };
    const isPlanned = what !== "refused" && what !== "denied";
    return [...(isPlanned ? [planned] : []), HAPPENED[what]].map((event) => ({ ...event, service }) as RunEvent);
  });
  const isStopped = happened.some((what) => what === "interrupted" || what === "stopped");
  const signal: readonly RunEvent[] = isStopped ? [{ kind: "stopSignal", signal: "SIGTERM" }] : [];
  return exitCodeOfRun([...signal, ...events].reduce((state, event) => reduce(state, event, 0), EMPTY_STATE));
}

/** What has become of the services of a run, and the exit code, in any order of the services. */
const RUNS: readonly (readonly [code: number, ...happened: Happened[]])[] = [
  [0, "good", "good", "good"],
  [0, "good", "there"],
  [4, "refused", "refused"],
  [4, "refused", "otherRefused", "otherRefused"],
  [4, "stale", "stale"],
  // Something was changed, so that it is not as a refusal promises.
  [8, "refused", "good"],
  [8, "stale", "good", "otherFailed"],
  [8, "incomplete", "good"],
  [8, "incomplete", "refused", "there"],
  [5, "denied", "otherRefused"],
  [5, "denied", "good", "refused"],
  [5, "denied", "incomplete"],
  [7, "timedOut", "good", "timeUp"],
  [7, "timedOut", "denied", "incomplete", "refused"],
  [7, "timeUp", "good"],
  [6, "failed", "good", "good"],
  [6, "failed", "otherFailed", "good"],
  [6, "failed", "timedOut", "denied", "incomplete", "refused", "stale"],
  // A script that sends the signal has to see that it was the end.
  [143, "interrupted", "good", "stopped"],
  [143, "stopped", "failed", "timedOut", "incomplete", "refused"],
];

for (const [code, ...happened] of RUNS) {
  Deno.test(`the exit code of a run of many is ${code} with ${happened.join(", ")}`, () => {
    assert.equal(codeOf(happened), code);
    assert.equal(codeOf(happened.toReversed()), code);
  });
}
