import * as yaml from "yaml";
import type { SettingsFileKind } from "../problems.ts";
import type { Setting, Settings, SettingValue } from "./settings.ts";
import type { RenderedText } from "./template/render_template.ts";
import type { FailAt } from "./files/positions.ts";

/**
 * Reads a configuration file in YAML 1.2, with anchors, aliases and merge keys (`<<`). Aliases are followed only when
 * a setting is read, and never expanded, so that no file can make this take long.
 *
 * @throws ConfigError with line and column, without any value of the file: no YAML, no mapping, several documents,
 *   a key twice, an alias without its anchor
 */
export function readYamlSettings({ text, failAt }: RenderedText, kind: SettingsFileKind = "config"): Settings {
  // Unique keys are checked below: the library compares each key with every other one of its mapping.
  const document = yaml.parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { code, message } = error;
    const words = CODES_WITHOUT_QUOTES.has(code) ? message : undefined;
    return failAt({ code: "notYaml", kind: code, words }, error.pos[0]);
  }
  const { contents } = document;
  if (contents === null || (yaml.isScalar(contents) && contents.source === "")) {
    return failAt({ code: "noSettings", kind }, 0);
  }
  if (!yaml.isMap(contents)) return failAt({ code: "notKeysAndValues", kind }, offsetOf(contents));
  return collectSettings(contents, resolveAliases(document, failAt), failAt);
}

type AliasTargets = ReadonlyMap<yaml.Alias, yaml.Node>;

/** In one pass over the document; the library's own look-up searches the whole document for every alias. */
function resolveAliases(document: yaml.Document.Parsed, failAt: FailAt): AliasTargets {
  const anchors = new Map<string, yaml.Node>();
  const targets = new Map<yaml.Alias, yaml.Node>();
  yaml.visit(document, {
    Alias(_, alias) {
      const target = anchors.get(alias.source);
      // The alias is not quoted: it may be a value that was meant as text and begins with a star.
      if (target === undefined) return failAt({ code: "noAnchor" }, offsetOf(alias));
      targets.set(alias, target);
    },
    Node(_, node) {
      if (!yaml.isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
      if (yaml.isMap(node)) checkUniqueKeys(node, failAt);
    },
  });
  return targets;
}

function checkUniqueKeys(map: yaml.YAMLMap, failAt: FailAt): void {
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    if (!yaml.isScalar(key)) continue;
    if (seen.has(key.value)) failAt({ code: "twice", key: key.source ?? "" }, offsetOf(key));
    seen.add(key.value);
  }
}

// A mapping's own keys count before merged ones, an earlier merge before a later one (https://yaml.org/type/merge.html).
// A mapping merged a second time adds nothing, since what is set stays: so each is visited once, circles included.
function collectSettings(root: yaml.YAMLMap, targets: AliasTargets, failAt: FailAt): Settings {
  const settings = new Map<string, Setting>();
  const visited = new Set<yaml.Node>();
  const pending: yaml.YAMLMap[] = [root];
  for (let map = pending.pop(); map !== undefined; map = pending.pop()) {
    if (visited.has(map)) continue;
    visited.add(map);
    const merged: yaml.YAMLMap[] = [];
    for (const { key, value } of map.items as { key: yaml.Node; value: yaml.Node | null }[]) {
      if (!yaml.isScalar(key)) return failAt({ code: "badKey" }, offsetOf(key));
      if (key.type === "PLAIN" && key.source === "<<") {
        for (const source of readMerged(value ?? key, targets, failAt)) merged.push(source);
      } else {
        const name = String(key.value);
        if (settings.has(name)) continue;
        const read = readValue(value, offsetOf(value ?? key), targets, failAt);
        settings.set(name, { keyOffset: offsetOf(key), ...read });
      }
    }
    for (const source of merged.toReversed()) pending.push(source);
  }
  return settings;
}

function readMerged(source: yaml.Node, targets: AliasTargets, failAt: FailAt): yaml.YAMLMap[] {
  const target = follow(source, targets);
  const items = yaml.isSeq(target) ? target.items as yaml.Node[] : [target];
  return items.map((item) => {
    const map = follow(item, targets);
    return yaml.isMap(map) ? map : failAt({ code: "badMerge" }, offsetOf(item));
  });
}

function readValue(value: yaml.Node | null, valueOffset: number, targets: AliasTargets, failAt: FailAt): SettingValue {
  const target = value && follow(value, targets);
  if (yaml.isMap(target)) return { valueOffset, kind: "map", entries: () => collectSettings(target, targets, failAt) };
  if (yaml.isSeq(target)) {
    const items = target.items as yaml.Node[];
    const read = (item: yaml.Node) => readValue(item, offsetOf(item), targets, failAt);
    return { valueOffset, kind: "list", items: () => items.map(read) };
  }
  const { value: content, source = "" } = yaml.isScalar(target) ? target : { value: null };
  if (typeof content === "string") return { valueOffset, kind: "string", text: content };
  if (typeof content === "number" || typeof content === "bigint") return { valueOffset, kind: "number", text: source };
  return typeof content === "boolean"
    ? { valueOffset, kind: "boolean", isTrue: content }
    : { valueOffset, kind: "null" };
}

function follow(node: yaml.Node, targets: AliasTargets): yaml.Node {
  return yaml.isAlias(node) ? targets.get(node) ?? node : node;
}

function offsetOf(node: yaml.Node): number {
  return node.range?.[0] ?? 0;
}

/** Codes whose messages consist of fixed words only; the others may quote a secret from the file. */
const CODES_WITHOUT_QUOTES = new Set<string>([
  ...["BAD_INDENT", "BLOCK_AS_IMPLICIT_KEY", "BLOCK_IN_FLOW", "KEY_OVER_1024_CHARS", "MISSING_CHAR"],
  ...["MULTILINE_IMPLICIT_KEY", "MULTIPLE_ANCHORS", "MULTIPLE_TAGS", "TAB_AS_INDENT"],
]);
