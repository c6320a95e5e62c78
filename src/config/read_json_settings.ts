import type { Node } from "jsonc-parser";
import { parseJsonTree } from "./parse_json_tree.ts";
import { failIn, type Setting, type Settings } from "./settings.ts";
import type { RenderedText } from "./template/render_template.ts";

const KINDS: Readonly<Record<Node["type"], Setting["kind"]>> = {
  string: "string",
  number: "number",
  boolean: "boolean",
  null: "null",
  array: "list",
  object: "map",
  property: "map",
};

/**
 * Reads the top level of a configuration file in JSON (comments and trailing commas allowed).
 *
 * @throws ConfigError with line and column when it is no JSON, no object, or has a key twice
 */
export function readJsonSettings(rendered: RenderedText, file: string): Settings {
  const failAt = failIn(file, rendered);
  const root = parseJsonTree(rendered, file);
  if (root.type !== "object") return failAt('must be an object, such as {"service": "NAME"}', root.offset);
  const settings = new Map<string, Setting>();
  for (const property of root.children ?? []) {
    const [key, value] = property.children ?? [];
    const name: string = key!.value;
    if (settings.has(name)) failAt(`${name}: is there twice`, key!.offset);
    settings.set(name, { keyOffset: key!.offset, ...readValue(value!, rendered.text) });
  }
  return settings;
}

function readValue(value: Node, text: string): Omit<Setting, "keyOffset"> {
  const kind = KINDS[value.type];
  const written = text.slice(value.offset, value.offset + value.length);
  return {
    valueOffset: value.offset,
    kind,
    text: kind === "string" ? value.value : kind === "number" ? written : "",
  };
}
