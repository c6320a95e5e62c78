import { type ContainerImage, parseImageName } from "./images.ts";
import { objectsIn, textIn } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { IMAGE_TAG_KEY } from "./task_definition.ts";

/** An image that a deployment ran, by content where that is known, and the tags that it is known to have had. */
export interface TaggedImage {
  readonly container: string;
  /** `REPOSITORY@DIGEST`, or with the tag where the digest is not known. */
  readonly name: string;
  readonly tags: readonly string[];
}

/** What a deployment ran; `tags`: by container, where its task definition says so. */
interface Ran {
  readonly images: readonly ContainerImage[];
  readonly tags?: ReadonlyMap<string, string> | undefined;
}

/**
 * The images of deployments with their tags. One that is named by its digest (a pinned copy does so) has the tags by which
 * other deployments have started the same.
 */
export function tagImages(deployments: readonly Ran[]): TaggedImage[][] {
  const all = deployments.map(({ images, tags }) =>
    images.map(({ container, image, digest: resolved }) => {
      const { repository, tag, digest = resolved } = parseImageName(image);
      const name = digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`;
      const own = [tag, tags?.get(container)].filter((one) => one !== undefined && one !== "");
      return { container, name, tags: own as string[] };
    })
  );
  const byName = Map.groupBy(all.flat(), ({ name }) => name);
  const shared = (name: string) => [...new Set(byName.get(name)?.flatMap(({ tags }) => tags))];
  return all.map((images) =>
    images.map((one) => ({ ...one, tags: one.tags.length === 0 ? shared(one.name) : one.tags }))
  );
}

/** The tags that a pinned copy's images had, by container, as the tag of its task definition says. */
export function readImageTags({ tags }: JsonObject): Map<string, string> {
  const value = textIn(objectsIn(tags).find(({ key }) => key === IMAGE_TAG_KEY)?.value) ?? "";
  return new Map(
    value.split(" ").flatMap((pair) => {
      const [, container, tag] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
      return container === undefined || tag === undefined ? [] : [[container, tag] as const];
    }),
  );
}

/** So much of a commit is what git shows, and no word. */
const COMMIT = /^[0-9a-f]{7,40}$/;

/**
 * Whether a tag has a git commit in it which begins as `wanted` does, or the other way round: tags often have the beginning
 * only, as in `main-3f2a9c1`.
 */
export function hasCommit(tag: string, wanted: string): boolean {
  const commit = wanted.toLowerCase();
  if (!COMMIT.test(commit)) return false;
  const parts = tag.toLowerCase().split(/[^0-9a-z]+/).filter((part) => COMMIT.test(part));
  return parts.some((part) => part.startsWith(commit) || commit.startsWith(part));
}
