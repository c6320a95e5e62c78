/** DescribeImages of Amazon ECR */
import { AwsFailure, invalidParameter } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { pageOf } from "../pages.ts";
import type { Image } from "../images.ts";
import { epochSeconds } from "../wire.ts";
import type { Actions } from "./action.ts";

interface Repository {
  name: string;
  registryId: string;
  images: Image[];
}

function repositoryOf(world: World, input: Input): Repository {
  const name = input.requiredString("repositoryName");
  const registryId = input.string("registryId") ?? world.settings.accountId;
  const stored = world.repositories[`${registryId}/${name}`];
  if (stored) return { name, registryId, images: stored.images };
  throw new AwsFailure(
    "RepositoryNotFoundException",
    `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
  );
}

function imageOf({ name, registryId, images }: Repository, { imageDigest, imageTag }: JsonObject): Image {
  if (imageDigest === undefined && imageTag === undefined) {
    throw invalidParameter("Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must not be null'");
  }
  const found = images.find(({ digest, tags }) =>
    (imageDigest === undefined || imageDigest === digest) &&
    (imageTag === undefined || tags.includes(String(imageTag)))
  );
  if (found) return found;
  throw new AwsFailure(
    "ImageNotFoundException",
    `The image with imageId {imageDigest:'${imageDigest ?? null}', imageTag:'${imageTag ?? null}'} does not exist ` +
      `within the repository with name '${name}' in the registry with id '${registryId}'`,
  );
}

function imageShape({ name, registryId }: Repository, { digest, tags, pushedAtMs, status }: Image): JsonObject {
  return {
    registryId,
    repositoryName: name,
    imageDigest: digest,
    ...(tags.length > 0 ? { imageTags: tags } : {}),
    imageSizeInBytes: 30_000_000,
    imagePushedAt: epochSeconds(pushedAtMs),
    imageStatus: status,
    imageManifestMediaType: "application/vnd.docker.distribution.manifest.v2+json",
    artifactMediaType: "application/vnd.docker.container.image.v1+json",
  };
}

/** Which images are answered with: of no other status than ACTIVE, unless the filter says so (API reference). */
function filterIn(input: Input): (image: Image) => boolean {
  const { imageStatus: status = "ACTIVE", tagStatus = "ANY" } = input.object("filter") ?? {};
  return (image) =>
    (status === "ANY" || image.status === status) &&
    (tagStatus === "ANY" || (image.tags.length > 0) === (tagStatus === "TAGGED"));
}

/** The images that the request names, each of which has to be there, or all of the repository in pages. */
function describeImages(world: World, input: Input): JsonObject {
  const repository = repositoryOf(world, input);
  const ids = input.objects("imageIds");
  const isWanted = filterIn(input);
  if (!ids) {
    const images = repository.images.filter(isWanted);
    const { items, nextToken } = pageOf(world, input, images, { default: 100, max: 1000 });
    return { imageDetails: items.map((image) => imageShape(repository, image)), nextToken };
  }
  const paging = ["maxResults", "nextToken"].find((member) => input.has(member));
  if (paging !== undefined) {
    // API reference: "This option cannot be used when you specify images with imageIds".
    throw invalidParameter(`Invalid parameter at '${paging}' failed to satisfy constraint: 'Not with imageIds'`);
  }
  const named = new Set(ids.map((id) => imageOf(repository, id)).filter(isWanted));
  return { imageDetails: [...named].map((image) => imageShape(repository, image)) };
}

export const actions: Actions = { DescribeImages: describeImages };
