import { stringify } from "yaml";
import { isList, isObject, type Json, type JsonObject } from "../model/json.ts";

/** The text of files that this program makes: the counterpart of `loadConfig` and `loadDefinition`. */

/** The text of a definition file, in Jsonnet if its name says so. Reading it gives the same definition. */
export function renderDefinitionFile(path: string, definition: JsonObject): string {
  const text = /\.jsonnet$/i.test(path) ? jsonnetOf(definition, "") : JSON.stringify(definition, undefined, 2);
  return withoutActions(`${text}\n`);
}

/** The text of a config file, in the format of its name. */
export function renderConfigFile(path: string, settings: Readonly<Record<string, string>>): string {
  if (/\.json(?:net)?$/i.test(path)) return renderDefinitionFile(path, settings);
  // YAML 1.1 reads more words as something else than text (`no`, `1_000`): these are quoted as well.
  return withoutActions(stringify(settings, { version: "1.1" }));
}

/** Files are templates, where `{{` begins an action. In a string of JSON or Jsonnet, this action stands for `{{`. */
function withoutActions(text: string): string {
  return text.replaceAll("{{", "{{`{{`}}");
}

function jsonnetOf(value: Json, indent: string): string {
  const inner = `${indent}  `;
  const block = (open: string, lines: readonly string[], close: string) =>
    lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join("")}${indent}${close}`;
  if (isList(value)) return block("[", value.map((item) => `${inner}${jsonnetOf(item, inner)},\n`), "]");
  if (!isObject(value)) return typeof value === "string" ? quote(value) : JSON.stringify(value);
  const fields = Object.entries(value);
  return block("{", fields.map(([name, member]) => `${inner}${fieldName(name)}: ${jsonnetOf(member, inner)},\n`), "}");
}

/** https://jsonnet.org/ref/spec.html, Lexing. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...["assert", "else", "error", "false", "for", "function", "if", "import", "importbin", "importstr", "in", "local"],
  ...["null", "self", "super", "tailstrict", "then", "true"],
]);

function fieldName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !KEYWORDS.has(name) ? name : quote(name);
}

/** In single quotes, as Jsonnet's own formatter has it; the escapes are those of JSON. */
function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
