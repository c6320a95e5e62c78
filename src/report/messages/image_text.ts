import { type Revision, shortName } from "../../model/arn.ts";
import { locateInEcr, parseImageName } from "../../model/images.ts";
import type { TaskDefinitionChange } from "../../model/task_definition.ts";
import type { PlannedImage } from "../../rollout/plan/plan_images.ts";

/**
 * Which image each container starts, and what that has to do with the tag of its name: up to three lines a container, for
 * 80 columns. Containers of whose images nothing more is known than the name are left out.
 *
 * @param to the revision that the images ran with
 */
export function renderImages(images: readonly PlannedImage[], to: Revision | undefined): string[] {
  const target = to === undefined ? "it" : shortName(to);
  return images.flatMap((image) => {
    const isKnown = image.ran !== undefined || image.today !== "unknown";
    if (parseImageName(image.image).digest !== undefined || !isKnown) return [];
    const [first, ...details] = startsByDigest(image) ? goByDigest(image, target) : goByTag(image, target);
    const verb = image.today === "missing" && !startsByDigest(image) ? "would start" : "starts";
    return [`${image.container}: ${verb} ${first}`, ...details.map((line) => `  ${line}`)];
  });
}

/** Whether the tag names today what ran, and that starts by it: there is nothing to be said of such an image. */
export function isStillTagged(image: PlannedImage): boolean {
  const { ran, today, starts = ran } = image;
  return ran !== undefined && typeof today === "object" && today.digest === ran && starts === ran &&
    !startsByDigest(image);
}

/** By a copy, or since ECS goes back by itself. */
function startsByDigest({ ran, today, starts, pinnedTo, isAsItRan }: PlannedImage): boolean {
  const isStill = typeof today === "object" && today.digest === ran;
  return pinnedTo !== undefined || (starts !== undefined && starts === ran && isAsItRan === true && !isStill);
}

function goByDigest({ image, ran, today, isAsItRan }: PlannedImage, target: string): string[] {
  const tag = `the tag ${shortImage(image)}`;
  const start = `${shortDigest(ran ?? "")} by digest, as it ran with ${target}`;
  if (today === "missing") return [start, `${tag} is gone`];
  // Of what ECS goes back to, no tag is asked for.
  if (today === "unknown" && isAsItRan) return [start];
  if (today === "unknown") return [start, `today's image of ${tag} is not known`];
  return today.digest === ran ? [start] : [start, `${tag} has moved since, to ${shortDigest(today.digest)}`];
}

function goByTag({ image, ran, today, starts, isConsistent }: PlannedImage, target: string): string[] {
  const name = shortImage(image);
  // Whether it ran at all is not known then, and not what ran.
  if (today === "missing" && ran === undefined) return [describeMissing(image)];
  const other = [
    ran === undefined ? `what ran with ${target} is not known` : `NOT ${shortDigest(ran)}, which ran with ${target}`,
    ...(isConsistent || ran === undefined ? [] : ["versionConsistency is disabled: tasks are never started by digest"]),
  ];
  if (today === "missing") return [describeMissing(image), ...other];
  if (starts !== undefined && starts !== ran) return [`${name}, today ${shortDigest(starts)}`, ...other];
  if (today !== "unknown") return [`${name}, still the same image (${shortDigest(today.digest)})`];
  return [`${name}, which ran as ${shortDigest(ran ?? "")}`, "today's image of the tag is not known"];
}

/** Tags look like revisions of a task definition where the repository has the family's name. */
function describeMissing(image: string): string {
  const { repository, tag } = parseImageName(shortImage(image));
  return `image tag ${tag} of repository ${repository}: the registry does not have it, so its tasks will fail`;
}

/**
 * What a deploy finds where what it ships runs already: a line for each container whose image goes by a tag, without those
 * of which nothing is known.
 */
export function renderShipped(images: readonly PlannedImage[]): string[] {
  return images
    .filter(({ running, today }) => running !== undefined || today !== "unknown")
    .map(({ container, image, running, today, isMixed }) => {
      const now = running === undefined ? "runs an unknown image" : `runs ${shortDigest(running)}`;
      const where = isMixed ? " in some tasks (versionConsistency is disabled)" : "";
      return `${container}: ${shortImage(image)} ${now}${where}, ${describeToday(today, running)}`;
    });
}

function describeToday(today: PlannedImage["today"], running: string | undefined): string {
  if (today === "unknown") return "today's image of the tag is not known";
  if (today === "missing") return "the tag is gone today";
  return today.digest === running ? "as the tag is today" : `the tag is ${shortDigest(today.digest)} today`;
}

/** What a copy names by digest: `, with app and log by digest`. */
export function renderPins(pins: Readonly<Record<string, string>> = {}): string {
  const containers = Object.keys(pins);
  return containers.length === 0 ? "" : `, with ${containers.join(", ")} by digest`;
}

/**
 * An image's name with a short digest, and without the address of its registry where that is Amazon ECR: it only distinguishes
 * account and region.
 */
export function shortImage(image: string): string {
  const short = image.replace(/(?<=@)sha256:.*$/, shortDigest);
  return locateInEcr(image) === undefined ? short : short.slice(short.indexOf("/") + 1);
}

/** An image by the short name, and what it has of a digest by its beginning. */
export function shortenImage(image: string): string {
  const { digest = "" } = parseImageName(image);
  return shortImage(image).replace(digest, shortDigest(digest));
}

/** `web:1.3.0 -> 1.2.0`, of the one image that changes; how many, where there are more. Empty where none does. */
export function renderChangedImage(changes: readonly TaskDefinitionChange[], images: readonly PlannedImage[]): string {
  const changed = changes.filter(({ attribute }) => attribute === "image");
  if (changed.length > 1) return `${changed.length} images`;
  const [change] = changed;
  if (change?.from === undefined || change.to === undefined) {
    return images.some(({ pinnedTo }) => pinnedTo !== undefined) ? "as it ran, by digest" : "";
  }
  const [from, to] = [change.from, change.to].map(shortenImage) as [string, string];
  const [old, now] = [parseImageName(from), parseImageName(to)];
  return old.repository === now.repository ? `${from} -> ${to.slice(now.repository.length + 1)}` : `${from} -> ${to}`;
}

/**
 * The change of an image by what changes of it, `tag 1.3.0` to `1.2.0 of repository web`, for `web:1.2.0` looks like a
 * revision of a task definition. Another repository of the same registry is named without that.
 */
export function withShortImages(change: TaskDefinitionChange): TaskDefinitionChange {
  const { attribute, from, to } = change;
  if (attribute !== "image" || from === undefined || to === undefined) return change;
  const [old, now] = [parseImageName(from), parseImageName(to)];
  if (old.repository === now.repository) {
    const version = now.digest !== undefined
      ? shortDigest(now.digest)
      : old.digest === undefined
      ? now.tag
      : `tag ${now.tag}`;
    const was = old.digest === undefined ? `tag ${old.tag}` : shortDigest(old.digest);
    return { ...change, from: was, to: `${version} of repository ${shortImage(now.repository)}` };
  }
  const registryOf = (image: string) => image.slice(0, image.indexOf("/"));
  return registryOf(from) === registryOf(to) ? { ...change, from: shortImage(from), to: shortImage(to) } : change;
}

/** Enough of a digest to distinguish it from others, as registries show it. */
export function shortDigest(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}
