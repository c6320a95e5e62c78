import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { RevisionChoice } from "../rollout/read/revision_choice.ts";
import type { GlobalOptions } from "../session/global_options.ts";

/** What `rollback`, `deploy` and `wait` write to stdout: text for people, or the events of the run. */
export type OutputFormat = "text" | "json";

/** `--output` of those commands. The reporter reads it. */
export function outputOption() {
  return new Option("--output <format>", "text; json: on stdout an object a line for everything that happens")
    .choices(["text", "json"]).default("text" as const);
}

/** How far a deployment has to have come before the program ends. */
export function untilOption<Flags extends string>(flags: Flags, description: string) {
  return new Option(flags, description).choices(["stable", "deployed"]).default("stable" as const);
}

/** `--wait` of the commands that start a deployment. Each words `--no-wait` for itself. */
export function waitOption() {
  return new Option(
    "--wait",
    "wait for the deployment (default); the last of --wait and --no-wait wins",
  );
}

export function suspendOption() {
  return new Option("--suspend-auto-scaling", "suspend all scaling of the service before the update");
}

export function resumeOption() {
  return new Option("--resume-auto-scaling", "afterwards put scaling back as it was before it was suspended");
}

/** `--show-values` of the commands that show a definition, or how it differs. */
export function showValuesOption() {
  return new Option("--show-values", "show values of variables and what was looked up, too: on a terminal only");
}

/** Refuses `--show-values` where no values are printed. Throws a UsageError. */
export function checkShowsValues(isAsked: boolean, isDryRun: boolean, output = "text"): void {
  if (!isAsked) return;
  if (output !== "text") {
    throw new UsageError(`--show-values cannot be used with --output ${output}: no event has values`, "leave one out");
  }
  if (!isDryRun) throw new UsageError("--show-values is for what a dry run prints", "add --dry-run, or leave it out");
}

/** With `--untrusted`, refuses a command that would change something. Throws a UsageError. */
export function requireDryRun(
  command: string,
  { untrusted }: Pick<GlobalOptions, "untrusted">,
  dryRun: boolean | undefined,
): void {
  if (!untrusted || dryRun) return;
  throw new UsageError(`--untrusted changes nothing: ${command} works with it as a dry run only`, "add --dry-run");
}

/** ECS's revision numbers are positive 32-bit integers. Throws a UsageError for anything else. */
export function parseRevision(text: string): number {
  return parseCount("--revision", text);
}

/** A positive whole number of at most 32 bits. Throws a UsageError that names the option for anything else. */
export function parseCount(option: string, text: string, wanted = "a positive whole number"): number {
  const count = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : NaN;
  if (!(count <= 2_147_483_647)) {
    throw new UsageError(`${option} takes ${wanted}, not ${JSON.stringify(text.slice(0, 60))}`);
  }
  return count;
}

/**
 * A number of tasks: whole, and maybe 0; -1, the default of kayac/ecspresso, leaves it as it is. Throws a UsageError for
 * anything else.
 */
export function parseTasks(text: string): number | "unchanged" {
  if (text === "-1") return "unchanged";
  return text === "0" ? 0 : parseCount("--tasks", text, "a whole number (-1 leaves it as it is)");
}

/**
 * Reads what `--revision` of a rollback says: a number, `previous`, `family:number` or a task definition's full ARN.
 * Throws a UsageError, which names the option, for anything else.
 */
export function parseRevisionChoice(text: string, option = "--revision"): RevisionChoice {
  if (text === "previous") return { kind: "previous" };
  if (text.startsWith("arn:")) {
    try {
      const { family, revision } = parseTaskDefinitionArn(text);
      return { kind: "named", name: text, family, revision };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UsageError(`${option}: ${error.message}`);
    }
  }
  const named = /^([A-Za-z0-9_-]{1,255}):([^:]+)$/.exec(text);
  if (named !== null) {
    return { kind: "named", name: text, family: named[1]!, revision: parseCount(option, named[2]!) };
  }
  if (/^[A-Za-z_-]/.test(text)) {
    throw new UsageError(
      `${option} takes a number, family:number${option === "--from" ? " or an ARN" : ", an ARN or previous"}, not ${
        JSON.stringify(text.slice(0, 60))
      }`,
    );
  }
  return { kind: "number", revision: parseCount(option, text) };
}
