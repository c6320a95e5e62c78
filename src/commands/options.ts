import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import type { WaitUntil } from "../rollout/judge/assess.ts";
import type { FailAfter } from "../rollout/judge/assess_failures.ts";
import { LOOK_UP_WITHIN_MS } from "../rollout/read/limited_checker.ts";
import { isValidBakeTime } from "../rollout/plan/options.ts";
import { type ProgramCommand, readDuration } from "../session/global_options.ts";
import { append } from "../session/service_options.ts";
import { parseReason } from "../session/reason.ts";
import type { TableFormat } from "../session/show_history.ts";
import { DEFAULT_PARALLEL } from "../session/policy.ts";

/** A command, with the options that it has so far. */
type CommandWith<Options extends OptionValues> = Command<[], Options, ReturnType<ProgramCommand["opts"]>>;

/** `--output` of the commands whose run can be shown as NDJSON. The reporter reads it. */
export function outputOption() {
  return new Option("--output <format>", "text; json: on stdout an object a line for everything that happens")
    .choices(["text", "json"]).default("text" as const);
}

const FORMATS = ["table", "json", "tsv"] as const satisfies readonly TableFormat[];

/** `--output` of the commands that print a table. */
export const formatOption = (description: string) => new Option("--output <format>", description).choices(FORMATS);

/** `--since` of the commands that show the history. */
export const sinceOption = () =>
  new Option("--since <time>", "only what has run since then: how long ago (7d, 12h), or a date and a time");

/** `--until` or `--wait-until`: how far a deployment must be before the program ends. */
export function untilOption<Flags extends string, More extends WaitUntil = never>(
  flags: Flags,
  description: string,
  ...more: readonly More[]
) {
  return new Option(flags, description).choices(["stable", "deployed", ...more] as const).default("stable" as const);
}

/** `--wait` of the commands that start a deployment. Each words `--no-wait` for itself. */
export const waitOption = () =>
  new Option("--wait", "wait for the deployment (default); the last of --wait and --no-wait wins");

export const suspendOption = () =>
  new Option("--suspend-auto-scaling", "suspend all scaling of the service before the update");

export const resumeOption = () =>
  new Option("--resume-auto-scaling", "afterwards put scaling back as it was before it was suspended");

/** `--preflight` of the commands that start tasks of a registered revision: milliseconds, or `off`. */
export const preflightOption = (of = "") =>
  new Option(
    "--preflight <duration>",
    of +
      "how long to wait for a look at what its tasks need (images, secrets, roles, log groups ...); off: do not look",
  ).argParser(parsePreflight).default(LOOK_UP_WITHIN_MS as number | "off", "3s");

function parsePreflight(text: string): number | "off" {
  if (text === "off") return "off";
  const ms = readDuration("--preflight", text);
  if (ms > 0) return ms;
  throw new UsageError("--preflight takes a duration such as 3s, or off");
}

/** `--fail-after` of the commands that follow a deployment. 0: only the time limit ends the watching. */
export const failAfterOption = (otherwise: string) =>
  new Option(
    "--fail-after <number>",
    `give up once this many of its tasks have failed and none is healthy; 0: only at the timeout (default: ${otherwise})`,
  ).argParser<FailAfter>(parseCount("--fail-after", "a whole number (0: only at the timeout)", 0));

/** Adds the last group of a command that changes many services. `usual`: the default of `--on-failure`, in words. */
export function addManyOptions<Options extends OptionValues>(command: CommandWith<Options>, usual: string) {
  const onFailure = new Option(
    "--on-failure <policy>",
    "where one service fails: continue with the others; stop: begin no more; undo: begin no more, and return those that " +
      `this run has changed to what they ran before it, unless that was failing (default: ${usual})`,
  ).choices(["continue", "stop", "undo"]);
  return command.optionsGroup("Many services:")
    .option(
      "--parallel <number>",
      `how many services are changed at a time (default: ${DEFAULT_PARALLEL})`,
      parseCount("--parallel"),
    )
    .addOption(onFailure)
    .option("--skip-refused", "go on without the services that are refused (default: then nothing is done to any)");
}

/** Adds the options that say why a change is made, and how it is shown. */
export function addReportOptions<Options extends OptionValues>(command: CommandWith<Options>, reasonIsFor?: string) {
  return command.addOption(reasonOption(reasonIsFor)).addOption(logsOption()).addOption(outputOption());
}

/** The limit of `defaultFailAfter`, in words. */
export const BREAKERS = "half of the tasks, at least 3, like ECS's circuit breaker";

/** `--reason` of the commands that change a service; an empty text counts as none. */
export const reasonOption = (where = "NDJSON and the job summary") =>
  new Option("--reason <text>", `why, for the log, ${where}: one line`).argParser(parseReason);

export const AND_IN_TAG = "NDJSON, the job summary and a tag on the service";

/** Returns a parser for the duration of a hold, which makes milliseconds of it. */
export function parseHold(option: string): (text: string) => number {
  return (text) => {
    const ms = readDuration(option, text);
    if (ms > 0) return ms;
    throw new UsageError(`${option} takes a duration such as 2h`, "to end a hold: ecspresso hold --release");
  };
}

/** `--bake` of the commands that can watch a completed deployment: milliseconds. */
export const bakeOption = (description: string) => new Option("--bake <duration>", description).argParser(parseBake);

function parseBake(text: string): number {
  const ms = readDuration("--bake", text);
  if (isValidBakeTime(ms)) return ms;
  throw new UsageError("--bake takes a duration from 1m to 24h, such as 5m");
}

export const alarmOption = () =>
  new Option("--alarm <name>", "with --bake: a CloudWatch alarm to watch, too; repeatable").argParser(append);

/** Throws a UsageError for `--alarm` without `--bake`: nothing would look at the alarms. */
export function refuseAlarmAlone(
  { bake, alarm }: { readonly bake?: number; readonly alarm?: readonly string[] },
): void {
  if (alarm !== undefined && bake === undefined) throw new UsageError("--alarm is for --bake", "add --bake 5m");
}

/** `--logs` of the commands that show why a deployment failed. */
export const logsOption = () =>
  new Option(
    "--logs <number>",
    "how many of the last lines of the container that failed to show; 0: none (default: 10 on a terminal, else 0)",
  ).argParser(parseLogs);

const MAX_LOGS = 1_000;

function parseLogs(text: string): number {
  if (/^[0-9]{1,4}$/.test(text) && Number(text) <= MAX_LOGS) return Number(text);
  throw new UsageError(
    `--logs takes a number of lines from 0 to ${MAX_LOGS}, not ${JSON.stringify(text.slice(0, 60))}`,
  );
}

/** `--show-values` of the commands that show a definition, or how it differs. */
export const showValuesOption = () =>
  new Option("--show-values", "show values of variables and what was looked up, too: on a terminal only");

/** Returns a parser for a signed 32-bit number. It throws a UsageError that names the option for anything else. */
export function parseCount(option: string, wanted = "a positive whole number", least: 0 | 1 = 1) {
  return (text: string): number => {
    const count = /^(?:0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : NaN;
    if (count >= least && count <= 2_147_483_647) return count;
    throw new UsageError(`${option} takes ${wanted}, not ${JSON.stringify(text.slice(0, 60))}`);
  };
}

/** ECS's revision numbers are positive 32-bit integers. Throws a UsageError for anything else. */
export const parseRevision = parseCount("--revision");
