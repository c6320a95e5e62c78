import { formatPatch, OMIT_HEADERS, type StructuredPatch, structuredPatch } from "diff";
import { escapeInvisible } from "../model/invisible_characters.ts";
import type { JsonObject } from "../model/json.ts";
import { FINDS_NOTHING, hideValues, type ValueFinder } from "./hide_values.ts";

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
  finder: ValueFinder | "shows all" = FINDS_NOTHING,
): string[] {
  const shown = finder === "shows all" ? { old, new: new_ } : hideValues(old, new_, finder);
  const patch = patchOf(linesOf(shown.old), linesOf(shown.new));
  if (patch.hunks.length === 0) return [];
  const hunks = formatPatch(patch, OMIT_HEADERS).trimEnd().split("\n");
  return [`--- ${harmless(names.old)}`, `+++ ${harmless(names.new)}`, ...hunks];
}

function linesOf(definition: JsonObject | undefined): string[] {
  return definition === undefined ? [] : JSON.stringify(definition, null, 2).split("\n").map(harmless);
}

function patchOf(old: readonly string[], new_: readonly string[]): StructuredPatch {
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  const options = { context: CONTEXT_LINES, maxEditLength: MOST_CHANGED_LINES };
  return structuredPatch("", "", text(old), text(new_), undefined, undefined, options) ?? {
    oldFileName: "",
    newFileName: "",
    oldHeader: undefined,
    newHeader: undefined,
    hunks: [{
      oldStart: 1,
      oldLines: old.length,
      newStart: 1,
      newLines: new_.length,
      lines: [...old.map((line) => `-${line}`), ...new_.map((line) => `+${line}`)],
    }],
  };
}

/** JSON leaves what is beyond ASCII as it is; GitHub's runner would obey `##[`. */
function harmless(text: string): string {
  return escapeInvisible(text).replaceAll("##[", "#\\u0023[");
}
