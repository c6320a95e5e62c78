import type { ConnectionOptions, Keys } from "../aws/connection.ts";
import type { Profile } from "../aws/read_profile.ts";
import { nameProxy, readProxies } from "../config/read_proxies.ts";
import { readUserFile } from "../config/user_files.ts";
import { ConfigError } from "../errors.ts";
import type { Files, Host } from "../host.ts";
import { checkAwsVariables } from "./check_aws_variables.ts";
import type { Context } from "./context.ts";
import { findAuthorities } from "./find_authorities.ts";

/** Callbacks for every attempt, and for every failure that may pass. */
export interface CallObservers extends Pick<ConnectionOptions, "onAttempt" | "onTrouble"> {
  /** Told of what may be meant otherwise. */
  readonly onWarning: (line: string) => void;
}

/** Where AWS is reached, and as whom. */
export interface Destination {
  readonly region: string | undefined;
  /** The service that the run is about, or its cluster: a name or an ARN. */
  readonly subject: string;
  /** The role to make the calls in; `undefined` leaves it to the credentials. */
  readonly roleArn: string | undefined;
}

/**
 * How AWS is reached.
 *
 * @param observers are called for every attempt; they get no bodies
 * @throws ConfigError when a file of certificate authorities is missing or broken, or an address makes no sense
 */
export async function describeConnection(
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

/**
 * Keys count before `AWS_PROFILE`, as for the AWS CLI (botocore's `create_credential_resolver`) and the AWS SDK for Go. The
 * SDK for JavaScript would take the profile, which may be of another account. A line break at their ends is from a file that
 * they were kept in.
 */
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
  const { readProfile } = await import("../aws/read_profile.ts");
  const { handInStreams } = await import("../aws/hand_in_streams.ts");
  await handInStreams(host.env, { ...host.files, readText: (path) => readUserFile(path, host.files) });
  const profile = await readProfile(host.env);
  // Windows has a shell of its own, which the SDK knows how to call.
  if (host.env.get("OS") === "Windows_NT") return { profile };
  const { runCredentialProcesses } = await import("../aws/credential_process.ts");
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
