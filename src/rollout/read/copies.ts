import { sameTaskDefinition } from "../../definitions/compare_task_definitions.ts";
import { optional } from "../../errors.ts";
import type { Revision } from "../../model/arn.ts";
import { findLikelyCopies } from "../../model/history.ts";
import { readPinnedTags } from "../../model/image_tags.ts";
import { parseImageName, ranTheSame, readWrittenImages, withImages } from "../../model/images.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { PastDeployment } from "../../model/service_deployment.ts";
import { COPIED_FROM_KEY, copiedFrom, IMAGE_TAG_KEY, type TaskDefinition } from "../../model/task_definition.ts";
import { hasPins, type KnownImages, type PinPolicy, pinsOf, planImages } from "../judge/planned_images.ts";
import type { ChosenRevision } from "./chosen_revision.ts";

/**
 * Whether the service already runs the copy of the target that an earlier run registered, because the target was
 * deregistered or its tags had moved: the same command may be given again. With `--pin never` only a deregistered
 * target has a copy: one with the same image names, whatever digests they stood for.
 */
export function isCopy(
  current: TaskDefinition | undefined,
  target: TaskDefinition,
  { running, ran }: KnownImages,
  pin: PinPolicy,
): current is TaskDefinition {
  const isOfTarget = current !== undefined && target.arn !== current.arn && target.family === current.family &&
    copiedFrom(current.raw, current.family) === target.revision;
  if (!isOfTarget) return false;
  const isInactive = target.status === "INACTIVE";
  if (pin === "never") return isInactive && namesTheSame(current, target);
  return ranTheSame(running, ran) && (isInactive || (running !== undefined && ran !== undefined));
}

function namesTheSame(one: TaskDefinition, other: TaskDefinition): boolean {
  const names = ({ raw }: TaskDefinition) =>
    readWrittenImages(raw).map(({ container, image }) => `${container}=${image}`).toSorted().join(" ");
  return names(one) === names(other);
}

/** How many likely copies are read: each takes a call. */
const MAX_LIKELY_COPIES = 2;

/** Reads the copies of the target that earlier runs have registered, as far as ECS's record shows likely ones. */
export async function readCopies(
  target: TaskDefinition,
  past: readonly PastDeployment[],
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<TaskDefinition[]> {
  const read = [...findLikelyCopies(past).keys()].slice(-MAX_LIKELY_COPIES)
    .map(async (arn) => (await optional(ecs.describeTaskDefinition(arn, signal))).value);
  const isCopy = (copy: TaskDefinition | undefined) =>
    copy?.status === "ACTIVE" && copiedFrom(copy.raw, target.family) === target.revision;
  return (await Promise.all(read)).filter((copy) => copy !== undefined).filter(isCopy);
}

/**
 * Finds the copy that the rollback would otherwise register once more. Pure.
 *
 * @param isDeployed whether the service has the target's own task definition
 */
export function findCopy(
  copies: readonly TaskDefinition[],
  target: TaskDefinition,
  images: KnownImages,
  pin: PinPolicy,
  isDeployed: boolean,
): TaskDefinition | undefined {
  const planned = planImages(readWrittenImages(target.raw), images, pin, isDeployed);
  const isGone = planned.some(({ pinnedTo = "" }) => images.today.get(pinnedTo) === "missing");
  if (!hasPins(planned) || isGone) return undefined;
  const pinned = withImages(target.raw, pinsOf(planned));
  return copies.find(({ raw }) => sameTaskDefinition(pinned, raw, [COPIED_FROM_KEY, IMAGE_TAG_KEY]));
}

/** Puts a copy in the place of the chosen revision: one that runs, or one whose number alone says what to start. */
export function replaceWithCopy(
  code: "runsCopy" | "hasCopy",
  chosen: ChosenRevision,
  copy: Revision,
  original: Revision,
): ChosenRevision {
  const [one, of] = [copy, original].map(({ arn, family, revision }) => ({ arn, family, revision })) as [
    Revision,
    Revision,
  ];
  return { ...chosen, ...one, reason: { code, copy: one, of }, ...(code === "hasCopy" && { deployment: undefined }) };
}

/**
 * Reads the tags that a copy's images had, by container: from its own tag, and where that had no room for all, from its
 * original. Not `isWhole` where that may not be read.
 */
export async function readCopyTags(copy: TaskDefinition, ecs: EcsReader, signal: AbortSignal) {
  const { tags, others } = readPinnedTags(copy.raw);
  const number = copiedFrom(copy.raw, copy.family);
  if (others === 0 || number === undefined) return { tags, isWhole: others === 0 };
  const { value: original } = await optional(ecs.describeTaskDefinition(`${copy.family}:${number}`, signal));
  if (original === undefined) return { tags, isWhole: false };
  const before = readPinnedTags(original.raw).tags;
  const written = new Map(readWrittenImages(original.raw).map(({ container, image }) => [container, image]));
  const missing = readWrittenImages(copy.raw).flatMap(({ container, image }) => {
    const tag = parseImageName(written.get(container) ?? "@").tag ?? before.get(container);
    const isByDigest = parseImageName(image).digest !== undefined;
    return isByDigest && tag !== undefined && !tags.has(container) ? [[container, tag] as const] : [];
  });
  return { tags: new Map([...tags, ...missing]), isWhole: missing.length >= others };
}
