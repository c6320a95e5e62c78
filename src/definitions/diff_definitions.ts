import { structuredPatch, type StructuredPatchHunk } from "diff";
import { escapeInvisible } from "../model/invisible_characters.ts";
import { isList, isObject, type Json, type JsonObject, objectIn } from "../model/json.ts";
import { freeFrom, looksSecret } from "../secrets/exposure.ts";
import { HIDDEN, type HiddenValues } from "../secrets/hidden_values.ts";

const CONTEXT_LINES = 3;

/** The time of a diff grows with the square of this. With more changed lines, all lines are shown as changed. */
const MAX_CHANGED_LINES = 4_000;

/** A line of a unified diff. */
export interface DiffLine {
  readonly kind: "file" | "hunk" | "removed" | "added" | "context";
  readonly text: string;
}

/**
 * The differences between two definitions in their canonical forms, as the lines of a unified diff of their JSON; empty
 * when there are none.
 *
 * The diff may be printed where everybody reads it: of variables in `environment` and of values that `finder` finds it
 * shows only whether they differ. All else is shown: references to secrets (`valueFrom`, `credentialsParameter`), and
 * also what may hold a secret in plain text: `command`, the options of the log driver, labels.
 *
 * @param old `undefined` when there is none yet: then everything is new
 * @param finder of looked-up values; `"showsAll"`: nothing is hidden, not even variables
 */
export function diffDefinitions(
  names: { readonly old: string; readonly new: string },
  old: JsonObject | undefined,
  new_: JsonObject,
  finder: ValueFinder | "showsAll",
): DiffLine[] {
  const shown = finder === "showsAll" ? { old, new: new_ } : hideValues(old, new_, finder);
  const hunks = findHunks(linesOf(shown.old), linesOf(shown.new));
  if (hunks.length === 0) return [];
  return [
    { kind: "file", text: `--- ${harmless(names.old)}` },
    { kind: "file", text: `+++ ${harmless(names.new)}` },
    ...hunks.flatMap(renderHunk),
  ];
}

function linesOf(definition: JsonObject | undefined): string[] {
  return definition === undefined ? [] : JSON.stringify(definition, null, 2).split("\n").map(harmless);
}

function findHunks(old: readonly string[], new_: readonly string[]): StructuredPatchHunk[] {
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  const options = { context: CONTEXT_LINES, maxEditLength: MAX_CHANGED_LINES };
  const patch = structuredPatch("", "", text(old), text(new_), undefined, undefined, options);
  if (patch !== undefined) return patch.hunks;
  const lines = [...old.map((line) => `-${line}`), ...new_.map((line) => `+${line}`)];
  return [{ oldStart: 1, oldLines: old.length, newStart: 1, newLines: new_.length, lines }];
}

function renderHunk({ oldStart, oldLines, newStart, newLines, lines }: StructuredPatchHunk): DiffLine[] {
  // As in every unified diff, what has no lines begins one line earlier.
  const range = (start: number, length: number) => `${length === 0 ? start - 1 : start},${length}`;
  return [
    { kind: "hunk", text: `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@` },
    ...lines.map((text) => ({ kind: KINDS[text.charAt(0)] ?? "context", text })),
  ];
}

/** The lines of a hunk, by the first character. */
const KINDS: Readonly<Record<string, DiffLine["kind"]>> = { "-": "removed", "+": "added" };

/** JSON leaves characters beyond ASCII as they are; GitHub's runner would obey `##[`. */
function harmless(text: string): string {
  return escapeInvisible(text).replaceAll("##[", "#\\u0023[");
}

/** Finds the values that were looked up and are not to be shown. */
export type ValueFinder = Pick<HiddenValues, "split">;

/**
 * Hides values of two definitions, so that their difference can be shown to everybody: every value below a member
 * `environment`, and values that were looked up. An equal value reads `(hidden)` on both sides, a changed one `(hidden,
 * old)` and `(hidden, new)`. Names stay. Does not rely on the shape that AWS asks for: the file is the user's.
 *
 * Values on the old side were not looked up in this run, but are as secret as those that replace them. So where the new
 * side hides a value in a member (a command, the options of a log driver, the labels, the tags), the old side shows of
 * that member only what the new side shows, too. Where the new side no longer looks anything up, the old side hides
 * what looks like a secret, unless the new side shows it, too.
 */
function hideValues(old: JsonObject | undefined, new_: JsonObject, finder: ValueFinder) {
  const oldSide = readSide(old ?? {}, finder);
  const newSide = readSide(new_, finder);
  return {
    old: old && replaceIn(old, (leaf, value) => {
      const mark = markOf("old", leaf, value, newSide);
      if (leaf.isVariable) return mark;
      const own = finder.split(String(value), leaf.isPlain);
      const shown = newSide.shown.get(leaf.unit);
      if (!newSide.units.has(leaf.unit)) {
        if (own !== undefined) return joined(own, mark);
        return looksLikeSecret(leaf, String(value)) && !shown?.has(String(value)) ? mark : value;
      }
      const parts = newSide.parts.get(leaf.place);
      if (parts !== undefined && isAlike(parts, String(value))) return joined(parts, mark);
      return own === undefined && shown?.has(String(value)) ? value : mark;
    }) as JsonObject,
    new: replaceIn(new_, (leaf, value) => {
      const mark = markOf("new", leaf, value, oldSide);
      if (leaf.isVariable) return mark;
      const parts = newSide.parts.get(leaf.place);
      return parts === undefined ? value : joined(parts, mark);
    }) as JsonObject,
  };
}

/** Hides what was looked up in one definition, and nothing else. */
export function hideLookedUp(definition: JsonObject, finder: ValueFinder): JsonObject {
  return replaceIn(definition, ({ isPlain }, value) => {
    const parts = finder.split(String(value), isPlain);
    return parts === undefined ? value : joined(parts, HIDDEN);
  }) as JsonObject;
}

interface Side {
  /** All values as JSON, by their place. */
  readonly values: ReadonlyMap<string, string>;
  /** For values that are hidden in part, by their place: shown and hidden parts in turn. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
  /** The members in which something is hidden. */
  readonly units: ReadonlySet<string>;
  /** The texts that each member shows. */
  readonly shown: ReadonlyMap<string, ReadonlySet<string>>;
}

function readSide(definition: JsonObject, finder: ValueFinder): Side {
  const values = new Map<string, string>();
  const parts = new Map<string, readonly string[]>();
  const units = new Set<string>();
  const shown = new Map<string, Set<string>>();
  replaceIn(definition, ({ place, unit, isPlain, isVariable }, value) => {
    values.set(place, JSON.stringify(value));
    const found = isVariable ? undefined : finder.split(String(value), isPlain);
    if (found === undefined) {
      shown.set(unit, (shown.get(unit) ?? new Set()).add(String(value)));
    } else {
      parts.set(place, found);
      units.add(unit);
    }
    return value;
  });
  return { values, parts, units, shown };
}

/** Judges the text, and the names on the way to it within its member: of labels, of options, of tags. */
function looksLikeSecret({ place, unit, isPlain }: Leaf, text: string): boolean {
  const names = place.slice(unit.length).match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  return !isPlain && looksSecret(names, text);
}

function markOf(side: "old" | "new", { place }: Leaf, value: Json, { values }: Side): string {
  const other = values.get(place);
  return other === undefined || other === JSON.stringify(value) ? HIDDEN : `(hidden, ${side})`;
}

function joined(parts: readonly string[], mark: string): string {
  return parts.map((part, index) => index % 2 === 0 ? part : mark).join("");
}

/** Whether a text has the same shown parts in the same order, whatever is hidden between them. */
function isAlike(parts: readonly string[], text: string): boolean {
  const [first = "", ...others] = parts.filter((_, index) => index % 2 === 0);
  const last = others.pop() ?? "";
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

interface Leaf {
  /** Its place, by names: the same on both sides. */
  readonly place: string;
  /** The place of the member that is hidden or shown as a whole; outside of free text, the same as `place`. */
  readonly unit: string;
  readonly isPlain: boolean;
  /** Whether it belongs to a variable's value, which is always hidden. */
  readonly isVariable: boolean;
}

type Replace = (leaf: Leaf, value: Json) => Json;

/** Where the walk is: the path that leads there, and the place of each step. */
interface Position {
  readonly path: readonly (string | number)[];
  readonly places: readonly string[];
}

const ROOT: Position = { path: [], places: [] };

function replaceIn(value: Json, replace: Replace, position = ROOT): Json {
  const { path } = position;
  const environment = path.findIndex((key) => typeof key === "string" && /^environment$/i.test(key));
  if (isList(value)) {
    // Within a variable's value, names of elements are values as well, and hidden: elements are known by their index.
    const names = environment === -1 || environment === path.length - 1 ? placesIn(value) : value.keys().toArray();
    return value.map((element, index) => replaceIn(element, replace, below(position, index, names[index]!)));
  }
  if (!isObject(value)) return replace(leafAt(position, environment !== -1), value);
  // The names of variables are shown where AWS has them, in the list's elements; anywhere else `name` is a variable.
  const isVariable = environment !== -1 && environment === path.length - 2 && typeof path.at(-1) === "number";
  const replaceMember = ([key, member]: [string, Json]) => {
    if (isVariable && key === "name" && typeof member === "string") return [key, member] as const;
    return [key, replaceIn(member, replace, below(position, key, JSON.stringify(key)))] as const;
  };
  return Object.fromEntries(Object.entries(value).map(replaceMember));
}

function leafAt({ path, places }: Position, isVariable: boolean): Leaf {
  const free = freeFrom(path);
  const place = places.at(-1) ?? "";
  return { place, unit: free === undefined ? place : places[free - 1] ?? "", isPlain: free === undefined, isVariable };
}

function below({ path, places }: Position, key: string | number, name: string | number): Position {
  return { path: [...path, key], places: [...places, `${places.at(-1) ?? ""}/${name}`] };
}

/** The place of each element, by its name or, for a tag, its key: one more or less leaves the others unchanged. */
function placesIn(list: readonly Json[]): string[] {
  const seen = new Map<string, number>();
  return list.map((element) => {
    const { name, key } = objectIn(element);
    const named = JSON.stringify([name, key].find((text) => typeof text === "string") ?? null);
    const count = seen.get(named) ?? 0;
    seen.set(named, count + 1);
    return `${named}#${count}`;
  });
}
