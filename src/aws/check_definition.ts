import { CreateServiceRequest$, RegisterTaskDefinitionRequest$ } from "@aws-sdk/client-ecs";
import { NormalizedSchema } from "@smithy/core/schema";
import type { DefinitionProblem } from "../ecs/definition_problem.ts";
import type { Json, JsonObject } from "../ecs/json.ts";

export type DefinitionKind = "taskDefinition" | "service";

const SCHEMAS = {
  taskDefinition: RegisterTaskDefinitionRequest$,
  service: CreateServiceRequest$,
} as const satisfies Record<DefinitionKind, unknown>;

/**
 * Holds a definition against the SDK's own model of the API: the SDK sends what the model has a name for and silently
 * leaves out the rest, so that a misspelt member would be lost.
 *
 * @returns what is wrong, in the order of the definition; empty when nothing is
 */
export function checkDefinition(kind: DefinitionKind, definition: JsonObject): DefinitionProblem[] {
  return checkValue(NormalizedSchema.of(SCHEMAS[kind]), definition, []);
}

type Path = readonly (string | number)[];

function checkValue(schema: NormalizedSchema, value: Json, path: Path): DefinitionProblem[] {
  const expected = kindOf(schema);
  if (value === null || expected === undefined) return [];
  if (typeOf(value) !== expected) {
    const advice = expected === "text" && typeof value !== "object" ? " (put it in quotes)" : "";
    return [{ path, problem: `must be ${NAMES[expected]}, not ${NAMES[typeOf(value)]}${advice}`, isIgnored: false }];
  }
  if (expected === "list") {
    return (value as readonly Json[]).flatMap((item, index) =>
      checkValue(schema.getValueSchema(), item, [...path, index])
    );
  }
  if (expected !== "object") return [];
  return Object.entries(value as JsonObject).flatMap(([name, member]) => {
    if (schema.isMapSchema()) return checkValue(schema.getValueSchema(), member, [...path, name]);
    const members = schema.getMemberSchemas();
    const known = Object.hasOwn(members, name) ? members[name] : undefined;
    return known === undefined
      ? [unknownMember(name, Object.keys(members), path)]
      : checkValue(known, member, [...path, name]);
  });
}

function unknownMember(name: string, known: readonly string[], path: Path): DefinitionProblem {
  const [nearest] = known.map((candidate) => ({ candidate, distance: distanceBetween(name, candidate) }))
    .filter(({ distance }) => distance <= 2).toSorted((a, b) => a.distance - b.distance);
  const advice = nearest === undefined ? "" : ` (did you mean ${nearest.candidate}?)`;
  return { path: [...path, name], problem: `is unknown to ECS and is left out${advice}`, isIgnored: true };
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
