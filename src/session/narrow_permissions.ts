import type { Config } from "../config/load_config.ts";
import { type ProfileNeeds, readProfileNeeds } from "../config/read_profile_needs.ts";
import { ConfigError } from "../errors.ts";
import type { Files, Host, Permission } from "../host.ts";

const NAMING_FILES = ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE"];

/**
 * Gives up what a run with this config does not need: starting programs, unless a file is Jsonnet, a pipe or a device, or
 * an AWS profile has a process; writing, unless the AWS SDK keeps tokens or a file is yet to be made. What is given up is
 * gone for good.
 *
 * @throws ConfigError where a run with `--untrusted` would have to run the process of a profile
 */
export async function narrowPermissions(
  config: Config,
  { untrusted, files, writes }: {
    readonly untrusted: boolean;
    readonly files: Files;
    readonly writes: readonly string[];
  },
  host: Host,
): Promise<readonly Permission[]> {
  const profiles = await readProfileNeeds(host.env, files);
  if (untrusted) refuseProcess(profiles);
  const paths = findPaths(config, host);
  const isStream = async (path: string) => await host.files.kindOf(path) === "stream";
  // With --untrusted, nobody looks at a path before it is known to stay in the folder.
  const hasStreams = !untrusted && (await Promise.all([...paths, ...writes].map(isStream))).includes(true);
  const runs = !untrusted && (profiles.mayRun || hasStreams || paths.some((path) => /\.jsonnet$/i.test(path)));
  const areHeld = writes.map((path) => host.files.hold(path)).every((isHeld) => isHeld);
  const keepsWriting = profiles.mayWrite || !areHeld;
  const permissions: Permission[] = [
    "ffi",
    ...(runs ? [] : ["run"] as const),
    ...(keepsWriting ? [] : ["write"] as const),
  ];
  host.giveUp(permissions);
  return permissions;
}

function findPaths({ path, serviceDefinition, taskDefinition, plugins }: Config, { env }: Host): string[] {
  const states = plugins.map((plugin) =>
    plugin.kind === "tfstate" && plugin.location.kind === "file" ? plugin.location.path : undefined
  );
  const named = [path, serviceDefinition, taskDefinition, ...states, ...NAMING_FILES.map((name) => env.get(name))];
  return named.filter((one) => one !== undefined);
}

function refuseProcess({ process }: ProfileNeeds): void {
  if (process === undefined) return;
  throw new ConfigError(
    `--untrusted runs no program, and the AWS profile ${process.profile} has a credential_process (give keys, or a ` +
      "token of a role, in the environment)",
    process.position,
  );
}
