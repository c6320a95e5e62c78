/** TagResource, UntagResource and ListTagsForResource of ECS */
import { AwsFailure, invalidParameter } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { tagList } from "../wire.ts";
import type { Actions } from "./action.ts";

const MAX_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
/** Letters, digits, spaces and `+ - = . _ : / @`. */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Tags in ECS's spelling to a record. @throws InvalidParameterException for tags that ECS does not allow */
export function parseTags(tags: readonly JsonObject[]): Record<string, string> {
  if (tags.length > MAX_TAGS) throw invalidParameter(`Cannot have more than ${MAX_TAGS} tags.`);
  return Object.fromEntries(tags.map(({ key, value = "" }) => {
    if (typeof key !== "string" || key === "") throw invalidParameter("Tag key cannot be empty.");
    if (key.length > MAX_KEY_LENGTH || !ALLOWED.test(key) || key.toLowerCase().startsWith("aws:")) {
      throw invalidParameter(`Invalid tag key: ${key}`);
    }
    if (typeof value !== "string" || value.length > MAX_VALUE_LENGTH || !ALLOWED.test(value)) {
      throw invalidParameter(`Invalid tag value for key: ${key}`);
    }
    return [key, value];
  }));
}

function resourceArn(world: World, input: Input): string {
  const arn = input.requiredString("resourceArn");
  const known = [...world.clusters, ...world.services, ...world.taskDefinitions, ...world.tasks];
  if (!known.some((resource) => resource.arn === arn)) {
    throw new AwsFailure("InvalidParameterException", "The specified resource could not be found.");
  }
  return arn;
}

function tagResource(world: World, input: Input): JsonObject {
  const arn = resourceArn(world, input);
  world.tags[arn] = { ...world.tags[arn], ...parseTags(input.requiredObjects("tags")) };
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
