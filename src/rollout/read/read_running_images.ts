import { type AwsError, optional } from "../../errors.ts";
import { type ContainerImage, locateInEcr, parseImageName, type WrittenImage } from "../../model/images.ts";
import type { ImageRegistry } from "../../model/ports.ts";
import { liveDeployments, type LiveTask, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasRollbackStarted, type ServiceRevision } from "../../model/service_deployment.ts";
import { hasMoved, type ImageToday, type ShippedImage } from "../judge/planned_images.ts";
import { findToday } from "./read_images.ts";
import { currentRevision, type ServiceReading } from "./read_service.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";
import type { RecordReading } from "./deployment_record.ts";
import type { NewestDeployment } from "./newest_deployment.ts";

/** The images that are named by a tag: the digests that the service runs, and those that the tags name today. */
export interface ShippedImages {
  readonly images: readonly ShippedImage[];
  /** Images outside Amazon ECR: whether their tags have moved is not known. */
  readonly elsewhere: readonly string[];
  /** Why Amazon ECR could not be asked, in AWS's words. */
  readonly unread: readonly AwsFailure[];
}

interface Reading extends ServiceReading {
  readonly service: ServiceSnapshot;
  readonly registry: ImageRegistry | undefined;
  /** Reads the service revision of the PRIMARY deployment; `undefined` where it is not on record. */
  readonly findDeployed: () => Promise<Pick<ServiceRevision, "images"> | undefined>;
}

/**
 * Reads what the tags of a task definition name today, and what the service runs: by ECS's record of its deployment, or
 * by its tasks where there is no record, and for containers without version consistency, whose tasks may differ. All of
 * it at once, except for tasks that turn out to be needed. Nothing is read where no image is named by a tag in ECR.
 *
 * @param written the images of the task definition
 */
export async function readShippedImages(
  written: readonly WrittenImage[],
  { ref, service, ecs, registry, findDeployed, signal }: Reading,
): Promise<ShippedImages> {
  const tagged = written.filter(({ image }) => parseImageName(image).digest === undefined);
  const inEcr = tagged.filter(({ image }) => locateInEcr(image) !== undefined);
  const elsewhere = tagged.filter((one) => !inEcr.includes(one)).map(({ image }) => image);
  if (inEcr.length === 0) return { images: [], elsewhere, unread: [] };
  const unread = new Map<string, AwsError>();
  const today = new Map<string, ImageToday>();
  const names = new Set(inEcr.map(({ image }) => image));
  const readTasks = () => optional(ecs.listLiveTasks(ref, signal));
  const [deployed, earlyTasks] = await Promise.all([
    findDeployed(),
    inEcr.some(({ isConsistent }) => !isConsistent) ? readTasks() : undefined,
    ...[...names].map(async (name) => today.set(name, await findToday(name, registry, unread, signal))),
  ]);
  const isOpen = ({ container, image }: WrittenImage) =>
    typeof today.get(image) === "object" && digestsOf(container, deployed?.images ?? []).length === 0;
  const tasks = earlyTasks ?? (inEcr.some(isOpen) ? await readTasks() : undefined);
  const current = (tasks?.value ?? []).filter((task) => isOfPrimary(task, service));
  const images = inEcr.map((one): ShippedImage => {
    const recorded = one.isConsistent ? digestsOf(one.container, deployed?.images ?? []) : [];
    const running = recorded.length > 0 ? recorded : digestsOf(one.container, current.flatMap((task) => task.images));
    return { ...one, running, today: today.get(one.image) ?? "unknown" };
  });
  return { images, elsewhere, unread: [...unread.values()].map(({ failure }) => failure) };
}

function digestsOf(container: string, images: readonly ContainerImage[]): string[] {
  return [...new Set(images.filter((one) => one.container === container).flatMap(({ digest }) => digest ?? []))];
}

/** Tasks of a deployment that is being replaced do not count; the one that started a task may be listed no longer. */
function isOfPrimary({ taskDefinition, startedBy }: LiveTask, service: ServiceSnapshot): boolean {
  const primary = primaryDeployment(service);
  const isOfOther = liveDeployments(service).some(({ id }) => id === startedBy && id !== primary?.id);
  return taskDefinition === service.taskDefinition && !isOfOther;
}

/** The images of the service revision that a service runs, or is to run: not of one that ECS has rolled back. */
export function imagesOfCurrent(
  revisions: readonly ServiceRevision[],
  { taskDefinition }: ServiceSnapshot,
  newest: NewestDeployment | undefined,
): readonly ContainerImage[] {
  const left = newest !== undefined && hasRollbackStarted(newest.deployment)
    ? newest.deployment.targetRevisionArn
    : undefined;
  const kept = revisions.filter(({ arn }) => arn !== left);
  return currentRevision(kept, taskDefinition)?.images ?? [];
}

/**
 * Looks up the tags of running images side by side; returns the images whose tags name another one now, and why Amazon
 * ECR could not be asked for some.
 */
export async function readMovedImages(
  images: readonly ContainerImage[],
  registry: ImageRegistry,
  signal: AbortSignal,
): Promise<{ readonly images: readonly ShippedImage[]; readonly unread: readonly AwsError[] }> {
  const unread = new Map<string, AwsError>();
  const read = await Promise.all(
    images.filter(({ image }) => parseImageName(image).digest === undefined).map(
      async ({ container, image, digest }): Promise<ShippedImage> => ({
        ...{ container, image, isConsistent: true, running: digest === undefined ? [] : [digest] },
        today: digest === undefined ? "unknown" : await findToday(image, registry, unread, signal),
      }),
    ),
  );
  return { images: read.filter(hasMoved), unread: [...unread.values()] };
}

/**
 * Reads which images a service runs: by ECS's record of its deployment; where that has none, or may not be read, by the
 * tasks that run. Before a deployment's first task has started, its tags decide. `undefined` where nothing shows it.
 *
 * @param registry where tags are looked up; `undefined`: nowhere
 */
export async function readRunningImages(
  service: ServiceSnapshot,
  { ref, ecs, record, registry, signal }: RecordReading & { readonly registry: ImageRegistry | undefined },
): Promise<readonly ContainerImage[] | undefined> {
  const revision = await record.findRunning(service);
  if (revision !== undefined && revision.images.length > 0) {
    return await fillInDigests(revision.images, registry, signal);
  }
  // The denial of the record has been noted: one notice is enough.
  const { value: tasks = [] } = await optional(ecs.listLiveTasks(ref, signal));
  const images = tasks.filter((task) => isOfPrimary(task, service)).flatMap((task) => task.images);
  return images.length === 0 ? undefined : commonImages(images);
}

/** One image for each container; without version consistency tasks may differ, and then it has no digest. */
function commonImages(all: readonly ContainerImage[]): readonly ContainerImage[] {
  return [...new Map(all.map((image) => [image.container, image])).values()].map((image) => {
    const digests = all.filter(({ container }) => container === image.container).flatMap(({ digest }) => digest ?? []);
    const [digest, ...others] = new Set(digests);
    // ECS may show `repository:tag@sha256:...` for what the task definition names by its tag.
    const name = /:[^:/@]+@/.test(image.image) ? image.image.split("@")[0]! : image.image;
    return { ...image, image: name, digest: others.length > 0 ? undefined : digest };
  });
}

/** Fills in the digests that ECS has not resolved yet, by what the tags name today. */
async function fillInDigests(
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

/** The images that run; one without a digest is replaced by what is known to have been started. */
export function withStarted(
  running: readonly ContainerImage[] | undefined,
  started: readonly ContainerImage[] | undefined,
): readonly ContainerImage[] | undefined {
  const startedOf = ({ container }: ContainerImage) => started?.find((one) => one.container === container);
  return running?.map((image) => image.digest === undefined ? startedOf(image) ?? image : image) ?? started;
}
