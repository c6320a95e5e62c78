import { type ContainerImage, parseImageName, pinImage, type WrittenImage } from "../../model/images.ts";

/** How a rollback deals with tags: pins what has moved, goes by the tag, or pins every image whose digest is known. */
export type PinPolicy = "auto" | "never" | "always";

/** What a registry has under an image's name today; `unknown` where it cannot be asked. */
export type ImageToday = { readonly digest: string } | "missing" | "unknown";

/** What is known of images when a rollback is planned. */
export interface KnownImages {
  /** What runs now; `undefined` where ECS has no record of it. */
  readonly running: readonly ContainerImage[] | undefined;
  /** What ran when the target was last deployed successfully; `undefined` where ECS has no record of it. */
  readonly ran: readonly ContainerImage[] | undefined;
  /** By image name; names by digest among them. */
  readonly today: ReadonlyMap<string, ImageToday>;
}

/** The image of one container of the target, and what will start. */
export interface PlannedImage extends WrittenImage {
  /** The digest that this container runs now. */
  readonly running: string | undefined;
  /** Only some of its tasks run that: without version consistency they may differ. */
  readonly isMixed?: true;
  /** The digest that ran when the target was last deployed successfully. */
  readonly ran: string | undefined;
  readonly today: ImageToday;
  /** The digest that the plan starts, where that is known. */
  readonly starts: string | undefined;
  /** The name that the copy has for it; `undefined`: as the target has it. */
  readonly pinnedTo: string | undefined;
}

/** Decides for every container of the target which image the rollback starts, and under which name. Pure. */
export function planImages(
  written: readonly WrittenImage[],
  { running = [], ran = [], today }: KnownImages,
  pin: PinPolicy,
): PlannedImage[] {
  return written.map((one) => {
    const { container, image, isConsistent } = one;
    const named = parseImageName(image).digest;
    const now = running.find((other) => other.container === container);
    const before = named ?? ran.find((other) => other.container === container)?.digest;
    const found = today.get(image) ?? "unknown";
    const known = {
      ...one,
      running: now?.digest ?? (now && parseImageName(now.image).digest),
      ran: before,
      today: found,
    };
    const byTag = named ?? resolveTag(found, running, image);
    if (named !== undefined || before === undefined || pin === "never" || !isConsistent) {
      return { ...known, starts: byTag, pinnedTo: undefined };
    }
    const hasMoved = found === "missing" || (byTag !== undefined && byTag !== before);
    if (pin === "auto" && !hasMoved) return { ...known, starts: byTag ?? before, pinnedTo: undefined };
    return { ...known, starts: before, pinnedTo: pinImage(image, before) };
  });
}

/**
 * The digest that a new deployment would resolve a name to: none where the tag is gone. Where the registry cannot be
 * asked, what the newest deployment resolved it to still shows that a tag has moved since.
 */
function resolveTag(today: ImageToday, running: readonly ContainerImage[], image: string): string | undefined {
  if (today === "missing") return undefined;
  return today === "unknown" ? running.find((other) => other.image === image)?.digest : today.digest;
}

/** Whether each container would start what it runs now, by digests that are all known. Pure. */
export function startsTheSame(images: readonly PlannedImage[]): boolean {
  return images.length > 0 && images.every(({ starts, running }) => starts !== undefined && starts === running);
}

/** The same image where no name is resolved anew: as it ran. Pure. */
export function asItRan(image: PlannedImage): PlannedImage {
  return image.isConsistent ? { ...image, starts: image.ran ?? image.starts, pinnedTo: undefined } : image;
}

/** Whether some container's image is named by its digest, for which a copy is registered. */
export function hasPins(images: readonly PlannedImage[]): boolean {
  return images.some(({ pinnedTo }) => pinnedTo !== undefined);
}

/** The names by digest, by container. */
export function pinsOf(images: readonly PlannedImage[]): Record<string, string> {
  return Object.fromEntries(images.flatMap(({ container, pinnedTo }) => pinnedTo ? [[container, pinnedTo]] : []));
}
