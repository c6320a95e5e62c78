import { type AwsError, optional } from "../../errors.ts";
import { parseTaskDefinitionArn } from "../../model/arn.ts";
import { findLikelyCopies, type HistoryEntry, readHistory } from "../../model/history.ts";
import { type TaggedImage, tagImages } from "../../model/image_tags.ts";
import { findHold, findLastRollback, type Hold, type LastRollback } from "../../model/service_notes.ts";
import type { EcsReader } from "../../model/ports.ts";
import { type DescribedService, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import type {
  ListedDeployment,
  PastDeployment,
  ServiceDeployment,
  ServiceRevision,
} from "../../model/service_deployment.ts";
import { copiedFrom } from "../../model/task_definition.ts";
import { readCopyTags } from "./copies.ts";
import { currentRevision, type ServiceReading } from "./read_service.ts";

/** What really ran in a service. */
export interface ServiceHistory {
  /** Newest first. */
  readonly entries: readonly DescribedEntry[];
  /** Whether ECS has any deployment on record, even before the moment that is asked about. */
  readonly isRecorded: boolean;
  /** What serves, where it was deployed before ECS's record begins. */
  readonly running: RunningUnrecorded | undefined;
  /** Why something may not be read, by what is not known without it. */
  readonly denied: Readonly<Partial<Record<"ends" | "copies" | "running", AwsError>>>;
}

/** An entry, with what takes further calls. */
export interface DescribedEntry extends HistoryEntry {
  /** How it has failed; `undefined` where it has succeeded, and where that may not be read. */
  readonly details: ServiceDeployment | undefined;
  /** The ARN of the task definition that ECS went back to. */
  readonly wentBackTo: string | undefined;
  /** The ARN of the original, where its task definition is a copy. */
  readonly copyOf: string | undefined;
  /** Its images, each with the tags that it is known to have had: a pinned copy's own definition names digests only. */
  readonly tagged: readonly TaggedImage[];
  /** The hold on it, where it is live. */
  readonly hold?: Hold | undefined;
  /** The rollback that left it, where the service's tag says so. */
  readonly leftBy?: LastRollback | undefined;
}

export interface RunningUnrecorded extends Pick<ServiceRevision, "taskDefinition" | "images"> {
  /** When its deployment began, as far as the service shows that. */
  readonly sinceMs: number | undefined;
  readonly hold?: Hold | undefined;
}

/** What the history of a service is read with. */
interface Reading extends ServiceReading {
  /** Only what served, or ended, at or after this moment is described any further. */
  readonly sinceMs: number;
  readonly onProgress: (deployments: number) => void;
}

/**
 * Reads everything that ECS has on record of a service: a call for each 100 deployments, one for each 20 service
 * revisions, and one for each 20 deployments that did not succeed. Their settings are not kept.
 *
 * @returns `undefined` where ECS knows no such service
 * @throws AwsError where the record may not be read
 */
export async function readServiceHistory(reading: Reading): Promise<ServiceHistory | undefined> {
  const { ref, ecs, sinceMs, signal } = reading;
  const [service, past] = await Promise.all([ecs.describeService(ref, signal), readPast(reading)]);
  if (service === undefined) return undefined;
  const isWanted = ({ isLive, servedUntilMs, finishedAtMs = Infinity }: HistoryEntry) =>
    isLive || (servedUntilMs ?? finishedAtMs) >= sinceMs;
  const { entries, denied } = await describeEntries(past, (all) => all.filter(isWanted), ecs, signal);
  const all = readHistory(past);
  const newest = entries.find(({ arn }) => arn === all[0]?.arn);
  const running = all.some(({ isLive }) => isLive)
    ? undefined
    : await optional(readRunningUnrecorded(service, newest?.details, reading));
  const { value, denied: unread } = running ?? {};
  return {
    entries: addNotes(entries, service, ecs.now()),
    isRecorded: past.length > 0,
    running: value && { ...value, hold: findHold(service.raw, ecs.now()) },
    denied: { ...denied, running: unread },
  };
}

/**
 * Describes what has run: by a call for each 20 that did not succeed, and one for each that may be a copy.
 *
 * @param choose which entries are wanted
 */
export async function describeEntries(
  past: readonly PastDeployment[],
  choose: (all: readonly HistoryEntry[]) => readonly HistoryEntry[],
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<Pick<ServiceHistory, "entries" | "denied">> {
  const copies = await optional(findCopies(past, ecs, signal));
  const originals = new Map([...copies.value ?? []].map(([arn, { original }]) => [arn, original]));
  const wanted = choose(readHistory(past, originals));
  const failed = wanted.filter(({ status }) => status !== "SUCCESSFUL").map(({ arn }) => arn);
  const described = await optional(ecs.describeServiceDeployments(failed, signal));
  const details = new Map(described.value?.map((one) => [one.arn, one]));
  const byArn = new Map(past.map(({ revision }) => [revision?.arn, revision]));
  const tagged = tagImages(past, new Map([...copies.value ?? []].map(([arn, { tags }]) => [arn, tags])));
  const entries = wanted.map((entry) => ({
    ...entry,
    details: details.get(entry.arn),
    wentBackTo: byArn.get(details.get(entry.arn)?.rollback?.revisionArn)?.taskDefinition,
    copyOf: copies.value?.get(entry.taskDefinition ?? "")?.original,
    tagged: tagged.get(entry.arn) ?? [],
  }));
  return { entries, denied: { ends: described.denied, copies: copies.denied } };
}

/** Adds what the service's tags say of what runs, and of what the last rollback left. */
function addNotes(entries: readonly DescribedEntry[], { raw }: DescribedService, nowMs: number): DescribedEntry[] {
  const [hold, leftBy] = [findHold(raw, nowMs), findLastRollback(raw)];
  const left = leftBy &&
    entries.find(({ taskDefinition, createdAtMs }) =>
      createdAtMs <= leftBy.atMs && taskDefinition?.endsWith(leftBy.from)
    );
  return entries.map((entry) => ({
    ...entry,
    ...(entry.isLive && { hold }),
    ...(entry === left && { leftBy }),
  }));
}

async function readPast({ ref, ecs, onProgress, signal }: Reading) {
  const byArn = new Map<string, ServiceRevision>();
  const listed = new Map<string, ListedDeployment>();
  for await (const page of ecs.listDeployments(ref, signal)) {
    for (const one of page) listed.set(one.arn, one);
    const arns = new Set(page.flatMap(({ revisionArn = "" }) => byArn.has(revisionArn) ? [] : revisionArn));
    arns.delete("");
    // A service revision holds all settings of its time: too much to keep for a long history.
    for (const revision of await ecs.describeServiceRevisions([...arns], signal)) {
      byArn.set(revision.arn, { ...revision, raw: {} });
    }
    onProgress(listed.size);
  }
  return [...listed.values()].map(({ revisionArn = "", ...deployment }): PastDeployment => {
    const revision = byArn.get(revisionArn);
    return { ...deployment, taskDefinition: revision?.taskDefinition, revision };
  });
}

/** How many task definitions are described at once. */
const AT_ONCE = 10;

/**
 * Finds the copies by their own tags; only likely ones are read. Returns by ARN the ARN of each one's original, and the
 * tags that its images had.
 */
async function findCopies(past: readonly PastDeployment[], ecs: EcsReader, signal: AbortSignal) {
  const likely = [...findLikelyCopies(past).keys()];
  const copies = new Map<string, { original: string; tags: ReadonlyMap<string, string> }>();
  for (let start = 0; start < likely.length; start += AT_ONCE) {
    await Promise.all(
      likely.slice(start, start + AT_ONCE).map(async (arn) => {
        const { family } = parseTaskDefinitionArn(arn);
        const definition = await ecs.describeTaskDefinition(arn, signal);
        const number = definition && copiedFrom(definition.raw, family);
        if (definition === undefined || number === undefined) return;
        const { tags } = await readCopyTags(definition, ecs, signal);
        copies.set(arn, { original: arn.replace(/\d+$/, String(number)), tags });
      }),
    );
  }
  return copies;
}

/** Reads what serves where that is not on record: what the only deployment replaces, while that is under way. */
async function readRunningUnrecorded(
  service: ServiceSnapshot,
  newest: ServiceDeployment | undefined,
  { ecs, signal }: Reading,
): Promise<RunningUnrecorded | undefined> {
  const isReplaced = newest !== undefined && newest.finishedAtMs === undefined;
  const arns = isReplaced ? newest.sourceRevisionArns : service.serviceRevisionArns;
  const revisions = await ecs.describeServiceRevisions(arns, signal);
  const runs = isReplaced ? undefined : service.taskDefinition;
  const revision = currentRevision(revisions, runs);
  const taskDefinition = runs ?? revision?.taskDefinition;
  if (taskDefinition === undefined) return undefined;
  const sinceMs = isReplaced ? revision?.createdAtMs : primaryDeployment(service)?.createdAtMs;
  return { taskDefinition, images: revision?.images ?? [], sinceMs };
}
