import assert from "node:assert/strict";
import { type Minute, MINUTE_MS } from "../../../../src/model/metrics.ts";
import { type BakeEvidence, isComplete, judgeBake, windowsOf } from "../../../../src/rollout/judge/judge_bake.ts";

const windows = windowsOf({ orderedAtMs: 600_000, completedAtMs: 700_000, forMs: 300_000 });

/** The same in each of the five minutes before, and of the five after. */
function evidence(before: Partial<Minute>, after: Partial<Minute>, more: Partial<BakeEvidence> = {}): BakeEvidence {
  const minutes = (fromMs: number, toMs: number, what: Partial<Minute>) =>
    Array.from({ length: (toMs - fromMs) / MINUTE_MS }, (_, index): Minute => ({
      ...{ atMs: fromMs + index * MINUTE_MS, requests: 0, failures: 0, unhealthyHosts: 0 },
      ...what,
    }));
  const { beforeFromMs, beforeToMs, afterFromMs, afterToMs } = windows;
  return {
    ...{ windows, alarms: [], unseen: [] },
    minutes: [...minutes(beforeFromMs, beforeToMs, before), ...minutes(afterFromMs, afterToMs, after)],
    ...more,
  };
}

Deno.test("what a rollback has done to failures is told from chance", async (t) => {
  const table: [string, Partial<Minute>, Partial<Minute>, string][] = [
    ["they are gone", { requests: 200, failures: 80 }, { requests: 200 }, "helped"],
    ["they are few", { requests: 200, failures: 80 }, { requests: 200, failures: 1 }, "helped"],
    ["they are as many", { requests: 200, failures: 80 }, { requests: 200, failures: 79 }, "didNotHelp"],
    [
      "they are more than half as many",
      { requests: 1_000, failures: 20 },
      { requests: 1_000, failures: 11 },
      "didNotHelp",
    ],
    [
      "they are half as many, and too many",
      { requests: 200, failures: 80 },
      { requests: 200, failures: 12 },
      "didNotHelp",
    ],
    ["there are new ones", { requests: 1_000 }, { requests: 1_000, failures: 20 }, "didNotHelp"],
    ["there were few, and are", { requests: 1_000, failures: 1 }, { requests: 1_000, failures: 2 }, "cannotSay"],
    ["there are no requests any more", { requests: 200, failures: 80 }, {}, "cannotSay"],
    ["there were no requests", {}, { requests: 200 }, "cannotSay"],
    ["there were none, and many fail", {}, { requests: 200, failures: 20 }, "didNotHelp"],
    ["requests are too few", { requests: 10, failures: 5 }, { requests: 9, failures: 0 }, "cannotSay"],
    ["as before, a handful would have failed", { requests: 500, failures: 10 }, { requests: 100 }, "cannotSay"],
  ];
  for (const [what, before, after, expected] of table) {
    await t.step(what, () => assert.equal(judgeBake(evidence(before, after)).kind, expected));
  }
});

Deno.test("hosts count that are unhealthy for minutes", () => {
  assert.equal(judgeBake(evidence({ unhealthyHosts: 2 }, {})).kind, "helped");
  assert.equal(judgeBake(evidence({ unhealthyHosts: 2 }, { unhealthyHosts: 1 })).kind, "didNotHelp");
  assert.equal(judgeBake(evidence({}, {})).kind, "cannotSay");
  assert.equal(judgeBake(evidence({ unhealthyHosts: 2 }, { unhealthyHosts: undefined })).kind, "cannotSay");
  const passing = evidence({ unhealthyHosts: 2 }, {});
  const last = passing.minutes.at(-1)!;
  const minutes = [...passing.minutes.slice(0, -1), { ...last, unhealthyHosts: 1 }];
  assert.equal(judgeBake({ ...passing, minutes }).kind, "helped");
});

Deno.test("an alarm is heard, whatever the load balancer says", async (t) => {
  const table: [before: string | undefined, now: string | undefined, alone: string, besides: string][] = [
    ["ALARM", "OK", "helped", "helped"],
    ["ALARM", "ALARM", "didNotHelp", "didNotHelp"],
    ["OK", "ALARM", "didNotHelp", "didNotHelp"],
    ["ALARM", "INSUFFICIENT_DATA", "cannotSay", "cannotSay"],
    ["ALARM", undefined, "cannotSay", "cannotSay"],
    ["OK", "OK", "cannotSay", "helped"],
    ["INSUFFICIENT_DATA", "OK", "cannotSay", "helped"],
    [undefined, "INSUFFICIENT_DATA", "cannotSay", "helped"],
  ];
  for (const [before, now, alone, besides] of table) {
    await t.step(`${before} -> ${now}`, () => {
      const alarms = [{ name: "5xx", before, now }];
      assert.equal(judgeBake({ windows, minutes: [], alarms, unseen: [] }).kind, alone);
      assert.equal(judgeBake(evidence({ requests: 200, failures: 80 }, { requests: 200 }, { alarms })).kind, besides);
    });
  }
});

Deno.test("a baking that was stopped has no verdict but a bad one", () => {
  const unseen = [{ of: "rest" } as const];
  const failing = { requests: 200, failures: 80 };
  assert.equal(judgeBake(evidence(failing, { requests: 200 }, { unseen })).kind, "cannotSay");
});

Deno.test("minutes before the release was deployed are not compared, nor those in which both served", () => {
  const short = windowsOf({ orderedAtMs: 600_000, completedAtMs: 700_000, forMs: 300_000, deployedAtMs: 490_000 });
  assert.deepEqual(short, { beforeFromMs: 540_000, beforeToMs: 600_000, afterFromMs: 720_000, afterToMs: 1_020_000 });
  const none = windowsOf({ orderedAtMs: 610_000, completedAtMs: 700_000, forMs: 60_000, deployedAtMs: 605_000 });
  assert.equal(none.beforeFromMs, none.beforeToMs);
});

Deno.test("the last minute is waited for, and an alarm that is still off", () => {
  const all = evidence({}, {});
  assert.equal(isComplete(all, true), true);
  assert.equal(isComplete({ ...all, minutes: all.minutes.slice(0, -1) }, true), false);
  assert.equal(isComplete({ ...all, minutes: [] }, false), true);
  assert.equal(isComplete({ ...all, alarms: [{ name: "5xx", before: "ALARM", now: "ALARM" }] }, true), false);
});

Deno.test("who asks later has all minutes since then, of which an hour at most, and none that are still to come", () => {
  const asked = (askedAtMs: number, forMs = 5 * MINUTE_MS) =>
    windowsOf({ orderedAtMs: 600_000, completedAtMs: 660_000, forMs, askedAtMs });
  assert.deepEqual([asked(700_000).afterFromMs, asked(700_000).afterToMs], [660_000, 960_000]);
  const later = asked(660_000 + 20 * MINUTE_MS);
  assert.deepEqual([later.afterFromMs, later.afterToMs], [660_000, 660_000 + 17 * MINUTE_MS]);
  const muchLater = asked(660_000 + 600 * MINUTE_MS);
  assert.equal(muchLater.afterToMs - muchLater.afterFromMs, 60 * MINUTE_MS);
  const long = asked(660_000 + 600 * MINUTE_MS, 180 * MINUTE_MS);
  assert.equal(long.afterToMs - long.afterFromMs, 180 * MINUTE_MS);
  assert.equal(later.beforeToMs, 600_000);
});

Deno.test("a load balancer that others share decides nothing, and its minutes alone are not those of the service", () => {
  const failing = { requests: undefined, unhealthyHosts: undefined, sharedFailures: 100 };
  const ended = { ...failing, sharedFailures: 0 };
  for (const [before, after] of [[failing, ended], [ended, failing], [failing, failing]] as const) {
    const verdict = judgeBake(evidence(before, after));
    assert.equal(verdict.kind, "cannotSay");
    assert.ok(verdict.findings.some(({ code }) => code === "shared"));
  }
  assert.ok(!judgeBake(evidence(ended, ended)).findings.some(({ code }) => code === "shared"));
  assert.equal(isComplete(evidence(failing, failing), true), false);
  const helped = judgeBake(evidence({ ...failing, requests: 200, failures: 80 }, { ...failing, requests: 200 }));
  assert.equal(helped.kind, "helped");
});
