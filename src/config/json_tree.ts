import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { isCommentKey, type Json, type JsonObject } from "../model/json.ts";
import type { FailAt } from "./files/positions.ts";
import type { SettingsFileKind } from "../problems.ts";
import type { Setting, Settings, SettingValue } from "./settings.ts";
import type { RenderedText } from "./template/render_template.ts";

/**
 * Parses JSON with comments and trailing commas.
 *
 * @throws ConfigError with line and column, without any value of the file: it is not JSON, or has a key twice in one
 * object
 */
export function parseJsonTree({ text, failAt }: RenderedText): Node {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    // The parser is recursive.
    if (!(error instanceof RangeError)) throw error;
  }
  const [error] = errors;
  if (error !== undefined) return failAt({ code: "notJson", expected: printParseErrorCode(error.error) }, error.offset);
  if (root === undefined) return failAt({ code: "nestedTooDeeply" }, 0);
  checkUniqueKeys(root, failAt);
  return root;
}

function checkUniqueKeys(root: Node, failAt: FailAt): void {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const seen = new Set<string>();
    for (const child of node.children ?? []) {
      pending.push(child);
      const [key] = child.type === "property" ? child.children! : [];
      // A comment may occur any number of times.
      if (key === undefined || isCommentKey(key.value)) continue;
      if (seen.has(key.value)) failAt({ code: "twice", key: key.value }, key.offset);
      seen.add(key.value);
    }
  }
}

/**
 * The value of an object's member; `undefined` when there is none, or the node is not an object. An exact key wins over
 * one in other upper and lower case.
 */
export function findMember(object: Node, key: string): Node | undefined {
  if (object.type !== "object") return undefined;
  const keyOf = ({ children }: Node) => String(children![0]!.value);
  const property = object.children!.find((one) => keyOf(one) === key) ??
    object.children!.find((one) => keyOf(one).toLowerCase() === key.toLowerCase());
  return property?.children?.[1];
}

/** A node as a value, without members that are null: in AWS's API, as in Kayac's ecspresso, that means "not set". */
function toJson(node: Node): Json {
  if (node.type === "array") return node.children!.map(toJson);
  return node.type === "object" ? toJsonObject(node) : node.value;
}

/** The same for an object, without the members of the given names, in upper or lower case. */
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

/**
 * Reads a configuration file in JSON (comments and trailing commas allowed).
 *
 * @throws ConfigError with line and column when it is not JSON, is not an object, or has a key twice
 */
export function readJsonSettings(rendered: RenderedText, kind: SettingsFileKind | "plan" = "config"): Settings {
  const root = parseJsonTree(rendered);
  if (root.type !== "object") return rendered.failAt({ code: "notObject", kind }, root.offset);
  return readEntries(root, rendered.text);
}

function readEntries(object: Node, text: string): Settings {
  const settings = new Map<string, Setting>();
  for (const { children } of object.children!) {
    const [key, value] = children as [Node, Node];
    settings.set(key.value, { keyOffset: key.offset, ...readValue(value, text) });
  }
  return settings;
}

function readValue(value: Node, text: string): SettingValue {
  const valueOffset = value.offset;
  switch (value.type) {
    case "array":
      return { valueOffset, kind: "list", items: () => value.children!.map((item) => readValue(item, text)) };
    case "object":
      return { valueOffset, kind: "map", entries: () => readEntries(value, text) };
    case "string":
      return { valueOffset, kind: "string", text: value.value };
    case "number":
      return { valueOffset, kind: "number", text: text.slice(valueOffset, valueOffset + value.length) };
    case "boolean":
      return { valueOffset, kind: "boolean", isTrue: value.value };
    default:
      return { valueOffset, kind: "null" };
  }
}
