import { resolveBeside } from "./user_files.ts";
import type { SettingsReader } from "./settings.ts";
import { locateState, type StateLocation } from "./tfstate/open_states.ts";

/** A plugin of the configuration file: where more template functions come from. Their names begin with the prefix. */
export type Plugin =
  | { readonly kind: "tfstate"; readonly prefix: string; readonly location: StateLocation }
  | { readonly kind: "ssm" | "secretsmanager" | "cloudformation"; readonly prefix: string }
  | {
    /** Kayac's ecspresso has it and this program has not, which matters only when a function of it is used. */
    readonly kind: "unsupported";
    readonly name: string;
    readonly prefix: string;
    /** Without the prefix; `undefined` when they are not known. */
    readonly functions: readonly string[] | undefined;
  };

/** What a function's name may begin with, in Go's templates. */
const PREFIX = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

/** Reads `plugins`. Throws ConfigErrors. */
export function readPlugins(settings: SettingsReader, configPath: string): readonly Plugin[] {
  const taken = new Set<string>();
  return settings.readMaps("plugins").map((reader) => {
    const plugin = readPlugin(reader, configPath);
    if (plugin.kind === "tfstate") {
      const name = `${plugin.prefix}tfstate`;
      if (taken.has(name)) {
        reader.fail("name", `another plugin has the function ${name} already (give each its own func_prefix)`);
      }
      taken.add(name);
    }
    return plugin;
  });
}

function readPlugin(reader: SettingsReader, configPath: string): Plugin {
  const name = reader.readRequiredText("name", "name: tfstate");
  const prefix = reader.readText("func_prefix") ?? "";
  if (prefix !== "" && !PREFIX.test(prefix)) {
    reader.fail("func_prefix", "must be letters, digits and _, no digit first");
  }
  switch (name.toLowerCase()) {
    case "tfstate":
      return { kind: "tfstate", prefix, location: readLocation(reader, configPath) };
    case "ssm":
      return { kind: "ssm", prefix };
    case "secretsmanager":
      return { kind: "secretsmanager", prefix };
    case "cloudformation":
    case "cfn":
      return { kind: "cloudformation", prefix };
    case "external":
      return { kind: "unsupported", name, prefix, functions: readExternalFunction(reader) };
    default:
      return { kind: "unsupported", name, prefix, functions: undefined };
  }
}

function readLocation(reader: SettingsReader, configPath: string): StateLocation {
  const config = reader.readMap("config");
  const path = config?.readText("path");
  if (path !== undefined) return { kind: "file", path: resolveBeside(configPath, path) };
  const url = config?.readText("url");
  if (url !== undefined) return locateState(url);
  return reader.fail(
    "name",
    "its state is missing (write config: {path: terraform.tfstate} or {url: s3://BUCKET/KEY})",
  );
}

/** The plugin `external` gives one function, whose name its own config says. */
function readExternalFunction(reader: SettingsReader): readonly string[] | undefined {
  const name = reader.readMap("config")?.readText("name");
  return name === undefined ? undefined : [name];
}
