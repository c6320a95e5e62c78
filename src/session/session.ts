import type { Config } from "../config/load_config.ts";
import type { Definitions } from "../config/definitions.ts";
import type { Host, Output } from "../host.ts";
import { type RunScope, type ServiceRef, subjectName } from "../model/service.ts";
import { ecspressoCommand } from "../model/typed_commands.ts";
import { type Log, onOneLine } from "../report/log.ts";
import type { RolloutEvent } from "../rollout/events.ts";
import { LimitedChecker } from "../rollout/limited_checker.ts";
import type { Limits } from "../rollout/run_context.ts";
import type { HiddenValues } from "../secrets/hidden_values.ts";
import { openQuestions, type Questions } from "./asking.ts";
import { settleProfile } from "./aws_variables.ts";
import { connect, type Connectors } from "./connection.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";
import { narrowPermissions, openConfig } from "./open_config.ts";
import { type RunLimits, startRun, stoppableFiles } from "./run_limits.ts";

type FromContext = Pick<Context, "host" | "hidden" | "reporter" | "wholeStdout">;

/** What a command works with: the user's config, the log, the ways to AWS and what ends it early. */
export interface Session
  extends FromContext, Questions, Omit<Connectors, "connectValues">, Pick<RunLimits, "signal" | "stoppedBy"> {
  readonly config: Config;
  /** The files that the config names, and the config's own text. */
  readonly definitions: Definitions;
  /** The service and its cluster. Throws a ConfigError where the config names no service. */
  readonly ref: ServiceRef;
  readonly scope: RunScope;
  /** Distinguishes this run from others on the same service: eight letters and digits. */
  readonly runId: string;
  readonly log: Log;
  readonly emit: (event: RolloutEvent) => void;
  /** Milliseconds for the whole command; 0 means that there is no limit. */
  readonly timeoutMs: number;
  readonly limits: Limits;
  /** What looks up what task definitions name (images, secrets, roles ...) within so many milliseconds in all, or three seconds. */
  readonly openChecker: (withinMs?: number) => LimitedChecker;
  /** Set before the first change is sent: from then on no message may say that nothing has been changed. */
  readonly changes: { mayHaveBegun: boolean };
  /** Writes lines to stderr as they are, without time and level, for a person to read. */
  readonly printToStderr: (lines: readonly string[]) => void;
  readonly paintsStdout: boolean;
  /** Writes results to stdout, a line each: nothing that AWS or a file says can drive the terminal. */
  readonly print: (lines: readonly string[]) => void;
  /** What to type for another command on the same service. */
  readonly commandLine: (command: string) => string;
}

/**
 * Reads envfiles and config, prepares the rest, and gives up what the run does not need. Throws a ConfigError or a
 * UsageError; contacts nobody.
 *
 * @param writes the files that the command is to write
 */
export async function openSession(
  context: Context,
  options: GlobalOptions,
  limits: RunLimits = startRun(context, options),
  writes: readonly string[] = [],
): Promise<Session> {
  const { reporter, hidden, wholeStdout } = context;
  const { timeLimit, signal, stoppedBy } = limits;
  const { log } = reporter;
  const host = { ...context.host, files: stoppableFiles(context.host.files, limits) };
  // No file is read before.
  if (options.untrusted) host.giveUp(["ffi", "run"]);
  const { config, scope, openDefinitions } = await openConfig(host, hidden, options, limits);
  timeLimit.ms = options.timeoutMs ?? config.timeoutMs;
  noteNames(hidden, config, [scope.region, options.assumeRoleArn, ...options.envfile]);
  await openLog(context, options, scope);
  for (const warning of [...options.warnings, ...config.warnings]) log.warn(warning);
  settleProfile(host.env);
  const narrowed = await narrowPermissions(config, host, options.untrusted, [...reporter.writes, ...writes]);
  log.debug(`permissions given up: ${narrowed.join(", ")}`);
  const { connectValues, ...connectors } = await connect({ ...context, host }, options, scope, signal);
  await limits.isListening;
  host.onContinue(() => reporter.redraw());
  return {
    ...{ host, config, scope, log, reporter, signal, stoppedBy, limits, hidden, wholeStdout },
    definitions: openDefinitions(connectValues),
    get ref() {
      return refOf(scope, config);
    },
    emit: (event) => reporter.emit({ ...event, service: refOf(scope, config) }),
    runId: crypto.randomUUID().slice(0, 8),
    timeoutMs: timeLimit.ms,
    changes: { mayHaveBegun: false },
    ...openPrinters(context, options),
    openChecker: (withinMs) => new LimitedChecker(connectors.connectReferences, host.clock, withinMs),
    ...openQuestions(host, limits),
    commandLine: (command) => ecspressoCommand(scope, command),
    ...connectors,
  };
}

/** The names that the run is about stand in every line: they are no secrets, whatever was looked up. */
function noteNames(hidden: HiddenValues, config: Config, others: readonly (string | undefined)[]): void {
  const { path, cluster, service, codeDeploy, serviceDefinition, taskDefinition } = config;
  hidden.addNames([cluster, service, codeDeploy?.application, codeDeploy?.deploymentGroup]);
  hidden.addNames([path, serviceDefinition, taskDefinition, ...others]);
}

function refOf(scope: RunScope, config: Config): ServiceRef {
  return { ...scope, service: config.requireService() };
}

const isColored = ({ color }: GlobalOptions, { isTerminal }: Output, { env }: Host) =>
  color ?? (isTerminal && !env.get("NO_COLOR"));

/** From now on, the log names the service, and errors the region. */
async function openLog(context: Context, options: GlobalOptions, scope: RunScope): Promise<void> {
  const { host, reporter } = context;
  const { debug, verbose, logFormat: format } = options;
  const color = isColored(options, host.stderr, host);
  Object.assign(reporter.logSettings, { subject: subjectName(scope), debug, verbose, color, format });
  context.region = scope.region;
  await reporter.openLog();
}

function openPrinters(
  { host, reporter, hidden }: Context,
  options: GlobalOptions,
): Pick<Session, "paintsStdout" | "print" | "printToStderr"> {
  const write = (output: Output, lines: readonly string[]) =>
    output.write(lines.map((line) => `${onOneLine(hidden.mask(line))}\n`).join(""));
  return {
    paintsStdout: isColored(options, host.stdout, host),
    print: (lines) => write(reporter.stdout, lines),
    printToStderr: (lines) => {
      if (options.logFormat === "json") lines.forEach((line) => reporter.log.info(line));
      else write(reporter.stderr, lines);
    },
  };
}
