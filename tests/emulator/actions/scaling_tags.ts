/** TagResource, UntagResource and ListTagsForResource of Application Auto Scaling */
import { AwsFailure, validationException } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, ScalableTarget, World } from "../model.ts";
import type { Actions } from "./action.ts";

const MAX_TAGS = 50;
/** Letters, digits, spaces and `+ - = . _ : / @`. */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;

function targetOf(world: World, input: Input): ScalableTarget {
  const arn = input.requiredString("ResourceARN");
  const target = world.scalableTargets.find((one) => one.arn === arn);
  if (!target) throw new AwsFailure("ResourceNotFoundException", `The scalable target was not found: ${arn}`);
  return target;
}

function checkTag(key: string, value: unknown): void {
  if (key === "" || key.length > MAX_KEY_LENGTH || !ALLOWED.test(key) || key.toLowerCase().startsWith("aws:")) {
    throw validationException(`Invalid tag key: ${key}`);
  }
  if (typeof value !== "string" || value.length > MAX_VALUE_LENGTH || !ALLOWED.test(value)) {
    throw validationException(`Invalid tag value for key: ${key}`);
  }
}

function tagResource(world: World, input: Input): JsonObject {
  const target = targetOf(world, input);
  const tags = input.object("Tags") ?? {};
  for (const [key, value] of Object.entries(tags)) checkTag(key, value);
  const merged = { ...target.tags, ...tags as Record<string, string> };
  if (Object.keys(merged).length > MAX_TAGS) {
    throw new AwsFailure("TooManyTagsException", `The number of tags exceeds the limit of ${MAX_TAGS}.`);
  }
  target.tags = merged;
  return {};
}

function untagResource(world: World, input: Input): JsonObject {
  const target = targetOf(world, input);
  for (const key of input.requiredStrings("TagKeys")) delete target.tags[key];
  return {};
}

function listTagsForResource(world: World, input: Input): JsonObject {
  return { Tags: { ...targetOf(world, input).tags } };
}

export const actions: Actions = {
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};
