import { formatPatch, OMIT_HEADERS, structuredPatch } from "diff";
import { escapeInvisible } from "../model/invisible_characters.ts";
import { isList, isObject, type Json, type JsonObject, objectIn } from "../model/json.ts";
import { freeFrom, looksSecret } from "../secrets/exposure.ts";
import { HIDDEN, type HiddenValues } from "../secrets/hidden_values.ts";

const CONTEXT_LINES = 3;

/** The time that is needed grows with the square of it. More changed lines than this are all lines, to a reader. */
const MOST_CHANGED_LINES = 4_000;

/**
 * The differences between two definitions in their canonical forms, as the lines of a unified diff of their JSON; empty
 * when there are none.
 *
 * It may be printed where everybody reads it: of the variables in `environment` and of what `finder` finds it shows only
 * whether they differ. All else is shown: references to secrets (`valueFrom`, `credentialsParameter`), and also what may
 * hold a secret in plain text: `command`, the options of the log driver, labels.
 *
 * @param old `undefined` when there is none yet: then everything is new
 * @param finder of what was looked up; `"shows all"`: nothing is hidden, variables neither
 */
export function diffDefinitions(
  names: { readonly old: string; readonly new: string },
  old: JsonObject | undefined,
  new_: JsonObject,
  finder: ValueFinder | "shows all",
): string[] {
  const shown = finder === "shows all" ? { old, new: new_ } : hideValues(old, new_, finder);
  const hunks = diffLines(linesOf(shown.old), linesOf(shown.new));
  if (hunks.length === 0) return [];
  return [`--- ${harmless(names.old)}`, `+++ ${harmless(names.new)}`, ...hunks];
}

function linesOf(definition: JsonObject | undefined): string[] {
  return definition === undefined ? [] : JSON.stringify(definition, null, 2).split("\n").map(harmless);
}

function diffLines(old: readonly string[], new_: readonly string[]): string[] {
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  const options = { context: CONTEXT_LINES, maxEditLength: MOST_CHANGED_LINES };
  const patch = structuredPatch("", "", text(old), text(new_), undefined, undefined, options);
  if (patch !== undefined) {
    return patch.hunks.length === 0 ? [] : formatPatch(patch, OMIT_HEADERS).trimEnd().split("\n");
  }
  const range = ({ length }: readonly string[]) => `${Math.min(1, length)},${length}`;
  return [`@@ -${range(old)} +${range(new_)} @@`, ...old.map((line) => `-${line}`), ...new_.map((line) => `+${line}`)];
}

/** JSON leaves what is beyond ASCII as it is; GitHub's runner would obey `##[`. */
function harmless(text: string): string {
  return escapeInvisible(text).replaceAll("##[", "#\\u0023[");
}

/** Finds the values that were looked up and are not to be shown. */
export type ValueFinder = Pick<HiddenValues, "split">;

/**
 * Hides values of two definitions, so that their difference can be shown everywhere: every value below a member
 * `environment`, and what was looked up. An equal value reads `(hidden)` on both sides, a changed one `(hidden, old)` and
 * `(hidden, new)`. Names stay. The shape that AWS asks for is not relied upon: the file is the user's.
 *
 * What stands on the old side was not looked up in this run, and is as secret as what takes its place. So where the new
 * side has a value that is hidden, the old side shows of the same member (a command, the options of a log driver, the
 * labels, the tags) only what the new side shows, too. Where the new side looks nothing up any more, what looks like a
 * secret is hidden on the old side, unless the new side shows it, too.
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
  /** All values as JSON, by where they stand. */
  readonly values: ReadonlyMap<string, string>;
  /** What is shown and what is hidden of those that are hidden in part, by where they stand. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
  /** The members in which something is hidden. */
  readonly units: ReadonlySet<string>;
  /** The texts in a member that are shown. */
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

/** By its names below the member that it belongs to: those of labels, of options, of tags. */
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
  /** Where it stands, by names: the same on both sides. */
  readonly place: string;
  /** Where the member begins that is hidden or shown as a whole; the same as `place` outside of what is the user's own. */
  readonly unit: string;
  readonly isPlain: boolean;
  /** Whether it is a value of a variable, and hidden whatever it is. */
  readonly isVariable: boolean;
}

type Replace = (leaf: Leaf, value: Json) => Json;

/** Where the walk is: the names that lead there, and where each of them stands. */
interface Position {
  readonly path: readonly (string | number)[];
  readonly places: readonly string[];
}

const ROOT: Position = { path: [], places: [] };

function replaceIn(value: Json, replace: Replace, position = ROOT): Json {
  const { path } = position;
  const environment = path.findIndex((key) => typeof key === "string" && /^environment$/i.test(key));
  if (isList(value)) {
    // Within the value of a variable, the names of elements are values, too, and hidden: elements are known by their index.
    const names = environment === -1 || environment === path.length - 1 ? placesIn(value) : value.keys().toArray();
    return value.map((element, index) => replaceIn(element, replace, below(position, index, names[index]!)));
  }
  if (!isObject(value)) return replace(leafAt(position, environment !== -1), value);
  // Names of variables are seen where AWS has them, in the elements of the list; anywhere else `name` is a variable.
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

/** Where each element stands: by its name (tags have keys), so that one that comes or goes does not make the others look changed. */
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
