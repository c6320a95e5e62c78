import { HOLD_KEY, LAST_ROLLBACK_KEY } from "../model/service_notes.ts";
import { isEmpty, isList, isObject, type Json, type JsonObject, objectIn, sortKeys } from "../model/json.ts";
import { isOfWaitsRecord } from "../model/waits.ts";
import { COPIED_FROM_KEY, IMAGE_TAG_KEY } from "../model/task_definition.ts";

/**
 * The rules by which objects of one type of AWS's API are compared. A member without a rule is compared as it stands: a
 * difference that does not matter is noise, but one that is missed is a wrong deploy.
 */
export interface Shape {
  readonly ignored?: readonly string[];
  /** Values that mean the same as leaving the member out. */
  readonly defaults?: JsonObject;
  readonly members?: Readonly<Record<string, Shape>>;
  /**
   * Lists whose order means nothing, with the member that their elements are sorted by (elements with an equal one keep
   * their order); `""`: by the whole element.
   */
  readonly sets?: Readonly<Record<string, string>>;
  /** Members that mean something even when they are empty. */
  readonly keptEmpty?: readonly string[];
  /** Members with the user's own JSON, which AWS passes on: everything in it counts. */
  readonly opaque?: readonly string[];
  /** Rules for several members at once; applied first. */
  readonly rewrite?: (object: JsonObject) => JsonObject;
}

/**
 * Brings a value into its canonical form, which two values share exactly when they mean the same: keys in order, and no
 * members that are null, empty or at their defaults.
 *
 * To AWS an empty list is the same as no list, and its descriptions have either, as terraform-provider-aws shows
 * (internal/service/ecs/container_definitions.go).
 */
export function canonicalize(value: Json, shape: Shape = {}): Json {
  if (isList(value)) return value.map((element) => canonicalize(element, shape));
  if (!isObject(value)) return value;
  const object = shape.rewrite?.(value) ?? value;
  return Object.fromEntries(
    Object.keys(object).sort().flatMap((key) => {
      const member = canonicalizeMember(key, object[key]!, shape);
      return member === undefined ? [] : [[key, member]];
    }),
  );
}

function canonicalizeMember(key: string, value: Json, shape: Shape): Json | undefined {
  if (value === null || shape.ignored?.includes(key)) return undefined;
  if (shape.opaque?.includes(key)) return sortKeys(value);
  const member = canonicalize(value, own(shape.members, key));
  if (sameJson(member, own(shape.defaults, key))) return undefined;
  if (isEmpty(member) && !shape.keptEmpty?.includes(key)) return undefined;
  const sortedBy = own(shape.sets, key);
  return isList(member) && sortedBy !== undefined ? sortElements(member, sortedBy) : member;
}

function sortElements(list: readonly Json[], sortedBy: string): Json[] {
  const keyOf = (element: Json) => JSON.stringify(sortedBy === "" ? element : objectIn(element)[sortedBy] ?? "");
  const compare = (a: string, b: string) => a === b ? 0 : a < b ? -1 : 1;
  return list.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
}

/** Whether two canonical forms are equal. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The members in which two canonical forms differ, in order. */
export function differingMembers(a: JsonObject, b: JsonObject): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => !sameJson(own(a, name), own(b, name))).sort();
}

/** Looks up own members only: keys are the user's, and `constructor` may be one of them. */
export function own<Value>(record: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Whether a member has a value. */
export function isGiven(object: JsonObject, name: string): boolean {
  return (own(object, name) ?? null) !== null;
}

/** The canonical forms of the user's definition and of AWS's, without what the user left to others. */
export interface Aligned {
  readonly local: JsonObject;
  readonly remote: JsonObject;
}

/**
 * The definition without the tags that are not compared: those whose keys the user wants ignored, this program's own,
 * and those that begin with `aws:`, which AWS reserves (API reference, CreateService, `tags`).
 */
export function withoutIgnoredTags(definition: JsonObject, ignoredTags: readonly string[] = []): JsonObject {
  const { tags } = definition;
  if (!isList(tags)) return definition;
  const keys = [...ignoredTags, COPIED_FROM_KEY, IMAGE_TAG_KEY, HOLD_KEY, LAST_ROLLBACK_KEY];
  const isIgnored = (key: unknown) =>
    typeof key === "string" && (keys.includes(key) || isOfWaitsRecord(key) || /^aws:/i.test(key));
  return { ...definition, tags: tags.filter((tag) => !isIgnored(objectIn(tag).key)) };
}
