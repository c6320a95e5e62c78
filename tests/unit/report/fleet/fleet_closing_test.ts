import assert from "node:assert/strict";
import type { RolloutEvent, RunEvent } from "../../../../src/rollout/events.ts";
import { DENIED, scalableTarget } from "../../made_up.ts";
import { awaits, fails, happens, type Name, NAMES, succeeds } from "../made_up_fleet.ts";
import { ADVICE, ALIVE, BACK, CHOOSE, ended, ends, FAILED, isLookedAt, LIVE, said } from "./ended_runs.ts";

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
