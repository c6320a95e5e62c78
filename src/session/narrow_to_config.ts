import type { Config } from "../config/load_config.ts";
import { type ProfileNeeds, readProfileNeeds } from "../config/read_profile_needs.ts";
import { ConfigError } from "../errors.ts";
import type { Files, Host, Permission } from "../host.ts";
import { narrowPermissions } from "./narrow_permissions.ts";

/** Variables that name files which the run reads. */
const NAMING_FILES = ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE"];

/**
 * Gives up what a run with this config does not need.
 *
 * @param files reads the AWS profiles
 * @param writes the files that the run is to write
 * @returns the permissions that are given up
 * @throws ConfigError where a run with `--untrusted` would have to run the process of a profile
 */
export async function narrowToConfig(
  { path, serviceDefinition, taskDefinition, plugins }: Config,
  { untrusted, files, writes }: {
    readonly untrusted: boolean;
    readonly files: Files;
    readonly writes: readonly string[];
  },
  host: Host,
): Promise<readonly Permission[]> {
  const profiles = await readProfileNeeds(host.env, files);
  if (untrusted) refuseProcess(profiles);
  const states = plugins.map((plugin) =>
    plugin.kind === "tfstate" && plugin.location.kind === "file" ? plugin.location.path : undefined
  );
  const named = [path, serviceDefinition, taskDefinition, ...states, ...NAMING_FILES.map((name) => host.env.get(name))];
  const paths = named.filter((one) => one !== undefined);
  return await narrowPermissions({ untrusted, paths, profiles, writes }, host);
}

function refuseProcess({ process }: ProfileNeeds): void {
  if (process === undefined) return;
  throw new ConfigError(
    `--untrusted runs no program, and the AWS profile ${process.profile} has a credential_process (give keys, or a ` +
      "token of a role, in the environment)",
    process.position,
  );
}
