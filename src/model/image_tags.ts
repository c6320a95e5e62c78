import type { PastDeployment } from "./service_deployment.ts";
import { parseImageName } from "./images.ts";
import type { JsonObject } from "./json.ts";
import { findTag, LONGEST_TAG_VALUE } from "./service_notes.ts";
import { IMAGE_TAG_KEY } from "./task_definition.ts";

/** An image that a deployment ran, by digest where that is known, with the tags that it is known to have had. */
export interface TaggedImage {
  readonly container: string;
  /** `REPOSITORY@DIGEST`, or with the tag where the digest is not known. */
  readonly name: string;
  readonly tags: readonly string[];
}

/** The image tags of task definitions: by the task definition's ARN, then by container. */
export type TagsOfDefinitions = ReadonlyMap<string, ReadonlyMap<string, string> | undefined>;

/**
 * The images of deployments with their tags, by the deployment's ARN. An image that is named by digest alone, as in a
 * pinned copy, gets its tag from `known`, else those under which other deployments ran the same digest.
 */
export function tagImages(
  past: readonly Pick<PastDeployment, "arn" | "taskDefinition" | "revision">[],
  known: TagsOfDefinitions = new Map(),
): ReadonlyMap<string, readonly TaggedImage[]> {
  const all = past.map(({ arn, taskDefinition = "", revision }) => {
    const tags = known.get(taskDefinition);
    const images = (revision?.images ?? []).map(({ container, image, digest: resolved }) => {
      const { repository, tag, digest = resolved } = parseImageName(image);
      const name = digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`;
      const own = [tag, tags?.get(container)].filter((one) => one !== undefined && one !== "");
      return { container, name, tags: own as string[] };
    });
    return { arn, images };
  });
  const byName = Map.groupBy(all.flatMap(({ images }) => images), ({ name }) => name);
  const shared = (name: string) => [...new Set(byName.get(name)?.flatMap(({ tags }) => tags))];
  const withTags = (one: TaggedImage) => one.tags.length === 0 ? { ...one, tags: shared(one.name) } : one;
  return new Map(all.map(({ arn, images }) => [arn, images.map(withTags)]));
}

/** For ` +123`: how many tags are left out. */
const ROOM_FOR_COUNT = 5;

/** `app=latest sidecar=1.2`. Where not all fit in, `app=latest +3`: each is written whole or not at all. */
export function writePinnedTags(tags: ReadonlyMap<string, string>): string {
  const pairs = [...tags].map(([container, tag]) => `${container}=${tag}`);
  const whole = pairs.join(" ");
  if (whole.length <= LONGEST_TAG_VALUE) return whole;
  let written = "";
  let others = 0;
  for (const pair of pairs) {
    const longer = written === "" ? pair : `${written} ${pair}`;
    if (longer.length <= LONGEST_TAG_VALUE - ROOM_FOR_COUNT) written = longer;
    else others++;
  }
  return `${written} +${others}`.trim();
}

/**
 * Reads what `writePinnedTags` wrote into the tag of a task definition (in the API's JSON): the tags by container, and
 * how many others did not fit in; empty where it is not such a copy.
 */
export function readPinnedTags(
  definition: JsonObject,
): { readonly tags: ReadonlyMap<string, string>; readonly others: number } {
  const value = findTag(definition, IMAGE_TAG_KEY) ?? "";
  const pairs = value.split(" ").flatMap((pair) => {
    const [, container, tag] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    return container === undefined || tag === undefined ? [] : [[container, tag] as const];
  });
  return { tags: new Map(pairs), others: Number(/(?:^| )\+(\d{1,3})$/.exec(value)?.[1] ?? 0) };
}

/** git abbreviates a commit to seven digits at least. */
const COMMIT = /^[0-9a-f]{7,40}$/;

/**
 * Whether a part of a tag is a git commit that begins as `wanted` does, or the other way round: many tags have only the
 * beginning of one, as in `main-3f2a9c1`.
 */
export function hasCommit(tag: string, wanted: string): boolean {
  const commit = wanted.toLowerCase();
  if (!COMMIT.test(commit)) return false;
  const parts = tag.toLowerCase().split(/[^0-9a-z]+/).filter((part) => COMMIT.test(part));
  return parts.some((part) => part.startsWith(commit) || commit.startsWith(part));
}
