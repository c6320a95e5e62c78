import type { CallRates } from "../aws/call_rates.ts";
import type { Config } from "../config/load_config.ts";
import type { Definitions } from "../config/definitions.ts";
import type { Host, Output } from "../host.ts";
import { type RunScope, type ServiceRef, subjectName } from "../model/service.ts";
import { ecspressoCommand } from "../model/typed_commands.ts";
import { type Log, onOneLine } from "../report/log.ts";
import { describeUnknownKey } from "../report/messages/config_problem_text.ts";
import type { RolloutEvent } from "../rollout/events.ts";
import { LimitedChecker } from "../rollout/limited_checker.ts";
import type { Limits } from "../rollout/run_context.ts";
import type { HiddenValues } from "../secrets/hidden_values.ts";
import { openQuestions, type Questions } from "./asking.ts";
import { settleProfile } from "./aws_variables.ts";
import { connect, type Connectors } from "./connection.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";
import { narrowPermissions, openConfig, type OpenedConfig } from "./open_config.ts";
import { type RunLimits, startRun, stoppableFiles } from "./run_limits.ts";
import type { ServiceEntry } from "./service_entry.ts";

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
  /** Where many services are changed in turn: the services of wave 1 first. */
  readonly wave: number;
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
  /** The same for text: on a terminal its lines are broken between words. */
  readonly printText: (lines: readonly string[]) => void;
  /** What to type for another command on the same service. */
  readonly commandLine: (command: string) => string;
}

/**
 * Reads envfiles and configs, prepares the rest, and gives up what the run does not need. Returns a session for each entry,
 * in their order; those in one region and role share their connections. Throws a ConfigError or a UsageError; contacts
 * nobody.
 *
 * @param writes the files that the command is to write
 */
export async function openSessions(
  context: Context,
  options: GlobalOptions,
  limits: RunLimits = startRun(context, options),
  entries: readonly ServiceEntry[] = [{ config: options.config, wave: 1 }],
  writes: readonly string[] = [],
): Promise<Session[]> {
  const { reporter, hidden } = context;
  const host = { ...context.host, files: stoppableFiles(context.host.files, limits) };
  // No file is read before.
  if (options.untrusted) host.giveUp(["ffi", "run"]);
  const opened: Opened[] = [];
  for (const entry of entries) {
    const own = { ...options, config: entry.config, assumeRoleArn: entry.role ?? options.assumeRoleArn };
    // One after the other: they share the environment.
    const { config, scope, openDefinitions } = await openConfig(host, hidden, own, limits);
    noteNames(hidden, config, [scope.region, own.assumeRoleArn, ...options.envfile]);
    opened.push({ entry, options: own, config, scope, openDefinitions });
  }
  const configs = opened.map(({ config }) => config);
  limits.timeLimit.ms = options.timeoutMs ?? longestOf(configs.map(({ timeoutMs }) => timeoutMs));
  await openLog(context, options, opened.map(({ scope }) => scope));
  const unknown = configs.flatMap(({ unknownKeys }) => unknownKeys.map(describeUnknownKey));
  for (const warning of new Set([...options.warnings, ...unknown])) reporter.log.warn(warning);
  settleProfile(host.env);
  const narrowed = await narrowPermissions(configs, host, options.untrusted, [...reporter.writes, ...writes]);
  reporter.log.debug(`permissions given up: ${narrowed.join(", ")}`);
  const runId = crypto.randomUUID().slice(0, 8);
  const rates = entries.length > 1 ? new Map<string, CallRates>() : undefined;
  const shared = { context: { ...context, host }, limits, runId, changes: { mayHaveBegun: false }, rates };
  const connections = new Map<string, Promise<Connectors>>();
  const sessions = await Promise.all(opened.map((one) => openSession(one, shared, connections)));
  await limits.isListening;
  host.onContinue(() => reporter.redraw());
  return sessions;
}

/** One entry, and what its config says. */
interface Opened extends OpenedConfig {
  readonly entry: ServiceEntry;
  readonly options: GlobalOptions;
}

/** What the sessions of a run have in common. */
interface Shared {
  readonly context: Context;
  readonly limits: RunLimits;
  readonly runId: string;
  readonly changes: { mayHaveBegun: boolean };
  readonly rates: Map<string, CallRates> | undefined;
}

async function openSession(
  { entry, options, config, scope, openDefinitions }: Opened,
  { context, limits, runId, changes, rates }: Shared,
  connections: Map<string, Promise<Connectors>>,
): Promise<Session> {
  const { host, reporter, hidden, wholeStdout } = context;
  const { signal, stoppedBy, timeLimit } = limits;
  const way = JSON.stringify([scope.region, options.assumeRoleArn]);
  const connecting = connections.get(way) ?? connect(context, options, scope, signal, rates);
  connections.set(way, connecting);
  const { connectValues, ...connectors } = await connecting;
  return {
    ...{ host, config, scope, reporter, signal, stoppedBy, limits, hidden, wholeStdout, runId, changes },
    wave: entry.wave,
    log: reporter.logAbout(config.service === undefined ? undefined : refOf(scope, config)),
    definitions: openDefinitions(connectValues),
    get ref() {
      return refOf(scope, config);
    },
    emit: (event) => reporter.emit({ ...event, service: refOf(scope, config) }),
    timeoutMs: timeLimit.ms,
    ...openPrinters(context, options),
    openChecker: (withinMs) => new LimitedChecker(connectors.connectReferences, host.clock, withinMs),
    ...openQuestions(host, limits),
    commandLine: (command) => ecspressoCommand(scope, command),
    ...connectors,
  };
}

/** 0: no limit. */
function longestOf(limitsMs: readonly number[]): number {
  return limitsMs.includes(0) ? 0 : Math.max(...limitsMs);
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
async function openLog(context: Context, options: GlobalOptions, scopes: readonly RunScope[]): Promise<void> {
  const { host, reporter } = context;
  const { debug, verbose, logFormat: format } = options;
  const color = isColored(options, host.stderr, host);
  const [scope, ...others] = scopes;
  const subject = scope === undefined || others.length > 0 ? `${scopes.length} services` : subjectName(scope);
  Object.assign(reporter.logSettings, { subject, debug, verbose, color, format });
  // An error that is about no service is of them all.
  context.region = others.every(({ region }) => region === scope?.region) ? scope?.region : undefined;
  await reporter.openLog();
}

function openPrinters(
  { host, reporter, hidden }: Context,
  options: GlobalOptions,
): Pick<Session, "paintsStdout" | "print" | "printText" | "printToStderr"> {
  const write = (output: Output, lines: readonly string[]) => output.write(lines.map((line) => `${line}\n`).join(""));
  const masked = (lines: readonly string[]) => lines.map((line) => onOneLine(hidden.mask(line)));
  return {
    paintsStdout: isColored(options, host.stdout, host),
    print: (lines) => write(reporter.stdout, masked(lines)),
    printText: (lines) => write(reporter.stdout, masked(lines).flatMap((line) => reporter.wrap(line, reporter.stdout))),
    printToStderr: (lines) => {
      if (options.logFormat === "json") lines.forEach((line) => reporter.log.info(line));
      else write(reporter.stderr, masked(lines));
    },
  };
}
