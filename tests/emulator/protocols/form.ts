/** Reading a form of the Query protocol, in which everything is text: the table says what each member is. */
import type { Table } from "../api/tables.ts";
import type { Json, JsonObject } from "../model.ts";

/** `Tags.member.1.Key` as a path into nested objects. */
interface Tree {
  [step: string]: Tree | string;
}

/** The members of a request, with the types that its shape gives them; those that it does not know stay texts. */
export function formMembers(table: Table, input: string | undefined, form: Record<string, string>): JsonObject {
  const tree: Tree = {};
  for (const [name, text] of Object.entries(form)) {
    const steps = name.split(".");
    const last = steps.pop()!;
    let inner = tree;
    for (const step of steps) {
      const next = inner[step];
      inner = typeof next === "object" ? next : inner[step] = {};
    }
    inner[last] = text;
  }
  return typed(table, input, tree) as JsonObject;
}

function typed(table: Table, name: string | undefined, value: Tree | string): Json {
  const shape = name === undefined ? undefined : table.shapes[name];
  if (typeof value === "string") {
    if (shape?.type === "boolean" && /^(?:true|false)$/.test(value)) return value === "true";
    const isNumber = shape?.type === "integer" || shape?.type === "long" || shape?.type === "double";
    return isNumber && value !== "" && !Number.isNaN(Number(value)) ? Number(value) : value;
  }
  if (shape?.type === "list" && typeof value.member === "object") {
    return Object.values(value.member).map((item) => typed(table, shape.member, item));
  }
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [member, typed(table, shape?.members?.[member], inner)]),
  );
}
