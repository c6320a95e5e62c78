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
export function deviationsOf(table: Table, name: string, value: Json): Deviation[] {
  const deviations: Deviation[] = [];
  addDeviations(deviations, table, name, value, []);
  return deviations;
}

/** `path`: where the value is. It is one list for all, which a deviation takes a copy of: there are next to none. */
function addDeviations(found: Deviation[], table: Table, name: string, value: Json, path: (string | number)[]): void {
  const shape = shapeNamed(table, name);
  const add = (kind: Deviation["kind"]) => void found.push({ kind, path: [...path], shape, value });
  if (!isOfType(shape, value, table)) return add("type");
  if (shape.type === "document") return;
  if (typeof value === "number" && !isWithin(shape, value)) add("range");
  if (typeof value === "string") addDeviationsOfText(add, shape, value);
  else if (Array.isArray(value)) {
    if (!isWithin(shape, value.length)) add("length");
    for (let index = 0; index < value.length; index++) {
      addInner(found, table, shape.member!, value[index]!, path, index);
    }
  } else if (isObject(value)) {
    if (shape.type === "structure") return addMembers(found, table, shape, value, path);
    if (!isWithin(shape, Object.keys(value).length)) add("length");
    for (const [key, inner] of Object.entries(value)) {
      addInner(found, table, shape.key!, key, path, key);
      addInner(found, table, shape.value!, inner ?? null, path, key);
    }
  }
}

function addInner(
  found: Deviation[],
  table: Table,
  name: string,
  value: Json,
  path: (string | number)[],
  at: string | number,
): void {
  path.push(at);
  addDeviations(found, table, name, value, path);
  path.pop();
}

const NONE: readonly string[] = [];

function addMembers(found: Deviation[], table: Table, shape: Shape, value: JsonObject, path: (string | number)[]) {
  const { members = {}, required } = shape;
  for (const member of required ?? NONE) {
    if (value[member] !== undefined) continue;
    const missing = shapeNamed(table, members[member]!);
    found.push({ kind: "missing", path: [...path, member], shape: missing, value: undefined });
  }
  for (const member in value) {
    const inner = value[member];
    if (inner === undefined) continue;
    const known = Object.hasOwn(members, member) ? members[member] : undefined;
    if (known !== undefined) addInner(found, table, known, inner, path, member);
    else found.push({ kind: "unknown", path: [...path, member], shape, value: inner });
  }
}

function addDeviationsOfText(add: (kind: Deviation["kind"]) => void, shape: Shape, value: string): void {
  if (shape.enum) return shape.enum.includes(value) ? undefined : add("enum");
  if (shape.type !== "string") return;
  if (!isWithin(shape, value.length)) add("length");
  const pattern = shape.pattern === undefined ? undefined : compiled(shape.pattern);
  if (pattern && !pattern.test(value)) add("pattern");
}

function isWithin({ min = -Infinity, max = Infinity }: Shape, size: number): boolean {
  return size >= min && size <= max;
}

/** Moments are numbers in JSON, texts elsewhere. */
function isOfType({ type }: Shape, value: Json, { targetPrefix, isRestJson }: Table): boolean {
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
      return targetPrefix !== undefined || isRestJson === true
        ? typeof value === "number"
        : typeof value === "string" && !Number.isNaN(Date.parse(value));
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
