import type { SourceFile } from "../config/evaluate_file.ts";
import { type Config, findConfig, loadConfig } from "../config/load_config.ts";
import type { JsonnetTools } from "../config/jsonnet/evaluate_jsonnet.ts";
import { LONGEST_QUOTE } from "../config/quote_truncated.ts";
import type { Files } from "../host.ts";
import type { OnLookup } from "../secrets/looked_up.ts";
import type { Context } from "./context.ts";
import { checkBareNames, readLookedUp } from "./external_variables.ts";
import type { GlobalOptions } from "./global_options.ts";
import { hideCredentials } from "./hide_credentials.ts";
import { openReach, type Reach } from "./open_reach.ts";
import type { RunLimits } from "./run_limits.ts";

/** The config, and what its definitions are evaluated with. */
export interface OpenedConfig {
  readonly config: Config;
  /** The config as it was read. */
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
