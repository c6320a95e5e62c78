import { type JsonObject, objectsIn, textIn } from "./json.ts";

/** The image of a container: as the task definition names it, and as it ran. */
export interface ContainerImage {
  readonly container: string;
  /** `REPOSITORY[:TAG][@DIGEST]` */
  readonly image: string;
  /** `sha256:...`; `undefined` where ECS has not resolved it, as before the first task starts. */
  readonly digest: string | undefined;
  /** The registry has nothing by this name, so no task can have started with it. */
  readonly isGone?: boolean;
}

/** An image in a private repository of Amazon ECR. */
export interface ImageLocation {
  readonly registryId: string;
  readonly region: string;
  readonly repository: string;
  /** A tag or a digest (`sha256:...`). */
  readonly version: { readonly tag: string } | { readonly digest: string };
}

/** What a task definition says of a container's image. */
export interface WrittenImage {
  readonly container: string;
  readonly image: string;
  /**
   * Whether ECS starts every task of a deployment by the digest of the first one; not with `versionConsistency: disabled`.
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html#deployment-container-image-stability
   */
  readonly isConsistent: boolean;
}

/** An image's name, taken apart. */
interface ImageName {
  /** With its registry, where it names one. */
  readonly repository: string;
  /** `latest` where the name has neither tag nor digest. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Takes `REPOSITORY[:TAG][@DIGEST]` apart; a colon before the last slash belongs to the registry's port. */
export function parseImageName(image: string): ImageName {
  const [name = "", digest] = image.split("@");
  const [, repository = name, tag] = /^(.*):([^:/]+)$/.exec(name) ?? [];
  return { repository, tag: tag ?? (digest === undefined ? "latest" : undefined), digest };
}

/** The same image by its digest, which always means the same content. */
export function pinImage(image: string, digest: string): string {
  return `${parseImageName(image).repository}@${digest}`;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
const ECR_REPOSITORY = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)$/;

/** Where Amazon ECR has an image; `undefined` where another registry has it. */
export function locateInEcr(image: string): ImageLocation | undefined {
  const { repository: whole, tag, digest } = parseImageName(image);
  const [, registryId, region, repository] = ECR_REPOSITORY.exec(whole) ?? [];
  if (registryId === undefined || region === undefined || repository === undefined) return undefined;
  return { registryId, region, repository, version: digest === undefined ? { tag: tag ?? "latest" } : { digest } };
}

/**
 * Whether a pull-through cache rule with one of these prefixes applies to a repository: "there is always an assumed /
 * applied to the end of the prefix", and `ROOT` is for every repository that has no other rule
 * (https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private-wildcards.html).
 */
export function isPulledThrough(repository: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => prefix === "ROOT" || repository.startsWith(`${prefix.replace(/\/$/, "")}/`));
}

/** The images of a task definition (in the API's JSON), in its order. */
export function readWrittenImages({ containerDefinitions }: JsonObject): WrittenImage[] {
  return objectsIn(containerDefinitions).map(({ name, image, versionConsistency }) => ({
    container: textIn(name) ?? "",
    image: textIn(image) ?? "",
    isConsistent: versionConsistency !== "disabled",
  }));
}

/** The images of a service revision (in the API's JSON). */
export function readContainerImages({ containerImages }: JsonObject): ContainerImage[] {
  return objectsIn(containerImages).map(({ containerName, image, imageDigest }) => ({
    container: textIn(containerName) ?? "",
    image: textIn(image) ?? "",
    digest: textIn(imageDigest),
  }));
}

/**
 * Whether two deployments of one task definition ran the same images: no container had another digest. An unknown
 * digest counts as the same; an image that is gone from its registry counts as another than any that ran.
 */
export function ranTheSame(
  one: readonly ContainerImage[] | undefined,
  other: readonly ContainerImage[] | undefined,
): boolean {
  const byContainer = new Map(other?.map((image) => [image.container, image]));
  return (one ?? []).every((image) => {
    const known = byContainer.get(image.container);
    if (known === undefined) return true;
    if (image.digest === undefined || known.digest === undefined) {
      return !(image.isGone && known.digest !== undefined) && !(known.isGone && image.digest !== undefined);
    }
    return image.digest === known.digest;
  });
}

/** A task definition (in the API's JSON) with other images. `names`: the new ones, by container. */
export function withImages(definition: JsonObject, names: Readonly<Record<string, string>>): JsonObject {
  const containerDefinitions = objectsIn(definition.containerDefinitions).map((container) => {
    const name = textIn(container.name) ?? "";
    return Object.hasOwn(names, name) ? { ...container, image: names[name]! } : container;
  });
  return { ...definition, containerDefinitions };
}
