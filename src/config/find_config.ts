import { ConfigError } from "../errors.ts";
import type { FileReader } from "../host.ts";
import type { SourceFile } from "./evaluate_file.ts";
import { readUserFile } from "./read_user_file.ts";

/** Looked for in the working directory, in this order, when `--config` is not given (Kayac's order). */
const DEFAULT_CONFIG_FILES = ["ecspresso.yml", "ecspresso.yaml", "ecspresso.json", "ecspresso.jsonnet"] as const;

/**
 * Finds and reads the configuration file.
 *
 * @param explicit what `--config` or `ECSPRESSO_CONFIG` says; only that file is tried then
 * @throws ConfigError when there is none, naming what was looked for, or when it cannot be read
 */
export async function findConfig(explicit: string | undefined, files: FileReader): Promise<SourceFile> {
  for (const path of explicit === undefined ? DEFAULT_CONFIG_FILES : [explicit]) {
    const text = await readUserFile(path, files);
    if (text !== undefined) return { path, text };
  }
  if (explicit !== undefined) {
    throw new ConfigError("there is no such config file (name an existing one with --config FILE)", { file: explicit });
  }
  const [first, second, third, fourth] = DEFAULT_CONFIG_FILES;
  throw new ConfigError(
    `no config file: the working directory has no ${first}, ${second}, ${third} or ${fourth} ` +
      "(name one with --config FILE)",
  );
}
