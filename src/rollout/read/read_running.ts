import { optional } from "../../errors.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { EcsReader, ImageRegistry } from "../../model/ports.ts";
import type { ServiceRef, ServiceSnapshot } from "../../model/service.ts";
import type { DeploymentRecord } from "./deployment_record.ts";
import { findToday } from "./read_images.ts";
import { isOfPrimary } from "./read_shipped_images.ts";

interface Readers {
  readonly ref: ServiceRef;
  readonly ecs: EcsReader;
  readonly record: DeploymentRecord;
  /** `undefined`: nowhere are tags looked up. */
  readonly registry: ImageRegistry | undefined;
}

/**
 * Reads which images a service runs: by ECS's record of its deployment; where there is none, or it may not be read, by the
 * tasks that run. Before the first task of a deployment has started, its tags decide. `undefined` where nothing shows it.
 */
export async function readRunning(
  service: ServiceSnapshot,
  { ref, ecs, record, registry }: Readers,
  signal: AbortSignal,
): Promise<readonly ContainerImage[] | undefined> {
  const revision = await record.findRunning(service);
  if (revision !== undefined && revision.images.length > 0) return await foresee(revision.images, registry, signal);
  // The denial of the record has been noted, and one is enough.
  const { value: tasks = [] } = await optional(ecs.listLiveTasks(ref, signal));
  const images = tasks.filter((task) => isOfPrimary(task, service)).flatMap((task) => task.images);
  return images.length === 0 ? undefined : commonImages(images);
}

/** A digest counts where all tasks have the same: without version consistency they may differ. */
function commonImages(all: readonly ContainerImage[]): readonly ContainerImage[] {
  return [...new Map(all.map((image) => [image.container, image])).values()].map((image) => {
    const digests = all.filter(({ container }) => container === image.container).flatMap(({ digest }) => digest ?? []);
    const [digest, ...others] = new Set(digests);
    // ECS may show `repository:tag@sha256:...` for what the task definition names by its tag.
    const name = /:[^:/@]+@/.test(image.image) ? image.image.split("@")[0]! : image.image;
    return { ...image, image: name, digest: others.length > 0 ? undefined : digest };
  });
}

/** What ECS will resolve the tags to that it has not resolved yet. */
async function foresee(
  images: readonly ContainerImage[],
  registry: ImageRegistry | undefined,
  signal: AbortSignal,
): Promise<readonly ContainerImage[]> {
  return await Promise.all(images.map(async (image) => {
    const today = image.digest === undefined ? await findToday(image.image, registry, new Map(), signal) : "unknown";
    if (today === "unknown") return image;
    return today === "missing" ? { ...image, isGone: true } : { ...image, digest: today.digest };
  }));
}

/** The images that run; where that is not known, those that are known to have been started. */
export function withStarted(
  running: readonly ContainerImage[] | undefined,
  started: readonly ContainerImage[] | undefined,
): readonly ContainerImage[] | undefined {
  const startedOf = ({ container }: ContainerImage) => started?.find((one) => one.container === container);
  return running?.map((image) => image.digest === undefined ? startedOf(image) ?? image : image) ?? started;
}
