import { isList, isObject, type Json, type JsonObject, objectIn, objectsIn, textIn } from "../model/json.ts";
import type { DefinitionChange, VariableName } from "../model/definition_change.ts";
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
  return [...names].sort().flatMap((name) => {
    const [old, new_] = [before.canonical.get(name), after.canonical.get(name)];
    if (old === undefined) return [{ ...changeOf(name, "image", before, after), kind: "added" as const }];
    if (new_ === undefined) return [{ ...changeOf(name, "image", before, after), kind: "removed" as const }];
    const differing = (kind: keyof Part) => differingMembers(old[kind], new_[kind]);
    const members = differing("member");
    const attributes: DefinitionChange["attribute"][] = [
      ...SHOWN.filter((name) => members.includes(name)),
      ...(["environment", "secret"] as const).flatMap((kind) => differing(kind).map((name) => ({ kind, name }))),
      ...members.filter((name) => !isShown(name)),
    ];
    return attributes.map((attribute) => changeOf(name, attribute, before, after));
  });
}

/** In place of a container's name. */
const TASK = "";

/** What is compared of the task, or of a container: its members, and its variables by their names. */
type Part = Readonly<Record<"member" | VariableName["kind"], JsonObject>>;

type Side = ReturnType<typeof readSide>;

function readSide(definition: JsonObject) {
  return { written: partsOf(definition), canonical: partsOf(normalizeTaskDefinition(definition)) };
}

function changeOf(name: string, attribute: DefinitionChange["attribute"], before: Side, after: Side): DefinitionChange {
  // AWS's own value is shown even where it is the default, which the canonical form leaves out.
  const form = isShown(attribute) ? "written" : "canonical";
  const one = typeof attribute === "string" ? { kind: "member", name: attribute } as const : attribute;
  const [from, to] = [before, after].map((side) => textOf(own(side[form].get(name)?.[one.kind], one.name)));
  return {
    scope: name === TASK ? "task" : { container: name },
    attribute,
    kind: from === undefined ? "added" : to === undefined ? "removed" : "changed",
    ...(isShown(attribute) && from !== undefined && { from }),
    ...(isShown(attribute) && to !== undefined && { to }),
  };
}

function partsOf({ containerDefinitions, family: _, tags: _tags, ...task }: JsonObject): Map<string, Part> {
  const containers = objectsIn(containerDefinitions).map(({ name, environment, secrets, ...member }) => {
    const variables = objectsIn(environment).map(({ name, value = "" }) => [String(name), value] as const);
    const references = objectsIn(secrets).map(({ name, valueFrom = "" }) => [String(name), valueFrom] as const);
    const part = { member, environment: Object.fromEntries(variables), secret: Object.fromEntries(references) };
    return [String(name), part] as const;
  });
  return new Map([...containers, [TASK, { member: task, environment: {}, secret: {} }]]);
}

/** No value of a variable is shown, and of a secret the reference to it. */
function isShown(attribute: DefinitionChange["attribute"]): boolean {
  return typeof attribute === "string" ? SHOWN.includes(attribute) : attribute.kind === "secret";
}

function textOf(value: Json | undefined): string | undefined {
  if (isList(value)) return value.length === 0 ? undefined : value.map(String).sort().join(", ");
  return value === undefined || value === null ? undefined : String(value);
}
