import { shortName } from "../model/arn.ts";
import { type HistoryOutcome, servedMs } from "../model/history.ts";
import { type ContainerImage, parseImageName } from "../model/images.ts";
import type { ServiceRef } from "../model/service.ts";
import type { Hold } from "../model/service_notes.ts";
import { isBeingRolledBack, type ServiceDeployment } from "../model/service_deployment.ts";
import type { DescribedEntry, RunningUnrecorded } from "../rollout/read/read_history.ts";
import { shortDigest } from "./messages/image_text.ts";
import { formatJson, formatMoment, isoTime, nameService } from "./messages/log.ts";
import { describeHold, inBrackets, TRIGGERS } from "./messages/phrases.ts";

export const HISTORY_COLUMNS = ["FROM", "TO", "SERVED", "REVISION", "IMAGES", "ENDED"] as const;

/** How a deployment ended, or that its revision is still running. */
type HistoryEnd = Exclude<HistoryOutcome, "successful"> | "running" | "replaced";

/** A deployment in the table. Times are milliseconds by AWS's clock. */
interface HistoryRow {
  /** When it began to serve; if it never did, when it was created. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  /** `undefined`: it never served. */
  readonly servedMs: number | undefined;
  readonly taskDefinition: string | undefined;
  readonly images: readonly ContainerImage[];
  /** Tags that images named by digest were known to have, by container. */
  readonly tags?: ReadonlyMap<string, string>;
  readonly isLive: boolean;
  readonly ended: string;
}

/** @param nowMs by AWS's clock */
export function rowOfEntry(entry: DescribedEntry, nowMs: number): HistoryRow {
  const { servedFromMs, servedUntilMs, createdAtMs, finishedAtMs, taskDefinition, revision, isLive } = entry;
  const hasServed = servedFromMs !== undefined;
  return {
    fromMs: servedFromMs ?? createdAtMs,
    toMs: hasServed ? servedUntilMs : finishedAtMs,
    servedMs: hasServed ? servedMs(entry, nowMs) : undefined,
    taskDefinition,
    images: revision?.images ?? [],
    tags: tagsOf(entry),
    isLive,
    ended: describeEnd(entry),
  };
}

/** For each container whose image is named by digest, a tag that the image had before. */
function tagsOf({ tagged }: Pick<DescribedEntry, "tagged">): ReadonlyMap<string, string> {
  return new Map(tagged.flatMap(({ container, tags: [tag] }) => tag === undefined ? [] : [[container, tag] as const]));
}

export function rowOfUnrecorded(
  { taskDefinition, images, sinceMs, hold }: RunningUnrecorded,
  nowMs: number,
): HistoryRow {
  return {
    fromMs: sinceMs,
    toMs: undefined,
    servedMs: sinceMs === undefined ? undefined : Math.max(0, nowMs - sinceMs),
    taskDefinition,
    images,
    isLive: true,
    ended: ENDS.running + describeNotes({ hold }),
  };
}

function endOf({ isLive, outcome }: DescribedEntry): HistoryEnd {
  if (isLive) return "running";
  return outcome === "successful" ? "replaced" : outcome;
}

const ENDS: Readonly<Record<HistoryEnd, string>> = {
  running: "runs now",
  replaced: "replaced",
  leftByRollback: "left by a rollback",
  rolledBack: "rolled back by ECS",
  rollbackFailed: "ECS could not roll it back",
  stopped: "stopped",
  inProgress: "in progress",
};

function describeEnd(entry: DescribedEntry): string {
  const { details, wentBackTo, copyOf } = entry;
  const to = wentBackTo === undefined ? "" : ` to ${shortName(wentBackTo)}`;
  const why = details && describeCause(details);
  const end = entry.outcome === "inProgress" && isBeingRolledBack(entry)
    ? "ECS is rolling it back"
    : ENDS[endOf(entry)];
  const copy = copyOf === undefined ? "" : `; copy of ${shortName(copyOf)}`;
  return `${end}${to}${why ? `: ${why}` : ""}${copy}${describeNotes(entry)}`;
}

/** A hold on the revision, and who rolled the service back from it. */
function describeNotes({ hold, leftBy }: Pick<DescribedEntry, "hold" | "leftBy">): string {
  const rolledBack = leftBy && `${leftBy.by} rolled it back${inBrackets(leftBy.reason)}`;
  return [hold && describeHold(hold), rolledBack].map((note) => note === undefined ? "" : `; ${note}`).join("");
}

/** Why ECS gave the deployment up; while it is under way, its stage. */
function describeCause(details: ServiceDeployment): string | undefined {
  const { triggered, triggeredAlarms, rollback, statusReason, finishedAtMs, lifecycleStage } = details;
  const causes = triggered.map((one) => one === "alarm" ? ["alarm", ...triggeredAlarms].join(" ") : TRIGGERS[one]);
  if (causes.length > 0) return causes.join(" and ");
  return rollback?.reason ?? statusReason ?? (finishedAtMs === undefined ? lifecycleStage : undefined);
}

/** A row of the table, with local times. */
export function renderHistoryRow(row: HistoryRow): string[] {
  const { fromMs, toMs, servedMs, isLive } = row;
  return [
    fromMs === undefined ? "" : formatMoment(fromMs),
    toMs === undefined ? isLive ? "now" : "" : formatMoment(toMs),
    servedMs === undefined ? "" : formatServed(servedMs),
    ...renderRest(row),
  ];
}

/** Tab-separated values: times in ISO 8601, durations in seconds. */
export function renderHistoryValues(row: HistoryRow): string[] {
  const seconds = row.servedMs === undefined ? "" : String(Math.ceil(row.servedMs / 1_000));
  return [isoTime(row.fromMs) ?? "", isoTime(row.toMs) ?? "", seconds, ...renderRest(row)];
}

function renderRest({ taskDefinition, images, tags, ended }: HistoryRow): string[] {
  const several = images.length > 1;
  return [
    taskDefinition === undefined ? "?" : shortName(taskDefinition),
    images.map((image) => `${several ? `${image.container} ` : ""}${renderImage(image, tags)}`).join(", "),
    ended,
  ];
}

/** The tag, and the first characters of the digest that ran, as many as registries show. */
function renderImage({ container, image, digest }: ContainerImage, tags: HistoryRow["tags"]): string {
  const { tag = tags?.get(container), digest: named } = parseImageName(image);
  const ran = digest ?? named;
  return [tag, ran && shortDigest(ran)].filter((part) => part !== undefined).join("@");
}

/** How long a deployment served, in its two largest units: `12d 3h`, `3h 20m`, `4m 10s`. */
export function formatServed(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  const units = { d: 86_400, h: 3_600, m: 60, s: 1 };
  const parts = Object.entries(units).map(([unit, size], index, all) => {
    const larger = all[index - 1]?.[1] ?? Infinity;
    return [Math.floor((seconds % larger) / size), unit] as const;
  });
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? [[0, "s"]] : parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map((part) => part.join("")).join(" ");
}

/** Version of the NDJSON: one object per line, described by docs/history.schema.json. */
const HISTORY_VERSION = 1;

/** @param nowMs by AWS's clock @param of the service, if there are several */
export function formatEntry(entry: DescribedEntry, nowMs: number, of?: ServiceRef): string {
  const { arn, taskDefinition, revision, createdAtMs, finishedAtMs, servedFromMs, servedUntilMs, details } = entry;
  return formatJson({
    version: HISTORY_VERSION,
    ...(of && nameService(of)),
    serviceDeployment: arn,
    taskDefinition: taskDefinition && describeTaskDefinition(taskDefinition),
    copyOf: entry.copyOf && describeTaskDefinition(entry.copyOf),
    images: (revision?.images ?? []).map((image) => describeImage(image, tagsOf(entry))),
    startedAt: isoTime(createdAtMs),
    finishedAt: isoTime(finishedAtMs),
    servedFrom: isoTime(servedFromMs),
    servedUntil: isoTime(servedUntilMs),
    servedSeconds: Math.ceil(servedMs(entry, nowMs) / 1_000),
    end: endOf(entry),
    triggeredBy: details?.triggered,
    alarms: details?.triggeredAlarms,
    reason: details && (details.rollback?.reason ?? details.statusReason),
    wentBackTo: entry.wentBackTo && describeTaskDefinition(entry.wentBackTo),
    hold: holdToJson(entry.hold),
    leftBy: entry.leftBy && { ...entry.leftBy, at: isoTime(entry.leftBy.atMs), atMs: undefined },
  });
}

export function formatUnrecorded(
  { taskDefinition, images, sinceMs, hold }: RunningUnrecorded,
  nowMs: number,
  of?: ServiceRef,
): string {
  return formatJson({
    version: HISTORY_VERSION,
    ...(of && nameService(of)),
    taskDefinition: describeTaskDefinition(taskDefinition),
    images: images.map((image) => describeImage(image)),
    servedFrom: isoTime(sinceMs),
    servedSeconds: sinceMs === undefined ? undefined : Math.ceil(Math.max(0, nowMs - sinceMs) / 1_000),
    end: "running",
    hold: holdToJson(hold),
  });
}

/** An empty object if the value of the hold's tag is not this program's. */
function holdToJson(hold: Hold | undefined) {
  if (hold?.untilMs === undefined) return hold && {};
  return { until: isoTime(hold.untilMs), at: isoTime(hold.atMs), by: hold.by, reason: hold.reason };
}

function describeTaskDefinition(arn: string) {
  return { name: shortName(arn), arn };
}

/** @param tags tags that the images are known to have had, by container */
function describeImage({ container, image, digest }: ContainerImage, tags?: ReadonlyMap<string, string>) {
  return { container, image, tag: parseImageName(image).tag ?? tags?.get(container), digest };
}
