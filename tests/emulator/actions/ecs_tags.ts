/** TagResource, UntagResource and ListTagsForResource of ECS */
import { AwsFailure, invalidParameter } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { tagList } from "../wire.ts";
import type { Actions } from "./action.ts";

/** Tags in ECS's spelling to a record. @throws InvalidParameterException for keys that ECS does not allow */
export function parseTags(tags: readonly JsonObject[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value = "" }) => {
    if (typeof key !== "string") throw invalidParameter("Tag key cannot be empty.");
    checkText("key", key, 128);
    checkText("value", String(value), 256);
    if (key.toLowerCase().startsWith("aws:")) throw invalidParameter(`Invalid tag key: ${key}`);
    return [key, String(value)];
  }));
}

/** API reference, Tag: the lengths, and the pattern of both. */
function checkText(what: string, text: string, longest: number): void {
  if ([...text].length > longest) throw invalidParameter(`Tag ${what} exceeds the maximum length of ${longest}.`);
  if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text)) throw invalidParameter(`Invalid tag ${what}: ${text}`);
}

function resourceArn(world: World, input: Input): string {
  const arn = input.requiredString("resourceArn");
  const known = [...world.clusters, ...world.services, ...world.taskDefinitions, ...world.tasks];
  if (!known.some((resource) => resource.arn === arn)) {
    throw new AwsFailure("InvalidParameterException", "The specified resource could not be found.");
  }
  return arn;
}

/** API reference, TagResource; those of AWS itself, with `aws:`, do not count. */
const MAX_TAGS = 50;

function tagResource(world: World, input: Input): JsonObject {
  const arn = resourceArn(world, input);
  const tags = { ...world.tags[arn], ...parseTags(input.requiredObjects("tags")) };
  // One of the errors of TagResource; that it is this one, AWS says nowhere.
  if (Object.keys(tags).filter((key) => !key.toLowerCase().startsWith("aws:")).length > MAX_TAGS) {
    throw new AwsFailure("LimitExceededException", `The resource may have ${MAX_TAGS} tags.`);
  }
  world.tags[arn] = tags;
  return {};
}

function untagResource(world: World, input: Input): JsonObject {
  const tags = world.tags[resourceArn(world, input)] ?? {};
  for (const key of input.requiredStrings("tagKeys")) delete tags[key];
  return {};
}

function listTagsForResource(world: World, input: Input): JsonObject {
  return { tags: tagList(world.tags[resourceArn(world, input)] ?? {}) };
}

export const actions: Actions = {
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};
