/**
 * Images in Amazon ECR and other registries, and what ECS makes of their tags. A tag can be pushed again: it moves to the new image, and the old
 * one stays, known by its digest only. ECS resolves the tags of a service revision to digests when its first task is
 * started, and starts every other task of that revision by these ("version consistency"):
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html#deployment-container-image-stability
 */
import { digitsFrom } from "./identifiers.ts";
import type { JsonObject, World } from "./model.ts";

/** An image in a repository. */
export interface Image {
  digest: string;
  tags: string[];
  pushedAtMs: number;
  /** An archived image is known, and cannot be pulled: https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive_restore_image.html */
  status: "ACTIVE" | "ARCHIVED";
}

export interface Repository {
  /** Oldest push first. */
  images: Image[];
  /** How often each tag was pushed without a digest of its own: each time it is another image. */
  pushes: Record<string, number>;
  /** The tags and digests that were taken away. Others that are not here were never spoken of, and can be pulled. */
  gone: string[];
}

/** As a task definition names an image in Amazon ECR. */
const ECR_IMAGE = /^(\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/;
/** Any other registry's: ECS pulls from it, and DescribeImages knows nothing of it. */
const OTHER_IMAGE = /^([^:@]+(?::\d+\/[^:@]+)?)(?::([^@/]+))?(?:@(sha256:[0-9a-f]{64}))?$/;
const DIGEST_LENGTH = 64;

interface Named {
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
}

function parse(image: string): Named {
  const [, registryId, name, tag, digest] = ECR_IMAGE.exec(image) ?? [];
  if (registryId !== undefined) return { repository: `${registryId}/${name}`, tag, digest };
  const [, repository = image, otherTag, otherDigest] = OTHER_IMAGE.exec(image) ?? [];
  return { repository, tag: otherTag, digest: otherDigest };
}

function repositoryOf(world: World, image: string): Named & { stored: Repository } {
  const named = parse(image);
  return { ...named, stored: world.repositories[named.repository] ??= { images: [], pushes: {}, gone: [] } };
}

function digestOf(text: string): string {
  return `sha256:${digitsFrom(text, DIGEST_LENGTH)}`;
}

/**
 * Pushes an image, to which its tag moves. A tag that is pushed again without a digest names another image than before.
 * Returns the image's digest.
 */
export function pushImage(world: World, image: string): string {
  const { tag = "latest", digest: named, stored } = repositoryOf(world, image);
  const times = stored.pushes[tag] ?? 0;
  const digest = named ?? digestOf(times === 0 ? image : `${image} ${times}`);
  if (named === undefined) stored.pushes[tag] = times + 1;
  const isTagged = named === undefined || image.includes(`:${tag}@`);
  for (const other of stored.images) if (isTagged) other.tags = other.tags.filter((one) => one !== tag);
  const known = stored.images.find((one) => one.digest === digest);
  const tags = [...known?.tags ?? [], ...(isTagged ? [tag] : [])];
  stored.images = [
    ...stored.images.filter((one) => one !== known),
    { digest, tags, pushedAtMs: world.nowMs, status: "ACTIVE" },
  ];
  stored.gone = stored.gone.filter((one) => one !== digest && !tags.includes(one));
  return digest;
}

/** Takes an image away, by its digest or by one of its tags: with its last tag an image goes. Its repository stays. */
export function takeImageAway(world: World, image: string): void {
  const { tag = "latest", digest, stored } = repositoryOf(world, image);
  const isNamed = (one: Image) => digest === undefined ? one.tags.includes(tag) : one.digest === digest;
  stored.gone.push(digest ?? tag);
  for (const one of stored.images.filter(isNamed)) {
    one.tags = digest === undefined ? one.tags.filter((other) => other !== tag) : [];
    if (one.tags.length > 0) continue;
    stored.images = stored.images.filter((other) => other !== one);
    stored.gone.push(one.digest);
  }
}

/** The digests in the repository of an image, oldest push first. */
export function digestsIn(world: World, image: string): string[] {
  return repositoryOf(world, image).stored.images.map(({ digest }) => digest);
}

/** Archives an image. @throws Error where there is none */
export function archiveImage(world: World, image: string): void {
  const { tag = "latest", digest, stored } = repositoryOf(world, image);
  const found = stored.images.find((one) => digest === undefined ? one.tags.includes(tag) : one.digest === digest);
  if (!found) throw new Error(`no such image: ${image}`);
  found.status = "ARCHIVED";
}

/**
 * The digest of an image as it is now; undefined where it cannot be pulled. Of what was never pushed here, nothing is
 * known: such an image is there, and its tag never moves.
 */
export function resolveImage(world: World, image: string): string | undefined {
  const { repository, tag = "latest", digest } = parse(image);
  const stored = world.repositories[repository];
  const found = stored?.images.find((one) => digest === undefined ? one.tags.includes(tag) : one.digest === digest);
  if (found) return found.status === "ACTIVE" ? found.digest : undefined;
  if (stored?.gone.includes(digest ?? tag) && !isPulledThrough(world, repository)) return undefined;
  return /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? digestOf(image);
}

/** Whether what a repository does not have is fetched from a registry upstream when it is pulled. */
function isPulledThrough({ pullThroughCacheRules }: World, repository: string): boolean {
  const [, name = repository] = /^\d{12}\/(.*)$/.exec(repository) ?? [];
  return Object.keys(pullThroughCacheRules).some((prefix) => prefix === "ROOT" || name.startsWith(`${prefix}/`));
}

/** What a task gets to run. */
export type Pulled =
  | { digests: Record<string, string> }
  /** The image that is not there, as ECS names it. */
  | { missing: string };

/**
 * Pulls the images of a task's containers: by the digests that its service revision has settled on, which the first task
 * does. A container with `versionConsistency: disabled` gets what its tag names now.
 *
 * @param settled the digests of the service revision by container; what is resolved for the first time is added
 */
export function pullImages(
  world: World,
  containers: readonly JsonObject[],
  settled: Record<string, string>,
): Pulled {
  const digests: Record<string, string> = {};
  for (const { name, image, versionConsistency } of containers) {
    const isConsistent = versionConsistency !== "disabled";
    const before = isConsistent ? settled[String(name)] : undefined;
    const wanted = before === undefined ? String(image) : withDigest(String(image), before);
    const digest = resolveImage(world, wanted);
    if (digest === undefined) return { missing: wanted };
    noteImage(world, wanted, digest);
    digests[String(name)] = digest;
    if (isConsistent) settled[String(name)] = digest;
  }
  return { digests };
}

/** What can be pulled can be described: an image that was never pushed here is there from its first pull. */
function noteImage(world: World, image: string, digest: string): void {
  const { stored, ...named } = repositoryOf(world, image);
  if (stored.images.some((one) => one.digest === digest)) return;
  const tags = named.digest === undefined ? [named.tag ?? "latest"] : [];
  stored.images.push({ digest, tags, pushedAtMs: world.nowMs, status: "ACTIVE" });
}

function withDigest(image: string, digest: string): string {
  return `${image.replace(/@sha256:[0-9a-f]+$/, "").replace(/:[^:/]+$/, "")}@${digest}`;
}
