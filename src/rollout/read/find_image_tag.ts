import { optional } from "../../errors.ts";
import { parseTaskDefinitionArn } from "../../model/arn.ts";
import { hasCommit, type TaggedImage, tagImages } from "../../model/image_tags.ts";
import { parseImageName } from "../../model/images.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { PastDeployment } from "../../model/service_deployment.ts";

import { readCopyTags } from "./copies.ts";
import { type Chosen, chosenDeployment, noneChosen } from "./revision_choice.ts";

/** By the ARN of a task definition the tags of its images, by container. */
type CopiesTags = ReadonlyMap<string, ReadonlyMap<string, string> | undefined>;

/** A deployment that is meant, and which of its images have the tag. */
interface Meant {
  readonly deployment: PastDeployment & { readonly taskDefinition: string };
  readonly images: readonly TaggedImage[];
  /** The same for the same images. */
  readonly identity: string;
}

/**
 * Finds the newest completed deployment with an image of this tag; where there is none, of a tag that has a git commit in it
 * which begins so. Where several images are meant (the tag was pushed again, two commits begin alike), none is chosen. Pure.
 */
export function findImageTag(past: readonly PastDeployment[], tag: string, copies: CopiesTags = new Map()): Chosen {
  const newestFirst = past.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  const tagged = tagImages(newestFirst.map(({ taskDefinition = "", revision }) => ({
    images: revision?.images ?? [],
    tags: copies.get(taskDefinition),
  })));
  const find = (isMeant: (one: string) => boolean) =>
    newestFirst.flatMap((deployment, index) => toMeant(deployment, tagged[index] ?? [], isMeant));
  const named = find((one) => one === tag);
  const meant = named.length > 0 ? named : find((one) => hasCommit(one, tag));
  const completed = meant.filter(({ deployment }) => deployment.status === "SUCCESSFUL");
  const [newest] = completed;
  if (newest === undefined) {
    const failed = meant[0] && parseTaskDefinitionArn(meant[0].deployment.taskDefinition);
    return noneChosen({ code: "noSuchImageTag", tag, failed });
  }
  const newestOfEach = [...Map.groupBy(completed, ({ identity }) => identity).values()].map(([first]) => first!);
  if (newestOfEach.length > 1) return noneChosen({ code: "severalImages", found: newestOfEach.map(toFound) });
  const { target, images, atMs } = toFound(newest);
  return chosenDeployment(newest.deployment, { code: "hasImageTag", target, images, atMs }, past);
}

function toMeant(
  { taskDefinition, ...deployment }: PastDeployment,
  tagged: readonly TaggedImage[],
  isMeant: (tag: string) => boolean,
): Meant[] {
  const images = tagged.filter(({ tags }) => tags.some(isMeant));
  if (taskDefinition === undefined || images.length === 0) return [];
  const identity = images.map(({ container, name }) => `${container} ${name}`).toSorted().join(" ");
  const shown = images.map((image) => ({ ...image, tags: image.tags.filter(isMeant) }));
  return [{ deployment: { ...deployment, taskDefinition }, images: shown, identity }];
}

function toFound({ deployment, images }: Meant) {
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

/** So many task definitions are asked for the tags that their images had: each is a call. */
const MOST_COPIES = 5;

/** Reads the tags of pinned copies, the newest ones, where no other deployment on record shows them; only what may be read. */
export async function readCopiesTags(
  past: readonly PastDeployment[],
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<CopiesTags> {
  const tagged = tagImages(past.map(({ revision }) => ({ images: revision?.images ?? [] })));
  const copies = past.flatMap(({ taskDefinition, createdAtMs }, index) =>
    taskDefinition !== undefined && tagged[index]?.some(({ tags }) => tags.length === 0)
      ? [{ taskDefinition, createdAtMs }]
      : []
  ).toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  const arns = [...new Set(copies.map(({ taskDefinition }) => taskDefinition))].slice(0, MOST_COPIES);
  return new Map(
    await Promise.all(arns.map(async (arn) => {
      const { value: definition } = await optional(ecs.describeTaskDefinition(arn, signal));
      return [arn, definition && (await readCopyTags(definition, ecs, signal)).tags] as const;
    })),
  );
}
