import type { ConnectionOptions, Keys } from "../aws/connection.ts";
import type { Ecs } from "../aws/ecs.ts";
import type { Profile } from "../aws/profile.ts";
import { nameProxy, readProxies } from "../config/read_proxies.ts";
import { readUserFile } from "../config/user_files.ts";
import { type AwsError, ConfigError, NOT_FROM_AWS } from "../errors.ts";
import type { Clock, Files, Host } from "../host.ts";
import type { RunScope } from "../model/service.ts";
import type { AlarmsPort, ReferenceChecker, ScalingPort, ValueSources } from "../model/ports.ts";
import { formatDuration, type Log } from "../report/log.ts";
import { maskAll } from "../secrets/hidden_values.ts";
import { checkAwsVariables } from "./aws_variables.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";
import { findAuthorities } from "./find_authorities.ts";

/** The ways to AWS. Each loads its part of the SDK when it is first called. */
export interface Connectors {
  readonly connectEcs: () => Promise<Ecs>;
  readonly connectScaling: () => Promise<ScalingPort>;
  readonly connectReferences: () => Promise<ReferenceChecker>;
  readonly connectAlarms: () => Promise<AlarmsPort>;
  readonly connectValues: () => Promise<ValueSources>;
}

/**
 * Describes how AWS is reached for a run; contacts nobody.
 *
 * @throws ConfigError when a file of certificate authorities is missing or broken, or an address makes no sense
 */
export async function connect(
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
  const observers = {
    onAttempt: log.debug,
    onTrouble: reportTrouble(host.clock, log.warn),
    onTagsRefused: ({ message }: AwsError) => log.warn(`${message}; tags are not read`),
    onWarning: log.warn,
  };
  const connection = await describeConnection(destination, observers, files, context);
  return connectorsOver({ ...connection, changesNothing: untrusted, mask }, { untrusted, mask, signal });
}

function connectorsOver(
  connection: ConnectionOptions,
  { untrusted, mask, signal }: {
    readonly untrusted: boolean;
    readonly mask: (text: string) => string;
    readonly signal: AbortSignal;
  },
): Connectors {
  return {
    connectEcs: async () => hidingEcs((await import("../aws/ecs.ts")).connectEcs(connection), mask),
    connectReferences: async () => {
      // What it may not look at is unknown. Without the role nothing can be looked at, which is the end of the run.
      await connection.role?.renew(signal);
      const references = (await import("../aws/references.ts")).connectReferences(connection);
      // Files that are not trusted learn nothing, not even the names of a secret's keys.
      return untrusted ? { ...references, readSecretKeys: () => Promise.resolve("unread") } : references;
    },
    connectAlarms: async () => (await import("../aws/alarms.ts")).connectAlarms(connection),
    connectScaling: async () => (await import("../aws/scaling.ts")).connectScaling(connection),
    connectValues: async () => (await import("../aws/values.ts")).connectValueSources(connection),
  };
}

// ECS, whose reasons for stopping tasks are masked as they come: they repeat commands, and they are cut before they are
// shown, so that a part of a value would be left.
function hidingEcs(ecs: Ecs, mask: (text: string) => string): Ecs {
  return {
    ...ecs,
    listStoppedTasks: async (ref, signal) => maskAll(await ecs.listStoppedTasks(ref, signal), mask),
  };
}

interface CallObservers extends Pick<ConnectionOptions, "onAttempt" | "onTagsRefused" | "onTrouble"> {
  /** Called with what may have been meant otherwise. */
  readonly onWarning: (line: string) => void;
}

interface Destination {
  readonly region: string | undefined;
  /** The service that the run is about, or its cluster: a name or an ARN. */
  readonly subject: string;
  /** The role to make the calls in; `undefined` leaves it to the credentials. */
  readonly roleArn: string | undefined;
}

/**
 * How AWS is reached.
 *
 * @throws ConfigError as `connect` does
 */
async function describeConnection(
  { region, subject, roleArn }: Destination,
  { onWarning, ...observers }: CallObservers,
  files: Files,
  { host, requestHandler }: Context,
): Promise<ConnectionOptions> {
  checkAwsVariables(host.env);
  const keys = readKeys(host.env);
  const { profile, ...programs } = requestHandler === undefined
    ? await readOwnProfile({ ...host, files }, onWarning)
    : { profile: NO_FILES };
  const authorities = await findAuthorities({ env: host.env, files }, profile);
  const proxies = readProxies(host.env);
  const connection: ConnectionOptions = {
    region,
    ...observers,
    clock: host.clock,
    random: host.random,
    fetchOptions: {
      ordinary: makeFetchOptions(host, { authorities, proxies, keepsConnections: true }),
      once: makeFetchOptions(host, { authorities, proxies, keepsConnections: false }),
    },
    ...(requestHandler !== undefined && { requestHandler }),
    ...programs,
    proxyOf: (url) => nameProxy(proxies, url),
    ...(keys !== undefined && { keys }),
    ...(host.env.get("AWS_PROFILE") && !profile.exists && { missingProfile: profile.name }),
  };
  if (roleArn === undefined) return connection;
  const { RoleSession } = await import("../aws/role.ts");
  return { ...connection, role: new RoleSession(roleArn, subject, connection) };
}

// Keys count before `AWS_PROFILE`, as for the AWS CLI (botocore's `create_credential_resolver`) and the AWS SDK for Go. The
// SDK for JavaScript would take the profile, which may be of another account. A line break at their ends is from a file that
// they were kept in.
function readKeys(env: Pick<Host["env"], "get">): Keys | undefined {
  const [accessKeyId, secretAccessKey, sessionToken] = KEY_VARIABLES.map((name) => env.get(name)?.trim());
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

const KEY_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** What the program and its runtime read. */
const NAMING_AUTHORITIES =
  "AWS_CA_BUNDLE, ca_bundle, REQUESTS_CA_BUNDLE, SSL_CERT_FILE, DENO_CERT and DENO_TLS_CA_STORE";

/** Where something stands in for the network, nothing of the user's takes part. */
const NO_FILES: Profile = { name: "default", exists: false, caBundle: undefined };

async function readOwnProfile(
  host: Host,
  onWarning: (line: string) => void,
): Promise<{ readonly profile: Profile } & Pick<ConnectionOptions, "isGettingCredentials">> {
  const { handInStreams, readProfile, runCredentialProcesses } = await import("../aws/profile.ts");
  await handInStreams(host.env, { ...host.files, readText: (path) => readUserFile(path, host.files) });
  const profile = await readProfile(host.env);
  // Windows has a shell of its own, which the SDK knows how to call.
  if (host.env.get("OS") === "Windows_NT") return { profile };
  return { profile, isGettingCredentials: runCredentialProcesses(host, onWarning) };
}

function makeFetchOptions(host: Host, options: Parameters<Host["fetchOptions"]>[0]): object {
  try {
    return host.fetchOptions(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`the certificate authorities cannot be loaded: ${reason} (check ${NAMING_AUTHORITIES})`);
  }
}

/** What lasts shorter needs no explanation. */
const SAID_AFTER_MS = 3_000;
const SAID_EVERY_MS = 60_000;

/** Explains why nothing happens while AWS throttles or is in trouble: soon, then once a minute. */
export function reportTrouble(
  clock: Clock,
  warn: (line: string) => void,
): (error: AwsError, failingForMs: number) => void {
  let nextAtMs = -Infinity;
  return (error, failingForMs) => {
    if (failingForMs < SAID_AFTER_MS || clock.elapsed() < nextAtMs) return;
    nextAtMs = clock.elapsed() + SAID_EVERY_MS;
    const busy = error.kind === "throttled" && error.code !== NOT_FROM_AWS ? "AWS is throttling: " : "";
    warn(`${busy}${error.message}; still trying after ${formatDuration(failingForMs)}`);
  };
}
