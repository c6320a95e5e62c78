import { dirname, isAbsolute, join } from "node:path";
import { ConfigError, formatPosition } from "../errors.ts";
import type { Environment } from "../host.ts";
import type { ConfigSource } from "./find_config.ts";
import { parseDuration } from "./parse_duration.ts";
import { readJsonSettings } from "./read_json_settings.ts";
import { readYamlSettings } from "./read_yaml_settings.ts";
import { checkRequiredVersion } from "./required_version.ts";
import { type FailAt, failIn, type Setting, type Settings } from "./settings.ts";
import { stripByteOrderMark } from "./strip_byte_order_mark.ts";
import { templateFunctions } from "./template_functions.ts";
import { type RenderedText, renderTemplate } from "./template/render_template.ts";

/** What the configuration file says, checked; nothing in it is read again later. */
export interface Config {
  /** The file, as it was named. */
  readonly path: string;
  /** Not set, or empty: the caller's environment or profile decides. */
  readonly region: string | undefined;
  /** A name or an ARN. */
  readonly cluster: string;
  readonly service: string;
  /** Milliseconds for the whole command; 0: no limit. */
  readonly timeoutMs: number;
  /** Paths; relative ones are resolved against the folder of the configuration file. */
  readonly serviceDefinition: string | undefined;
  readonly taskDefinition: string | undefined;
  /** One line each, for the log: keys that mean nothing to this program. */
  readonly warnings: readonly string[];
}

/** Kayac's defaults. */
const DEFAULT_CLUSTER = "default";
const DEFAULT_TIMEOUT_MS = 600_000;

/** The keys of Kayac's ecspresso 2.x; those that this program does not need are left unread. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  "required_version",
  "region",
  "cluster",
  "service",
  "service_definition",
  "task_definition",
  "timeout",
  "plugins",
  "codedeploy",
  "appspec",
  "filter_command",
  "ignore",
]);

/** Hundreds of times the size of a real file; what is larger is another file, named by mistake. */
const LARGEST_TEXT = 1_000_000;

/**
 * Renders the templates in a configuration file, parses it as JSON (a name ending in `.json`) or YAML, and checks it.
 *
 * @param env for the template functions `env` and `must_env`
 * @throws ConfigError with file, line, column and key. No rendered value is quoted, since it may be a secret, except
 *   that of `timeout` and `required_version`
 */
export async function loadConfig(source: ConfigSource, env: Pick<Environment, "get">): Promise<Config> {
  const { path } = source;
  if (/\.jsonnet$/i.test(path)) {
    throw new ConfigError("Jsonnet is not supported here (try: jsonnet FILE > ecspresso.json)", { file: path });
  }
  if (source.text.length > LARGEST_TEXT) throw new ConfigError("is too large for a config file", { file: path });
  const rendered = await renderTemplate(stripByteOrderMark(source.text), path, templateFunctions(env));
  if (rendered.text.length > LARGEST_TEXT) {
    throw new ConfigError("is too large for a config file once its templates are filled in", { file: path });
  }
  const settings = /\.json$/i.test(path) ? readJsonSettings(rendered, path) : readYamlSettings(rendered, path);
  const reader = new SettingsReader(settings, failIn(path, rendered));

  reader.checkVersion();
  return Object.freeze({
    path,
    region: reader.readText("region"),
    cluster: reader.readText("cluster") ?? DEFAULT_CLUSTER,
    service: reader.readRequiredText("service"),
    timeoutMs: reader.readTimeoutMs(),
    serviceDefinition: resolveBeside(path, reader.readText("service_definition")),
    taskDefinition: resolveBeside(path, reader.readText("task_definition")),
    warnings: Object.freeze(warnOfUnknownKeys(settings, path, rendered)),
  });
}

/** The values of single keys, checked. */
class SettingsReader {
  constructor(private readonly settings: Settings, private readonly failAt: FailAt) {}

  /** `undefined` when the key is missing, empty or null, as in Kayac's ecspresso. */
  readText(key: string): string | undefined {
    const setting = this.settings.get(key);
    if (setting === undefined || setting.kind === "null") return undefined;
    if (setting.kind !== "string") return this.failAt(describeWrongKind(key, setting), setting.valueOffset);
    return setting.text === "" ? undefined : setting.text;
  }

  readRequiredText(key: string): string {
    const text = this.readText(key);
    if (text !== undefined) return text;
    const setting = this.settings.get(key);
    if (setting === undefined) return this.failAt(`${key}: is missing (write ${key}: NAME)`, 0);
    return this.failAt(`${key}: is empty (write ${key}: NAME)`, setting.valueOffset);
  }

  readTimeoutMs(): number {
    const setting = this.settings.get("timeout");
    if (setting === undefined || setting.kind === "null") return DEFAULT_TIMEOUT_MS;
    if (setting.kind !== "string" && setting.kind !== "number") {
      return this.failAt("timeout: must be a duration (write 10m, 600s or 600)", setting.valueOffset);
    }
    try {
      return parseDuration(setting.text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this.failAt(`timeout: ${error.message}`, setting.valueOffset);
    }
  }

  checkVersion(): void {
    const constraints = this.readText("required_version");
    const problem = constraints === undefined ? undefined : checkRequiredVersion(constraints);
    if (problem === undefined) return;
    this.failAt(`required_version: ${problem}`, this.settings.get("required_version")!.valueOffset);
  }
}

function describeWrongKind(key: string, { kind }: Setting): string {
  const advice = kind === "number" || kind === "boolean" ? " (put it in quotes)" : "";
  return `${key}: must be a string, not a ${kind}${advice}`;
}

function resolveBeside(configPath: string, path: string | undefined): string | undefined {
  return path === undefined || isAbsolute(path) ? path : join(dirname(configPath), path);
}

function warnOfUnknownKeys(settings: Settings, file: string, rendered: RenderedText): string[] {
  const unknown = [...settings].filter(([key]) => !KNOWN_KEYS.has(key));
  return unknown.map(([key, { keyOffset }]) => {
    return `${formatPosition({ file, ...rendered.positionAt(keyOffset) })}: ${key}: unknown key, ignored`;
  });
}
