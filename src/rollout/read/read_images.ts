import { type AwsError, optional } from "../../errors.ts";
import { type ContainerImage, locateInEcr, parseImageName, pinImage, type WrittenImage } from "../../model/images.ts";
import type { ImageRegistry } from "../../model/ports.ts";
import type { ImageToday, KnownImages } from "../judge/planned_images.ts";

/** What a rollback knows of images. */
export interface ImagesState extends KnownImages {
  /** Why Amazon ECR could not be asked, by image name. */
  readonly unread: ReadonlyMap<string, AwsError>;
}

/** What a deploy knows of images. */
export interface DeployImages {
  /** The images that ran before, by digest; left out where that is not known. */
  readonly ran?: readonly ContainerImage[] | undefined;
  /** The images that the deploy starts of the same task definition, by digest, as far as they are known. */
  readonly started?: readonly ContainerImage[] | undefined;
}

/**
 * Reads what the registry has today for the images of the target, side by side: by tag, and by the digest that ran. The
 * digest matters only where the tag no longer names it, but is looked up without waiting to know that, unless the
 * lookup by tag began earlier. What ECR does not say in time, or may not say, is `unknown`.
 *
 * @param ran what ran when the target was last deployed successfully; `running`: what runs now; `areTagsBegun`: the
 *   lookup by tag began before it was known what ran
 */
export async function readImages(
  written: readonly WrittenImage[],
  { ran: before, running, registry, areTagsBegun = false }: Pick<KnownImages, "ran" | "running"> & {
    readonly registry: ImageRegistry | undefined;
    readonly areTagsBegun?: boolean;
  },
  signal: AbortSignal,
): Promise<ImagesState> {
  const unread = new Map<string, AwsError>();
  const today = new Map<string, ImageToday>();
  const ask = async (name: string) => {
    if (today.has(name)) return;
    today.set(name, "unknown");
    today.set(name, await findToday(name, registry, unread, signal));
  };
  await Promise.all(
    written.map(async ({ container, image }) => {
      const digest = before?.find((one) => one.container === container)?.digest;
      const pinned = digest === undefined ? undefined : pinImage(image, digest);
      await Promise.all([ask(image), pinned !== undefined && !areTagsBegun && ask(pinned)]);
      const found = today.get(image);
      if (pinned !== undefined && (typeof found !== "object" || found.digest !== digest)) await ask(pinned);
    }),
  );
  return { running, ran: before, today, unread };
}

/**
 * Begins to look up what a service revision ran, by tag and by digest, while its task definition is still being read.
 * The registry looks up each image once: an error is thrown where the image is asked for again.
 */
export function beginImages(
  images: readonly Pick<ContainerImage, "image" | "digest">[],
  registry: ImageRegistry | undefined,
  signal: AbortSignal,
): void {
  for (const { image, digest } of images) {
    for (const name of digest === undefined ? [image] : [image, pinImage(image, digest)]) {
      const location = locateInEcr(name);
      if (location !== undefined) registry?.findDigest(location, signal).catch(() => undefined);
    }
  }
}

/** Returns what a registry has under a name; why it could not be asked is added to `unread`. */
export async function findToday(
  name: string,
  registry: ImageRegistry | undefined,
  unread: Map<string, AwsError>,
  signal: AbortSignal,
): Promise<ImageToday> {
  const location = locateInEcr(name);
  if (location === undefined || registry === undefined) return "unknown";
  const { value: digest, denied } = await optional(registry.findDigest(location, signal), () => !signal.aborted);
  if (denied === undefined) return digest === undefined ? "missing" : { digest: parseImageName(name).digest ?? digest };
  unread.set(name, denied);
  return "unknown";
}
