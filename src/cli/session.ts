import type { ConnectionOptions } from "../aws/connection.ts";
import type { Ecs } from "../aws/ecs_adapter.ts";
import { Definitions } from "../config/definitions.ts";
import { findConfig } from "../config/find_config.ts";
import { type Config, loadConfig } from "../config/load_config.ts";
import { parseEnvfile } from "../config/parse_envfile.ts";
import { readUserFile } from "../config/read_user_file.ts";
import type { ScalingPort } from "../ecs/ports.ts";
import { type ServiceRef, subjectName } from "../ecs/service.ts";
import { ConfigError } from "../errors.ts";
import type { Host, StopSignal } from "../host.ts";
import type { Limits } from "../rollout/execute.ts";
import { createLog, type Log } from "../ui/log.ts";
import type { Context } from "./context.ts";
import { exitCodeOfSignal } from "./exit_code.ts";
import type { GlobalOptions } from "./global_options.ts";

/** What a command works with: the user's config, the log, the ways to AWS and what ends it early. */
export interface Session {
  readonly config: Config;
  /** The files that the config names, and the config's own text. */
  readonly definitions: Definitions;
  readonly ref: ServiceRef;
  readonly log: Log;
  /** Milliseconds for the whole command; 0 means that there is no limit. */
  readonly timeoutMs: number;
  readonly limits: Limits;
  /** Aborted by either of the limits. */
  readonly signal: AbortSignal;
  /** The stop signal that has come, if one has. */
  readonly stoppedBy: () => StopSignal | undefined;
  /** What is said when a second stop signal ends the program before it has tidied up; a line each. */
  readonly lastWords: string[];
  /** Each loads its part of the SDK when it is first called. */
  readonly connectEcs: () => Promise<Ecs>;
  readonly connectScaling: () => Promise<ScalingPort>;
}

/** Reads envfiles and config, and prepares the rest. Throws a ConfigError; contacts nobody. */
export async function openSession(context: Context, options: GlobalOptions): Promise<Session> {
  const { host } = context;
  for (const path of options.envfile) await applyEnvfile(path, host);
  const externalVariables = { strings: [], codes: [] };
  const source = await findConfig(options.config, host.files);
  const config = await loadConfig(source, { host, externalVariables, signal: new AbortController().signal });
  // The AWS CLI reads AWS_DEFAULT_REGION, too, and users of it have it set; the SDK alone does not.
  const region = config.region ?? (host.env.get("AWS_REGION") || host.env.get("AWS_DEFAULT_REGION") || undefined);
  const ref = { cluster: config.cluster, service: config.service, region };
  const log = createLog({
    output: host.stderr,
    subject: subjectName(ref),
    now: () => host.clock.now(),
    debug: options.debug,
    color: options.color ?? (host.stderr.isTerminal && !host.env.get("NO_COLOR")),
  });
  context.log = log;
  for (const warning of config.warnings) log.warn(warning);

  const connection = await describeConnection(region, log, context);
  const timeoutMs = options.timeoutMs ?? config.timeoutMs;
  const lastWords: string[] = [];
  const { stop, stoppedBy } = listenForStop(host, () => lastWords.forEach((line) => log.error(line)));
  const deadline = timeoutMs === 0 ? new AbortController().signal : host.clock.deadline(timeoutMs);
  const signal = AbortSignal.any([deadline, stop]);
  const connectValues = async () => (await import("../aws/value_sources.ts")).connectValueSources(connection);
  return {
    config,
    definitions: new Definitions(source, config, { host, files: host.files, externalVariables, connectValues, signal }),
    ref,
    log,
    timeoutMs,
    limits: { deadline, stop },
    signal,
    stoppedBy,
    lastWords,
    connectEcs: async () => (await import("../aws/ecs_adapter.ts")).connectEcs(connection),
    connectScaling: async () => (await import("../aws/scaling_adapter.ts")).connectScaling(connection),
  };
}

async function applyEnvfile(path: string, host: Host): Promise<void> {
  const text = await readUserFile(path, host.files);
  if (text === undefined) throw new ConfigError("no such envfile (check --envfile)", { file: path });
  for (const [name, value] of parseEnvfile(text, path)) host.env.set(name, value);
}

async function describeConnection(
  region: string | undefined,
  log: Log,
  { host, requestHandler }: Context,
): Promise<ConnectionOptions> {
  const bundle = host.env.get("AWS_CA_BUNDLE");
  const certificateAuthorities = bundle ? await readUserFile(bundle, host.files) : undefined;
  if (bundle && certificateAuthorities === undefined) {
    throw new ConfigError("no such file (AWS_CA_BUNDLE names it)", { file: bundle });
  }
  return {
    region,
    onAttempt: log.debug,
    clock: host.clock,
    random: host.random,
    fetchOptions: {
      ordinary: host.fetchOptions({ certificateAuthorities, keepsConnections: true }),
      once: host.fetchOptions({ certificateAuthorities, keepsConnections: false }),
    },
    ...(requestHandler !== undefined && { requestHandler }),
  };
}

/** The first signal stops in good order, the second at once: then `beforeExit` says what is left behind. */
function listenForStop(
  host: Host,
  beforeExit: () => void,
): { stop: AbortSignal; stoppedBy: () => StopSignal | undefined } {
  const controller = new AbortController();
  let stoppedBy: StopSignal | undefined;
  host.onStopSignal((signal) => {
    if (stoppedBy !== undefined) {
      beforeExit();
      host.exit(exitCodeOfSignal(signal));
    }
    stoppedBy ??= signal;
    controller.abort();
  });
  return { stop: controller.signal, stoppedBy: () => stoppedBy };
}
