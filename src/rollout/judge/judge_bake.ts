import { countRequests, type Minute, MINUTE_MS, type RequestCounts } from "../../model/metrics.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

// Whether a rollback has helped, judged by what alarms and load balancers have shown before and after it. Pure.

/** A step that watches for a while, once everything else is done, whether the rollback has helped. */
export interface Bake {
  readonly kind: "bake";
  readonly forMs: number;
  /** By name. */
  readonly alarms: readonly string[];
  /** Those of them that the user named. */
  readonly named: readonly string[];
  /** By ARN. */
  readonly targetGroups: readonly string[];
  /** Classic ones, by name. */
  readonly loadBalancers: readonly string[];
  /** The deployment to judge is in place already: ECS's record says when it was completed. */
  readonly isInPlace: boolean;
}

/** The states of an alarm: `OK`, `ALARM`, `INSUFFICIENT_DATA`; `undefined`: it does not exist, or nobody knows. */
interface SeenAlarm {
  readonly name: string;
  readonly before: string | undefined;
  readonly now: string | undefined;
}

/** Whole minutes, each named by its first millisecond: before the order, and after the deployment was completed. */
export interface BakeWindows {
  readonly beforeFromMs: number;
  readonly beforeToMs: number;
  readonly afterFromMs: number;
  readonly afterToMs: number;
}

/** Why something is not known. `status`: what CloudWatch calls an incomplete result. */
export type Unseen = Readonly<
  | { of: "alarms" | "alarmsBefore" | "metrics"; error: AwsFailure }
  | { of: "metrics"; status: string }
  /** There is neither a load balancer nor an alarm. */
  | { of: "anything" }
  /** CloudWatch no longer keeps the minutes of that time. */
  | { of: "past"; orderedAtMs: number }
  /** A stop signal has ended the watching. */
  | { of: "rest" }
>;

/** What alarms and load balancers have shown so far. */
export interface BakeEvidence {
  readonly windows: BakeWindows;
  /** In their order; empty where there is no load balancer, or nothing is known of it. */
  readonly minutes: readonly Minute[];
  readonly alarms: readonly SeenAlarm[];
  readonly unseen: readonly Unseen[];
}

/**
 * What one finding says. `good`: there was trouble before, and now there is none. `bad`: there is trouble. `quiet`:
 * there is none, and none was known before. `open`: there was, and now it is not known. `unknown`: neither is known.
 */
type FindingMeaning = "good" | "bad" | "quiet" | "open" | "unknown";

export type BakeFinding = Readonly<
  | { code: "alarm"; says: FindingMeaning; alarm: SeenAlarm }
  /** `isFew`: there were too few requests. */
  | { code: "failures"; says: FindingMeaning; before: RequestCounts; after: RequestCounts; isFew: boolean }
  /** A load balancer that others share: its failures may be theirs, and decide nothing. `before`, `after`: how many. */
  | { code: "shared"; says: "quiet"; before: number; after: number }
  | { code: "hosts"; says: FindingMeaning; before: number | undefined; after: number | undefined }
  | { code: "unseen"; says: "unknown"; unseen: Unseen }
>;

export interface BakeVerdict {
  readonly kind: "helped" | "didNotHelp" | "cannotSay";
  /** All of them, those included that decide nothing. */
  readonly findings: readonly BakeFinding[];
}

/** How many minutes before the order are compared; `max` also limits those after it, where the user asks later. */
const COMPARED_MINUTES = { min: 5, max: 60 };

/** Fewer requests show nothing, and fewer failures may be chance. */
const MIN_REQUESTS = 50;
const MIN_FAILURES = 20;
/** The rate of failures that is trouble if it is new, or was there before; and the rate that always is. */
const TROUBLE = 0.01;
const OUTAGE = 0.05;
/** For how many minutes in a row a host must be unhealthy to count: others come and go with tasks. */
const STEADY_MINUTES = 3;

const floorMinute = (ms: number) => Math.floor(ms / MINUTE_MS) * MINUTE_MS;
const ceilMinute = (ms: number) => Math.ceil(ms / MINUTE_MS) * MINUTE_MS;

/** How long to wait for the metrics of the last minute, and for alarms that watch them. */
export const SETTLES_WITHIN_MS = 3 * MINUTE_MS;

/** When a deployment was ordered and completed: milliseconds since the epoch, by AWS's clock. */
export interface JudgedDeployment {
  readonly orderedAtMs: number;
  readonly completedAtMs: number;
  /** When the release that is left was deployed, where that is known. */
  readonly deployedAtMs?: number | undefined;
  /** When the user asks, where that is only afterwards. */
  readonly askedAtMs?: number | undefined;
}

/**
 * Which minutes are compared: those while the release that was left was live, an hour at most, and as many after the
 * rollback as the user wants. Where the user asks later, all that have been since, but at most the last hour of them.
 */
export function windowsOf(
  { orderedAtMs, completedAtMs, forMs, deployedAtMs = -Infinity, askedAtMs = -Infinity }: JudgedDeployment & {
    readonly forMs: number;
  },
): BakeWindows {
  const { min, max } = COMPARED_MINUTES;
  const beforeMs = Math.min(max * MINUTE_MS, Math.max(min * MINUTE_MS, ceilMinute(forMs)));
  const beforeToMs = floorMinute(orderedAtMs);
  const beforeFromMs = Math.min(beforeToMs, Math.max(beforeToMs - beforeMs, ceilMinute(deployedAtMs)));
  const sinceMs = ceilMinute(completedAtMs);
  const afterToMs = Math.max(sinceMs + ceilMinute(forMs), floorMinute(askedAtMs - SETTLES_WITHIN_MS));
  const afterFromMs = Math.max(sinceMs, afterToMs - Math.max(max * MINUTE_MS, ceilMinute(forMs)));
  return { beforeFromMs, beforeToMs, afterFromMs, afterToMs };
}

/** Whether waiting would show nothing more: metrics come minutes late, and so do alarms that watch them. */
export function isComplete(
  { windows: { afterToMs }, minutes, alarms }: BakeEvidence,
  watchesMetrics: boolean,
): boolean {
  const isOfService = ({ requests, unhealthyHosts }: Minute) => requests !== undefined || unhealthyHosts !== undefined;
  const hasCome = !watchesMetrics || minutes.some((one) => one.atMs >= afterToMs - MINUTE_MS && isOfService(one));
  return hasCome && alarms.every(({ now }) => now !== "ALARM");
}

/**
 * `didNotHelp`: something is in trouble. `helped`: something was in trouble and no longer is, and nothing that was in
 * trouble is unknown now. Otherwise nobody can say, as where nothing was seen in trouble before.
 */
export function judgeBake({ windows, minutes, alarms, unseen }: BakeEvidence): BakeVerdict {
  const { beforeFromMs, beforeToMs, afterFromMs, afterToMs } = windows;
  const counts = minutes.some(({ requests }) => requests !== undefined);
  const findings: BakeFinding[] = [
    ...alarms.map((alarm): BakeFinding => ({
      code: "alarm",
      says: compare(isInAlarm(alarm.before), isInAlarm(alarm.now)),
      alarm,
    })),
    ...(counts
      ? [
        judgeFailures(countRequests(minutes, beforeFromMs, beforeToMs), countRequests(minutes, afterFromMs, afterToMs)),
      ]
      : []),
    ...(minutes.length > 0
      ? [judgeHosts(unhealthyIn(minutes, beforeFromMs, beforeToMs), unhealthyIn(minutes, afterFromMs, afterToMs))]
      : []),
    ...judgeShared(minutes, windows),
    ...unseen.map((one): BakeFinding => ({ code: "unseen", says: "unknown", unseen: one })),
  ];
  const some = (says: FindingMeaning) => findings.some((finding) => finding.says === says);
  const isOpen = some("open") || unseen.some(({ of }) => of === "rest");
  return { kind: some("bad") ? "didNotHelp" : some("good") && !isOpen ? "helped" : "cannotSay", findings };
}

/** Compares trouble before with trouble now; `undefined`: it is not known. */
function compare(before: boolean | undefined, now: boolean | undefined): FindingMeaning {
  if (now === undefined) return before === true ? "open" : "unknown";
  return now ? "bad" : before === true ? "good" : "quiet";
}

function isInAlarm(state: string | undefined): boolean | undefined {
  return state === "ALARM" ? true : state === "OK" ? false : undefined;
}

/** A drop counts only where, at the earlier rate, enough requests would have failed to rule out chance. */
function judgeFailures(before: RequestCounts, after: RequestCounts): BakeFinding {
  const rate = ({ requests, failures }: RequestCounts) => requests === 0 ? 0 : failures / requests;
  const isKnown = before.requests >= MIN_REQUESTS;
  const wasFailing = isKnown ? before.failures >= MIN_FAILURES && rate(before) >= TROUBLE : undefined;
  const asBefore = rate(before) * after.requests;
  const isMany = after.failures >= MIN_FAILURES;
  const isFailing = (): boolean | undefined => {
    if (after.requests < MIN_REQUESTS) return undefined;
    if (isMany && rate(after) >= OUTAGE) return true;
    if (wasFailing === true) return asBefore < MIN_FAILURES ? undefined : after.failures > asBefore / 2;
    const isTrouble = isMany && rate(after) >= TROUBLE && after.failures >= 2 * asBefore;
    return wasFailing === undefined && isTrouble ? undefined : isTrouble;
  };
  const isFew = !isKnown || after.requests < MIN_REQUESTS;
  return { code: "failures", says: compare(wasFailing, isFailing()), before, after, isFew };
}

/** A shared load balancer has a finding where it failed before, or does now. */
function judgeShared(
  minutes: readonly Minute[],
  { beforeFromMs, beforeToMs, afterFromMs, afterToMs }: BakeWindows,
): BakeFinding[] {
  const sum = (fromMs: number, toMs: number) =>
    minutes.reduce(
      (sum, { atMs, sharedFailures = 0 }) => atMs >= fromMs && atMs < toMs ? sum + sharedFailures : sum,
      0,
    );
  const [before, after] = [sum(beforeFromMs, beforeToMs), sum(afterFromMs, afterToMs)];
  return Math.max(before, after) < MIN_FAILURES ? [] : [{ code: "shared", says: "quiet", before, after }];
}

function judgeHosts(before: number | undefined, after: number | undefined): BakeFinding {
  const isUnhealthy = (hosts: number | undefined) => hosts === undefined ? undefined : hosts > 0;
  return { code: "hosts", says: compare(isUnhealthy(before), isUnhealthy(after)), before, after };
}

/** How many hosts were unhealthy in every one of the last minutes. */
function unhealthyIn(minutes: readonly Minute[], fromMs: number, toMs: number): number | undefined {
  const known = minutes.flatMap(({ atMs, unhealthyHosts }) =>
    atMs >= fromMs && atMs < toMs && unhealthyHosts !== undefined ? [unhealthyHosts] : []
  );
  return known.length === 0 ? undefined : Math.min(...known.slice(-STEADY_MINUTES));
}
