import { Option } from "@commander-js/extra-typings";

/** `--show-values` of the commands that show a definition, or how it differs. */
export function showValuesOption() {
  return new Option("--show-values", "show values of variables and what was looked up, too: on a terminal only");
}
