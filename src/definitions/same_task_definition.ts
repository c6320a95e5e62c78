import type { JsonObject } from "../model/json.ts";
import { alignTaskDefinitions } from "./align_definitions.ts";
import { sameJson } from "./canonicalize.ts";

/**
 * Whether registering `local` would make nothing new. Any doubt is a "no": a revision too many is harmless.
 *
 * @param local the input of RegisterTaskDefinition
 * @param registered AWS's description, with its `tags` put beside the other members
 * @param ignoredTags keys of tags that are not compared
 */
export function sameTaskDefinition(
  local: JsonObject,
  registered: JsonObject,
  ignoredTags: readonly string[] = [],
): boolean {
  const aligned = alignTaskDefinitions(local, registered, ignoredTags);
  return sameJson(aligned.local, aligned.remote);
}
