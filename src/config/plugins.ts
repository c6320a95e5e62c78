import { attempt } from "../host/attempt.ts";
import type { StateUrlProblem } from "../problems.ts";
import type { SettingsReader } from "./settings.ts";
import { resolveBeside } from "./files/user_files.ts";

/** Where a plugin's Terraform state is. */
export type StateLocation =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "object"; readonly bucket: string; readonly key: string }
  /** An error only when a value is looked up there. */
  | { readonly kind: "unsupported"; readonly problem: StateUrlProblem };

/** Reads a state's URL; without a scheme it is a path, relative to the working directory, as in Kayac's ecspresso. */
export function locateState(url: string): StateLocation {
  const scheme = /^([A-Za-z][A-Za-z\d+.-]*):\/\//.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: "file", path: url };
  const [, host, path] = /^[^:]*:\/\/([^/]*)(\/.*)?$/s.exec(url)!;
  const decoded = attempt(() => decodeURIComponent(path ?? ""));
  if (scheme === "s3" && host !== "" && decoded !== undefined && decoded.length > 1) {
    return { kind: "object", bucket: host!, key: decoded.slice(1) };
  }
  if (scheme === "file" && host === "" && decoded !== undefined) return { kind: "file", path: decoded };
  const isKnown = scheme === "s3" || scheme === "file";
  return { kind: "unsupported", problem: { code: "badStateUrl", scheme: isKnown ? undefined : scheme } };
}

/** The path or the URL. */
export function nameLocation(location: Exclude<StateLocation, { kind: "unsupported" }>): string {
  return location.kind === "file" ? location.path : `s3://${location.bucket}/${location.key}`;
}

/** A plugin of the configuration file: it adds template functions, whose names begin with the prefix. */
export type Plugin =
  | { readonly kind: "tfstate"; readonly prefix: string; readonly location: StateLocation }
  | { readonly kind: "ssm" | "secretsmanager" | "cloudformation"; readonly prefix: string }
  | {
    /** Kayac's ecspresso has it, this program does not: an error only if one of its functions is used. */
    readonly kind: "unsupported";
    readonly name: string;
    readonly prefix: string;
    /** Without the prefix; `undefined` when they are not known. */
    readonly functions: readonly string[] | undefined;
  };

/** The prefixes that Go's templates allow. */
const PREFIX = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

/** Reads `plugins`. Throws ConfigErrors. */
export function readPlugins(settings: SettingsReader, configPath: string): readonly Plugin[] {
  const taken = new Set<string>();
  return settings.readMaps("plugins").map((reader) => {
    const plugin = readPlugin(reader, configPath);
    if (plugin.kind === "tfstate") {
      const name = `${plugin.prefix}tfstate`;
      if (taken.has(name)) reader.fail("name", { code: "functionTaken", name });
      taken.add(name);
    }
    return plugin;
  });
}

function readPlugin(reader: SettingsReader, configPath: string): Plugin {
  const name = reader.readRequiredText("name", "name: tfstate");
  const prefix = reader.readText("func_prefix") ?? "";
  if (prefix !== "" && !PREFIX.test(prefix)) reader.fail("func_prefix", { code: "badPrefix" });
  const kind = name.toLowerCase();
  if (kind === "tfstate") return { kind, prefix, location: readLocation(reader, configPath) };
  if (kind === "ssm" || kind === "secretsmanager" || kind === "cloudformation") return { kind, prefix };
  if (kind === "cfn") return { kind: "cloudformation", prefix };
  // The plugin `external` gives one function, whose name its own config says.
  const own = kind === "external" ? reader.readMap("config")?.readText("name") : undefined;
  return { kind: "unsupported", name, prefix, functions: own === undefined ? undefined : [own] };
}

function readLocation(reader: SettingsReader, configPath: string): StateLocation {
  const config = reader.readMap("config");
  const path = config?.readText("path");
  if (path !== undefined) return { kind: "file", path: resolveBeside(configPath, path) };
  const url = config?.readText("url");
  return url === undefined ? reader.fail("name", { code: "noState" }) : locateState(url);
}
