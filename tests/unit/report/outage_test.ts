import assert from "node:assert/strict";
import { formatClockTime, nameZone } from "../../../src/report/messages/log.ts";
import { describeOutage, observeOutage, type Outage } from "../../../src/report/outage.ts";
import { deployment } from "../made_up.ts";

/** Looks at the service every 10 s; each look has the running tasks of the new deployment and of the old one. */
function after(looks: readonly (readonly number[])[], desiredCount = 2): Outage | undefined {
  return looks.reduce(
    (known: Outage | undefined, counts, index) =>
      observeOutage(
        known,
        counts.map((runningCount, place) =>
          deployment({ status: place === 0 ? "PRIMARY" : "ACTIVE", runningCount, desiredCount })
        ),
        index * 10_000,
      ),
    undefined,
  );
}

const said = (looks: readonly (readonly number[])[], nowS: number, desiredCount?: number) =>
  describeOutage(after(looks, desiredCount), nowS * 1_000, EPOCH_MS);

const EPOCH_MS = Date.UTC(2023, 0, 1, 12, 10);
const ZONE = nameZone(EPOCH_MS);
const at = (seconds: number) => formatClockTime(EPOCH_MS + seconds * 1_000);

Deno.test("an outage lasts from the look that shows no task to the one that shows some, and all of them count", () => {
  assert.equal(
    said([[0, 2], [0, 0], [0, 0], [2]], 60),
    `OUTAGE from ${at(10)} to ${at(30)} (${ZONE}): no task ran for about 20s.`,
  );
  assert.equal(
    said([[0, 2], [0, 0], [2], [0], [1]], 60),
    `OUTAGE from ${at(10)} to ${at(40)} (${ZONE}): no task ran for about 20s of that.`,
  );
});

Deno.test("an outage that goes on is said as one", () => {
  assert.equal(said([[0, 2], [0, 0]], 40), `OUTAGE since ${at(10)} (${ZONE}): no task has run for about 30s.`);
  // What became of it after nobody watched any more is not known.
  const seen = { ...after([[0, 2], [0, 0]])!, untilMs: 15_000 };
  assert.equal(
    describeOutage(seen, 40_000, EPOCH_MS),
    `OUTAGE since ${at(10)} (${ZONE}): no task has run for about 5s.`,
  );
});

Deno.test("of what has happened when nobody watched, only what was seen is said", () => {
  const seen = { ...after([[0, 2], [0, 0]])!, untilMs: 15_000 };
  const looked = (running: number) =>
    describeOutage(observeOutage(seen, [deployment({ runningCount: running })], 40_000, false), 60_000);
  assert.equal(looked(1), "OUTAGE from 00:00:10 to 00:00:15 (UTC): no task ran for at least 5s.");
  assert.equal(looked(0), "OUTAGE since 00:00:10 (UTC): no task has run for about 50s.");
});

Deno.test("no outage: always a task, none before, none wanted, nothing seen, or less than a second", () => {
  assert.equal(said([[0, 2], [1, 1], [2]], 30), "");
  assert.equal(said([[0], [0], [2]], 30), "");
  assert.equal(said([[0, 2], [0, 0]], 30, 0), "");
  assert.equal(said([[0, 2], [], []], 30), "");
  assert.equal(said([[0, 2], [0, 0]], 10.9), "");
});
