import { isList, isObject, type Json, type JsonObject, objectIn, objectsIn, textIn } from "../model/json.ts";
import type { DefinitionChange } from "../model/definition_change.ts";
import { type Aligned, differingMembers, own, sameJson } from "./canonicalize.ts";
import { normalizeTaskDefinition } from "./normalize_task_definition.ts";

/**
 * The two sides of a task definition, to be compared. Tags count only where the local one has any: they can be put on a
 * registered task definition without registering another.
 */
export function alignTaskDefinitions(
  local: JsonObject,
  registered: JsonObject,
  ignoredTags: readonly string[] = [],
): Aligned {
  const hasTags = isList(local.tags) && local.tags.length > 0;
  return {
    local: normalizeTaskDefinition(local, ignoredTags),
    remote: normalizeTaskDefinition(hasTags ? registered : { ...registered, tags: null }, ignoredTags),
  };
}

/** Whether registering `local` would add nothing new. Any doubt is a "no": a revision too many is harmless. */
export function sameTaskDefinition(
  local: JsonObject,
  registered: JsonObject,
  ignoredTags: readonly string[] = [],
): boolean {
  const aligned = alignTaskDefinitions(local, registered, ignoredTags);
  return sameJson(aligned.local, aligned.remote);
}

/**
 * The members of a task definition that AWS's answer lacks or has changed: ECS may silently drop a member that it does
 * not know. Pure.
 *
 * @returns their paths, such as `containerDefinitions.app.user`, without values; empty when the answer has all of them
 */
export function findLostMembers(sent: JsonObject, answered: JsonObject): string[] {
  return findIn(normalizeTaskDefinition(sent), normalizeTaskDefinition(answered), "");
}

function findIn(sent: Json, answered: Json | undefined, path: string): string[] {
  if (isList(sent) && isList(answered) && sent.length === answered.length) {
    return sent.flatMap((item, index) =>
      findIn(item, answered[index], join(path, textIn(objectIn(item).name) ?? String(index)))
    );
  }
  if (isObject(sent) && isObject(answered)) {
    return Object.entries(sent).flatMap(([name, member]) => findIn(member, own(answered, name), join(path, name)));
  }
  return sameJson(sent, answered) ? [] : [path];
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** Members whose values are shown: no secret belongs there. They come first, in this order. */
const SHOWN = [
  ...["image", "cpu", "memory", "memoryReservation"],
  ...["taskRoleArn", "executionRoleArn", "networkMode", "requiresCompatibilities"],
];

/**
 * Lists what a service gets when it goes from one task definition to the other: images, CPU, memory and roles with
 * their values, secrets with the references that they are read from, environment variables and everything else by name
 * only (a value may be a secret in the wrong place). Pure.
 *
 * @param from AWS's description of one, as `to` is of the other; a different family or tag is no change
 */
export function findTaskDefinitionChanges(from: JsonObject, to: JsonObject): DefinitionChange[] {
  const [before, after] = [readSide(from), readSide(to)];
  const names = new Set([...before.written.keys(), ...after.written.keys()]);
  return [...names].sort((a, b) => a === TASK ? -1 : b === TASK ? 1 : a < b ? -1 : 1).flatMap((scope) => {
    const [old, new_] = [before.canonical.get(scope), after.canonical.get(scope)];
    if (old === undefined) return [{ ...changeOf(scope, "image", before, after), kind: "added" as const }];
    if (new_ === undefined) return [{ ...changeOf(scope, "image", before, after), kind: "removed" as const }];
    const attributes = differingMembers(old, new_).sort((a, b) => rankOf(a) - rankOf(b));
    return attributes.map((attribute) => changeOf(scope, attribute, before, after));
  });
}

const TASK = "task";

type Side = ReturnType<typeof readSide>;

function readSide(definition: JsonObject) {
  return { written: attributesByScope(definition), canonical: attributesByScope(normalizeTaskDefinition(definition)) };
}

function changeOf(scope: string, attribute: string, before: Side, after: Side): DefinitionChange {
  // AWS's own value is shown even where it is the default, which the canonical form leaves out.
  const form = isShown(attribute) ? "written" : "canonical";
  const [from, to] = [before, after].map((side) => textOf(side[form].get(scope)?.[attribute]));
  return {
    scope,
    attribute,
    kind: from === undefined ? "added" : to === undefined ? "removed" : "changed",
    ...(isShown(attribute) && from !== undefined && { from }),
    ...(isShown(attribute) && to !== undefined && { to }),
  };
}

/** The attributes of the task and of each container; variables and secrets become attributes of their own. */
function attributesByScope({ containerDefinitions, family: _, tags: _tags, ...task }: JsonObject) {
  const containers = objectsIn(containerDefinitions).map(({ name, environment, secrets, ...others }) => {
    const variables = objectsIn(environment).map(({ name, value = "" }) => [`environment ${name}`, value]);
    const references = objectsIn(secrets).map(({ name, valueFrom = "" }) => [`secret ${name}`, valueFrom]);
    return [`container ${name}`, { ...others, ...Object.fromEntries([...variables, ...references]) }] as const;
  });
  return new Map<string, JsonObject>([[TASK, task], ...containers]);
}

function isShown(attribute: string): boolean {
  return SHOWN.includes(attribute) || attribute.startsWith("secret ");
}

function textOf(value: Json | undefined): string | undefined {
  if (isList(value)) return value.length === 0 ? undefined : value.map(String).sort().join(", ");
  return value === undefined || value === null ? undefined : String(value);
}

function rankOf(attribute: string): number {
  const rank = SHOWN.indexOf(attribute);
  if (rank >= 0) return rank;
  return SHOWN.length + ["environment ", "secret ", ""].findIndex((beginning) => attribute.startsWith(beginning));
}
