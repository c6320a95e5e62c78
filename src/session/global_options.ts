import { type Command, Option } from "@commander-js/extra-typings";
import { parseDuration } from "../config/parse_duration.ts";
import { UsageError } from "../errors.ts";
import type { Environment } from "../host.ts";
import type { TypedOption } from "../model/service.ts";
import type { LogFormat } from "../report/messages/log.ts";
import { describeDuration, NO_ROLE } from "../report/messages/value_problem_text.ts";
import { readExternalVariables, splitValues, warnOfCommas } from "./external_variables.ts";
import {
  addServiceOptions,
  append,
  nameStdin,
  readServiceOptions,
  type ServiceOptions,
  STDIN,
} from "./service_options.ts";

/** The options that every command has, before and after the command's name. */
export interface GlobalOptions {
  readonly services: ServiceOptions;
  readonly envfile: readonly string[];
  readonly debug: boolean;
  /** Whether to log ECS's own words, too. */
  readonly verbose: boolean;
  /** `name=value` for Jsonnet's `std.extVar`, as texts and as code; a bare name takes its value from the environment. */
  readonly extStr: readonly string[];
  readonly extCode: readonly string[];
  readonly assumeRoleArn: string | undefined;
  /** Whether the files are untrusted, such as those of a pull request. */
  readonly untrusted: boolean;
  /** Milliseconds; 0 means none; `undefined` leaves it to the config. */
  readonly timeoutMs: number | undefined;
  /** `undefined` leaves it to the terminal and `NO_COLOR`. */
  readonly color: boolean | undefined;
  readonly logFormat: LogFormat;
  /** Warnings of what may have been meant differently, one a line. */
  readonly warnings: readonly string[];
}

/** The program with the global options, to which commands are added. */
export type Program = ReturnType<typeof addGlobalOptions>;

// deno-lint-ignore ban-types
export type ProgramCommand = Command<[], {}, ReturnType<Program["opts"]>>;

/** The global options as they were typed. */
export type ParsedGlobalOptions = Partial<ReturnType<Program["opts"]>>;

/** Adds the global options to the program. */
export function addGlobalOptions(program: Command) {
  return addRunOptions(addFileOptions(addServiceOptions(program)));
}

function addFileOptions(program: ReturnType<typeof addServiceOptions>) {
  return program.optionsGroup("Config and definition files:")
    .option(
      "--envfile <file>",
      "read environment variables from a file, - for stdin; repeatable, or comma-separated (env: ECSPRESSO_ENVFILE)",
      append,
    )
    .option(
      "--ext-str <name=value>",
      "a text for Jsonnet's std.extVar; name alone: the variable's; repeatable, or with ; between " +
        "(env: ECSPRESSO_EXT_STR)",
      append,
    )
    .option(
      "--ext-code <name=code>",
      "Jsonnet code for std.extVar; repeatable, or with ; between (env: ECSPRESSO_EXT_CODE)",
      append,
    )
    .option(
      "--untrusted",
      "the files may be anybody's: run no program, look nothing up for them, change nothing (env: ECSPRESSO_UNTRUSTED)",
    );
}

function addRunOptions(program: ReturnType<typeof addFileOptions>) {
  return program.optionsGroup("AWS:")
    .option(
      "--assume-role-arn <arn>",
      "IAM role to assume for all AWS calls; credentials and region are found as by the AWS CLI, such as by AWS_PROFILE " +
        "(env: ECSPRESSO_ASSUME_ROLE_ARN)",
    )
    .option(
      "--timeout <duration>",
      "for the whole command: 10m, 600s, 600; 0 for none (default: the config's, else 10m; env: ECSPRESSO_TIMEOUT)",
    )
    .optionsGroup("Log:")
    .option("--verbose", "also log the service's events in ECS's own words (env: ECSPRESSO_VERBOSE)")
    .option("--debug", "log every AWS call, without bodies (env: ECSPRESSO_DEBUG)")
    .option("--color", "colour the log and diff (env: ECSPRESSO_COLOR; default: on a terminal without NO_COLOR)")
    .option("--no-color", "do not colour them")
    .addOption(
      new Option("--log-format <format>", "of the log: text, or json, an object a line (env: ECSPRESSO_LOG_FORMAT)")
        .choices(LOG_FORMATS),
    )
    .option("--github", "annotations, job summary and outputs of GitHub Actions (default: where GITHUB_ACTIONS=true)");
}

/**
 * Completes the options from their `ECSPRESSO_*` variables; the command line wins. Throws a UsageError for values that
 * cannot be read.
 */
export function resolveGlobalOptions(parsed: ParsedGlobalOptions, env: Pick<Environment, "get">): GlobalOptions {
  const variable = (name: string) => env.get(name) || undefined;
  /** A value with its source, for error messages. */
  const sourced = <Value>(option: string, value: Value | undefined, name: string): Sourced<Value> =>
    value === undefined ? { source: name, value: variable(name) } : { source: option, value };
  const timeout = sourced("--timeout", parsed.timeout, "ECSPRESSO_TIMEOUT");
  const role = sourced("--assume-role-arn", parsed.assumeRoleArn, "ECSPRESSO_ASSUME_ROLE_ARN");
  const extStr = sourced("--ext-str", parsed.extStr, "ECSPRESSO_EXT_STR");
  const extCode = sourced("--ext-code", parsed.extCode, "ECSPRESSO_EXT_CODE");
  const strings = readExternalVariables(extStr.source, textsOf(extStr));
  const services = readServiceOptions(parsed, env);
  const envfile = readEnvfiles(sourced("--envfile", parsed.envfile, "ECSPRESSO_ENVFILE")).map(nameStdin);
  const configs = services.selectors.map((selector) => selector.kind === "config" ? selector.path : undefined);
  if ([services.fleet, ...configs, ...envfile].filter((file) => file === STDIN).length > 1) {
    throw new UsageError("stdin can be only one file of --config, --fleet and --envfile");
  }
  if (role.value !== undefined && !isRoleArn(role.value)) throw new UsageError(`${role.source} ${NO_ROLE}`);
  return {
    services,
    envfile,
    extStr: strings,
    extCode: readExternalVariables(extCode.source, textsOf(extCode)),
    assumeRoleArn: role.value,
    untrusted: parsed.untrusted ?? readSwitch("ECSPRESSO_UNTRUSTED", env) ?? false,
    debug: parsed.debug ?? readSwitch("ECSPRESSO_DEBUG", env) ?? false,
    verbose: parsed.verbose ?? readSwitch("ECSPRESSO_VERBOSE", env) ?? false,
    timeoutMs: timeout.value === undefined ? undefined : readDuration(timeout.source, timeout.value),
    color: parsed.color ?? readSwitch("ECSPRESSO_COLOR", env),
    logFormat: readLogFormat(parsed.logFormat ?? variable("ECSPRESSO_LOG_FORMAT")),
    warnings: warnOfCommas(extStr.source, strings),
  };
}

/** A value, and the option or the environment variable that it comes from; from a variable, it is a text. */
interface Sourced<Value> {
  readonly source: string;
  readonly value: Value | string | undefined;
}

function textsOf({ value }: Sourced<readonly string[]>): readonly string[] {
  return typeof value === "string" ? [value] : value ?? [];
}

function readEnvfiles(sourced: Sourced<readonly string[]>): string[] {
  const files = textsOf(sourced).flatMap((text) => splitValues(text, ","));
  if (!files.includes("")) return files;
  throw new UsageError(
    `${sourced.source} has an empty part`,
    "files are separated by commas; \\, is a comma in a name",
  );
}

const LOG_FORMATS: readonly LogFormat[] = ["text", "json"];

function readLogFormat(value = "text"): LogFormat {
  const format = LOG_FORMATS.find((known) => known === value);
  if (format === undefined) throw new UsageError(`ECSPRESSO_LOG_FORMAT is neither ${LOG_FORMATS.join(" nor ")}`);
  return format;
}

/** Reads a duration, in milliseconds. Throws a UsageError that names the option or variable it comes from. */
export function readDuration(source: string, value: string): number {
  const ms = parseDuration(value);
  if (typeof ms === "number") return ms;
  throw new UsageError(`${source}: ${describeDuration(ms)}`);
}

/** In any partition, with or without a path: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const ROLE_ARN = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/(?:[!-~]+\/)?[\w+=,.@-]{1,64}$/;

export function isRoleArn(text: string): boolean {
  return ROLE_ARN.test(text);
}

/** The option for the role to assume, for another command. */
export function nameRole(arn: string | undefined): TypedOption[] {
  return arn === undefined ? [] : [["--assume-role-arn", arn]];
}

const YES = ["1", "true", "yes", "on"];
const NO = ["0", "false", "no", "off"];

/** `undefined` for a value that is neither a yes nor a no. */
export function meaningOfSwitch(value: string): boolean | undefined {
  return [...YES, ...NO].includes(value.toLowerCase()) ? YES.includes(value.toLowerCase()) : undefined;
}

/** A variable that is set to `false` must not turn something on. */
function readSwitch(name: string, env: Pick<Environment, "get">): boolean | undefined {
  const value = env.get(name);
  if (value === undefined || value === "") return undefined;
  const meaning = meaningOfSwitch(value);
  if (meaning === undefined) throw new UsageError(`${name} is neither true nor false`, `set ${name}=true or unset it`);
  return meaning;
}
