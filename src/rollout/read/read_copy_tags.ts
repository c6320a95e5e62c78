import { optional } from "../../errors.ts";
import { readPinnedTags } from "../../model/image_tags.ts";
import { parseImageName, readWrittenImages } from "../../model/images.ts";
import type { EcsReader } from "../../model/ports.ts";
import { copiedFrom, type TaskDefinition } from "../../model/task_definition.ts";

/** The tags that the images of a pinned copy had, by container. */
export interface CopyTags {
  readonly tags: ReadonlyMap<string, string>;
  /** Not where the copy's own tag had no room for all, and its original may not be read. */
  readonly isWhole: boolean;
}

/** Reads the tags of a copy's images: what its own tag had no room for, by one more call, is what its original names. */
export async function readCopyTags(copy: TaskDefinition, ecs: EcsReader, signal: AbortSignal): Promise<CopyTags> {
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
