import { type Minute, MINUTE_MS, type Share, shareIn } from "../model/metrics.ts";
import type { AwsFailure } from "../problems/aws_failure.ts";

// Whether a rollback has helped: pure, from what alarms and load balancers have shown before and after it.

/** A step that watches for a while, once all else is done, whether the rollback has helped. */
export interface Bake {
  readonly kind: "bake";
  readonly forMs: number;
  /** By name. */
  readonly alarms: readonly string[];
  /** Those of them that the user has named. */
  readonly named: readonly string[];
  /** By ARN. */
  readonly targetGroups: readonly string[];
  /** Classic ones, by name. */
  readonly loadBalancers: readonly string[];
  /** What is judged is in place already: its record says when it came. */
  readonly isInPlace: boolean;
}

/** The states of an alarm: `OK`, `ALARM`, `INSUFFICIENT_DATA`; `undefined`: there is no such alarm, or nobody knows. */
interface SeenAlarm {
  readonly name: string;
  readonly before: string | undefined;
  readonly now: string | undefined;
}

/** Whole minutes, each from its first millisecond on: before the order, and once the deployment was completed. */
export interface BakeWindows {
  readonly beforeFromMs: number;
  readonly beforeToMs: number;
  readonly afterFromMs: number;
  readonly afterToMs: number;
}

/** Why something is not known. `status`: what CloudWatch calls a result that is not whole. */
export type Unseen = Readonly<
  | { of: "alarms" | "alarmsBefore" | "metrics"; error: AwsFailure }
  | { of: "metrics"; status: string }
  /** There is no load balancer and no alarm. */
  | { of: "anything" }
  /** It is so long ago that CloudWatch does not keep its minutes any more. */
  | { of: "past"; orderedAtMs: number }
  /** A stop signal has ended the baking. */
  | { of: "rest" }
>;

/** All that was seen so far. */
export interface BakeSight {
  readonly windows: BakeWindows;
  /** In their order; none where there is no load balancer, or nothing is known of it. */
  readonly minutes: readonly Minute[];
  readonly alarms: readonly SeenAlarm[];
  readonly unseen: readonly Unseen[];
}

/**
 * What one of the things that were looked at says. `good`: it was in trouble before, and is not any more. `bad`: it is in
 * trouble. `quiet`: it was and is in none. `open`: it was in trouble, and how it is now is not known. `unknown`: nor is that.
 */
type Says = "good" | "bad" | "quiet" | "open" | "unknown";

export type Finding = Readonly<
  | { code: "alarm"; says: Says; alarm: SeenAlarm }
  /** `isFew`: of too few requests. */
  | { code: "failures"; says: Says; before: Share; after: Share; isFew: boolean }
  /** A load balancer that others share: its failures may be theirs, and decide nothing. `before`, `after`: how many. */
  | { code: "shared"; says: "quiet"; before: number; after: number }
  | { code: "hosts"; says: Says; before: number | undefined; after: number | undefined }
  | { code: "unseen"; says: "unknown"; unseen: Unseen }
>;

export interface BakeVerdict {
  readonly kind: "helped" | "didNotHelp" | "cannotSay";
  /** All that there is to it. */
  readonly findings: readonly Finding[];
}

/** How much of before is looked at, and of what has been since then. */
const MINUTES_BETWEEN = { fewest: 5, most: 60 };

/** So many requests show something, and so many failures are none by chance. */
export const FEWEST_REQUESTS = 50;
const FEWEST_FAILURES = 20;
/** A share of failures that is trouble where it is new, or is to be ended; and one that is trouble whatever was before. */
const TROUBLE = 0.01;
const OUTAGE = 0.05;
/** So many minutes in a row a host is unhealthy that counts: others come and go with tasks. */
const STEADY_MINUTES = 3;

const floorMinute = (ms: number) => Math.floor(ms / MINUTE_MS) * MINUTE_MS;
const ceilMinute = (ms: number) => Math.ceil(ms / MINUTE_MS) * MINUTE_MS;

/** So long after its last minute the metrics of that are waited for, and alarms that look at them. */
export const SETTLES_WITHIN_MS = 3 * MINUTE_MS;

/** When a deployment was ordered and completed, and what it has left: milliseconds since the epoch, by AWS's clock. */
export interface JudgedDeployment {
  readonly orderedAtMs: number;
  readonly completedAtMs: number;
  /** When the release that is left was deployed, where that is known. */
  readonly deployedAtMs?: number | undefined;
  /** Somebody asks afterwards, at this moment. */
  readonly askedAtMs?: number | undefined;
}

/**
 * Which minutes are compared: those while the release that is left was live, an hour of them at most, and as many after the
 * rollback as are asked for. Who asks later has all that have been since, of which an hour at most, the last one.
 */
export function windowsOf(
  { orderedAtMs, completedAtMs, forMs, deployedAtMs = -Infinity, askedAtMs = -Infinity }: JudgedDeployment & {
    readonly forMs: number;
  },
): BakeWindows {
  const { fewest, most } = MINUTES_BETWEEN;
  const beforeMs = Math.min(most * MINUTE_MS, Math.max(fewest * MINUTE_MS, ceilMinute(forMs)));
  const beforeToMs = floorMinute(orderedAtMs);
  const beforeFromMs = Math.min(beforeToMs, Math.max(beforeToMs - beforeMs, ceilMinute(deployedAtMs)));
  const sinceMs = ceilMinute(completedAtMs);
  const afterToMs = Math.max(sinceMs + ceilMinute(forMs), floorMinute(askedAtMs - SETTLES_WITHIN_MS));
  const afterFromMs = Math.max(sinceMs, afterToMs - Math.max(most * MINUTE_MS, ceilMinute(forMs)));
  return { beforeFromMs, beforeToMs, afterFromMs, afterToMs };
}

/** Whether all is known that can be known: metrics come minutes late, and so do alarms that look at them. */
export function isWhole({ windows: { afterToMs }, minutes, alarms }: BakeSight, watchesMetrics: boolean): boolean {
  const isOfService = ({ requests, unhealthyHosts }: Minute) => requests !== undefined || unhealthyHosts !== undefined;
  const hasCome = !watchesMetrics || minutes.some((one) => one.atMs >= afterToMs - MINUTE_MS && isOfService(one));
  return hasCome && alarms.every(({ now }) => now !== "ALARM");
}

/**
 * `didNotHelp`: something is in trouble. `helped`: something was in trouble and is not any more, and nothing else that was
 * has yet to show that. Where nothing was in trouble that can be seen, nobody can say.
 */
export function judgeBake({ windows, minutes, alarms, unseen }: BakeSight): BakeVerdict {
  const { beforeFromMs, beforeToMs, afterFromMs, afterToMs } = windows;
  const counts = minutes.some(({ requests }) => requests !== undefined);
  const findings: Finding[] = [
    ...alarms.map((alarm): Finding => ({ code: "alarm", says: compare(isOff(alarm.before), isOff(alarm.now)), alarm })),
    ...(counts
      ? [judgeFailures(shareIn(minutes, beforeFromMs, beforeToMs), shareIn(minutes, afterFromMs, afterToMs))]
      : []),
    ...(minutes.length > 0
      ? [judgeHosts(steadyIn(minutes, beforeFromMs, beforeToMs), steadyIn(minutes, afterFromMs, afterToMs))]
      : []),
    ...judgeShared(minutes, windows),
    ...unseen.map((one): Finding => ({ code: "unseen", says: "unknown", unseen: one })),
  ];
  const some = (says: Says) => findings.some((finding) => finding.says === says);
  const isOpen = some("open") || unseen.some(({ of }) => of === "rest");
  return { kind: some("bad") ? "didNotHelp" : some("good") && !isOpen ? "helped" : "cannotSay", findings };
}

/** What trouble before and now comes to; `undefined`: not known. */
function compare(before: boolean | undefined, now: boolean | undefined): Says {
  if (now === undefined) return before === true ? "open" : "unknown";
  return now ? "bad" : before === true ? "good" : "quiet";
}

function isOff(state: string | undefined): boolean | undefined {
  return state === "ALARM" ? true : state === "OK" ? false : undefined;
}

/** A fall counts where, as before, enough requests would have failed to tell it from chance. */
function judgeFailures(before: Share, after: Share): Finding {
  const rate = ({ requests, failures }: Share) => requests === 0 ? 0 : failures / requests;
  const isKnown = before.requests >= FEWEST_REQUESTS;
  const wasFailing = isKnown ? before.failures >= FEWEST_FAILURES && rate(before) >= TROUBLE : undefined;
  const asBefore = rate(before) * after.requests;
  const isMany = after.failures >= FEWEST_FAILURES;
  const isFailing = (): boolean | undefined => {
    if (after.requests < FEWEST_REQUESTS) return undefined;
    if (isMany && rate(after) >= OUTAGE) return true;
    if (wasFailing === true) return asBefore < FEWEST_FAILURES ? undefined : after.failures > asBefore / 2;
    const isTrouble = isMany && rate(after) >= TROUBLE && after.failures >= 2 * asBefore;
    return wasFailing === undefined && isTrouble ? undefined : isTrouble;
  };
  const isFew = !isKnown || after.requests < FEWEST_REQUESTS;
  return { code: "failures", says: compare(wasFailing, isFailing()), before, after, isFew };
}

/** Of a shared load balancer there is something to say where it failed before, or does now. */
function judgeShared(
  minutes: readonly Minute[],
  { beforeFromMs, beforeToMs, afterFromMs, afterToMs }: BakeWindows,
): Finding[] {
  const sum = (fromMs: number, toMs: number) =>
    minutes.reduce(
      (sum, { atMs, sharedFailures = 0 }) => atMs >= fromMs && atMs < toMs ? sum + sharedFailures : sum,
      0,
    );
  const [before, after] = [sum(beforeFromMs, beforeToMs), sum(afterFromMs, afterToMs)];
  return Math.max(before, after) < FEWEST_FAILURES ? [] : [{ code: "shared", says: "quiet", before, after }];
}

function judgeHosts(before: number | undefined, after: number | undefined): Finding {
  const isUnhealthy = (hosts: number | undefined) => hosts === undefined ? undefined : hosts > 0;
  return { code: "hosts", says: compare(isUnhealthy(before), isUnhealthy(after)), before, after };
}

/** How many hosts were unhealthy in each of the last minutes. */
function steadyIn(minutes: readonly Minute[], fromMs: number, toMs: number): number | undefined {
  const known = minutes.flatMap(({ atMs, unhealthyHosts }) =>
    atMs >= fromMs && atMs < toMs && unhealthyHosts !== undefined ? [unhealthyHosts] : []
  );
  return known.length === 0 ? undefined : Math.min(...known.slice(-STEADY_MINUTES));
}
