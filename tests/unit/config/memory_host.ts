import { Definitions } from "../../../src/config/definitions.ts";
import type { JsonnetTools } from "../../../src/config/jsonnet/evaluate_jsonnet.ts";
import type { Config } from "../../../src/config/load_config.ts";
import type { Plugin } from "../../../src/config/plugins.ts";
import type { ValueSources } from "../../../src/model/ports.ts";
import type { Environment, FileReader, Host } from "../../../src/host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

/** Files that exist in memory only. */
export function memoryFiles(texts: Readonly<Record<string, string>>): FileReader {
  return { readText: (path) => Promise.resolve(Object.hasOwn(texts, path) ? texts[path] : undefined) };
}

/** Environment variables that, like Deno's, cannot be asked for by a name that no variable can have. */
export function memoryEnvironment(variables: Readonly<Record<string, string>>): Pick<Environment, "get"> {
  return {
    get(name) {
      if (name === "" || name.includes("=") || name.includes("\0")) {
        throw new TypeError("Key contains invalid characters");
      }
      return Object.hasOwn(variables, name) ? variables[name] : undefined;
    },
  };
}

/** What evaluating a file takes, without a `jsonnet` command unless `invoke` is one. */
export function memoryTools(
  env: Pick<Environment, "get">,
  invoke: Host["invoke"] = () => Promise.resolve(undefined),
): JsonnetTools {
  return {
    host: { clock: new VirtualClock(0), env, invoke },
    externalVariables: { strings: [], codes: [] },
    signal: new AbortController().signal,
  };
}

/**
 * Values that exist in memory only: parameters, secrets' ARNs, stacks' outputs and exports by name, objects by
 * `s3://BUCKET/KEY`.
 */
export interface MemoryValues {
  readonly parameters?: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly stacks?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly exports?: Readonly<Record<string, string>>;
  readonly objects?: Readonly<Record<string, string>>;
}

/** @returns the sources, and what they were asked for, in order */
export function memoryValues(
  { parameters = {}, secrets = {}, stacks = {}, exports = {}, objects = {} }: MemoryValues = {},
) {
  const asked: string[] = [];
  const find = <Value>(values: Readonly<Record<string, Value>>, name: string) => {
    asked.push(name);
    return Promise.resolve(values[name]);
  };
  const sources: ValueSources = {
    readParameter: (name) => find(parameters, name),
    findSecretArn: (name) => find(secrets, name),
    readStackOutputs: async (name) => {
      const outputs = await find(stacks, name);
      return outputs && new Map(Object.entries(outputs));
    },
    readStackExports: () => {
      asked.push("exports");
      return Promise.resolve(new Map(Object.entries(exports)));
    },
    readObject: (bucket, key) => find(objects, `s3://${bucket}/${key}`),
  };
  return { sources, asked };
}

/** The files of a config that names `path` as each of its definition files. */
export function memoryDefinitions(
  path: string,
  files: FileReader,
  made: {
    readonly env?: Pick<Environment, "get">;
    readonly plugins?: readonly Plugin[];
    readonly values?: ValueSources;
    readonly invoke?: Host["invoke"];
  } = {},
): Definitions {
  const { env = memoryEnvironment({}), plugins = [], values = memoryValues().sources, invoke } = made;
  const config = { path: "ecspresso.yml", taskDefinition: path, serviceDefinition: path, plugins } as unknown as Config;
  const connectValues = () => Promise.resolve(values);
  return new Definitions(undefined, config, { ...memoryTools(env, invoke), files, connectValues });
}
