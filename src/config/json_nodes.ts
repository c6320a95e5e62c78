import type { Node } from "jsonc-parser";
import type { Json, JsonObject } from "../model/json.ts";

/**
 * The value of an object's member, whose key may be in other upper and lower case where none is just that; `undefined`
 * when there is none, or when the node is no object.
 */
export function findMember(object: Node, key: string): Node | undefined {
  if (object.type !== "object") return undefined;
  const keyOf = ({ children }: Node) => String(children![0]!.value);
  const property = object.children!.find((one) => keyOf(one) === key) ??
    object.children!.find((one) => keyOf(one).toLowerCase() === key.toLowerCase());
  return property?.children?.[1];
}

/**
 * A node as a value. Members that are null are left out: in AWS's API, as in Kayac's ecspresso, that means "not set".
 */
export function toJson(node: Node): Json {
  if (node.type === "array") return node.children!.map(toJson);
  return node.type === "object" ? toJsonObject(node) : node.value;
}

/** The same for an object, without the members of the given names, in whichever upper and lower case. */
export function toJsonObject(object: Node, without: readonly string[] = []): JsonObject {
  const members = object.children!.map((property) => property.children as [Node, Node]);
  const leftOut = new Set(without.map((name) => name.toLowerCase()));
  return Object.fromEntries(
    members.filter(([key, value]) => value.type !== "null" && !leftOut.has(key.value.toLowerCase()))
      .map(([key, value]) => [key.value, toJson(value)]),
  );
}

/** The node at a path, or the nearest one above it that is there. */
export function findNearest(root: Node, path: readonly (string | number)[]): Node {
  let node = root;
  for (const step of path) {
    const next = typeof step === "number"
      ? node.type === "array" ? node.children![step] : undefined
      : findMember(node, step);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}
