import type { ConnectionOptions } from "../aws/connection.ts";
import type { Profile } from "../aws/profile.ts";
import { readCertificates } from "../config/read_certificates.ts";
import { nameProxy, readProxies } from "../config/read_proxies.ts";
import { checkSize, LONGEST_LIST, readUserFile } from "../config/files/user_files.ts";
import { type AwsError, ConfigError, NOT_FROM_AWS, reasonOf } from "../errors.ts";
import type { Authorities, Clock, Environment, FileReader, Host } from "../host.ts";
import type { ConfigProblem } from "../problems.ts";
import type { CredentialProcessProblem } from "../problems/aws_failure.ts";
import { formatDuration } from "../report/messages/log.ts";
import { checkAwsVariables, readKeys } from "./aws_variables.ts";
import type { Context } from "./context.ts";
import { VERSION } from "./version.ts";
import { describeAttempt, describeCost, describeCredentialProcess } from "../report/messages/aws_failure_text.ts";
import { describeUnread } from "../report/messages/unread_text.ts";

/**
 * How AWS is reached with the user's own credentials; contacts nobody.
 *
 * @throws ConfigError when a file of certificate authorities is missing or broken, or an address makes no sense
 */
export async function describeConnection(
  { host, requestHandler, reporter: { log } }: Context,
  region: string | undefined,
  runId: string,
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
    ...{ region, clock, random, userAgent: [["ecspresso", VERSION], ["run", runId]] },
    onAttempt: (attempt) => log.debug(describeAttempt(attempt)),
    onTrouble: reportTrouble(clock, log.warn),
    onTagsRefused: (refusal) => log.warn(describeUnread("ownTags", refusal)),
    fetchOptions: { ordinary: forFetch(true), once: forFetch(false) },
    ...(requestHandler !== undefined && { requestHandler }),
    ...programs,
    proxyOf: (url) => nameProxy(proxies, url),
    ...(keys !== undefined && { keys }),
    ...(env.get("AWS_PROFILE") && !profile.exists && { missingProfile: profile.name }),
  };
}

/** Where tests stand in for the network, none of the user's files is used. */
const NO_FILES: Profile = { name: "default", exists: false, caBundle: undefined };

async function readOwnProfile(
  host: Host,
  onWarning: (line: string) => void,
): Promise<{ readonly profile: Profile } & Pick<ConnectionOptions, "isGettingCredentials">> {
  const { preloadStreams, readProfile, runCredentialProcesses } = await import("../aws/profile.ts");
  await preloadStreams(host.env, { ...host.files, readText: (path) => readUserFile(path, host.files) });
  const profile = await readProfile(host.env);
  // Windows has a shell of its own, which the SDK knows how to call.
  if (host.env.get("OS") === "Windows_NT") return { profile };
  const warn = (problem: CredentialProcessProblem) => onWarning(describeCredentialProcess(problem));
  return { profile, isGettingCredentials: runCredentialProcesses(host, warn) };
}

function makeFetchOptions(host: Host, options: Parameters<Host["fetchOptions"]>[0]): object {
  try {
    return host.fetchOptions(options);
  } catch (error) {
    throw new ConfigError({ code: "noAuthorities", reason: reasonOf(error) });
  }
}

/** A shorter trouble needs no explanation. */
const EXPLAINED_AFTER_MS = 3_000;
const EXPLAINED_EVERY_MS = 60_000;

/** Explains why nothing happens while AWS throttles or is in trouble: after three seconds, then once a minute. */
export function reportTrouble(
  clock: Clock,
  warn: (line: string) => void,
): (error: AwsError, failingForMs: number) => void {
  let nextAtMs = -Infinity;
  return (error, failingForMs) => {
    if (failingForMs < EXPLAINED_AFTER_MS || clock.elapsed() < nextAtMs) return;
    nextAtMs = clock.elapsed() + EXPLAINED_EVERY_MS;
    const busy = error.kind === "throttled" && error.code !== NOT_FROM_AWS ? "AWS is throttling: " : "";
    warn(busy + describeCost(error, `still trying after ${formatDuration(failingForMs)}`));
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
 * The trusted certificates. As for the AWS CLI (botocore's `_get_verify_value`), the file that `AWS_CA_BUNDLE`, the
 * profile's `ca_bundle` or `REQUESTS_CA_BUNDLE` names has all of them. Without one, they are Mozilla's list and the
 * system's store, or `SSL_CERT_FILE` instead of the store, as for OpenSSL and Go. An empty variable is not set.
 *
 * @throws ConfigError when a named file is missing, cannot be read or has no certificate
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
    if (path) return { certificates: await readNamed(setting, path, files), addsToDefaults: false };
  }
  const [setting, path] = variable("SSL_CERT_FILE");
  return { certificates: path ? await readNamed(setting, path, files) : await readSystem(files), addsToDefaults: true };
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

/** The system's store, which nobody has named. What cannot be read of it is skipped, for Mozilla's list is there. */
async function readSystem(files: FileReader): Promise<readonly string[]> {
  for (const path of SYSTEM_FILES) {
    const text = await files.readText(path).catch(() => undefined);
    // It is long, and read in each run: finding what cannot be used is left to the runtime.
    if (text !== undefined) return text.length <= LONGEST_LIST ? [text] : [];
  }
  return [];
}
