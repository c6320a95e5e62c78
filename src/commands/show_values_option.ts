import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";

/** `--show-values` of the commands that show a definition, or how it differs. */
export function showValuesOption() {
  return new Option("--show-values", "show values of variables and what was looked up, too: on a terminal only");
}

/** Refuses the option where nothing is shown that it could be about. Throws a UsageError. */
export function checkShowsValues(isAsked: boolean, isDryRun: boolean, output = "text"): void {
  if (!isAsked) return;
  if (output !== "text") {
    throw new UsageError(`--show-values cannot be used with --output ${output}: no event has values`, "leave one out");
  }
  if (!isDryRun) throw new UsageError("--show-values is for what a dry run prints", "add --dry-run, or leave it out");
}
