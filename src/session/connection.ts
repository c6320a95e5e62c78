import type { CallRates } from "../aws/call_rates.ts";
import type { ConnectionOptions } from "../aws/connection.ts";
import type { Ecs } from "../aws/ecs.ts";
import type { Profile } from "../aws/profile.ts";
import { readCertificates } from "../config/read_certificates.ts";
import { nameProxy, readProxies } from "../config/read_proxies.ts";
import { checkSize, LONGEST_LIST, readUserFile } from "../config/user_files.ts";
import { type AwsError, ConfigError, NOT_FROM_AWS, reasonOf } from "../errors.ts";
import type { Authorities, Clock, Environment, FileReader, Host } from "../host.ts";
import { withoutEscapes } from "../model/invisible_characters.ts";
import type { AlarmsPort, DeepChecker, LogsPort, ReferenceChecker, ScalingPort, ValueSources } from "../model/ports.ts";
import type { RunScope } from "../model/service.ts";
import type { ConfigProblem } from "../problems.ts";
import { formatDuration } from "../report/log.ts";
import { maskAll } from "../secrets/hidden_values.ts";
import { checkAwsVariables, readKeys } from "./aws_variables.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";
import { describeCall } from "../report/messages/aws_failure_text.ts";

/** The ways to AWS. Each loads its part of the SDK when it is first called, and connects once. */
export interface Connectors {
  readonly connectEcs: () => Promise<Ecs>;
  readonly connectScaling: () => Promise<ScalingPort>;
  readonly connectReferences: () => Promise<ReferenceChecker>;
  /** Loads what images are looked up with, where that is likely to come next; contacts nobody. */
  readonly loadRegistry: () => Promise<unknown>;
  readonly connectDeepChecks: () => Promise<DeepChecker>;
  readonly connectAlarms: () => Promise<AlarmsPort>;
  readonly connectLogs: () => Promise<LogsPort>;
  readonly connectValues: () => Promise<ValueSources>;
  /** The number of the account that the calls are made in. */
  readonly readAccount: () => Promise<string>;
}

/**
 * Describes how AWS is reached for a run; contacts nobody.
 *
 * @param allRates where many services are reached: what holds the calls of all connections to AWS's rates
 * @throws ConfigError when a file of certificate authorities is missing or broken, or an address makes no sense
 */
export async function connect(
  context: Context,
  { untrusted, assumeRoleArn }: GlobalOptions,
  scope: RunScope,
  signal: AbortSignal,
  allRates?: Map<string, CallRates>,
): Promise<Connectors> {
  const { mask } = context.hidden;
  const own = await describeConnection(context, scope.region);
  const subject = scope.service ?? scope.cluster;
  const role = assumeRoleArn && new (await import("../aws/role.ts")).RoleSession(assumeRoleArn, subject, own);
  const rates = allRates && await findRates(allRates, scope.region, assumeRoleArn, context.host.clock);
  const shared = { ...(role && { role }), ...(rates && { rates }) };
  const connection: ConnectionOptions = { ...own, ...shared, changesNothing: untrusted, mask };
  return {
    connectEcs: once(async () => hidingEcs((await import("../aws/ecs.ts")).connectEcs(connection), mask)),
    connectReferences: once(async () => {
      // What it may not look at is unknown. Without the role nothing can be looked at, which is the end of the run.
      await connection.role?.renew(signal);
      const references = (await import("../aws/references.ts")).connectReferences(connection);
      // Files that are not trusted learn nothing, not even the names of a secret's keys.
      return untrusted ? { ...references, readSecretKeys: () => Promise.resolve("unread") } : references;
    }),
    connectDeepChecks: once(async () => (await import("../aws/deep_checks.ts")).connectDeepChecks(connection)),
    loadRegistry: async () => (await import("../aws/references.ts")).loadRegistry(),
    // Nothing waits for a log: that it cannot be read at once is no trouble.
    connectLogs: once(async () =>
      hidingLogs((await import("../aws/logs.ts")).connectLogs({ ...connection, onTrouble: () => {} }), mask)
    ),
    connectAlarms: once(async () => (await import("../aws/alarms.ts")).connectAlarms(connection)),
    connectScaling: once(async () => (await import("../aws/scaling.ts")).connectScaling(connection)),
    connectValues: once(async () => (await import("../aws/lookups.ts")).connectValueSources(connection)),
    // A role's ARN says it.
    readAccount: once(async () =>
      assumeRoleArn?.split(":")[4] ?? await (await import("../aws/caller.ts")).connectCaller(connection)(signal)
    ),
  };
}

/** AWS's rates are those of an account and region, in whatever roles it is reached. */
async function findRates(
  all: Map<string, CallRates>,
  region: string | undefined,
  role: string | undefined,
  clock: Clock,
): Promise<CallRates> {
  const { CallRates } = await import("../aws/call_rates.ts");
  const key = JSON.stringify([region, role?.split(":")[4]]);
  const rates = all.get(key) ?? new CallRates(clock);
  all.set(key, rates);
  return rates;
}

/** What `connect` returns the first time, also the next times; an error is no connection. */
function once<Connection>(connect: () => Promise<Connection>): () => Promise<Connection> {
  let connecting: Promise<Connection> | undefined;
  return () =>
    connecting ??= connect().catch((error) => {
      connecting = undefined;
      throw error;
    });
}

// ECS, whose reasons for stopping tasks are masked as they come: they repeat commands, and they are cut before they are
// shown, so that a part of a value would be left.
function hidingEcs(ecs: Ecs, mask: (text: string) => string): Ecs {
  return {
    ...ecs,
    listStoppedTasks: async (ref, signal) => maskAll(await ecs.listStoppedTasks(ref, signal), mask),
  };
}

// What containers write, masked as it comes: it is cut into lines, and long ones are cut. Escape sequences could hide a value.
function hidingLogs(logs: LogsPort, mask: (text: string) => string): LogsPort {
  return {
    readLastEvents: async (place, limit, signal) =>
      (await logs.readLastEvents(place, limit, signal))?.map((event) => mask(withoutEscapes(event))),
  };
}

/** How AWS is reached with the user's own credentials. Throws a ConfigError as `connect` does. */
async function describeConnection(
  { host, requestHandler, reporter: { log } }: Context,
  region: string | undefined,
): Promise<ConnectionOptions> {
  const { env, files, clock, random } = host;
  checkAwsVariables(env);
  const keys = readKeys(env);
  const { profile, ...programs } = requestHandler === undefined
    ? await readOwnProfile(host, log.warn)
    : { profile: NO_FILES };
  const authorities = await findAuthorities(env, files, profile);
  const proxies = readProxies(env);
  const forFetch = (keepsConnections: boolean) => makeFetchOptions(host, { authorities, proxies, keepsConnections });
  return {
    ...{ region, clock, random },
    onAttempt: log.debug,
    onTrouble: reportTrouble(clock, log.warn),
    onTagsRefused: ({ failure }) => log.warn(`${describeCall(failure)}; tags are not read`),
    fetchOptions: { ordinary: forFetch(true), once: forFetch(false) },
    ...(requestHandler !== undefined && { requestHandler }),
    ...programs,
    proxyOf: (url) => nameProxy(proxies, url),
    ...(keys !== undefined && { keys }),
    ...(env.get("AWS_PROFILE") && !profile.exists && { missingProfile: profile.name }),
  };
}

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
    throw new ConfigError({ code: "noAuthorities", reason: reasonOf(error) });
  }
}

/** What lasts shorter needs no explanation. */
const EXPLAINED_AFTER_MS = 3_000;
const EXPLAINED_EVERY_MS = 60_000;

/** Explains why nothing happens while AWS throttles or is in trouble: soon, then once a minute. */
export function reportTrouble(
  clock: Clock,
  warn: (line: string) => void,
): (error: AwsError, failingForMs: number) => void {
  let nextAtMs = -Infinity;
  return (error, failingForMs) => {
    if (failingForMs < EXPLAINED_AFTER_MS || clock.elapsed() < nextAtMs) return;
    nextAtMs = clock.elapsed() + EXPLAINED_EVERY_MS;
    const busy = error.kind === "throttled" && error.code !== NOT_FROM_AWS ? "AWS is throttling: " : "";
    warn(`${busy}${describeCall(error.failure)}; still trying after ${formatDuration(failingForMs)}`);
  };
}

/** Where Linux distributions keep all authorities in one file; Go's crypto/x509 looks there, too (root_linux.go). */
const SYSTEM_FILES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/**
 * Whose certificates are trusted. As for the AWS CLI (botocore's `_get_verify_value`), the file that `AWS_CA_BUNDLE`, the
 * profile's `ca_bundle` or `REQUESTS_CA_BUNDLE` names holds all of them. Without one it is Mozilla's list and the
 * system's store, which `SSL_CERT_FILE` stands in for, as for OpenSSL and Go. What is set to nothing is not set.
 *
 * @throws ConfigError when a file that is named is missing, cannot be read or holds no certificate
 */
export async function findAuthorities(
  env: Pick<Environment, "get">,
  files: FileReader,
  { name, caBundle }: Profile,
): Promise<Authorities> {
  const variable = (setting: string) => [setting, env.get(setting)] as const;
  const bundles = [
    variable("AWS_CA_BUNDLE"),
    [`ca_bundle of the AWS profile ${name}`, caBundle] as const,
    variable("REQUESTS_CA_BUNDLE"),
  ];
  for (const [setting, path] of bundles) {
    if (path) return { certificates: await readNamed(setting, path, files), besidesKnown: false };
  }
  const [setting, path] = variable("SSL_CERT_FILE");
  return { certificates: path ? await readNamed(setting, path, files) : await readSystem(files), besidesKnown: true };
}

async function readNamed(setting: string, path: string, files: FileReader): Promise<readonly string[]> {
  const failing = (problem: ConfigProblem) => new ConfigError(problem, { file: path });
  const text = await readUserFile(path, files, setting);
  if (text === undefined) throw failing({ code: "noNamedFile", setting });
  checkSize(text, path, { kind: "certificates", setting }, LONGEST_LIST);
  const { certificates, problem } = readCertificates(text);
  if (problem !== undefined) throw failing({ code: "badCertificates", certificates: problem, setting });
  return certificates;
}

/** Nobody has named it: what cannot be read of it is not missed, for Mozilla's list is there. */
async function readSystem(files: FileReader): Promise<readonly string[]> {
  for (const path of SYSTEM_FILES) {
    const text = await files.readText(path).catch(() => undefined);
    // It is long, and read in each run: what cannot be used of it is left to the runtime to find.
    if (text !== undefined) return text.length <= LONGEST_LIST ? [text] : [];
  }
  return [];
}
