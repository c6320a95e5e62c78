import type { Node } from "jsonc-parser";
import type { Json, JsonObject } from "../ecs/json.ts";

/** The value of an object's member; `undefined` when there is none, or when the node is no object. */
export function findMember(object: Node, key: string): Node | undefined {
  if (object.type !== "object") return undefined;
  const property = object.children!.find(({ children }) => children![0]!.value === key);
  return property?.children?.[1];
}

/**
 * A node as a value. Members that are null are left out: in AWS's API, as in Kayac's ecspresso, that means "not set".
 */
export function toJson(node: Node): Json {
  if (node.type === "array") return node.children!.map(toJson);
  return node.type === "object" ? toJsonObject(node) : node.value;
}

/** The same for an object, without the members of the given names. */
export function toJsonObject(object: Node, without: ReadonlySet<string> = new Set()): JsonObject {
  const members = object.children!.map((property) => property.children as [Node, Node]);
  return Object.fromEntries(
    members.filter(([key, value]) => value.type !== "null" && !without.has(key.value))
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
