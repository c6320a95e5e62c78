import { Definitions } from "../config/definitions.ts";
import type { Config } from "../config/load_config.ts";
import type { ValueSources } from "../model/ports.ts";
import { ecspressoCommand, quoteArgument } from "../model/typed_commands.ts";
import { type CodeDeployNames, type RunScope, type ServiceRef, subjectName } from "../model/service.ts";
import type { Files, Host, Output, StopSignal } from "../host.ts";
import type { RolloutEvent } from "../rollout/events.ts";
import type { Limits } from "../rollout/plan_run.ts";
import type { HiddenValues } from "../secrets/hidden_values.ts";
import { type Log, onOneLine } from "../report/log.ts";
import { confirm } from "./confirm.ts";
import { connect, type Connectors } from "./connection.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";
import { escapeSeparators } from "./external_variables.ts";
import { narrowPermissions } from "./narrow_permissions.ts";
import { openConfig, type OpenedConfig } from "./open_config.ts";
import { readRegion, settleProfile } from "./aws_variables.ts";
import type { Reporter } from "./reporter.ts";
import { type RunLimits, startRun, stoppableFiles } from "./run_limits.ts";

/** What a command works with: the user's config, the log, the ways to AWS and what ends it early. */
export interface Session extends Omit<Connectors, "connectValues"> {
  readonly host: Host;
  readonly config: Config;
  /** The files that the config names, and the config's own text. */
  readonly definitions: Definitions;
  /** The service and its cluster. Throws a ConfigError where the config names no service. */
  readonly ref: ServiceRef;
  readonly scope: RunScope;
  /** Tells this run from others on the same service: eight letters and digits. */
  readonly runId: string;
  readonly log: Log;
  readonly reporter: Reporter;
  readonly emit: (event: RolloutEvent) => void;
  /** Milliseconds for the whole command; 0 means that there is no limit. */
  readonly timeoutMs: number;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly stoppedBy: () => StopSignal | undefined;
  /** Set before the first change is sent: from then on no message may say that nothing has been changed. */
  readonly changes: { mayHaveBegun: boolean };
  readonly hidden: HiddenValues;
  /** Where a result goes that is to be whole, such as a definition that is rendered; all else is masked. */
  readonly wholeStdout: Output;
  /** Writes lines to stderr as they are, without time and level, for a person to read. */
  readonly printToStderr: (lines: readonly string[]) => void;
  readonly paintsStdout: boolean;
  /** Writes results to stdout, a line each: nothing that AWS or a file says can drive the terminal. */
  readonly print: (lines: readonly string[]) => void;
  /**
   * Asks on a terminal, while the time limit stands still. Where stdin is no terminal the answer is yes, so that scripts go
   * on. Throws a UsageError, which names `--force`, where stdin is a terminal and the question could not be seen.
   */
  readonly confirm: (question: string) => Promise<boolean>;
  /** What to type for another command on the same service. */
  readonly commandLine: (command: string) => string;
}

/**
 * Reads envfiles and config, prepares the rest, and gives up what the run does not need. Throws a ConfigError or a
 * UsageError; contacts nobody.
 */
export async function openSession(
  context: Context,
  options: GlobalOptions,
  writes: readonly string[] = [],
  limits: RunLimits = startRun(context, options),
): Promise<Session> {
  const { host, reporter, hidden, wholeStdout } = context;
  const { deadline, isListening, signal, stop, stoppedBy } = limits;
  const { log } = reporter;
  const { untrusted } = options;
  const files = stoppableFiles(host.files, limits);
  // No file is read before.
  if (untrusted) host.giveUp(["ffi", "run"]);
  const { opened, scope } = await readScope(context, options, files, limits);
  const { config, reach } = opened;
  settleProfile(host.env);
  const needs = { untrusted, files, writes: [...reporter.writes, ...writes] };
  log.debug(`permissions given up: ${(await narrowPermissions(config, needs, host)).join(", ")}`);
  const { connectValues, ...connectors } = await connect(context, options, { scope, log, files, signal });
  await isListening;
  host.onContinue(() => reporter.redraw());
  return {
    ...{ host, config, scope, log, reporter, signal, stoppedBy, hidden, wholeStdout },
    definitions: openDefinitions(opened, reach.values(connectValues), hidden),
    get ref() {
      return refOf(scope, config);
    },
    emit: (event) => reporter.emit({ ...event, service: refOf(scope, config) }),
    runId: crypto.randomUUID().slice(0, 8),
    timeoutMs: deadline.ms,
    limits: { deadline: deadline.signal, stop },
    changes: { mayHaveBegun: false },
    ...openPrinters(context, options),
    confirm: (question) => deadline.pauseFor(() => confirm(question, host, stop)),
    commandLine: (command) => ecspressoCommand(scope, command),
    ...connectors,
  };
}

/** Reads the config, and opens the log for what it is about. */
async function readScope(
  context: Context,
  options: GlobalOptions,
  readable: Files,
  limits: RunLimits,
): Promise<{ opened: OpenedConfig; scope: RunScope }> {
  const { reporter: { log }, hidden } = context;
  const files = nameFiles(options);
  const opened = await openConfig(context, options, readable, limits);
  const { config, reach } = opened;
  limits.deadline.change(options.timeoutMs ?? config.timeoutMs);
  const scope = nameScope(config, config.region ?? readRegion(reach.env), files);
  noteNames(hidden, config, [scope.region, options.assumeRoleArn, ...options.envfile]);
  await openLog(context, options, scope);
  for (const warning of [...options.warnings, ...config.warnings]) log.warn(warning);
  return { opened, scope };
}

function nameScope(
  { cluster, service, codeDeploy }: Config,
  region: string | undefined,
  files: string,
): RunScope {
  return { cluster, service, region, files, codeDeploy: codeDeploy && quoteNames(codeDeploy) };
}

/** The options that name the same service in another command, where variables do not, and the role to reach it in. */
function nameFiles({ config, envfile, assumeRoleArn }: GlobalOptions): string {
  const options = [
    ...envfile.flatMap((file) => ["--envfile", escapeSeparators(file, ",")]),
    ...(config === undefined ? [] : ["--config", config]),
    ...(assumeRoleArn === undefined ? [] : ["--assume-role-arn", assumeRoleArn]),
  ];
  return options.map(quoteArgument).join(" ");
}

function quoteNames({ application, deploymentGroup }: CodeDeployNames): CodeDeployNames {
  return {
    application: application === undefined ? undefined : quoteArgument(application),
    deploymentGroup: deploymentGroup === undefined ? undefined : quoteArgument(deploymentGroup),
  };
}

/** The names that the run is about stand in every line: they are no secrets, whatever was looked up. */
function noteNames(hidden: HiddenValues, config: Config, others: readonly (string | undefined)[]): void {
  const { path, cluster, service, codeDeploy, serviceDefinition, taskDefinition } = config;
  hidden.addNames([cluster, service, codeDeploy?.application, codeDeploy?.deploymentGroup]);
  hidden.addNames([path, serviceDefinition, taskDefinition, ...others]);
}

function refOf(scope: RunScope, { noService }: Config): ServiceRef {
  const { service } = scope;
  if (service === undefined) throw noService;
  return { ...scope, service };
}

/** From now on, the log names the service, and errors the region. */
async function openLog(
  context: Context,
  { debug, color, logFormat: format }: GlobalOptions,
  scope: RunScope,
): Promise<void> {
  const { host, reporter } = context;
  const isColored = color ?? (host.stderr.isTerminal && !host.env.get("NO_COLOR"));
  Object.assign(reporter.logSettings, { subject: subjectName(scope), debug, color: isColored, format });
  context.region = scope.region;
  await reporter.openLog();
}

function openPrinters(
  { host, reporter, hidden }: Context,
  { color, logFormat }: GlobalOptions,
): Pick<Session, "paintsStdout" | "print" | "printToStderr"> {
  const write = (output: Output, lines: readonly string[]) =>
    output.write(lines.map((line) => `${onOneLine(hidden.mask(line))}\n`).join(""));
  return {
    paintsStdout: color ?? (host.stdout.isTerminal && !host.env.get("NO_COLOR")),
    print: (lines) => write(reporter.stdout, lines),
    printToStderr: (lines) => {
      if (logFormat === "json") lines.forEach((line) => reporter.log.info(line));
      else write(reporter.stderr, lines);
    },
  };
}

function openDefinitions(
  { config, source, reach, tools }: OpenedConfig,
  connectValues: () => Promise<ValueSources>,
  hidden: HiddenValues,
): Definitions {
  const files = reach.besides(config.path);
  return new Definitions(source, config, { ...tools, files, connectValues, onLookup: (found) => hidden.add(found) });
}
