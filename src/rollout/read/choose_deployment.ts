import { optional } from "../../errors.ts";
import { parseTaskDefinitionArn } from "../../model/arn.ts";
import { type HistoryEntry, readHistory, servingAt } from "../../model/history.ts";
import type { EcsReader } from "../../model/ports.ts";
import { hasFailed, isBeingRolledBack, newestFirst, type PastDeployment } from "../../model/service_deployment.ts";
import { type DeploymentRecord, MAX_COPIES, type RecordReading } from "./deployment_record.ts";
import { type Chosen, chosen, chosenDeployment, type Doubt, noneChosen } from "./chosen_revision.ts";
import type { DeploymentChoice } from "./revision_choice.ts";
import { hasCommit, type TaggedImage, tagImages, type TagsOfDefinitions } from "../../model/image_tags.ts";
import { parseImageName } from "../../model/images.ts";
import { readCopyTags } from "./copies.ts";

/** Chooses a past deployment by ECS's record alone. Where the record may not be read, none is chosen. */
export async function chooseDeployment(
  choice: DeploymentChoice,
  { record, ecs, signal }: Omit<RecordReading, "ref">,
): Promise<Chosen> {
  if (choice.kind === "deployment") return await chooseById(choice.id, record);
  const { value: past, denied } = await record.read("most");
  if (past === undefined) return noneChosen({ code: "recordNotRead", denial: denied.failure });
  if (choice.kind === "imageTag") return findImageTag(past, choice.tag, await readCopiesTags(past, ecs, signal));
  const history = readHistory(past);
  const serving = servingAt(history, choice.atMs);
  return serving === undefined ? await chooseEarlier(choice.atMs, history, record) : chooseServing(serving, past);
}

async function chooseById(id: string, record: DeploymentRecord): Promise<Chosen> {
  const matches = ({ arn }: PastDeployment) => arn === id || arn.endsWith(`/${id}`);
  const found = await record.find(matches);
  const { value: past = [], denied } = await record.read("few");
  if (denied !== undefined) return noneChosen({ code: "recordNotRead", denial: denied.failure });
  if (found?.taskDefinition === undefined) return noneChosen({ code: "noSuchDeployment" });
  const target = parseTaskDefinitionArn(found.taskDefinition);
  const { status, finishedAtMs: atMs = found.createdAtMs } = found;
  const isLost = hasFailed(found) || isBeingRolledBack(found);
  const doubts: Doubt[] = isLost ? [{ code: "notCompleted", revision: target, status }] : [];
  return chosenDeployment(found, { code: "ofDeployment", target, status, atMs }, past, doubts);
}

function chooseServing(entry: HistoryEntry, past: readonly PastDeployment[]): Chosen {
  const { taskDefinition, servedFromMs = entry.createdAtMs, servedUntilMs } = entry;
  if (taskDefinition === undefined) return noneChosen({ code: "noSuchDeployment" });
  const target = parseTaskDefinitionArn(taskDefinition);
  return chosenDeployment(entry, { code: "servedAt", target, fromMs: servedFromMs, untilMs: servedUntilMs }, past);
}

/** Chooses what served before the first completed deployment on record: what the oldest one came from, if known. */
async function chooseEarlier(
  atMs: number,
  history: readonly HistoryEntry[],
  record: DeploymentRecord,
): Promise<Chosen> {
  const first = history.findLast(({ servedFromMs }) => servedFromMs !== undefined);
  const { value: earliest } = await optional(record.findEarliest());
  if (earliest === undefined || earliest.createdAtMs > atMs) {
    return noneChosen({ code: "beforeRecord", sinceMs: earliest?.createdAtMs ?? first?.servedFromMs });
  }
  const target = parseTaskDefinitionArn(earliest.taskDefinition);
  const served = { fromMs: earliest.createdAtMs, untilMs: first?.createdAtMs };
  return { ...chosen(target, { code: "servedAt", target, ...served }), ran: earliest };
}

/** A deployment with images of a tag: these images. */
interface TagMatch {
  readonly deployment: PastDeployment & { readonly taskDefinition: string };
  readonly images: readonly TaggedImage[];
  /** Equal where the images are the same. */
  readonly identity: string;
}

/**
 * Finds the newest completed deployment with an image of this tag, or else of a tag with a git commit that begins so.
 * Where several images match (the tag was pushed again, two commits begin alike), none is chosen. Pure.
 */
function findImageTag(past: readonly PastDeployment[], tag: string, ofCopies: TagsOfDefinitions): Chosen {
  const ordered = newestFirst(past);
  const tagged = tagImages(ordered, ofCopies);
  const find = (matches: (one: string) => boolean) =>
    ordered.flatMap((deployment) => matchTag(deployment, tagged.get(deployment.arn) ?? [], matches));
  const named = find((one) => one === tag);
  const matching = named.length > 0 ? named : find((one) => hasCommit(one, tag));
  const completed = matching.filter(({ deployment }) => deployment.status === "SUCCESSFUL");
  const [newest] = completed;
  if (newest === undefined) {
    const failed = matching[0] && parseTaskDefinitionArn(matching[0].deployment.taskDefinition);
    return noneChosen({ code: "noSuchImageTag", failed });
  }
  const newestOfEach = [...Map.groupBy(completed, ({ identity }) => identity).values()].map(([first]) => first!);
  if (newestOfEach.length > 1) return noneChosen({ code: "severalImages", found: newestOfEach.map(toFound) });
  const { target, images, atMs } = toFound(newest);
  return chosenDeployment(newest.deployment, { code: "hasImageTag", target, images, atMs }, past);
}

function matchTag(
  { taskDefinition, ...deployment }: PastDeployment,
  tagged: readonly TaggedImage[],
  matches: (tag: string) => boolean,
): TagMatch[] {
  const images = tagged.filter(({ tags }) => tags.some(matches));
  if (taskDefinition === undefined || images.length === 0) return [];
  const identity = images.map(({ container, name }) => `${container} ${name}`).toSorted().join(" ");
  const shown = images.map((image) => ({ ...image, tags: image.tags.filter(matches) }));
  return [{ deployment: { ...deployment, taskDefinition }, images: shown, identity }];
}

function toFound({ deployment, images }: TagMatch) {
  const { arn, taskDefinition, createdAtMs, finishedAtMs } = deployment;
  return {
    arn,
    target: parseTaskDefinitionArn(taskDefinition),
    images: images.map(showImage),
    atMs: finishedAtMs ?? createdAtMs,
  };
}

/** `REPOSITORY:TAG@DIGEST`, as far as that is known. */
function showImage({ name, tags: [tag = ""] }: TaggedImage): string {
  const { repository, digest } = parseImageName(name);
  return digest === undefined ? name : `${repository}:${tag}@${digest}`;
}

/** Reads the tags of the newest pinned copies that no other deployment on record shows; only what may be read. */
async function readCopiesTags(
  past: readonly PastDeployment[],
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<TagsOfDefinitions> {
  const tagged = tagImages(past);
  const copies = newestFirst(past).flatMap(({ arn, taskDefinition }) =>
    tagged.get(arn)?.some(({ tags }) => tags.length === 0) ? taskDefinition ?? [] : []
  );
  const arns = [...new Set(copies)].slice(0, MAX_COPIES);
  return new Map(
    await Promise.all(arns.map(async (arn) => {
      const { value: definition } = await optional(ecs.describeTaskDefinition(arn, signal));
      return [arn, definition && (await readCopyTags(definition, ecs, signal)).tags] as const;
    })),
  );
}
