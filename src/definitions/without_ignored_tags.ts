import type { JsonObject } from "../model/json.ts";
import { isList, isObject } from "./canonicalize.ts";

/**
 * The definition without the tags that are not compared: those whose keys the user wants ignored, and those that begin with
 * `aws:`, which AWS keeps for itself, so that nobody can have written them (API reference, CreateService, `tags`).
 */
export function withoutIgnoredTags(definition: JsonObject, ignoredTags: readonly string[]): JsonObject {
  const { tags } = definition;
  if (!isList(tags)) return definition;
  const isIgnored = (key: unknown) => typeof key === "string" && (ignoredTags.includes(key) || /^aws:/i.test(key));
  return { ...definition, tags: tags.filter((tag) => !(isObject(tag) && isIgnored(tag.key))) };
}
