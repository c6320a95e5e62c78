import { optional } from "../../errors.ts";
import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { type ContainerImage, parseImageName, readWrittenImages, type WrittenImage } from "../../model/images.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceRef, ServiceSnapshot } from "../../model/service.ts";
import type { PastDeployment } from "../../model/service_deployment.ts";
import type { LimitedChecker } from "../limited_checker.ts";
import { type CopyTags, readCopyTags } from "./copies.ts";
import { readShippedImages, type ShippedImages } from "./read_shipped_images.ts";
import type { TaskDefinitionSource } from "./read_source.ts";

/** A service runs a copy that names by digest what ran before, and a deploy goes by these tags again. */
export interface Unpinned extends ShippedImages {
  /** The copy. */
  readonly copy: Revision;
}

interface Reading {
  readonly ref: ServiceRef;
  readonly ecs: EcsReader;
  readonly checker?: LimitedChecker | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads which images a deploy takes from their digests back to their tags, after a rollback has registered a copy. The copy
 * is looked at only where the record shows that the service runs an image by its digest, or may not be read.
 *
 * @param past ECS's record; `undefined` where it may not be read
 */
export async function readUnpinned(
  { ref, ecs, checker, signal }: Reading,
  past: readonly PastDeployment[] | undefined,
  service: ServiceSnapshot,
  source: TaskDefinitionSource,
): Promise<Unpinned | undefined> {
  const written = writtenIn(source);
  if (service.taskDefinition === undefined || written.length === 0) return undefined;
  const runs = past?.find(({ revision }) =>
    revision !== undefined && revision.taskDefinition === service.taskDefinition &&
    service.serviceRevisionArns.includes(revision.arn)
  )?.revision;
  if (past !== undefined && !runs?.images.some(isByDigest)) return undefined;
  const { value: current } = await optional(ecs.describeTaskDefinition(service.taskDefinition, signal));
  const { tags, isWhole } = current === undefined ? NO_TAGS : await readCopyTags(current, ecs, signal);
  if (current === undefined || (tags.size === 0 && isWhole)) return undefined;
  const pinned = readWrittenImages(current.raw).map(({ container, image }): ContainerImage => ({
    container,
    image,
    digest: parseImageName(image).digest,
  }));
  const again = written.filter(({ container, image }) => {
    const { repository, tag } = parseImageName(image);
    const isSame = (one: ContainerImage) =>
      one.container === container && one.digest !== undefined && parseImageName(one.image).repository === repository;
    // Of an image whose tag is lost, it may be the same.
    const isOfTag = tags.get(container) === tag || (!isWhole && !tags.has(container));
    return tag !== undefined && isOfTag && pinned.some(isSame);
  });
  if (again.length === 0) return undefined;
  const findDeployed = () => Promise.resolve({ images: pinned });
  checker?.startLimit();
  const shipped = await readShippedImages(again, { ref, service, ecs, registry: checker, findDeployed }, signal);
  return { ...shipped, copy: parseTaskDefinitionArn(current.arn) };
}

const NO_TAGS: CopyTags = { tags: new Map(), isWhole: true };

function writtenIn(source: TaskDefinitionSource): WrittenImage[] {
  if (source.kind === "register") return readWrittenImages(source.input);
  return source.kind === "registered" ? readWrittenImages(source.taskDefinition.raw) : [];
}

function isByDigest({ image }: ContainerImage): boolean {
  return parseImageName(image).digest !== undefined;
}
