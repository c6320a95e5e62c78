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
  lookFor(table, name)(value, [], deviations);
  return deviations;
}

/**
 * Adds the deviations of a value from one shape. `path`: where the value is. It is one list for all, which a deviation
 * takes a copy of: there are next to none.
 */
type Look = (value: Json, path: (string | number)[], found: Deviation[]) => void;

const looks = new WeakMap<Table, Map<string, Look>>();

/** Made once for each shape: every answer is looked at, and to look up its shapes anew took a tenth of all tests. */
function lookFor(table: Table, name: string): Look {
  let ofTable = looks.get(table);
  if (ofTable === undefined) looks.set(table, ofTable = new Map());
  let look = ofTable.get(name);
  if (look === undefined) ofTable.set(name, look = makeLook(table, shapeNamed(table, name)));
  return look;
}

function makeLook(table: Table, shape: Shape): Look {
  const lookWithin = makeLookWithin(table, shape);
  const isRight = typeTest(shape, table);
  return (value, path, found) => {
    if (isRight(value)) lookWithin(value, path, found);
    else found.push({ kind: "type", path: [...path], shape, value });
  };
}

/** For values of the right type. What is within is made when there is some: structures are in each other. */
function makeLookWithin(table: Table, shape: Shape): Look {
  switch (shape.type) {
    case "document":
      return () => {};
    case "structure":
      return lookAtMembers(table, shape);
    case "list":
      return (value, path, found) => {
        const items = value as Json[];
        if (!isWithin(shape, items.length)) found.push({ kind: "length", path: [...path], shape, value });
        if (items.length === 0) return;
        const look = lookFor(table, shape.member!);
        for (let index = 0; index < items.length; index++) lookAt(look, items[index]!, path, index, found);
      };
    case "map":
      return (value, path, found) => {
        const entries = Object.entries(value as JsonObject);
        if (!isWithin(shape, entries.length)) found.push({ kind: "length", path: [...path], shape, value });
        for (const [key, inner] of entries) {
          lookAt(lookFor(table, shape.key!), key, path, key, found);
          lookAt(lookFor(table, shape.value!), inner ?? null, path, key, found);
        }
      };
    default:
      return (value, path, found) => {
        const add = (kind: Deviation["kind"]) => void found.push({ kind, path: [...path], shape, value });
        if (typeof value === "number" && !isWithin(shape, value)) add("range");
        if (typeof value === "string") addDeviationsOfText(add, shape, value);
      };
  }
}

function lookAt(look: Look, value: Json, path: (string | number)[], at: string | number, found: Deviation[]): void {
  path.push(at);
  look(value, path, found);
  path.pop();
}

const NONE: readonly string[] = [];

function lookAtMembers(table: Table, shape: Shape): Look {
  const { members = {}, required = NONE } = shape;
  const known = new Map<string, Look>();
  const lookOf = (member: string) => {
    const look = Object.hasOwn(members, member) ? lookFor(table, members[member]!) : undefined;
    if (look !== undefined) known.set(member, look);
    return look;
  };
  return (value, path, found) => {
    const object = value as JsonObject;
    for (const member of required) {
      if (object[member] !== undefined) continue;
      const missing = shapeNamed(table, members[member]!);
      found.push({ kind: "missing", path: [...path, member], shape: missing, value: undefined });
    }
    for (const member in object) {
      const inner = object[member];
      if (inner === undefined) continue;
      const look = known.get(member) ?? lookOf(member);
      if (look !== undefined) lookAt(look, inner, path, member, found);
      else found.push({ kind: "unknown", path: [...path, member], shape, value: inner });
    }
  };
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
function typeTest({ type }: Shape, { targetPrefix, isRestJson }: Table): (value: Json) => boolean {
  switch (type) {
    case "structure":
    case "map":
      return isObject;
    case "list":
      return Array.isArray;
    case "string":
    case "blob":
      return (value) => typeof value === "string";
    case "integer":
    case "long":
      return Number.isInteger;
    case "double":
      return (value) => typeof value === "number";
    case "boolean":
      return (value) => typeof value === "boolean";
    case "timestamp":
      return targetPrefix !== undefined || isRestJson === true
        ? (value) => typeof value === "number"
        : (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
    case "document":
      return () => true;
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
