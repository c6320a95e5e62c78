import { parseEnvfile } from "../config/parse_envfile.ts";
import { readUserFile } from "../config/user_files.ts";
import type { ValueSources } from "../model/ports.ts";
import { ConfigError } from "../errors.ts";
import type { Environment, FileReader, Host } from "../host.ts";
import type { GlobalOptions } from "./global_options.ts";

/** What the user's files can reach: all that the user can, or with `--untrusted` next to nothing. */
export interface Reach {
  readonly env: Pick<Environment, "get">;
  readonly invoke: Host["invoke"];
  /** Reads what the command line names. */
  readonly named: FileReader;
  /** Reads what the config names. */
  besides(configPath: string): FileReader;
  /** Where values are looked up, given the way to AWS. */
  values(connect: () => Promise<ValueSources>): () => Promise<ValueSources>;
}

/** Reads the envfiles, too. Throws a ConfigError for what is wrong with one. */
export async function openReach(host: Host, options: Pick<GlobalOptions, "envfile" | "untrusted">): Promise<Reach> {
  return await (options.untrusted ? openUntrusted(host, options.envfile) : openTrusted(host, options.envfile));
}

async function openTrusted(host: Host, envfiles: readonly string[]): Promise<Reach> {
  for (const path of envfiles) {
    const variables = parseEnvfile(await readEnvfile(path, host.files), path);
    for (const [name, value] of variables) host.env.set(name, value);
  }
  const { env, files, invoke } = host;
  return { env, invoke, named: files, besides: () => files, values: (connect) => connect };
}

/** For files that may be anybody's: they run nothing, and read nothing but each other. */
async function openUntrusted({ env, files }: Host, envfiles: readonly string[]): Promise<Reach> {
  const { confineFiles, folderOfConfig, folderOfNamed } = await import("../config/untrusted.ts");
  const { limitEnvironment, refuseVariable } = await import("../config/untrusted.ts");
  const { NO_LOOKUPS } = await import("../config/untrusted.ts");
  const named = confineFiles(files, folderOfNamed);
  const variables = new Map<string, string>();
  for (const path of envfiles) {
    const ofFile = parseEnvfile(await readEnvfile(path, named), path, refuseVariable);
    // The environment stays as it is: what is in it, the AWS SDK and every program would see.
    for (const [name, value] of ofFile) variables.set(name, value);
  }
  return {
    env: limitEnvironment(env, variables),
    invoke: () => Promise.reject(new Error("--untrusted runs no program (keep the file as JSON)")),
    named,
    besides: (configPath) => confineFiles(files, () => folderOfConfig(configPath)),
    values: () => () => Promise.resolve(NO_LOOKUPS),
  };
}

async function readEnvfile(path: string, files: FileReader): Promise<string> {
  const text = await readUserFile(path, files);
  if (text === undefined) throw new ConfigError("no such envfile (check --envfile)", { file: path });
  return text;
}
