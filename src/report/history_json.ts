import { clusterName, serviceName } from "../model/arn.ts";
import type { ServiceRef } from "../model/service.ts";
import { type ContainerImage, parseImageName } from "../model/images.ts";
import { servedMs } from "../model/history.ts";
import type { DescribedEntry, RunningUnrecorded } from "../rollout/read/read_history.ts";
import { endOf, nameOf, tagsOf } from "./history_text.ts";
import { formatJson, isoTime } from "./log.ts";

/** What ran as NDJSON: an object a line, described by docs/history.schema.json. */
const HISTORY_VERSION = 1;

/** @param nowMs AWS's time @param of the service, where there are many */
export function formatEntry(entry: DescribedEntry, nowMs: number, of?: ServiceRef): string {
  const { arn, taskDefinition, revision, createdAtMs, finishedAtMs, servedFromMs, servedUntilMs, details } = entry;
  return formatJson({
    version: HISTORY_VERSION,
    ...nameService(of),
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
    triggeredBy: details?.triggered.map((one) => one === "alarm" ? "alarm" : "circuitBreaker"),
    alarms: details?.triggeredAlarms,
    reason: details && (details.rollback?.reason ?? details.statusReason),
    wentBackTo: entry.wentBackTo && describeTaskDefinition(entry.wentBackTo),
  });
}

export function formatUnrecorded(
  { taskDefinition, images, sinceMs }: RunningUnrecorded,
  nowMs: number,
  of?: ServiceRef,
): string {
  return formatJson({
    version: HISTORY_VERSION,
    ...nameService(of),
    taskDefinition: describeTaskDefinition(taskDefinition),
    images: images.map((image) => describeImage(image)),
    servedFrom: isoTime(sinceMs),
    servedSeconds: sinceMs === undefined ? undefined : Math.ceil(Math.max(0, nowMs - sinceMs) / 1_000),
    end: "running",
  });
}

function nameService(of: ServiceRef | undefined) {
  return of && { service: serviceName(of.service), cluster: clusterName(of.cluster), region: of.region };
}

function describeTaskDefinition(arn: string) {
  return { name: nameOf(arn), arn };
}

/** @param tags those that the images are known to have had, by container */
function describeImage({ container, image, digest }: ContainerImage, tags?: ReadonlyMap<string, string>) {
  return { container, image, tag: parseImageName(image).tag ?? tags?.get(container), digest };
}
