import assert from "node:assert/strict";
import fc from "fast-check";
import { countRequests, type Minute, MINUTE_MS } from "../../src/model/metrics.ts";
import {
  type BakeEvidence,
  type BakeVerdict,
  type BakeWindows,
  judgeBake,
  windowsOf,
} from "../../src/rollout/judge/judge_bake.ts";
import { RUNS, tries } from "./how_often.ts";

/** Whether a rollback has helped is never said against what was seen. */

const state = fc.constantFrom("OK", "ALARM", "INSUFFICIENT_DATA", undefined);
const alarms = fc.array(fc.record({ name: fc.constant("5xx"), before: state, now: state }), { maxLength: 3 });
const times = fc.record({
  orderedAtMs: fc.integer({ min: 0, max: 1e9 }),
  tookMs: fc.integer({ min: 0, max: 900_000 }),
  forMs: fc.integer({ min: MINUTE_MS, max: 900_000 }),
  deployedAtMs: fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }),
}).map(({ tookMs, ...rest }) => ({ ...rest, completedAtMs: rest.orderedAtMs + tookMs }));
const amount = fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 100_000 }));
const seen = fc.record({
  requests: amount,
  failures: amount,
  unhealthyHosts: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
});

/** What was seen in each minute of both windows, and in those between. */
const sights: fc.Arbitrary<BakeEvidence> = fc.tuple(times, alarms, fc.infiniteStream(seen), fc.boolean()).map(
  ([when, alarms, stream, isBalanced]) => {
    const windows = windowsOf(when);
    const minutes: Minute[] = [];
    for (let atMs = windows.beforeFromMs; isBalanced && atMs < windows.afterToMs; atMs += MINUTE_MS) {
      const { requests, failures, unhealthyHosts } = stream.next().value!;
      minutes.push({ atMs, requests, failures: Math.min(requests, failures), unhealthyHosts });
    }
    return { windows, minutes, alarms, unseen: [] };
  },
);

const RANKS: readonly BakeVerdict["kind"][] = ["didNotHelp", "cannotSay", "helped"];
const rankOf = (evidence: BakeEvidence) => RANKS.indexOf(judgeBake(evidence).kind);
const isAfter = ({ afterFromMs, afterToMs }: BakeWindows, { atMs }: Minute) => atMs >= afterFromMs && atMs < afterToMs;

/** The same with other minutes after the rollback. */
function withAfter(evidence: BakeEvidence, change: (minute: Minute) => Minute): BakeEvidence {
  return { ...evidence, minutes: evidence.minutes.map((one) => isAfter(evidence.windows, one) ? change(one) : one) };
}

function holds(name: string, check: (evidence: BakeEvidence, by: number) => void): void {
  Deno.test(name, () => fc.assert(fc.property(sights, fc.integer({ min: 1, max: 50_000 }), check), tries(RUNS)));
}

holds("more failures after the rollback make no verdict better", (evidence, by) => {
  const worse = withAfter(evidence, (one) => ({ ...one, failures: Math.min(one.requests ?? 0, one.failures + by) }));
  assert.ok(rankOf(worse) <= rankOf(evidence), `${judgeBake(evidence).kind} -> ${judgeBake(worse).kind}`);
});

holds("more unhealthy hosts after the rollback make no verdict better", (evidence, by) => {
  const worse = withAfter(evidence, (one) => ({ ...one, unhealthyHosts: (one.unhealthyHosts ?? 0) + by }));
  assert.ok(rankOf(worse) <= rankOf(evidence));
});

holds("an alarm that is off after the rollback means that it did not help", (evidence) => {
  const alarm = { name: "latency", before: undefined, now: "ALARM" };
  assert.equal(judgeBake({ ...evidence, alarms: [...evidence.alarms, alarm] }).kind, "didNotHelp");
});

holds("only what was in trouble before can be said to be helped", (evidence) => {
  const { beforeFromMs, beforeToMs } = evidence.windows;
  const quiet = {
    ...evidence,
    alarms: evidence.alarms.map((one) => ({ ...one, before: "OK" })),
    minutes: evidence.minutes.map((one) =>
      one.atMs >= beforeFromMs && one.atMs < beforeToMs ? { ...one, failures: 0, unhealthyHosts: 0 } : one
    ),
  };
  assert.notEqual(judgeBake(quiet).kind, "helped");
});

holds("of too few requests, nothing is said", (evidence) => {
  const few = withAfter(evidence, (one) => ({ ...one, requests: 0, failures: 0, unhealthyHosts: undefined }));
  const alone = { ...few, alarms: [] };
  assert.ok(countRequests(alone.minutes, alone.windows.afterFromMs, alone.windows.afterToMs).requests < 50);
  assert.equal(judgeBake(alone).kind, "cannotSay");
});

holds("an alarm that was off and of which nothing is known now leaves it open", (evidence) => {
  const open = { name: "latency", before: "ALARM", now: "INSUFFICIENT_DATA" };
  assert.notEqual(judgeBake({ ...evidence, alarms: [...evidence.alarms, open] }).kind, "helped");
});

holds("what is not known makes no verdict better", (evidence) => {
  const error = { operation: "GetMetricData", kind: "denied", code: "AccessDenied", detail: "" } as const;
  const less = { ...evidence, minutes: [], unseen: [{ of: "metrics", error } as const] };
  const verdict = judgeBake(less);
  assert.deepEqual(verdict.findings.at(-1), { code: "unseen", says: "unknown", unseen: less.unseen[0] });
  if (evidence.alarms.length === 0) assert.equal(verdict.kind, "cannotSay");
});

Deno.test("the windows are whole minutes, apart, and none is longer than it may be", () => {
  fc.assert(
    fc.property(times, (when) => {
      const { beforeFromMs, beforeToMs, afterFromMs, afterToMs } = windowsOf(when);
      for (const ms of [beforeFromMs, beforeToMs, afterFromMs, afterToMs]) assert.ok(ms % MINUTE_MS === 0);
      assert.ok(beforeFromMs <= beforeToMs && beforeToMs <= when.orderedAtMs);
      assert.ok(when.completedAtMs <= afterFromMs && afterFromMs < when.completedAtMs + MINUTE_MS);
      assert.ok(afterToMs - afterFromMs >= when.forMs && afterToMs - afterFromMs < when.forMs + MINUTE_MS);
      if (when.deployedAtMs !== undefined && beforeFromMs < beforeToMs) assert.ok(beforeFromMs >= when.deployedAtMs);
      assert.ok(beforeToMs - beforeFromMs <= 60 * MINUTE_MS);
    }),
    tries(RUNS),
  );
});
