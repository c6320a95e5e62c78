import type { Ecs } from "../aws/ecs_adapter.ts";
import { Definitions } from "../config/definitions.ts";
import { findConfig } from "../config/find_config.ts";
import { type Config, loadConfig } from "../config/load_config.ts";
import { type ProfilePowers, readProfilePowers } from "../config/read_profile_powers.ts";
import type { Revision } from "../ecs/arn.ts";
import { ecspressoCommand } from "../ecs/ecspresso_cli.ts";
import type { AlarmsPort, Inventory, ScalingPort } from "../ecs/ports.ts";
import { type CodeDeployNames, type RunScope, type ServiceRef, subjectName } from "../ecs/service.ts";
import { ConfigError } from "../errors.ts";
import type { Host, Invocation, Output, StopSignal } from "../host.ts";
import type { Limits } from "../rollout/execute.ts";
import type { HiddenValues } from "../secrets/hidden_values.ts";
import { createLog, type Log, onOneLine } from "../ui/log.ts";
import type { Audience } from "./audience.ts";
import { confirm } from "./confirm.ts";
import type { Context } from "./context.ts";
import { describeConnection } from "./describe_connection.ts";
import { checkBareNames, readLookedUp } from "./external_variables.ts";
import type { GlobalOptions } from "./global_options.ts";
import { hidingEcs } from "./hiding_ecs.ts";
import { narrowPowers } from "./narrow_powers.ts";
import { openReach } from "./open_reach.ts";
import { readRegion } from "./read_region.ts";
import { reportTrouble } from "./report_trouble.ts";
import { settleProfile } from "./settle_profile.ts";
import { escapeSeparators } from "./split_values.ts";
import { type StartedRun, startRun } from "./start_run.ts";
import { stoppableFiles } from "./stoppable_files.ts";
import { quoteArgument } from "../ecs/quote_argument.ts";

/** What a command works with: the user's config, the log, the ways to AWS and what ends it early. */
export interface Session {
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
  /** Whoever is shown the run besides the reader of the log. */
  readonly audience: Audience;
  /** Milliseconds for the whole command; 0 means that there is no limit. */
  readonly timeoutMs: number;
  readonly limits: Limits;
  /** Aborted by either of the limits. */
  readonly signal: AbortSignal;
  /** The stop signal that has come, if one has. */
  readonly stoppedBy: () => StopSignal | undefined;
  /** Set before the first change is sent: from then on nobody can say that nothing has been changed. */
  readonly changes: {
    mayHaveBegun: boolean;
    /** What was registered, also where an error came after it. */
    registered?: Revision;
  };
  readonly leaves: StartedRun["leaves"];
  /** The values that nobody is to be shown. */
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
  /** Each loads its part of the SDK when it is first called. */
  readonly connectEcs: () => Promise<Ecs>;
  readonly connectScaling: () => Promise<ScalingPort>;
  readonly connectInventory: () => Promise<Inventory>;
  readonly connectAlarms: () => Promise<AlarmsPort>;
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
  const readable = stoppableFiles(host.files, limits);
  // No file is read before.
  if (options.untrusted) host.giveUp(["ffi", "run"]);
  const files = nameFiles(options);
  audience.commandLine = (command) => ecspressoCommand({ files }, command);
  const reach = await openReach({ ...host, files: readable }, options);
  checkBareNames("--ext-str", options.extStr, host.env);
  checkBareNames("--ext-code", options.extCode, host.env);
  // Nobody sees them where no Jsonnet is evaluated.
  const externalVariables = options.untrusted
    ? { strings: [], codes: [] }
    : { strings: options.extStr, codes: options.extCode };
  for (const lookedUp of readLookedUp(externalVariables, host.env)) hidden.add(lookedUp);
  const invoke = (invocation: Invocation) => limits.isListening.then(() => reach.invoke(invocation));
  const hostOfFiles = { clock: host.clock, env: reach.env, invoke };
  const source = await findConfig(options.config, reach.named);
  const config = await loadConfig(source, { host: hostOfFiles, externalVariables, signal });
  deadline.change(options.timeoutMs ?? config.timeoutMs);
  const region = config.region ?? readRegion(reach.env);
  const scope = {
    cluster: config.cluster,
    service: config.service,
    region,
    files,
    codeDeploy: config.codeDeploy && quoteNames(config.codeDeploy),
  };
  const { codeDeploy } = config;
  hidden.addNames([region, config.cluster, config.service, codeDeploy?.application, codeDeploy?.deploymentGroup]);
  hidden.addNames([config.path, config.serviceDefinition, config.taskDefinition, options.assumeRoleArn]);
  const log = createLog({
    output: audience.stderr,
    subject: subjectName(scope),
    now: () => host.clock.now(),
    debug: options.debug,
    color: options.color ?? (host.stderr.isTerminal && !host.env.get("NO_COLOR")),
    format: options.logFormat,
    mask: hidden.mask,
    onEntry: (level, message) => audience.tell({ kind: "logged", level, message }),
  });
  context.log = log;
  context.region = region;
  for (const warning of [...options.warnings, ...config.warnings]) log.warn(warning);
  settleProfile(host.env);
  const profiles = await readProfilePowers(host.env, readable);
  if (options.untrusted) refuseProcess(profiles);
  const ofEnvironment = ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE"]
    .map((name) => host.env.get(name));
  const paths = [config.path, config.serviceDefinition, config.taskDefinition, ...ofEnvironment]
    .filter((path) => path !== undefined);
  const needs = { untrusted: options.untrusted, paths, profiles, writes: [...audience.writes, ...writes] };
  log.debug(`permissions given up: ${(await narrowPowers(needs, host)).join(", ")}`);

  const destination = { region, subject: config.service ?? config.cluster, roleArn: options.assumeRoleArn };
  const onTrouble = reportTrouble(host.clock, log.warn);
  const connection = {
    ...await describeConnection(
      destination,
      { onAttempt: log.debug, onTrouble, onWarning: log.warn },
      readable,
      context,
    ),
    changesNothing: options.untrusted,
    mask: hidden.mask,
  };
  await limits.isListening;
  host.onContinue(() => audience.redraw());
  const connectValues = async () => (await import("../aws/value_sources.ts")).connectValueSources(connection);
  return {
    host,
    config,
    definitions: new Definitions(source, config, {
      host: hostOfFiles,
      files: reach.besides(config.path),
      externalVariables,
      connectValues: reach.values(connectValues),
      signal,
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
    connectEcs: async () => hidingEcs((await import("../aws/ecs_adapter.ts")).connectEcs(connection), hidden.mask),
    connectInventory: async () => {
      // What it may not look at is unknown. Without the role nothing can be looked at, which is the end of the run.
      await connection.role?.renew(signal);
      const inventory = (await import("../aws/inventory.ts")).connectInventory(connection);
      // Which keys a secret has would be a beginning.
      return options.untrusted ? { ...inventory, readSecretKeys: () => Promise.resolve("unread") } : inventory;
    },
    connectAlarms: async () => (await import("../aws/alarms_adapter.ts")).connectAlarms(connection),
    connectScaling: async () => (await import("../aws/scaling_adapter.ts")).connectScaling(connection),
  };
}

function refuseProcess({ process }: ProfilePowers): void {
  if (process === undefined) return;
  throw new ConfigError(
    `--untrusted runs no program, and the AWS profile ${process.profile} has a credential_process (give keys, or a ` +
      "token of a role, in the environment)",
    process.position,
  );
}

function quoteNames({ application, deploymentGroup }: CodeDeployNames): CodeDeployNames {
  return {
    application: application === undefined ? undefined : quoteArgument(application),
    deploymentGroup: deploymentGroup === undefined ? undefined : quoteArgument(deploymentGroup),
  };
}

/** The same service is named by the same files, where they do not come from variables, and reached in the same role. */
function nameFiles({ config, envfile, assumeRoleArn }: GlobalOptions): string {
  const options = [
    ...envfile.flatMap((file) => ["--envfile", escapeSeparators(file, ",")]),
    ...(config === undefined ? [] : ["--config", config]),
    ...(assumeRoleArn === undefined ? [] : ["--assume-role-arn", assumeRoleArn]),
  ];
  return options.map(quoteArgument).join(" ");
}
