import { ConfigError } from "../errors.ts";
import type { FileReader } from "../host.ts";
import { isRegion } from "../model/arn.ts";
import type { CodeDeployNames } from "../model/service.ts";
import type { FilePosition, SettingsFileKind } from "../problems.ts";
import type { OnLookup } from "../secrets/looked_up.ts";
import { evaluateFile, type SourceFile } from "./evaluate_file.ts";
import type { JsonnetTools } from "./jsonnet/evaluate_jsonnet.ts";
import { type Plugin, readPlugins } from "./plugins.ts";
import { readJsonSettings } from "./json_tree.ts";
import { readYamlSettings } from "./read_yaml_settings.ts";
import { SettingsReader } from "./settings.ts";
import type { RenderedText } from "./template/render_template.ts";
import { basicFunctions, type FunctionTable } from "./template/template_functions.ts";
import { readUserFile, requireUserFile, resolveBeside } from "./files/user_files.ts";

/** The settings of the configuration file or the command line, checked; the file is not read again. */
export interface Config {
  /** `undefined`: there is no file, and the command line names the service. */
  readonly path: string | undefined;
  /** Missing or empty: the caller's environment or profile decides. */
  readonly region: string | undefined;
  /** A name or an ARN. */
  readonly cluster: string;
  /** A name or an ARN; `undefined` if the file names none: some commands need only a task definition. */
  readonly service: string | undefined;
  /** The same for commands that need a service. Throws a ConfigError if the file names none. */
  readonly requireService: () => string;
  /** Milliseconds for the whole command; 0: no limit. */
  readonly timeoutMs: number;
  /** Paths, resolved against the folder of the configuration file. */
  readonly serviceDefinition: string | undefined;
  readonly taskDefinition: string | undefined;
  /** More template functions for the definition files. */
  readonly plugins: readonly Plugin[];
  /** For a service that AWS CodeDeploy deploys. */
  readonly codeDeploy: CodeDeployNames | undefined;
  /** Keys of tags that are left alone: not compared, not changed. */
  readonly ignoredTags: readonly string[];
  /** Keys that this program does not use. */
  readonly unknownKeys: readonly { readonly key: string; readonly position: FilePosition }[];
}

export const DEFAULT_TIMEOUT_MS = 600_000;
/** Looked for in the working directory, in Kayac's order. */
const DEFAULT_FILES = ["ecspresso.yml", "ecspresso.yaml", "ecspresso.json", "ecspresso.jsonnet"] as const;
/** The keys of Kayac's ecspresso 2.x; some mean nothing to this program. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  ...["required_version", "region", "cluster", "service", "service_definition", "task_definition", "timeout"],
  ...["plugins", "codedeploy", "appspec", "filter_command", "ignore"],
]);

/**
 * Finds and reads the configuration file.
 *
 * @param explicit what `--config` or `ECSPRESSO_CONFIG` says; only that file is tried then
 * @throws ConfigError when there is none, naming what was looked for, or when it cannot be read
 */
export async function findConfig(explicit: string | undefined, files: FileReader): Promise<SourceFile> {
  if (explicit !== undefined) return { path: explicit, text: await requireUserFile(explicit, "config", files) };
  for (const path of DEFAULT_FILES) {
    const text = await readUserFile(path, files);
    if (text !== undefined) return { path, text };
  }
  throw new ConfigError({ code: "noConfig", lookedFor: DEFAULT_FILES });
}

export type ConfigTools = JsonnetTools & { readonly onLookup?: OnLookup };

/**
 * Evaluates a configuration file (Jsonnet, templates), parses it as JSON (a name ending in `.json` or `.jsonnet`) or
 * YAML, and checks it.
 *
 * @throws ConfigError with file, line, column and key. It quotes no rendered value, which may be a secret, except that of
 *   `timeout` and `required_version`
 */
export async function loadConfig(source: SourceFile, tools: ConfigTools): Promise<Config> {
  const { path } = source;
  const rendered = await evaluateConfig(source, tools);
  const reader = readSettings(path, "config", rendered);
  const unknownKeys = reader.findUnknownKeys(KNOWN_KEYS)
    .map(({ key, offset }) => ({ key, position: rendered.positionAt(offset) }));

  reader.checkVersion("required_version");
  const codeDeploy = reader.readMap("codedeploy");
  const serviceDefinition = reader.readText("service_definition");
  const taskDefinition = reader.readText("task_definition");
  return Object.freeze({
    path,
    service: reader.readText("service"),
    requireService: () => reader.readRequiredText("service", "service: NAME"),
    region: readRegion(reader),
    cluster: reader.readText("cluster") ?? "default",
    timeoutMs: reader.readTimeoutMs("timeout") ?? DEFAULT_TIMEOUT_MS,
    serviceDefinition: serviceDefinition && resolveBeside(path, serviceDefinition),
    taskDefinition: taskDefinition && resolveBeside(path, taskDefinition),
    plugins: Object.freeze(readPlugins(reader, path)),
    codeDeploy: codeDeploy && Object.freeze({
      application: codeDeploy.readText("application_name"),
      deploymentGroup: codeDeploy.readText("deployment_group_name"),
    }),
    ignoredTags: Object.freeze(reader.readMap("ignore")?.readTexts("tags") ?? []),
    unknownKeys: Object.freeze(unknownKeys),
  });
}

/** The functions that look values up, with or without a prefix. */
const LOOKUP = /(?:^|_)(?:ssm|ssm_list|secretsmanager_arn|tfstatef?|cfn_output|cfn_export)$/;

/** The text of a configuration file after Jsonnet and templates. Throws as `loadConfig` does for these. */
export function evaluateConfig(
  source: SourceFile,
  tools: ConfigTools,
  kind: SettingsFileKind = "config",
): Promise<RenderedText> {
  // Only the environment's functions: the file itself says where to look up other values.
  const functions: FunctionTable = {
    ...basicFunctions(tools.host.env, tools.onLookup),
    explainUnknown: (name) => LOOKUP.test(name) ? { code: "inDefinitionsOnly" } : undefined,
  };
  return evaluateFile(source, kind, functions, tools);
}

function readRegion(reader: SettingsReader): string | undefined {
  const region = reader.readText("region");
  if (region !== undefined && !isRegion(region)) reader.fail("region", { code: "noRegion" });
  return region;
}

/** Parses settings as JSON or YAML, by the name of their file. */
export function readSettings(path: string, kind: SettingsFileKind, rendered: RenderedText): SettingsReader {
  const read = /\.json(?:net)?$/i.test(path) ? readJsonSettings : readYamlSettings;
  return new SettingsReader(read(rendered, kind), rendered.failAt);
}

/** The config of a service that the command line names, without a file. */
export function configOfNames({ service, cluster, region }: {
  readonly service: string;
  readonly cluster: string;
  readonly region: string | undefined;
}): Config {
  return Object.freeze({
    ...{ path: undefined, region, cluster, service, requireService: () => service, timeoutMs: DEFAULT_TIMEOUT_MS },
    ...{ serviceDefinition: undefined, taskDefinition: undefined, codeDeploy: undefined },
    ...{ plugins: [], ignoredTags: [], unknownKeys: [] },
  });
}
