import { Option } from "@commander-js/extra-typings";

/** What the commands that have a run to show write to stdout: what is for people, or the run's events. */
export type OutputFormat = "text" | "json";

/** The option of those commands. What it writes is seen to by the audience, which has peeked at it. */
export function outputOption() {
  return new Option("--output <format>", "text; json: on stdout an object a line for everything that happens")
    .choices(["text", "json"]).default("text" as const);
}
