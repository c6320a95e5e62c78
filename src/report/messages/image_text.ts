import { type Revision, shortName } from "../../model/arn.ts";
import { locateInEcr, parseImageName } from "../../model/images.ts";
import type { DefinitionChange } from "../../model/definition_change.ts";
import type { PlannedImage } from "../../rollout/judge/planned_images.ts";

/**
 * Which image each container starts, and whether its tag still names that image: up to three lines per container, for a
 * terminal of 80 columns. A container is left out if only the name of its image is known.
 *
 * @param to the revision that ran with these images
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

/** Whether the image needs no mention: its tag still names what ran, and the container starts by that tag. */
export function isStillTagged(image: PlannedImage): boolean {
  const { ran, today, starts = ran } = image;
  return ran !== undefined && typeof today === "object" && today.digest === ran && starts === ran &&
    !startsByDigest(image);
}

/** Whether a container starts by digest: a copy pins it, or ECS itself goes back and starts what ran. */
function startsByDigest({ ran, today, starts, pinnedTo, isAsItRan }: PlannedImage): boolean {
  const isStill = typeof today === "object" && today.digest === ran;
  return pinnedTo !== undefined || (starts !== undefined && starts === ran && isAsItRan === true && !isStill);
}

function goByDigest({ image, ran, today, isAsItRan }: PlannedImage, target: string): string[] {
  const tag = `the tag ${shortImage(image)}`;
  const start = `${shortDigest(ran ?? "")} by digest, as it ran with ${target}`;
  if (today === "missing") return [start, `${tag} is gone`];
  // ECS itself goes back: no tag was looked up.
  if (today === "unknown" && isAsItRan) return [start];
  if (today === "unknown") return [start, `today's image of ${tag} is not known`];
  return today.digest === ran ? [start] : [start, `${tag} has moved since, to ${shortDigest(today.digest)}`];
}

function goByTag({ image, ran, today, starts, isConsistent }: PlannedImage, target: string): string[] {
  const name = shortImage(image);
  // The revision may never have run, so "what ran with it is not known" would be wrong.
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

/** Says "tag" and "repository": `web:5` looks like a revision if the repository is named like the family. */
function describeMissing(image: string): string {
  const { repository, tag } = parseImageName(shortImage(image));
  return `image tag ${tag} of repository ${repository}: the registry does not have it, so its tasks will fail`;
}

/**
 * The images of a deploy that would change nothing: one line for each container whose image has a tag, unless nothing
 * is known of it.
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

/** Which containers a copy pins: `, with app, log by digest`. */
export function renderPins(pins: Readonly<Record<string, string>> = {}): string {
  const containers = Object.keys(pins);
  return containers.length === 0 ? "" : `, with ${containers.join(", ")} by digest`;
}

/**
 * An image's name with a short digest; without the registry's address in Amazon ECR, which only names account and
 * region.
 */
export function shortImage(image: string): string {
  const short = image.replace(/(?<=@)sha256:.*$/, shortDigest);
  return locateInEcr(image) === undefined ? short : short.slice(short.indexOf("/") + 1);
}

/** `shortImage`, with a digest shortened wherever the name has it. */
export function shortenImage(image: string): string {
  const { digest = "" } = parseImageName(image);
  return shortImage(image).replace(digest, shortDigest(digest));
}

/** `web:1.3.0 -> 1.2.0`, or `2 images`; if none changes, `as it ran, by digest` for a copy, otherwise empty. */
export function renderChangedImage(changes: readonly DefinitionChange[], images: readonly PlannedImage[]): string {
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
 * The change of an image, cut to what differs: `tag 1.3.0` to `1.2.0 of repository web`, since `web:1.2.0` looks like a
 * revision of a task definition. Two repositories of one ECR registry are named without its address.
 */
export function withShortImages(change: DefinitionChange): DefinitionChange {
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

/** The first characters of a digest, as many as registries show. */
export function shortDigest(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}
