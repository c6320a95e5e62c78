import { isDenied } from "../errors.ts";
import { countRequests, type Minute, MINUTE_MS, type RequestCounts } from "../model/metrics.ts";
import type { Bake, BakeEvidence, BakeFinding, BakeVerdict, Unseen } from "../rollout/judge/judge_bake.ts";
import { byCode } from "./messages/cases.ts";
import { count, formatDuration, formatLocalTime } from "./messages/log.ts";
import { describeCall } from "./messages/aws_failure_text.ts";
import type { ServiceState } from "./state.ts";

/** `5xx, requests and unhealthy hosts of the target group web, and the alarm web-5xx`; empty if there is nothing. */
function describeWatched(
  { alarms, targetGroups, loadBalancers }: Pick<Bake, "alarms" | "targetGroups" | "loadBalancers">,
): string {
  const named = (noun: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`the ${noun}${names.length === 1 ? "" : "s"} ${names.join(", ")}`];
  const groups = targetGroups.map((arn) => arn.split("/")[1] ?? arn);
  const balanced = [...named("target group", groups), ...named("load balancer", loadBalancers)].join(" and ");
  return [
    ...(balanced === "" ? [] : [`5xx, requests and unhealthy hosts of ${balanced}`]),
    ...named("alarm", alarms),
  ].join(", and ");
}

/** `bake for 5m: watch ...`, as a step of a plan. */
export function describeBake(step: Bake): string {
  const from = step.isInPlace ? ", counted from when its deployment was completed" : "";
  return `bake for ${formatDuration(step.forMs)}${from}: ${describeWatching("watch", step)}`;
}

/** What the log says when a bake begins. */
export function describeBakeNow({ step, completedAtMs, elapsedMs = 0 }: NonNullable<ServiceState["bake"]>): string {
  const from = !step.isInPlace
    ? ""
    : elapsedMs > 0
    ? ` since ${formatLocalTime(completedAtMs)}, when its deployment was completed`
    : " from now on, since it is not known when its deployment was completed";
  return `Baking for ${formatDuration(step.forMs)}${from}: ${describeWatching("watching", step)}`;
}

function describeWatching(verb: "watch" | "watching", step: Bake): string {
  const watched = describeWatched(step);
  return watched === ""
    ? "nothing shows whether it helped: no load balancer, no alarm (--alarm)"
    : `${verb} ${watched}`;
}

/** `Baked 2m of 5m: 5xx 0.1% of 1000 requests ...`: what the bake has seen so far. */
export function describeBaking(bake: NonNullable<ServiceState["bake"]>): string {
  const { step: { forMs }, evidence, elapsedMs = 0 } = bake;
  const bakedMs = Math.min(elapsedMs, forMs);
  const last = evidence?.minutes.at(-1)?.atMs ?? Infinity;
  const isLate = elapsedMs >= forMs && last < evidence!.windows.afterToMs - MINUTE_MS
    ? ", the last metrics are still to come"
    : "";
  const seen = describeSight(bake) || "nothing is known yet";
  return `Baked ${bakedMs < 1_000 ? "0s" : formatDuration(bakedMs)} of ${formatDuration(forMs)}${isLate}: ${seen}`;
}

/** What the bake has seen, without the time; empty if nothing is known. */
export function describeSight({ evidence }: Pick<NonNullable<ServiceState["bake"]>, "evidence">): string {
  if (evidence === undefined) return "";
  return [...describeTraffic(evidence), ...describeAlarms(evidence), ...evidence.unseen.flatMap(nameUnread)].join(", ");
}

function describeTraffic({ windows, minutes, unseen }: BakeEvidence): string[] {
  if (minutes.length === 0) return [];
  const { beforeFromMs, beforeToMs, afterFromMs, afterToMs } = windows;
  const before = countRequests(minutes, beforeFromMs, beforeToMs);
  const after = countRequests(minutes, afterFromMs, afterToMs);
  const unhealthy = minutes.findLast(({ atMs, unhealthyHosts }) => atMs >= afterFromMs && unhealthyHosts !== undefined);
  const counts = minutes.some(({ requests }) => requests !== undefined);
  return [
    ...(counts
      ? [
        `5xx ${after.requests === 0 ? "not known yet" : nameShare(after)} (before ${
          unseen.some(({ of }) => of === "past") ? "not kept" : nameShare(before)
        })`,
      ]
      : []),
    ...(unhealthy === undefined ? [] : [`${unhealthy.unhealthyHosts} unhealthy`]),
  ];
}

function nameUnread(unseen: Unseen): string[] {
  return "error" in unseen
    ? [`${unseen.of === "alarmsBefore" ? "past of alarms" : unseen.of} not read (${unseen.error.code})`]
    : [];
}

function describeAlarms({ alarms, unseen }: BakeEvidence): string[] {
  if (unseen.some(({ of }) => of === "alarms")) return [];
  return alarms.map(({ name, now = "not found" }) => `alarm ${name} ${now}`);
}

/** `41.2% of 2000 requests` */
function nameShare({ requests, failures }: RequestCounts): string {
  if (requests === 0) return "no requests";
  return `${formatShare(failures / requests)} of ${count(requests, "request")}`;
}

function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return "0%";
  return percent < 0.1 ? "<0.1%" : `${Number(percent.toFixed(percent < 10 ? 1 : 0))}%`;
}

const LEADS: Readonly<Record<BakeVerdict["kind"], string>> = {
  helped: "It helped",
  didNotHelp: "It did NOT help",
  cannotSay: "Whether it helped cannot be said",
};

/** Whether a rollback helped and what shows it, as one sentence; `undefined` until the bake has ended. */
export function describeVerdict({ bake }: Pick<ServiceState, "bake">): string | undefined {
  const verdict = bake?.verdict;
  if (verdict === undefined) return undefined;
  const said = verdict.findings.filter((finding) => isTelling(finding, verdict));
  const unseen = said.filter(({ code }) => code === "unseen");
  const seen = said.filter(({ code }) => code !== "unseen");
  // If nobody can say, the reason is what could not be read, so that comes first.
  const ordered = verdict.kind === "helped" ? [...seen, ...unseen] : [...unseen, ...seen];
  return `${LEADS[verdict.kind]}: ${ordered.map(describeFinding).join("; ")}.`;
}

/** Whether a finding is a reason for the verdict. */
function isTelling(finding: BakeFinding, { kind, findings }: BakeVerdict): boolean {
  const unseen = new Set(findings.flatMap((one) => one.code === "unseen" ? [one.unseen.of] : []));
  if (unseen.has("past")) return finding.code === "unseen";
  if (unseen.has("rest")) return finding.code === "unseen" && finding.unseen.of === "rest";
  const isMissing = finding.code === "alarm" && finding.alarm.now === undefined;
  if (isMissing && unseen.has("alarms")) return false;
  switch (kind) {
    case "didNotHelp":
      return finding.says === "bad";
    case "helped":
      return finding.says === "good" || finding.code === "unseen" || isMissing;
    case "cannotSay":
      return finding.says !== "good";
  }
}

/** How an alarm that is OK was before. */
const LIKE_BEFORE: Readonly<Record<string, string>> = {
  OK: ", as it was",
  ALARM: " again",
  "": ", and how it was before is not known",
};

const describeFinding = byCode<BakeFinding, string>({
  alarm: ({ alarm: { name, before, now } }) => {
    if (now === "ALARM") return `alarm ${name} is ${before === "ALARM" ? "still " : ""}in ALARM`;
    if (now === "OK") return `alarm ${name} is OK${LIKE_BEFORE[before ?? ""] ?? `, and was in ${before}`}`;
    return now === undefined ? `there is no alarm called ${name}` : `alarm ${name} has the state ${now}`;
  },
  failures: ({ says, before, after, isFew }) => {
    const change = `5xx ${nameShare(before)} before, ${nameShare(after)} since`;
    if (says === "good" || says === "bad") return change;
    if (says === "quiet") return `${change}: too few failures before to compare`;
    return `${change}: ${isFew ? "too few requests" : "too few to tell"}`;
  },
  shared: ({ before, after }) =>
    `the load balancer itself, which others share, answered ${
      count(before, "request")
    } with 5xx before, ${after} since`,
  hosts: ({ before, after }) => {
    if (after === undefined) return "how many hosts are unhealthy is not known";
    if (after > 0) return `${count(after, "host")} ${after === 1 ? "is" : "are"} unhealthy`;
    return before !== undefined && before > 0 ? `${before} unhealthy before, none since` : "no host is unhealthy";
  },
  unseen: ({ unseen }) => describeUnseen(unseen),
});

function describeUnseen(unseen: Unseen): string {
  if (unseen.of === "anything") return "the service has no load balancer, and no alarm was named (--alarm)";
  if (unseen.of === "rest") return "the baking was stopped";
  if (unseen.of === "past") {
    return `it was deployed at ${formatLocalTime(unseen.orderedAtMs)}, and CloudWatch keeps minutes for 15 days`;
  }
  const what = WHAT[unseen.of];
  return "error" in unseen
    ? `${what} cannot be read: ${describeCall(unseen.error)}`
    : `${what} are not whole: CloudWatch calls them ${unseen.status}`;
}

const WHAT = {
  alarms: "alarms",
  alarmsBefore: "how alarms were before",
  metrics: "the load balancer's metrics",
} as const;

const LEVELS = "_.:-=+*#";
const MAX_COLUMNS = 20;

/**
 * A chart of the minutes before, during and after the rollback, in ASCII: the worst minute has the highest column.
 * Empty if no minute is known.
 */
export function renderChart(evidence: BakeEvidence | undefined): string[] {
  if (evidence === undefined || evidence.minutes.length === 0) return [];
  const { minutes, windows: { beforeToMs, afterFromMs } } = evidence;
  const phases = [
    minutes.filter(({ atMs }) => atMs < beforeToMs),
    minutes.filter(({ atMs }) => atMs >= beforeToMs && atMs < afterFromMs),
    minutes.filter(({ atMs }) => atMs >= afterFromMs),
  ].map((some) => some.slice(-MAX_COLUMNS));
  const row = (name: string, valueOf: (minute: Minute) => number | undefined, format: (most: number) => string) => {
    const values = phases.map((some) => some.map(valueOf));
    const known = values.flat().filter((value) => value !== undefined);
    const most = Math.max(0, ...known);
    if (most === 0) return [];
    const columns = values.map((some) => some.map((value) => columnOf(value, most)).join(""));
    return [`${name.padEnd(11)}${columns.join(" | ")}  most: ${format(most)}`];
  };
  const shareOf = ({ requests, failures }: Minute) => requests ? Math.min(1, failures / requests) : undefined;
  return [
    "by minute  before | during | after",
    ...row("5xx", shareOf, formatShare),
    ...row("requests", ({ requests }) => requests, (most) => `${most} a minute`),
    ...row("unhealthy", ({ unhealthyHosts }) => unhealthyHosts, (most) => count(most, "host")),
  ];
}

function columnOf(value: number | undefined, most: number): string {
  if (value === undefined) return " ";
  if (value === 0) return LEVELS[0]!;
  return LEVELS[Math.max(1, Math.ceil(value / most * (LEVELS.length - 1)))]!;
}

/** The names of the alarms that are in ALARM after the rollback. */
export function alarmsOff({ findings }: BakeVerdict): string[] {
  return findings.flatMap((one) => one.code === "alarm" && one.says === "bad" ? [one.alarm.name] : []);
}

/** Whether more data may later show if the rollback helped. */
export function mayBeKnownLater({ kind, findings }: BakeVerdict): boolean {
  const isForGood = (one: Unseen) =>
    one.of === "anything" || one.of === "past" || ("error" in one && isDenied(one.error));
  if (kind !== "cannotSay" || findings.some((one) => one.code === "unseen" && isForGood(one.unseen))) return false;
  return findings.some(({ says }) => says === "open" || says === "unknown");
}
