import { optional } from "../../errors.ts";
import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { type ContainerImage, parseImageName, readWrittenImages, type WrittenImage } from "../../model/images.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { PastDeployment } from "../../model/service_deployment.ts";
import type { LimitedChecker } from "./limited_checker.ts";
import { readCopyTags } from "./copies.ts";
import type { ServiceReading } from "./read_service.ts";
import { readShippedImages, type ShippedImages } from "./read_running_images.ts";
import type { TaskDefinitionSource } from "./read_source.ts";
import { sameTaskDefinition } from "../../definitions/compare_task_definitions.ts";
import { hasMoved } from "../judge/planned_images.ts";
import { findRolledBackFrom } from "./find_previous.ts";

/** The service runs a copy that names images by digest, and a deploy names them by tag again. */
export interface Unpinned extends ShippedImages {
  readonly copy: Revision;
}

/**
 * Reads which images a deploy starts by tag again, after a rollback has registered a copy that names them by digest.
 * The copy is read only where the record shows that an image runs by its digest, or may not be read.
 *
 * @param past ECS's record; `undefined` where it may not be read
 */
export async function readUnpinned(
  reading: ServiceReading & { readonly checker?: LimitedChecker | undefined },
  past: readonly PastDeployment[] | undefined,
  service: ServiceSnapshot,
  source: TaskDefinitionSource,
): Promise<Unpinned | undefined> {
  const { ecs, checker: registry, signal } = reading;
  const written = writtenIn(source);
  if (service.taskDefinition === undefined || written.length === 0) return undefined;
  const runs = past?.find(({ revision }) =>
    revision !== undefined && revision.taskDefinition === service.taskDefinition &&
    service.serviceRevisionArns.includes(revision.arn)
  )?.revision;
  const isByDigest = runs?.images.some(({ image }) => parseImageName(image).digest !== undefined);
  if (past !== undefined && !isByDigest) return undefined;
  const { value: current } = await optional(ecs.describeTaskDefinition(service.taskDefinition, signal));
  if (current === undefined) return undefined;
  const { tags, isWhole } = await readCopyTags(current, ecs, signal);
  if (tags.size === 0 && isWhole) return undefined;
  const pinned = readWrittenImages(current.raw)
    .map((one): ContainerImage => ({ ...one, digest: parseImageName(one.image).digest }));
  const again = written.filter(({ container, image }) => {
    const { repository, tag } = parseImageName(image);
    const isSame = (one: ContainerImage) =>
      one.container === container && one.digest !== undefined && parseImageName(one.image).repository === repository;
    // An image whose tag is not known may have had this one.
    const isOfTag = tags.get(container) === tag || (!isWhole && !tags.has(container));
    return tag !== undefined && isOfTag && pinned.some(isSame);
  });
  if (again.length === 0) return undefined;
  const findDeployed = () => Promise.resolve({ images: pinned });
  registry?.startLimit();
  const shipped = await readShippedImages(again, { ...reading, service, registry, findDeployed });
  return { ...shipped, copy: parseTaskDefinitionArn(current.arn) };
}

function writtenIn(source: TaskDefinitionSource): WrittenImage[] {
  if (source.kind === "register") return readWrittenImages(source.input);
  return source.kind === "registered" ? readWrittenImages(source.taskDefinition.raw) : [];
}

/**
 * Returns what the service was rolled back from, where the same is shipped again: the same ARN, or an equal definition.
 *
 * @param ignoredTags keys of tags that are not compared
 */
export async function findShippedAgain(
  { ignoredTags, ecs, signal }: Omit<ServiceReading, "ref"> & { readonly ignoredTags: readonly string[] },
  past: readonly PastDeployment[],
  service: ServiceSnapshot,
  source: TaskDefinitionSource,
  shipped: Pick<ShippedImages, "images"> = { images: [] },
): Promise<Revision | undefined> {
  const { deployed, revision } = findRolledBackFrom(past) ?? {};
  if (deployed === undefined) return undefined;
  if (service.taskDefinition === deployed.arn) {
    return startsRolledBackImages(revision?.images ?? [], shipped) ? deployed : undefined;
  }
  if (source.kind === "registered") return source.taskDefinition.arn === deployed.arn ? deployed : undefined;
  if (source.kind !== "register") return undefined;
  const definition = await ecs.describeTaskDefinition(deployed.arn, signal);
  return definition !== undefined && sameTaskDefinition(source.input, definition.raw, ignoredTags)
    ? deployed
    : undefined;
}

/** Whether an image that was rolled back would start again: the task definition is the same, its tag has moved. */
function startsRolledBackImages(left: readonly ContainerImage[], { images }: Pick<ShippedImages, "images">): boolean {
  const moved = images.filter(hasMoved);
  return moved.length > 0 &&
    moved.every(({ container, today }) =>
      left.some((one) => one.container === container && typeof today === "object" && one.digest === today.digest)
    );
}
