/** Comparing a value with its shape in AWS's model. */
import type { Json, JsonObject } from "../model.ts";
import type { Shape, Table } from "./tables.ts";

export type Path = readonly (string | number)[];

/** One way in which a value is not what its shape says. */
export interface Deviation {
  /** `type`: of another type; `missing`: a required member; `unknown`: a member that the shape does not have. */
  kind: "type" | "missing" | "unknown" | "enum" | "range" | "length" | "pattern";
  path: Path;
  /** The shape of the value, or of what is missing; for members that are unknown, that of the structure around it. */
  shape: Shape;
  value: Json | undefined;
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function shapeNamed({ shapes }: Table, name: string): Shape {
  const shape = shapes[name];
  if (!shape) throw new Error(`no shape is called ${name}`);
  return shape;
}

/** Everything in which a value, and what is in it, deviates from the shape of that name. */
export function deviationsOf(table: Table, name: string, value: Json, path: Path = []): Deviation[] {
  const shape = shapeNamed(table, name);
  const deviates = (kind: Deviation["kind"]): Deviation => ({ kind, path, shape, value });
  const isJson = table.targetPrefix !== undefined || table.isRestJson === true;
  if (!isOfType(shape, value, isJson)) return [deviates("type")];
  if (shape.type === "document") return [];
  if (typeof value === "number") return isWithin(shape, value) ? [] : [deviates("range")];
  if (typeof value === "string") return deviationsOfText(shape, value).map(deviates);
  if (Array.isArray(value)) {
    const items = value.flatMap((item, index) => deviationsOf(table, shape.member!, item, [...path, index]));
    return isWithin(shape, value.length) ? items : [deviates("length"), ...items];
  }
  if (!isObject(value)) return [];
  if (shape.type === "structure") return deviationsOfMembers(table, shape, value, path);
  const entries = Object.entries(value).flatMap(([key, inner]) => [
    ...deviationsOf(table, shape.key!, key, [...path, key]),
    ...deviationsOf(table, shape.value!, inner ?? null, [...path, key]),
  ]);
  return isWithin(shape, Object.keys(value).length) ? entries : [deviates("length"), ...entries];
}

function deviationsOfMembers(table: Table, shape: Shape, value: JsonObject, path: Path): Deviation[] {
  const { members = {}, required = [] } = shape;
  const missing = required.filter((member) => value[member] === undefined);
  return [
    ...missing.map((member): Deviation => {
      return { kind: "missing", path: [...path, member], shape: shapeNamed(table, members[member]!), value: undefined };
    }),
    ...Object.entries(value).flatMap(([member, inner]): Deviation[] => {
      if (inner === undefined) return [];
      const at = [...path, member];
      if (!Object.hasOwn(members, member)) return [{ kind: "unknown", path: at, shape, value: inner }];
      return deviationsOf(table, members[member]!, inner, at);
    }),
  ];
}

function deviationsOfText(shape: Shape, value: string): ("enum" | "length" | "pattern")[] {
  if (shape.enum) return shape.enum.includes(value) ? [] : ["enum"];
  if (shape.type !== "string") return [];
  const pattern = shape.pattern === undefined ? undefined : compiled(shape.pattern);
  return [
    ...isWithin(shape, value.length) ? [] : ["length" as const],
    ...pattern && !pattern.test(value) ? ["pattern" as const] : [],
  ];
}

function isWithin({ min = -Infinity, max = Infinity }: Shape, size: number): boolean {
  return size >= min && size <= max;
}

/** `isJson`: moments are numbers in JSON, texts elsewhere. */
function isOfType({ type }: Shape, value: Json, isJson: boolean): boolean {
  switch (type) {
    case "structure":
    case "map":
      return isObject(value);
    case "list":
      return Array.isArray(value);
    case "string":
    case "blob":
      return typeof value === "string";
    case "integer":
    case "long":
      return Number.isInteger(value);
    case "double":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "timestamp":
      return isJson ? typeof value === "number" : typeof value === "string" && !Number.isNaN(Date.parse(value));
    case "document":
      return true;
  }
}

const patterns = new Map<string, RegExp | undefined>();

/** AWS's patterns are Java's, of which some mean nothing here. */
function compiled(pattern: string): RegExp | undefined {
  if (!patterns.has(pattern)) {
    let expression: RegExp | undefined;
    try {
      expression = new RegExp(`^(?:${pattern})$`, "u");
    } catch {
      expression = undefined;
    }
    patterns.set(pattern, expression);
  }
  return patterns.get(pattern);
}
