import { CreateServiceRequest$, RegisterTaskDefinitionRequest$, UpdateServiceRequest$ } from "@aws-sdk/client-ecs";
import { NormalizedSchema } from "@smithy/core/schema";
import { type DefinitionProblem, type ReadDefinition, TASK_DEFINITION_READ_ONLY } from "../model/api_members.ts";
import { isCommentKey, type Json, type JsonObject } from "../model/json.ts";
import { ENUM_MEMBERS } from "./enum_members.ts";

export type DefinitionKind = "taskDefinition" | "service";

/** What a file of each kind is sent as; a service is created by one request and updated by another. */
const SCHEMAS = {
  taskDefinition: [RegisterTaskDefinitionRequest$],
  service: [CreateServiceRequest$, UpdateServiceRequest$],
} as const satisfies Record<DefinitionKind, unknown>;

/**
 * Reads a definition as the user wrote it, by the SDK's own model of the API, as Go's tools read such files:
 *
 * - A name that is right but for upper and lower case is taken (Go's `encoding/json`).
 * - An empty text where the API has one of a few, an empty role and an empty list of tags are left out: ECS refuses them,
 *   and Go's SDK does not send empty values of that kind.
 * - A name that begins with `_`, `$` or `//` is a comment.
 * - What the model has no name for stays as it is.
 * - A number that AWS takes as a whole one has no fraction, and fits 32 bits (Go's `int32`).
 *
 * The user's own names (labels, options of a log driver) are left alone.
 */
export function readDefinition(kind: DefinitionKind, written: JsonObject): ReadDefinition {
  const problems: DefinitionProblem[] = [];
  const value = readStructure(SCHEMAS[kind].map((schema) => NormalizedSchema.of(schema)), written, [], problems);
  return { value, problems };
}

type Path = readonly (string | number)[];

function readValue(schema: NormalizedSchema, value: Json, path: Path, problems: DefinitionProblem[]): Json {
  const expected = kindOf(schema);
  if (value === null || expected === undefined) return value;
  if (typeOf(value) !== expected) {
    const advice = expected === "text" && typeof value !== "object" ? " (put it in quotes)" : "";
    problems.push({
      path,
      problem: `must be ${NAMES[expected]}, not ${NAMES[typeOf(value)]}${advice}`,
      isUnknown: false,
    });
    return value;
  }
  if (expected === "list") {
    return (value as readonly Json[]).map((item, index) =>
      readValue(schema.getValueSchema(), item, [...path, index], problems)
    );
  }
  if (expected !== "object") return value;
  if (schema.isStructSchema()) return readStructure([schema], value as JsonObject, path, problems);
  const entries = Object.entries(value as JsonObject);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, readValue(schema.getValueSchema(), item, [...path, name], problems)]),
  );
}

/** @param schemas the structures that it may be: what one of them knows is known */
function readStructure(
  schemas: readonly NormalizedSchema[],
  object: JsonObject,
  path: Path,
  problems: DefinitionProblem[],
): JsonObject {
  const members: Record<string, NormalizedSchema> = Object.assign({}, ...schemas.map((one) => one.getMemberSchemas()));
  const membersIn = (table: typeof ENUM_MEMBERS) => schemas.flatMap((schema) => table[schema.getName() ?? ""] ?? []);
  const enums = membersIn(ENUM_MEMBERS);
  const fractions = membersIn(FRACTION_MEMBERS);
  const read = new Map<string, Json>();
  for (const [written, value] of Object.entries(object)) {
    const name = findName(written, members);
    if (name === undefined) {
      if (isCommentKey(written)) continue;
      problems.push(unknownMember(written, Object.keys(members), path));
      read.set(written, value);
    } else if (read.has(name)) {
      const problem = "is there twice, in different upper and lower case (keep one)";
      problems.push({ path: [...path, written], problem, isUnknown: false });
    } else {
      const member = members[name]!;
      if (isLeftOut(name, value, member, enums)) continue;
      read.set(name, readValue(member, value, [...path, name], problems));
      const isWhole = typeof value === "number" && member.isNumericSchema() && !fractions.includes(name);
      const problem = isWhole ? wholeNumberProblem(value) : undefined;
      if (problem !== undefined) problems.push({ path: [...path, name], problem, isUnknown: false });
    }
  }
  return Object.fromEntries(read);
}

function findName(written: string, members: Readonly<Record<string, NormalizedSchema>>): string | undefined {
  if (Object.hasOwn(members, written)) return written;
  return Object.keys(members).find((name) => name.toLowerCase() === written.toLowerCase());
}

/** Whether ECS refuses an empty value that says nothing. */
function isLeftOut(name: string, value: Json, member: NormalizedSchema, enums: readonly string[]): boolean {
  if (value === "") return enums.includes(name) || /^role$|roleArn$/i.test(name);
  return Array.isArray(value) && value.length === 0 && isListOfTags(member);
}

function isListOfTags(schema: NormalizedSchema): boolean {
  return schema.isListSchema() && schema.getValueSchema().getName() === "Tag";
}

function unknownMember(name: string, known: readonly string[], path: Path): DefinitionProblem {
  const similar = findSimilarName(name, known);
  const advice = similar === undefined ? "" : ` (did you mean ${similar}?)`;
  const problem = `is unknown to ecspresso: sent as written, for ECS to decide${advice}`;
  return { path: [...path, name], problem, isUnknown: true };
}

type JsonKind = keyof typeof NAMES;

const NAMES = {
  text: "a text",
  number: "a number",
  boolean: "a boolean",
  list: "a list",
  object: "an object",
} as const;

/** What the API wants there; `undefined` when anything will do. */
function kindOf(schema: NormalizedSchema): JsonKind | undefined {
  if (schema.isListSchema()) return "list";
  if (schema.isMapSchema() || schema.isStructSchema()) return "object";
  if (schema.isBooleanSchema()) return "boolean";
  if (schema.isNumericSchema()) return "number";
  return schema.isStringSchema() ? "text" : undefined;
}

function typeOf(value: Exclude<Json, null>): JsonKind {
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "text";
  return typeof value as "number" | "boolean" | "object";
}

/**
 * The members of a registered task definition that the SDK's model has no name for, each by its path. Whether they are
 * read-only, or RegisterTaskDefinition takes them, the model does not say.
 */
export function unknownMembersOf(definition: JsonObject): string[] {
  const { problems } = readDefinition("taskDefinition", definition);
  return problems.filter(({ isUnknown, path: [first] }) =>
    isUnknown && !TASK_DEFINITION_READ_ONLY.includes(String(first))
  ).map(({ path }) => pathByNames(definition, path));
}

/** Elements of a list are named by their own names, where they have one. */
function pathByNames(definition: JsonObject, path: readonly (string | number)[]): string {
  let part: unknown = definition;
  return path.map((step) => {
    part = (part as Readonly<Record<string | number, unknown>>)[step];
    const { name } = (part ?? {}) as { readonly name?: unknown };
    return typeof step === "number" && typeof name === "string" ? name : String(step);
  }).join(".");
}

/**
 * The numbers of both definitions that may have a fraction, by the structure that has them: `Double` in AWS's model. All
 * others are `Integer` there, of 32 bits; the SDK's model does not tell them apart. A test compares this with AWS's own.
 */
export const FRACTION_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  CanaryConfiguration: ["canaryPercent"],
  LinearConfiguration: ["stepPercent"],
};

const LARGEST_INTEGER = 2 ** 31 - 1;

/** Why AWS cannot read a number as an `Integer`; `undefined` when it can. */
export function wholeNumberProblem(value: number): string | undefined {
  if (value > LARGEST_INTEGER) return `must be a whole number, at most ${LARGEST_INTEGER}`;
  if (value < -LARGEST_INTEGER - 1) return `must be a whole number, at least ${-LARGEST_INTEGER - 1}`;
  return Number.isInteger(value) ? undefined : "must be a whole number, without a fraction";
}

/** The known name that a misspelt one most likely stands for; `undefined` when none is close. */
function findSimilarName(name: string, known: readonly string[]): string | undefined {
  const [nearest] = known.map((candidate) => ({ candidate, distance: distanceBetween(name, candidate) }))
    .filter(({ distance }) => distance <= 2).toSorted((a, b) => a.distance - b.distance);
  return nearest?.candidate;
}

/** How many letters have to be added, removed or changed; upper and lower case are the same. */
function distanceBetween(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = row[j - 1]! + Number(from[i - 1] !== to[j - 1]);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
