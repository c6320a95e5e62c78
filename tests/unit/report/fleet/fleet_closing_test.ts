import assert from "node:assert/strict";
import { linesOf } from "../../../../src/report/closing.ts";
import { renderFleetEnd } from "../../../../src/report/fleet/end_table.ts";
import { closingOfRun } from "../../../../src/report/fleet/fleet_closing.ts";
import { exitCodeOfRun } from "../../../../src/report/ending.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import { EMPTY_STATE, type RunState } from "../../../../src/report/state.ts";
import type { RolloutEvent, RunEvent } from "../../../../src/rollout/events.ts";
import type { Policy } from "../../../../src/rollout/outcome.ts";
import type { StopSignal } from "../../../../src/host.ts";
import { DENIED, deployment, revision, scalableTarget } from "../../made_up.ts";
import { awaits, fails, happens, type Name, NAMES, PLANNED, planOf, succeeds } from "../made_up_fleet.ts";

const ALIVE = { dynamicScalingInSuspended: false, dynamicScalingOutSuspended: false, scheduledScalingSuspended: false };

/** The state at the end of a run of `api`, `worker` and `cron`; ten seconds lie between two events. */
function ended(
  { events, onFailure = "continue", signal, exitCode, timeoutMs }: {
    readonly events: readonly RunEvent[];
    readonly onFailure?: Policy["onFailure"];
    readonly signal?: StopSignal;
    readonly exitCode?: number;
    /** One that was typed. */
    readonly timeoutMs?: number;
  },
): RunState {
  const planned = PLANNED.map((event) => {
    if (event.kind === "started" && timeoutMs !== undefined) return { ...event, timeoutMs };
    if (event.kind !== "allPlanned") return event;
    const timeout = timeoutMs === undefined ? [] : [["--timeout", `${timeoutMs / 1_000}s`] as const];
    return { ...event, typed: [...event.typed, ...timeout], policy: { parallel: 10, onFailure } };
  });
  const stops: readonly RunEvent[] = signal === undefined ? [] : [{ kind: "stopSignal", signal }];
  const state = [...planned, ...events, ...stops]
    .reduce((state: RunState, event, index) => reduce(state, event, index * 10_000), EMPTY_STATE);
  return reduce(state, { kind: "finished", exitCode: exitCode ?? exitCodeOfRun(state) }, state.nowMs);
}

function said(state: RunState): string[] {
  const closing = closingOfRun(state);
  return closing === undefined ? [] : linesOf(closing).map(([level, text]) => `${level} ${text}`);
}

const ends = (name: Name, ...events: readonly RolloutEvent[]) => events.map((event) => happens(name, event));
const notBegun = (name: Name, because: "otherFailed" | "stopSignal" | "timeLimit") =>
  happens(name, { kind: "notBegun", because });

/** It is read once more: so many tasks of the new deployment run, and so many of the old one. */
function isLookedAt(name: Name, running: number, old: number, rolloutState = "IN_PROGRESS"): RunEvent {
  const own = { taskDefinition: revision(3).arn, desiredCount: 2, runningCount: running, rolloutState };
  const deployments = [deployment(own), deployment({ id: "ecs-svc/4", status: "ACTIVE", runningCount: old })];
  return happens(name, { kind: "lookedAgain", deployments });
}

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

const FAILED = "error 1 of 3 rollbacks failed: worker/default (container app exited with code 1).";
const LIVE =
  "worker/default: myservice:4 is still live: 2 of 2 tasks (deployed 1970/01/01 00:00); myservice:3 has 0 of 2 tasks yet.";
const CHOOSE =
  "error worker/default: list the revisions (then type ecspresso rollback --config worker.yml --revision N): " +
  "ecspresso revisions --config worker.yml --output table";
const BACK =
  "error worker/default: set the service back to myservice:4 (ECS replaces its running tasks with new ones): " +
  "ecspresso rollback --config worker.yml --revision 4 --from 3";
const ADVICE =
  "error worker/default: advice: read the log of container app (logConfiguration in the task definition says where it is)";

Deno.test("a run of many that succeeds says how many are live, and since when", () => {
  assert.deepEqual(said(ended({ events: NAMES.flatMap(succeeds) })), [
    "info Rolled back 3 services: all are live, after 1m50s.",
  ]);
});

Deno.test("where one has failed, the others are counted, and what is live of it is said", () => {
  const state = ended({
    events: [...succeeds("api"), ...fails("worker"), ...succeeds("cron"), isLookedAt("worker", 0, 2)],
  });
  assert.deepEqual(said(state), [`${FAILED} 2 are back. ${LIVE} ECS keeps trying.`, ADVICE, BACK]);
});

Deno.test("what was seen of one that has failed is not said as of now", () => {
  const state = ended({ events: [...succeeds("api"), ...fails("worker"), ...succeeds("cron")] });
  assert.match(said(state)[0]!, / worker\/default, as seen 40s ago: myservice:4 is still live: 2 of 2 tasks/);
});

/** The old tasks of `worker` were seen to run, and then none. */
const LEFT_WITHOUT = [...awaits("worker", 0, 2), ...awaits("worker", 0, 0, 3), ...fails("worker").slice(3)];

Deno.test("that no task runs are the first words, and then the command that ends it", () => {
  const events = [
    ...[...succeeds("api"), ...LEFT_WITHOUT, ...succeeds("cron")],
    isLookedAt("worker", 0, 0),
  ];
  const [message, end, choose] = said(ended({ events }));
  assert.equal(
    message,
    `error OUTAGE of worker/default since 00:02:30 (UTC): no task has run for about 1m10s, myservice:3 has 0 of 2 tasks; ECS keeps trying. ${
      FAILED.slice("error ".length)
    } 2 are back.`,
  );
  assert.equal(
    end,
    "error to end the outage of worker/default, with the release that was to be left: ecspresso rollback --config worker.yml --revision 4 --from 3",
  );
  assert.equal(choose, CHOOSE);
});

Deno.test("tasks that come and crash end no outage, and a deployment that is completed by now has", () => {
  const events = [...LEFT_WITHOUT, ...succeeds("api"), ...succeeds("cron")];
  const [crashing, , completed] = ["IN_PROGRESS", "", "COMPLETED"].map((rolloutState) =>
    said(ended({ events: [...events, isLookedAt("worker", 2, 0, rolloutState)] }))[0]
  );
  assert.match(
    crashing!,
    /^error OUTAGE of worker\/default from 00:01:50 to 00:02:10 \(UTC\): no task ran for at least 20s, myservice:3 has 2 of 2/,
  );
  assert.match(
    completed!,
    /^error 1 of 3 rollbacks failed.* OUTAGE of worker\/default from \S+ to \S+ \(UTC\): no task ran for at least 20s\.$/,
  );
});

Deno.test("what crashes again and again is not live because its tasks ran in the last look, and has its way back", () => {
  // The first look shows tasks of both, so that no outage was seen.
  const events = [...awaits("worker", 1, 1), ...awaits("worker", 2, 0, 3), ...fails("worker").slice(3)];
  const state = ended({ events: [...succeeds("api"), ...succeeds("cron"), ...events, isLookedAt("worker", 2, 0)] });
  const [message, back] = said(state);
  assert.equal(
    message,
    `${FAILED} 2 are back. worker/default: 2 of 2 tasks of myservice:3, and its tasks keep failing. ECS keeps trying.`,
  );
  assert.equal(
    back,
    "error to set worker/default back to the release that was to be left: ecspresso rollback --config worker.yml --revision 4 --from 3",
  );
});

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

Deno.test("what is left to do is said of each service, whatever else has happened", () => {
  const leftover = (resourceId: string) => ({
    code: "scalingMayBeSuspended" as const,
    ...{ target: scalableTarget({ resourceId }), to: ALIVE, hasRecord: false, error: DENIED },
  });
  const done = (name: Name): RunEvent[] => [
    ...awaits(name, 2, 0),
    happens(name, { kind: "rolloutEnded", outcome: { kind: "succeeded", leftovers: [leftover(name)] } }),
  ];
  const lines = said(ended({ events: [...done("api"), ...done("worker"), ...succeeds("cron")] }));
  assert.equal(lines[0], "error Rolled back 3 services: all are live, after 1m50s, but 2 things are left to do.");
  assert.match(
    lines[1]!,
    /^error auto scaling of api may still be suspended \(ListThings failed: AccessDenied\); still to do: aws /,
  );
  assert.match(
    lines[2]!,
    /^error auto scaling of worker may still be suspended \(ListThings failed: AccessDenied\); still to do: aws /,
  );
});

Deno.test("a service that was stopped before its order counts as not begun", () => {
  const stopped: RolloutEvent = {
    kind: "rolloutEnded",
    outcome: { kind: "interrupted", ordered: "no", leftovers: [] },
  };
  const events = [...succeeds("api"), ...succeeds("cron"), ...ends("worker", stopped)];
  assert.deepEqual(said(ended({ events, signal: "SIGINT" })), [
    "warn Interrupted: no deployment is under way. 2 are back and 1 was not begun.",
    "warn to roll back the other one: ecspresso rollback --config worker.yml --revision previous",
  ]);
});
