import assert from "node:assert/strict";
import { renderFleetEnd } from "../../../../src/report/fleet/end_table.ts";
import type { RolloutEvent, RunEvent } from "../../../../src/rollout/events.ts";
import { deployment, revision, scalableTarget } from "../../made_up.ts";
import { awaits, fails, happens, type Name, planOf, succeeds } from "../made_up_fleet.ts";
import { ADVICE, ALIVE, BACK, CHOOSE, ended, ends, FAILED, isLookedAt, LIVE, said } from "./ended_runs.ts";

const notBegun = (name: Name, because: "otherFailed" | "stopSignal" | "timeLimit") =>
  happens(name, { kind: "notBegun", because });

/** The service goes back to what it ran before, and is there. */
function isUndone(name: Name): RunEvent[] {
  const plan = planOf(name, { from: revision(3), to: revision(4) });
  return ends(
    name,
    { kind: "undoDecided", unless: undefined },
    { kind: "planned", plan, isAutomaticRollback: true, rollsBackOnFailure: false },
    { kind: "rolloutEnded", outcome: { kind: "succeeded", leftovers: [] } },
    {
      kind: "rollbackVerified",
      check: { to: revision(4), failedBefore: undefined, unrestored: [], unknown: [], reason: undefined },
    },
  );
}

Deno.test("what was not begun has the command that does it, with what was typed", () => {
  const events = [
    ...[...succeeds("api"), ...fails("worker"), notBegun("cron", "otherFailed")],
    isLookedAt("worker", 0, 2),
  ];
  assert.deepEqual(said(ended({ events, onFailure: "stop" })), [
    `${FAILED} 1 is back and 1 was not begun. ${LIVE} ECS keeps trying.`,
    ADVICE,
    BACK,
    "error to roll back the other one: ecspresso rollback --config cron.yml --revision previous",
  ]);
});

Deno.test("of those that go back it is said which are where they were, and which are not and why", () => {
  const events = [
    ...[...succeeds("api"), ...succeeds("cron"), ...fails("worker"), ...isUndone("worker"), ...isUndone("api")],
    happens("cron", { kind: "undoDecided", unless: "wasFailing" }),
    happens("worker", { kind: "lookedAgain", deployments: [deployment({ taskDefinition: revision(4).arn })] }),
  ];
  const state = ended({ events, onFailure: "undo" });
  assert.deepEqual(said(state), [
    `${FAILED} 2 are undone. cron/default is NOT undone: it was failing before this run, and would fail again. ` +
    "worker/default: myservice:4 is live: 2 of 2 tasks.",
    ADVICE,
    CHOOSE,
    "error to roll back the other 1 without worker/default: ecspresso rollback --config api.yml --revision previous",
  ]);
  assert.deepEqual(renderFleetEnd(state).map((line) => line.replaceAll(/ {2,}/g, " | ")), [
    "SERVICE | RESULT | LIVE | TOOK | WHY",
    "worker/default | FAILED, undone | myservice:4 2/2 | 1m20s | container app exited with code 1",
    "cron/default | NOT UNDONE | myservice:3 2/2 | 30s | it was failing before this run, and would fail again",
    "api/default | undone | myservice:3 2/2 | 3m20s | -",
  ]);
});

Deno.test("after an undo all run the release that was to be left, unless one was at the target before the run", () => {
  const undone = [...fails("worker"), ...isUndone("worker"), notBegun("cron", "otherFailed")];
  const isBack = happens("api", {
    ...{ kind: "planned", plan: planOf("api", { isReached: true, steps: [] }) },
    ...{ isAutomaticRollback: false, rollsBackOnFailure: false },
  });
  const stays = ends("api", {
    kind: "rolloutEnded",
    outcome: { kind: "unchanged", taskDefinition: revision(3).arn, leftovers: [] },
  });
  const [all, mixed] = [[...succeeds("api"), ...isUndone("api")], [isBack, ...stays]].map((api) =>
    said(ended({ events: [...api, ...undone], onFailure: "undo" }))[0]!
  );
  assert.match(all!, / 2 are undone and 1 was not begun: all 3 run the release that this rollback was to leave\./);
  assert.match(mixed!, / 1 had nothing to do, 1 is undone and 1 was not begun\./);
});

Deno.test("after a stop signal it is said what ECS goes on with, and how to go on with that and the rest", () => {
  const events = [
    ...succeeds("api"),
    ...awaits("worker", 1, 1),
    ...ends("worker", { kind: "rolloutEnded", outcome: { kind: "interrupted", ordered: "yes", leftovers: [] } }),
    notBegun("cron", "stopSignal"),
  ];
  assert.deepEqual(said(ended({ events, signal: "SIGINT" })), [
    "warn Interrupted: stopped watching; ECS goes on with 1 rollback. 1 is back and 1 was not begun.",
    "warn to go on with all 2: ecspresso rollback --config worker.yml --config cron.yml --revision previous",
  ]);
});

Deno.test("when the time is up it is said the same way, and that it was", () => {
  const timedOut: RolloutEvent = { kind: "rolloutEnded", outcome: { kind: "timedOut", ordered: "yes", leftovers: [] } };
  const events = [
    ...awaits("api", 1, 1),
    ...awaits("worker", 1, 1),
    ...[...ends("api", timedOut), ...ends("worker", timedOut), notBegun("cron", "timeLimit")],
  ];
  assert.deepEqual(said(ended({ events })), [
    "error The time was up after 10m: stopped watching; ECS goes on with 2 rollbacks. 1 was not begun.",
    "error to go on with all 3: ecspresso rollback --fleet fleet.yml --revision previous",
  ]);
});

Deno.test("what crashes again and again is left out of the command that goes on, which takes no time limit that was too short", () => {
  const timedOut = (isCrashLooping: boolean): RolloutEvent => ({
    kind: "rolloutEnded",
    outcome: { kind: "timedOut", ordered: "yes", isCrashLooping, leftovers: [] },
  });
  const events = [...awaits("api", 0, 1), ...ends("api", timedOut(true)), notBegun("cron", "timeLimit")];
  const rest = [...awaits("worker", 1, 1), ...ends("worker", timedOut(false)), ...events];
  const after = (timeoutMs: number) => said(ended({ events: rest, timeoutMs })).slice(1);
  const [follow, goOn] = [
    "error to follow it: ecspresso wait --config api.yml",
    "error to go on with all 2: ecspresso rollback --config worker.yml --config cron.yml --revision previous",
  ];
  // By what was seen, two of them take longer than a minute, for each event is ten seconds after the one before.
  assert.deepEqual(after(60_000), [follow, `${goOn} --timeout 10m`]);
  assert.deepEqual(after(1_800_000), [follow, `${goOn} --timeout 30m`]);
});

Deno.test("a second stop signal says what ECS goes on with, and what auto scaling may stay as", () => {
  const target = scalableTarget({ resourceId: "service/default/worker" });
  const stop = { kind: "stopSignal", signal: "SIGTERM" } as const;
  const suspended = { kind: "suspendScaling", target, prior: ALIVE, record: "none" } as const;
  const events = [
    ...succeeds("api"),
    ...ends("worker", { kind: "stepStarted", step: suspended }),
    ...awaits("worker", 1, 1),
    ...ends("cron", { kind: "stepStarted", step: planOf("cron").steps[0]! }),
    stop,
  ];
  const lines = said(ended({ events, signal: "SIGINT", exitCode: 130 }));
  assert.deepEqual(lines.slice(0, 4), [
    "warn Stopped at once: ECS goes on with 1 rollback (worker/default)",
    "warn Stopped at once: ECS may have accepted, and then goes on with, 1 rollback (cron/default)",
    "warn to follow all 2: ecspresso wait --config worker.yml --config cron.yml",
    "warn Stopped at once: auto scaling of service/default/worker may still be suspended",
  ]);
  assert.match(lines[4]!, /^warn to restore it: aws .* --resource-id service\/default\/worker /);
  // With a record, the program does it itself; a record that could not be written is none.
  const recorded = { kind: "stepStarted", step: { ...suspended, record: "write" } } as const;
  const why = { code: "takesNoTags" } as const;
  const unrecorded = { kind: "notice", notice: { code: "suspensionNotRecorded", why, target, prior: ALIVE } } as const;
  const restoring = (...more: RunEvent[]) =>
    said(ended({ events: [...ends("worker", recorded), stop, ...more], signal: "SIGINT", exitCode: 130 })).at(-1)!;
  assert.equal(restoring(), "warn to restore it: ecspresso scale --config worker.yml --resume-auto-scaling");
  assert.match(restoring(happens("worker", unrecorded)), /^warn to restore it: aws /);
});
