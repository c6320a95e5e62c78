import { findLostMembers, sameTaskDefinition } from "../../definitions/compare_definitions.ts";
import { type Revision, shortName } from "../../model/arn.ts";
import { TASK_DEFINITION_READ_ONLY } from "../../model/read_only_fields.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { EcsReader, EcsWriter, Registered } from "../../model/ports.ts";
import { AwsError, optional } from "../../errors.ts";
import type { RunNotice } from "../events.ts";

/** The key of the tag that says which revision a copy was made of. */
export const COPIED_FROM_KEY = "ecspresso:copied-from";

/** The copy, and what the user should know about it. */
export interface RegisteredCopy {
  readonly copy: Revision;
  readonly notice: RunNotice | undefined;
  /** What the original has and ECS has not kept in the copy; empty when the copy is whole. No tags. */
  readonly lost: readonly string[];
}

/**
 * Registers a task definition anew, its tags included, with one more that names the original. Where tagging is not
 * allowed, without any.
 *
 * @throws AwsError; `lost` when AWS may have registered it
 */
export async function registerCopy(
  original: Revision,
  ecs: EcsReader & EcsWriter,
  signal: AbortSignal,
): Promise<RegisteredCopy> {
  const definition = await ecs.describeTaskDefinition(original.arn, signal);
  if (definition === undefined) {
    const detail = `${shortName(original)} has been deleted meanwhile`;
    throw new AwsError({ operation: "DescribeTaskDefinition", kind: "rejected", code: "NotFound", detail });
  }
  const { tags, ...input } = toInput(definition.raw);
  const tagged = { ...input, tags: [...ownTags(tags), { key: COPIED_FROM_KEY, value: shortName(original) }] };
  const { value: copy, denied } = await optional(
    ecs.registerTaskDefinition(tagged, (raw) => sameTaskDefinition(tagged, raw), signal),
  );
  if (copy !== undefined) return { ...readCopy(input, copy), notice: undefined };
  if (!/ecs:TagResource/.test(denied.detail)) throw denied;
  const untagged = await ecs.registerTaskDefinition(input, (raw) => sameTaskDefinition(input, raw), signal);
  return { ...readCopy(input, untagged), notice: { code: "copyWithoutTags", error: denied.message } };
}

function readCopy(input: JsonObject, { revision, definition }: Registered): Pick<RegisteredCopy, "copy" | "lost"> {
  return { copy: revision, lost: findLostMembers(input, definition) };
}

/** The number of the revision that a task definition is a copy of; `undefined` when it is none, or of another family. */
export function copiedFrom(definition: JsonObject, family: string): number | undefined {
  const tags: readonly Json[] = Array.isArray(definition.tags) ? definition.tags : [];
  const values = tags.flatMap((tag) => isTag(tag) && tag.key === COPIED_FROM_KEY ? [String(tag.value)] : []);
  const [, ofFamily, revision] = /^(.*):([1-9][0-9]{0,9})$/.exec(values[0] ?? "") ?? [];
  return ofFamily === family ? Number(revision) : undefined;
}

function isTag(tag: Json): tag is JsonObject {
  return typeof tag === "object" && tag !== null && !Array.isArray(tag);
}

/** What RegisterTaskDefinition takes of what DescribeTaskDefinition answers. */
function toInput(definition: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(definition).filter(([name]) => !TASK_DEFINITION_READ_ONLY.includes(name)));
}

/** AWS reserves keys with its own prefix: nobody may set those. An earlier copy's origin is not this one's. */
function ownTags(tags: Json | undefined): Json[] {
  if (!Array.isArray(tags)) return [];
  return tags.filter((tag: { readonly key?: unknown }) =>
    typeof tag.key === "string" && !tag.key.startsWith("aws:") && tag.key !== COPIED_FROM_KEY
  );
}
