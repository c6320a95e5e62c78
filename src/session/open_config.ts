import { Definitions } from "../config/definitions.ts";
import { type Config, configOfNames, type ConfigTools, findConfig, loadConfig } from "../config/load_config.ts";
import { type FleetEntry, loadFleet } from "../config/load_fleet.ts";
import { parseEnvfile } from "../config/parse_envfile.ts";
import { readProfileNeeds } from "../config/read_profile_needs.ts";
import { requireUserFile } from "../config/files/user_files.ts";
import { ConfigError } from "../errors.ts";
import { type Environment, type FileReader, type Host, MachineError, type Permission } from "../host.ts";
import type { ValueSources } from "../model/ports.ts";
import type { RunScope, TypedOption } from "../model/service.ts";
import type { HiddenValues } from "../secrets/hidden_values.ts";
import type { OnLookup } from "../secrets/looked_up.ts";
import { readRegion } from "./aws_variables.ts";
import { checkBareNames, escapeSeparators, readLookedUp } from "./external_variables.ts";
import { type GlobalOptions, nameRole } from "./global_options.ts";
import type { RunLimits } from "./run_limits.ts";
import type { ServiceEntry } from "./service_selector.ts";

/** A config, and what comes from it. */
export interface OpenedConfig {
  readonly config: Config;
  /** What the run is about, with the options that name it in another command. */
  readonly scope: RunScope;
  /** Opens the files that the config names; they may look values up in AWS. */
  readonly openDefinitions: (connectValues: () => Promise<ValueSources>) => Definitions;
}

/** What is needed to read the user's files. */
export interface ReadContext {
  /** Its files are read only until the limits end the run. */
  readonly host: Host;
  readonly hidden: HiddenValues;
  readonly options: GlobalOptions;
  readonly limits: RunLimits;
}

/** Reads envfiles and the config, if the entry has one. Throws a ConfigError or a UsageError. */
export async function openConfig(reading: ReadContext, entry: ServiceEntry): Promise<OpenedConfig> {
  const { access, tools } = await openFiles(reading);
  const { hidden, options } = reading;
  const { named } = entry;
  const source = named === undefined ? await findConfig(entry.config, access.typedFiles) : undefined;
  const config = source === undefined ? configOfNames(named!) : await loadConfig(source, tools);
  const onLookup: OnLookup = (lookedUp) => hidden.add(lookedUp);
  const files = config.path === undefined ? NO_FILES : access.configuredFiles(config.path);
  return {
    config,
    scope: nameScope(config, config.region ?? readRegion(access.env), options, entry),
    openDefinitions: (connect) =>
      new Definitions(source, config, { ...tools, files, connectValues: access.valueSources(connect), onLookup }),
  };
}

const NO_FILES: FileReader = { readText: () => Promise.resolve(undefined) };

/** Reads the fleet file, by the rules of a config. Throws a ConfigError or a UsageError. */
export async function openFleet(path: string, reading: ReadContext): Promise<FleetEntry[]> {
  const { access, tools } = await openFiles(reading);
  return await loadFleet({ path, text: await requireUserFile(path, "fleet", access.typedFiles) }, tools);
}

/** The scope for finding services; without a region, it gets the environment's. */
export async function readScope(scope: RunScope, reading: ReadContext): Promise<RunScope> {
  const { access } = await openFiles(reading);
  return { ...scope, region: scope.region ?? readRegion(access.env) };
}

/** Reads envfiles. Returns how to read and evaluate files. Throws a ConfigError or a UsageError. */
async function openFiles(
  { host, hidden, options, limits: { isListening, signal } }: ReadContext,
): Promise<{ readonly access: FileAccess; readonly tools: ConfigTools }> {
  const access = await (options.untrusted ? openUntrusted : openTrusted)(host, options.envfile);
  checkBareNames("--ext-str", options.extStr, host.env);
  checkBareNames("--ext-code", options.extCode, host.env);
  // Without Jsonnet, no external variable is used.
  const externalVariables = options.untrusted
    ? { strings: [], codes: [] }
    : { strings: options.extStr, codes: options.extCode };
  for (const lookedUp of readLookedUp(externalVariables, host.env)) hidden.add(lookedUp);
  hideCredentials(host.env, hidden);
  const invoke: FileAccess["invoke"] = (invocation) => isListening.then(() => access.invoke(invocation));
  const onLookup: OnLookup = (lookedUp) => hidden.addSecret(lookedUp);
  const tools = { host: { clock: host.clock, env: access.env, invoke }, externalVariables, signal, onLookup };
  return { access, tools };
}

/** The options name the same service in another command, unless variables do, and the role to assume. */
function nameScope(
  { path, cluster, service, codeDeploy, serviceDefinition, taskDefinition }: Config,
  region: string | undefined,
  given: GlobalOptions,
  { config, named }: ServiceEntry,
): RunScope {
  const isJsonnet = [path, serviceDefinition, taskDefinition].some((file = "") => /\.jsonnet$/i.test(file));
  const options: TypedOption[] = [
    ...nameEnvfiles(given),
    ...(config === undefined ? [] : [["--config", config] as const]),
    ...(named?.options ?? []),
    ...(isJsonnet ? nameVariables(given) : []),
    ...nameRole(given.assumeRoleArn),
  ];
  return { cluster, service, region, role: given.assumeRoleArn, options, codeDeploy };
}

/** The options that name a fleet file in another command, and what it and its configs need to be read. */
export function nameFleet(path: string, given: GlobalOptions): TypedOption[] {
  return [["--fleet", path], ...nameEnvfiles(given), ...nameVariables(given), ...nameRole(given.assumeRoleArn)];
}

function nameEnvfiles({ envfile }: GlobalOptions): TypedOption[] {
  return envfile.map((file) => ["--envfile", escapeSeparators(file, ",")]);
}

function nameVariables({ extStr, extCode }: GlobalOptions): TypedOption[] {
  const name = (option: string, variables: readonly string[]): TypedOption[] =>
    variables.map((variable) => [option, escapeSeparators(variable, ";")]);
  return [...name("--ext-str", extStr), ...name("--ext-code", extCode)];
}

/** What the user's files can access: all that the user can, or almost nothing with `--untrusted`. */
interface FileAccess {
  readonly env: Pick<Environment, "get">;
  readonly invoke: Host["invoke"];
  /** Reads the files that the command line names. */
  readonly typedFiles: FileReader;
  /** Reads the files that a config names. */
  configuredFiles(configPath: string): FileReader;
  /** Where values are looked up, given a connection to AWS. */
  valueSources(connect: () => Promise<ValueSources>): () => Promise<ValueSources>;
}

async function openTrusted(host: Host, envfiles: readonly string[]): Promise<FileAccess> {
  for (const path of envfiles) {
    const variables = parseEnvfile(await requireUserFile(path, "envfile", host.files), path);
    for (const [name, value] of variables) host.env.set(name, value);
  }
  const { env, files, invoke } = host;
  return { env, invoke, typedFiles: files, configuredFiles: () => files, valueSources: (connect) => connect };
}

/** For untrusted files: they run nothing, and read nothing but each other. */
async function openUntrusted({ env, files }: Host, envfiles: readonly string[]): Promise<FileAccess> {
  const { confineFiles, folderOfConfig, folderOfNamed, limitEnvironment, NO_LOOKUPS, refuseVariable } = await import(
    "../config/untrusted.ts"
  );
  const typedFiles = confineFiles(files, folderOfNamed);
  const variables = new Map<string, string>();
  for (const path of envfiles) {
    const ofFile = parseEnvfile(await requireUserFile(path, "envfile", typedFiles), path, refuseVariable);
    // The environment is not changed: the AWS SDK and every program would see the change.
    for (const [name, value] of ofFile) variables.set(name, value);
  }
  return {
    env: limitEnvironment(env, variables),
    invoke: () => Promise.reject(new MachineError({ code: "runsNothing" })),
    typedFiles,
    configuredFiles: (configPath) => confineFiles(files, () => folderOfConfig(configPath)),
    valueSources: () => () => Promise.resolve(NO_LOOKUPS),
  };
}

/** In characters. AWS's keys are longer; a made-up key for a private server may be any word, which is not hidden. */
const SHORTEST_CREDENTIAL = 16;

/** Hides the credentials of the environment: an error about a signature may repeat what was signed. */
function hideCredentials(env: Pick<Environment, "get">, hidden: HiddenValues): void {
  for (const name of ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]) {
    const value = env.get(name) ?? "";
    if (value.length >= SHORTEST_CREDENTIAL) hidden.addSecret({ source: "variable", name, value });
  }
}

const NAMING_FILES = ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE"];

/**
 * Gives up permissions that a run with these configs does not need: to start programs, unless a file is Jsonnet, a pipe
 * or a device, or an AWS profile has a process; to write, unless the AWS SDK keeps tokens or a file has yet to be made.
 * What is given up is gone for good.
 *
 * @throws ConfigError if a run with `--untrusted` would have to run the process of a profile
 */
export async function narrowPermissions(
  configs: readonly Config[],
  host: Host,
  untrusted: boolean,
  writes: readonly string[],
): Promise<readonly Permission[]> {
  const profiles = await readProfileNeeds(host.env, host.files);
  const { process } = profiles;
  if (untrusted && process !== undefined) {
    throw new ConfigError({ code: "credentialProcess", profile: process.profile }, process.position);
  }
  const paths = [...new Set(configs.flatMap((config) => findPaths(config, host)))];
  const isStream = async (path: string) => await host.files.kindOf(path) === "stream";
  // With --untrusted, no path is looked at before it is known to stay in its folder.
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
