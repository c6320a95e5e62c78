import type { SourceFile } from "../config/evaluate_file.ts";
import type { JsonnetTools } from "../config/jsonnet/evaluate_jsonnet.ts";
import { type Config, findConfig, loadConfig } from "../config/load_config.ts";
import { parseEnvfile } from "../config/parse_envfile.ts";
import { LONGEST_QUOTE } from "../config/user_files.ts";
import { readUserFile } from "../config/user_files.ts";
import { ConfigError } from "../errors.ts";
import type { Environment, FileReader, Files, Host } from "../host.ts";
import type { ValueSources } from "../model/ports.ts";
import type { HiddenValues } from "../secrets/hidden_values.ts";
import type { OnLookup } from "../secrets/looked_up.ts";
import type { Context } from "./context.ts";
import { checkBareNames, readLookedUp } from "./external_variables.ts";
import type { GlobalOptions } from "./global_options.ts";
import type { RunLimits } from "./run_limits.ts";

/** The config, and what its definitions are evaluated with. */
export interface OpenedConfig {
  readonly config: Config;
  readonly source: SourceFile;
  readonly reach: Reach;
  readonly tools: JsonnetTools;
}

/** Reads envfiles and config. Throws a ConfigError or a UsageError. */
export async function openConfig(
  { host, hidden }: Pick<Context, "host" | "hidden">,
  options: GlobalOptions,
  files: Files,
  { isListening, signal }: RunLimits,
): Promise<OpenedConfig> {
  const reach = await openReach({ ...host, files }, options);
  checkBareNames("--ext-str", options.extStr, host.env);
  checkBareNames("--ext-code", options.extCode, host.env);
  // Where no Jsonnet is evaluated, none of them is used.
  const externalVariables = options.untrusted
    ? { strings: [], codes: [] }
    : { strings: options.extStr, codes: options.extCode };
  for (const lookedUp of readLookedUp(externalVariables, host.env)) hidden.add(lookedUp);
  hideCredentials(host.env, hidden);
  const invoke: Reach["invoke"] = (invocation) => isListening.then(() => reach.invoke(invocation));
  const tools = { host: { clock: host.clock, env: reach.env, invoke }, externalVariables, signal };
  const source = await findConfig(options.config, reach.named);
  const onLookup: OnLookup = (lookedUp) => hidden.addSecret(lookedUp, LONGEST_QUOTE);
  return { config: await loadConfig(source, { ...tools, onLookup }), source, reach, tools };
}

/** What the user's files can reach: all that the user can, or with `--untrusted` next to nothing. */
interface Reach {
  readonly env: Pick<Environment, "get">;
  readonly invoke: Host["invoke"];
  readonly named: FileReader;
  besides(configPath: string): FileReader;
  /** Where values are looked up, given the way to AWS. */
  values(connect: () => Promise<ValueSources>): () => Promise<ValueSources>;
}

/** Reads the envfiles, too. Throws a ConfigError for what is wrong with one. */
async function openReach(host: Host, options: Pick<GlobalOptions, "envfile" | "untrusted">): Promise<Reach> {
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
  const { confineFiles, folderOfConfig, folderOfNamed, limitEnvironment, NO_LOOKUPS, refuseVariable } = await import(
    "../config/untrusted.ts"
  );
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

/** AWS's own are longer. What is made up for a server of one's own may be any word. */
const SHORTEST = 16;

/** Hides the credentials of the environment: an error about a signature may repeat what was signed. */
function hideCredentials(env: Pick<Environment, "get">, hidden: HiddenValues): void {
  for (const name of ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]) {
    const value = env.get(name) ?? "";
    if (value.length >= SHORTEST) hidden.addSecret({ source: "variable", name, value });
  }
}
