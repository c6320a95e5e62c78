import type { ValueProblem } from "../problems.ts";
import type { SourceFile } from "./evaluate_file.ts";
import { type ConfigTools, evaluateConfig, readSettings } from "./load_config.ts";
import type { SettingsReader } from "./settings.ts";
import { resolveBeside } from "./files/user_files.ts";

/** One entry of a fleet file: a config, or the names of a service. */
export interface FleetEntry {
  /** A path, or a pattern of paths, resolved against the folder of the fleet file. */
  readonly config: string | undefined;
  readonly service: string | undefined;
  readonly cluster: string | undefined;
  readonly region: string | undefined;
  readonly role: string | undefined;
  /** 1 or more. */
  readonly wave: number;
  /** Throws a ConfigError with the place of the key's value, or of the entry. */
  readonly fail: (key: string, problem: ValueProblem) => never;
}

const KEYS: ReadonlySet<string> = new Set(["services"]);
const ENTRY_KEYS: ReadonlySet<string> = new Set(["config", "service", "cluster", "region", "role", "wave"]);

/**
 * Evaluates a fleet file (Jsonnet, templates), parses it like a config file, and checks it. An unknown key is an error:
 * a misspelt `wave` would mean another order. Beside `services`, keys `x-...` may hold what YAML repeats.
 *
 * @throws ConfigError with file, line, column and key
 */
export async function loadFleet(source: SourceFile, tools: ConfigTools): Promise<FleetEntry[]> {
  const rendered = await evaluateConfig(source, tools, "fleet");
  const reader = readSettings(source.path, "fleet", rendered);
  reader.refuseUnknownKeys(KEYS, (key) => key.startsWith("x-"));
  const services = reader.readMaps("services");
  if (services.length === 0) reader.failMissing("services", "services: [{config: FILE}]");
  return services.map((entry) => readEntry(entry, source.path));
}

function readEntry(reader: SettingsReader, file: string): FleetEntry {
  reader.refuseUnknownKeys(ENTRY_KEYS);
  const text = (key: string) => reader.readText(key);
  const [config, service] = [text("config"), text("service")];
  const fail = (key: string, problem: ValueProblem) => reader.fail(key, problem);
  if (config === undefined && service === undefined) fail("config", { code: "namesNothing" });
  if (config !== undefined) {
    if (service !== undefined) fail("config", { code: "hasServiceBeside" });
    for (const key of ["cluster", "region"]) if (text(key) !== undefined) fail(key, { code: "hasConfigBeside" });
  }
  return {
    ...{ config: config && resolveBeside(file, config), service, fail },
    ...{ cluster: text("cluster"), region: text("region"), role: text("role"), wave: reader.readCount("wave") ?? 1 },
  };
}
