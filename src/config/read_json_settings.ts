import type { Node } from "jsonc-parser";
import { parseJsonTree } from "./json_tree.ts";
import { type Setting, type Settings, type SettingValue } from "./settings.ts";
import type { RenderedText } from "./template/render_template.ts";

/**
 * Reads a configuration file in JSON (comments and trailing commas allowed).
 *
 * @throws ConfigError with line and column when it is no JSON, no object, or has a key twice
 */
export function readJsonSettings(rendered: RenderedText): Settings {
  const root = parseJsonTree(rendered);
  if (root.type !== "object") {
    return rendered.failAt('must be an object, such as {"service": "NAME"}', root.offset);
  }
  return readEntries(root, rendered.text);
}

function readEntries(object: Node, text: string): Settings {
  const settings = new Map<string, Setting>();
  for (const property of object.children ?? []) {
    const [key, value] = property.children ?? [];
    settings.set(key!.value, { keyOffset: key!.offset, ...readValue(value!, text) });
  }
  return settings;
}

function readValue(value: Node, text: string): SettingValue {
  const kind = kindOf(value);
  const written = text.slice(value.offset, value.offset + value.length);
  return {
    valueOffset: value.offset,
    kind,
    text: kind === "string" ? value.value : kind === "number" ? written : "",
    items: () => kind === "list" ? value.children!.map((item) => readValue(item, text)) : [],
    entries: () => kind === "map" ? readEntries(value, text) : new Map(),
  };
}

function kindOf({ type }: Node): SettingValue["kind"] {
  if (type === "array") return "list";
  return type === "object" || type === "property" ? "map" : type;
}
