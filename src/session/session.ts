import { Definitions } from "../config/definitions.ts";
import type { Config } from "../config/load_config.ts";
import type { Revision } from "../model/arn.ts";
import { ecspressoCommand } from "../model/ecspresso_cli.ts";
import { type RunScope, type ServiceRef, subjectName } from "../model/service.ts";
import type { Files, Host, Output, StopSignal } from "../host.ts";
import type { Limits } from "../rollout/run.ts";
import type { HiddenValues } from "../secrets/hidden_values.ts";
import { createLog, type Log, onOneLine } from "../report/log.ts";
import type { Audience } from "./audience.ts";
import { confirm } from "./confirm.ts";
import { type Connectors, connectorsOver } from "./connectors_over.ts";
import type { Context } from "./context.ts";
import { describeConnection } from "./describe_connection.ts";
import type { GlobalOptions } from "./global_options.ts";
import { nameFiles, nameScope } from "./name_scope.ts";
import { narrowToConfig } from "./narrow_to_config.ts";
import { openConfig } from "./open_config.ts";
import { readRegion } from "./read_region.ts";
import { reportTrouble } from "./report_trouble.ts";
import { settleProfile } from "./settle_profile.ts";
import { type StartedRun, startRun } from "./start_run.ts";
import { stoppableFiles } from "./stoppable_files.ts";

/** What a command works with: the user's config, the log, the ways to AWS and what ends it early. */
export interface Session extends Omit<Connectors, "connectValues"> {
  readonly host: Host;
  readonly config: Config;
  /** The files that the config names, and the config's own text. */
  readonly definitions: Definitions;
  /** The service and its cluster. Throws a ConfigError where the config names no service. */
  readonly ref: ServiceRef;
  /** The same for what is done without a service, too. */
  readonly scope: RunScope;
  /** Tells this run from others on the same service: eight letters and digits. */
  readonly runId: string;
  readonly log: Log;
  /** Shows the run to others than the reader of the log. */
  readonly audience: Audience;
  /** Milliseconds for the whole command; 0 means that there is no limit. */
  readonly timeoutMs: number;
  readonly limits: Limits;
  /** Aborted by either of the limits. */
  readonly signal: AbortSignal;
  /** The stop signal that has come, if one has. */
  readonly stoppedBy: () => StopSignal | undefined;
  /** Set before the first change is sent: from then on no message may say that nothing has been changed. */
  readonly changes: {
    mayHaveBegun: boolean;
    /** What was registered, also where an error came after it. */
    registered?: Revision;
  };
  readonly leaves: StartedRun["leaves"];
  /** The values that must not be shown. */
  readonly hidden: HiddenValues;
  /** Where a result goes that is to be whole, such as a definition that is rendered; all else is masked. */
  readonly wholeStdout: Output;
  /** Writes lines to stderr as they are, without time and level, for a person to read. */
  readonly tell: (lines: readonly string[]) => void;
  /** Whether results on stdout may have colours. */
  readonly paintsStdout: boolean;
  /** Writes results to stdout, a line each: nothing that AWS or a file says can drive the terminal. */
  readonly print: (lines: readonly string[]) => void;
  /**
   * Asks on a terminal, for which the time limit stands still. Without one on stdin nobody is there to be asked: the answer
   * is yes, so that scripts go on. Throws a UsageError, which names `--force`, where somebody is there and would not see
   * the question.
   */
  readonly confirm: (question: string) => Promise<boolean>;
  /** What to type for another command on the same service. */
  readonly commandLine: (command: string) => string;
}

/**
 * Reads envfiles and config, prepares the rest, and gives up what the run does not need. Throws a ConfigError or a
 * UsageError; contacts nobody.
 *
 * @param writes the files that the run is to write
 */
export async function openSession(
  context: Context,
  options: GlobalOptions,
  writes: readonly string[] = [],
  { limits, leaves }: StartedRun = startRun(context, options),
): Promise<Session> {
  const { host, audience, hidden, wholeStdout } = context;
  const { deadline, stop, stoppedBy, signal } = limits;
  const { untrusted, assumeRoleArn } = options;
  const readable = stoppableFiles(host.files, limits);
  // No file is read before.
  if (untrusted) host.giveUp(["ffi", "run"]);
  const files = nameFiles(options);
  audience.commandLine = (command) => ecspressoCommand({ files }, command);
  const { config, source, reach, tools } = await openConfig(context, options, readable, limits);
  deadline.change(options.timeoutMs ?? config.timeoutMs);
  const region = config.region ?? readRegion(reach.env);
  const scope = nameScope(config, region, files);
  noteNames(hidden, config, [region, assumeRoleArn, ...options.envfile]);
  const log = openLog(context, options, scope);
  for (const warning of [...options.warnings, ...config.warnings]) log.warn(warning);
  settleProfile(host.env);
  const needs = { untrusted, files: readable, writes: [...audience.writes, ...writes] };
  log.debug(`permissions given up: ${(await narrowToConfig(config, needs, host)).join(", ")}`);
  const { connectValues, ...connectors } = await connect(context, options, { scope, log, files: readable, signal });
  await limits.isListening;
  host.onContinue(() => audience.redraw());
  return {
    host,
    config,
    definitions: new Definitions(source, config, {
      ...tools,
      files: reach.besides(config.path),
      connectValues: reach.values(connectValues),
      onLookup: (lookedUp) => hidden.add(lookedUp),
    }),
    scope,
    get ref() {
      const { service } = scope;
      if (service === undefined) throw config.noService;
      return { ...scope, service };
    },
    runId: crypto.randomUUID().slice(0, 8),
    log,
    audience,
    timeoutMs: deadline.ms,
    limits: { deadline: deadline.signal, stop },
    signal,
    stoppedBy,
    changes: { mayHaveBegun: false },
    leaves,
    hidden,
    wholeStdout,
    paintsStdout: options.color ?? (host.stdout.isTerminal && !host.env.get("NO_COLOR")),
    print: (lines) => audience.stdout.write(lines.map((line) => `${onOneLine(hidden.mask(line))}\n`).join("")),
    tell: (lines) => {
      if (options.logFormat === "json") return lines.forEach((line) => log.info(line));
      audience.stderr.write(lines.map((line) => `${onOneLine(hidden.mask(line))}\n`).join(""));
    },
    confirm: (question) => deadline.pauseFor(() => confirm(question, host, stop)),
    commandLine: audience.commandLine,
    ...connectors,
  };
}

/** The names that the run is about stand in every line: they are no secrets, whatever was looked up. */
function noteNames(hidden: HiddenValues, config: Config, others: readonly (string | undefined)[]): void {
  const { path, cluster, service, codeDeploy, serviceDefinition, taskDefinition } = config;
  hidden.addNames([cluster, service, codeDeploy?.application, codeDeploy?.deploymentGroup]);
  hidden.addNames([path, serviceDefinition, taskDefinition, ...others]);
}

/** From now on, what goes wrong is reported in the log, and with the region. */
function openLog(context: Context, { debug, color, logFormat }: GlobalOptions, scope: RunScope): Log {
  const { host, audience, hidden } = context;
  const log = createLog({
    output: audience.stderr,
    subject: subjectName(scope),
    now: () => host.clock.now(),
    debug,
    color: color ?? (host.stderr.isTerminal && !host.env.get("NO_COLOR")),
    format: logFormat,
    mask: hidden.mask,
    onEntry: (level, message) => audience.tell({ kind: "logged", level, message }),
  });
  context.log = log;
  context.region = scope.region;
  return log;
}

async function connect(
  context: Context,
  { untrusted, assumeRoleArn }: GlobalOptions,
  { scope, log, files, signal }: {
    readonly scope: RunScope;
    readonly log: Log;
    readonly files: Files;
    readonly signal: AbortSignal;
  },
): Promise<Connectors> {
  const { host, hidden: { mask } } = context;
  const destination = { region: scope.region, subject: scope.service ?? scope.cluster, roleArn: assumeRoleArn };
  const observers = { onAttempt: log.debug, onTrouble: reportTrouble(host.clock, log.warn), onWarning: log.warn };
  const connection = await describeConnection(destination, observers, files, context);
  return connectorsOver({ ...connection, changesNothing: untrusted, mask }, { untrusted, mask, signal });
}
