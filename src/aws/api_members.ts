import {
  CreateServiceRequest$,
  Deployment$,
  RegisterTaskDefinitionRequest$,
  Service$,
  ServiceRevision$,
  UpdateServiceRequest$,
} from "@aws-sdk/client-ecs";
import { NormalizedSchema } from "@smithy/core/schema";
import {
  type DefinitionProblem,
  type ReadDefinition,
  TASK_DEFINITION_READ_ONLY,
  UpdatableMembers,
} from "../model/api_members.ts";
import { isCommentKey, type Json, type JsonObject } from "../model/json.ts";
import { distanceOf } from "../model/nearest_names.ts";
import type { MemberProblem, ValueType } from "../problems.ts";
import { ENUM_MEMBERS } from "./enum_members.ts";

type DefinitionKind = "taskDefinition" | "service";

/** The requests that a file of each kind is sent in; a service is created by one and updated by another. */
const SCHEMAS = {
  taskDefinition: [RegisterTaskDefinitionRequest$],
  service: [CreateServiceRequest$, UpdateServiceRequest$],
} as const satisfies Record<DefinitionKind, unknown>;

/**
 * Reads a definition as the user wrote it, by the SDK's own model of the API, as Go's tools read such files:
 *
 * - A name that is right but for upper and lower case is taken (Go's `encoding/json`).
 * - An empty enum value, an empty role and an empty list of tags are left out: ECS refuses them, and Go's SDK does not
 *   send empty values of that kind.
 * - A name that begins with `_`, `$` or `//` is a comment.
 * - A member that the model does not know stays as it is, and is reported.
 * - A number that AWS takes as an integer must have no fraction, and fit 32 bits (Go's `int32`).
 *
 * The user's own names (labels, options of a log driver) are left alone.
 *
 * @param advises whether to suggest a known name for each unknown one, which takes time
 */
export function readDefinition(kind: DefinitionKind, written: JsonObject, advises = true): ReadDefinition {
  const reader = new DefinitionReader(advises);
  const value = reader.readStructure(SCHEMAS[kind].map((schema) => NormalizedSchema.of(schema)), written, []);
  return { value, problems: reader.problems };
}

type Path = readonly (string | number)[];

class DefinitionReader {
  readonly problems: DefinitionProblem[] = [];

  constructor(private readonly advises: boolean) {}

  #read(schema: NormalizedSchema, value: Json, path: Path): Json {
    const expected = typeIn(schema);
    if (value === null || expected === undefined) return value;
    if (typeOf(value) !== expected) {
      this.#report(path, { code: "memberType", expected, found: typeOf(value) });
      return value;
    }
    const readItem = (item: Json, at: string | number) => this.#read(schema.getValueSchema(), item, [...path, at]);
    if (expected === "list") return (value as readonly Json[]).map(readItem);
    if (expected !== "object") return value;
    if (schema.isStructSchema()) return this.readStructure([schema], value as JsonObject, path);
    return Object.fromEntries(Object.entries(value as JsonObject).map(([name, item]) => [name, readItem(item, name)]));
  }

  /** @param schemas the structures that the object may be: a member that any of them has is known */
  readStructure(schemas: readonly NormalizedSchema[], object: JsonObject, path: Path): JsonObject {
    const members: Record<string, NormalizedSchema> = Object.assign(
      {},
      ...schemas.map((one) => one.getMemberSchemas()),
    );
    const membersIn = (table: typeof ENUM_MEMBERS) => schemas.flatMap((schema) => table[schema.getName() ?? ""] ?? []);
    const enums = membersIn(ENUM_MEMBERS);
    const fractions = membersIn(FRACTION_MEMBERS);
    const read = new Map<string, Json>();
    for (const [written, value] of Object.entries(object)) {
      const name = findName(written, members);
      if (name === undefined) {
        if (isCommentKey(written)) continue;
        const similar = findSimilarName(written, this.advises ? Object.keys(members) : []);
        this.#report([...path, written], { code: "unknownMember", similar });
        read.set(written, value);
      } else if (read.has(name)) {
        this.#report([...path, written], { code: "memberTwice" });
      } else {
        const member = members[name]!;
        if (isLeftOut(name, value, member, enums)) continue;
        read.set(name, this.#read(member, value, [...path, name]));
        const isWhole = typeof value === "number" && member.isNumericSchema() && !fractions.includes(name);
        const problem = isWhole ? wholeNumberProblem(value) : undefined;
        if (problem !== undefined) this.#report([...path, name], problem);
      }
    }
    return Object.fromEntries(read);
  }

  #report(path: Path, problem: MemberProblem): void {
    this.problems.push({ path, problem });
  }
}

function findName(written: string, members: Readonly<Record<string, NormalizedSchema>>): string | undefined {
  if (Object.hasOwn(members, written)) return written;
  return Object.keys(members).find((name) => name.toLowerCase() === written.toLowerCase());
}

/** Whether a value is one of the empty ones that say nothing, and that ECS refuses. */
function isLeftOut(name: string, value: Json, member: NormalizedSchema, enums: readonly string[]): boolean {
  if (value === "") return enums.includes(name) || /^role$|roleArn$/i.test(name);
  const isListOfTags = member.isListSchema() && member.getValueSchema().getName() === "Tag";
  return Array.isArray(value) && value.length === 0 && isListOfTags;
}

/** The type that the API wants; `undefined` when any will do. */
function typeIn(schema: NormalizedSchema): ValueType | undefined {
  if (schema.isListSchema()) return "list";
  if (schema.isMapSchema() || schema.isStructSchema()) return "object";
  if (schema.isBooleanSchema()) return "boolean";
  if (schema.isNumericSchema()) return "number";
  return schema.isStringSchema() ? "string" : undefined;
}

function typeOf(value: Exclude<Json, null>): ValueType {
  return Array.isArray(value) ? "list" : typeof value as "string" | "number" | "boolean" | "object";
}

/**
 * Lists the members of a registered task definition that the SDK's model does not know, each by its path. They may be
 * read-only, or RegisterTaskDefinition may take them: the model does not say.
 */
export function unknownMembersOf(definition: JsonObject): string[] {
  const { problems } = readDefinition("taskDefinition", definition, false);
  return problems.filter(({ problem, path: [first] }) =>
    problem.code === "unknownMember" && !TASK_DEFINITION_READ_ONLY.includes(String(first))
  ).map(({ path }) => pathByNames(definition, path));
}

/** Renders a path in which a list's elements go by their own names, where they have one. */
function pathByNames(definition: JsonObject, path: Path): string {
  let part: unknown = definition;
  return path.map((step) => {
    part = (part as Readonly<Record<string | number, unknown>>)[step];
    const { name } = (part ?? {}) as { readonly name?: unknown };
    return typeof step === "number" && typeof name === "string" ? name : String(step);
  }).join(".");
}

/**
 * The members of both definitions that may have a fraction, by structure: in AWS's model they are `Double`, and all
 * other numbers `Integer`, of 32 bits. The SDK's model does not distinguish the two. A test compares this with AWS's
 * model.
 */
export const FRACTION_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  CanaryConfiguration: ["canaryPercent"],
  LinearConfiguration: ["stepPercent"],
};

const LARGEST_INTEGER = 2 ** 31 - 1;

/** Why AWS cannot read a number as an `Integer`; `undefined` when it can. */
function wholeNumberProblem(value: number): MemberProblem | undefined {
  if (value > LARGEST_INTEGER) return { code: "notWhole", most: LARGEST_INTEGER };
  if (value < -LARGEST_INTEGER - 1) return { code: "notWhole", least: -LARGEST_INTEGER - 1 };
  return Number.isInteger(value) ? undefined : { code: "notWhole" };
}

/** The known name that a misspelt one most likely stands for; `undefined` when none is close. */
function findSimilarName(name: string, known: readonly string[]): string | undefined {
  const written = name.toLowerCase();
  // The distance is at least the difference in length: names that are much longer or shorter need not be compared.
  const [nearest] = known.filter(({ length }) => Math.abs(length - written.length) <= FEW_LETTERS)
    .map((one) => ({ one, distance: distanceOf(written, one.toLowerCase()) }))
    .filter(({ distance }) => distance <= FEW_LETTERS).toSorted((a, b) => a.distance - b.distance);
  return nearest?.one;
}

const FEW_LETTERS = 2;

/** Members that name the service, that are decided separately (the task definition), or that leave nothing behind. */
const NO_ATTRIBUTES: ReadonlySet<string> = new Set(["cluster", "service", "taskDefinition", "forceNewDeployment"]);

/** Returns what UpdateService can change of a service, by the SDK's model of the API: a newer SDK has newer members. */
export function updatableMembers(): UpdatableMembers {
  const inService = namesOf(Service$);
  const inDeployment = namesOf(Deployment$);
  const inRevision = namesOf(ServiceRevision$);
  const known = new Map(
    Object.entries(membersOf(UpdateServiceRequest$)).filter(([name]) => !NO_ATTRIBUTES.has(name)).map(
      ([name, schema]) => [name, {
        off: offValue(schema),
        isInRevision: inRevision.has(name),
        isInRevisionOnly: inRevision.has(name) && !inService.has(name) && !inDeployment.has(name),
      }],
    ),
  );
  const fixed = [...namesOf(CreateServiceRequest$), ...inService, ...NO_ATTRIBUTES].filter((name) => !known.has(name));
  return new UpdatableMembers(known, new Set(fixed));
}

// The value that switches a member off: an empty list, a structure of nothing but lists that are empty, or a
// structure's own flag (`enabled: false`). `undefined` for any other member.
function offValue(schema: NormalizedSchema): Json | undefined {
  if (schema.isListSchema()) return [];
  if (!schema.isStructSchema()) return undefined;
  const members = Object.entries(schema.getMemberSchemas());
  const lists = members.filter(([, member]) => member.isListSchema()).map(([name]) => [name, []] as const);
  if (lists.length > 0 && lists.length === members.length) return Object.fromEntries(lists);
  const flags = members.filter(([name, member]) => /^enabled?$/.test(name) && member.isBooleanSchema());
  return flags.length === 0 ? undefined : Object.fromEntries(flags.map(([name]) => [name, false])) as JsonObject;
}

function membersOf(schema: unknown): Record<string, NormalizedSchema> {
  return NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]).getMemberSchemas();
}

function namesOf(schema: unknown): ReadonlySet<string> {
  return new Set(Object.keys(membersOf(schema)));
}
