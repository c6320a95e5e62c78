import { type ContainerImage, parseImageName, pinImage, ranTheSame, type WrittenImage } from "../../model/images.ts";

/** How a rollback treats tags. `auto`: it pins those that have moved; `never`; `always`: all whose digest is known. */
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

export const NOTHING_KNOWN: KnownImages = { running: undefined, ran: undefined, today: new Map() };

/** The image of one container of the target, and what will start. */
export interface PlannedImage extends WrittenImage {
  /** The digest that this container runs now. */
  readonly running: string | undefined;
  /** Only some of the container's tasks run that: without version consistency they may differ. */
  readonly isMixed?: true;
  /** The digest that ran when the target was last deployed successfully. */
  readonly ran: string | undefined;
  readonly today: ImageToday;
  /** The digest that the plan starts, where that is known. */
  readonly starts: string | undefined;
  /** No name is resolved anew: ECS goes back to what ran. */
  readonly isAsItRan?: true;
  /** The name that the copy has for the image; `undefined`: the target's own. */
  readonly pinnedTo: string | undefined;
}

/**
 * Decides for every container of the target which image the rollback starts, and under which name. A copy that is
 * registered anyway also names by digest what may have moved. Pure.
 *
 * @param isDeployed the service has the target's task definition already: then only a copy can start what ran
 * @param isCopied a copy is registered in any case
 */
export function planImages(
  written: readonly WrittenImage[],
  known: KnownImages,
  pin: PinPolicy,
  isDeployed = false,
  isCopied = false,
): PlannedImage[] {
  const planned = written.map((one) => planImage(one, known, pin, isDeployed));
  if (pin === "never" || !(isCopied || planned.some(({ pinnedTo }) => pinnedTo !== undefined))) return planned;
  return planned.map((image) =>
    image.starts === undefined && image.ran !== undefined && image.isConsistent ? pinned(image, image.ran) : image
  );
}

function planImage(
  written: WrittenImage,
  { running = [], ran = [], today }: KnownImages,
  pin: PinPolicy,
  isDeployed: boolean,
): PlannedImage {
  const { container, image, isConsistent } = written;
  const named = parseImageName(image).digest;
  const now = running.find((other) => other.container === container);
  const before = named ?? ran.find((other) => other.container === container)?.digest;
  const found = today.get(image) ?? "unknown";
  const byTag = named ?? (typeof found === "object" ? found.digest : undefined);
  const planned = {
    ...written,
    // Without version consistency, tasks of one deployment may differ.
    running: isConsistent ? now?.digest ?? (now && parseImageName(now.image).digest) : undefined,
    ran: before,
    today: found,
    starts: byTag,
    pinnedTo: undefined,
  };
  if (named !== undefined || before === undefined || pin === "never" || !isConsistent) return planned;
  const newest = resolveTag(found, running, image);
  const isOther = isDeployed && planned.running !== before;
  const hasMoved = isOther || found === "missing" || (newest !== undefined && newest !== before);
  return pin === "always" || hasMoved ? pinned(planned, before) : planned;
}

function pinned(image: PlannedImage, digest: string): PlannedImage {
  return { ...image, starts: digest, pinnedTo: pinImage(image.image, digest) };
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

/** Whether no container is known to run, or to be about to start, another image than ran. Pure. */
export function runsWhatRan(images: readonly WrittenImage[], { running = [], ran = [] }: KnownImages): boolean {
  const consistent = new Set(images.filter(({ isConsistent }) => isConsistent).map(({ container }) => container));
  return ranTheSame(running.filter(({ container }) => consistent.has(container)), ran);
}

/** The images where no copy is made: the service has them already, or ECS itself goes back to what ran. Pure. */
export function withoutCopy(images: readonly PlannedImage[], isAtTarget: boolean): PlannedImage[] {
  return images.map((image) => {
    const isAsItRan = !isAtTarget && image.isConsistent && image.ran !== undefined;
    const known = isAtTarget ? image.running : isAsItRan ? image.ran : undefined;
    return { ...image, starts: known ?? image.starts, pinnedTo: undefined, ...(isAsItRan && { isAsItRan }) };
  });
}

/** Whether some container's image is named by its digest, for which a copy is registered. */
export function hasPins(images: readonly PlannedImage[]): boolean {
  return images.some(({ pinnedTo }) => pinnedTo !== undefined);
}

/** The names by digest, by container. */
export function pinsOf(images: readonly PlannedImage[]): Record<string, string> {
  return Object.fromEntries(images.flatMap(({ container, pinnedTo }) => pinnedTo ? [[container, pinnedTo]] : []));
}

/** The image of one container that a deploy ships, where it is named by a tag in Amazon ECR. */
export interface ShippedImage extends WrittenImage {
  /**
   * The digests that the container runs now: none where that is not known, several only without version consistency.
   */
  readonly running: readonly string[];
  readonly today: ImageToday;
}

/** Whether the tag names another image than all or some of the tasks run. What is not known counts as not moved. */
export function hasMoved({ running, today }: ShippedImage): boolean {
  return typeof today === "object" && running.some((digest) => digest !== today.digest);
}

/** A shipped image as a plan shows it. `isStarted`: whether the deploy starts new tasks of it. */
export function planShipped({ running, ...image }: ShippedImage, isStarted: boolean): PlannedImage {
  const { today } = image;
  const digest = typeof today === "object" ? today.digest : undefined;
  const shown = running.find((one) => one !== digest) ?? running[0];
  return {
    ...image,
    running: shown,
    ...(running.length > 1 && { isMixed: true } as const),
    ran: undefined,
    starts: isStarted ? digest : undefined,
    pinnedTo: undefined,
  };
}
