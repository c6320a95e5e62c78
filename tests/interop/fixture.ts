import { Emulator } from "../emulator/emulator.ts";

/** A folder with a config, the definition files that it names, and what else rendering them takes. */
export interface Fixture {
  readonly folder: string;
  /** The options, of both programs, that a command on these files begins with; paths are absolute. */
  readonly options: readonly string[];
}

/** What is in AWS for a folder: its `values.json`. */
interface Values {
  /** The names of clusters besides `default`. */
  readonly clusters?: readonly string[];
  readonly parameters?: Readonly<Record<string, { readonly type: "String" | "StringList"; readonly value: string }>>;
  /** ARNs by name. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Outputs by key, by the name of their stack. */
  readonly stacks?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What a stack of its own exports, by name. */
  readonly exports?: Readonly<Record<string, string>>;
  /** By `s3://BUCKET/KEY`. */
  readonly objects?: Readonly<Record<string, string>>;
}

const CONFIGS = ["ecspresso.yml", "ecspresso.yaml", "ecspresso.json", "ecspresso.jsonnet"];

/** The folders of some folders, by name. */
export function foldersIn(collections: readonly string[]): string[] {
  return collections.flatMap((collection) =>
    [...Deno.readDirSync(collection)].filter(({ isDirectory }) => isDirectory).map(({ name }) =>
      `${collection}/${name}`
    )
  ).sort();
}

export function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Throws an Error for a folder without a config. */
export function readFixture(folder: string): Fixture {
  const config = CONFIGS.find((name) => isThere(`${folder}/${name}`));
  if (config === undefined) throw new Error(`${folder} has no ${CONFIGS.join(", ")}`);
  const envfile = isThere(`${folder}/envfile`) ? ["--envfile", Deno.realPathSync(`${folder}/envfile`)] : [];
  const options = ["--config", Deno.realPathSync(`${folder}/${config}`), ...envfile, ...externalVariablesOf(folder)];
  return { folder, options };
}

/** What the files take as external variables of Jsonnet. */
function externalVariablesOf(folder: string): string[] {
  if (!isThere(`${folder}/options.json`)) return [];
  const { strings, codes } = JSON.parse(Deno.readTextFileSync(`${folder}/options.json`));
  return [
    ...strings.flatMap((variable: string) => ["--ext-str", variable]),
    ...codes.flatMap((variable: string) => ["--ext-code", variable]),
  ];
}

/** A world without services in which the values that a folder's files look up are there. */
export function worldFor({ folder }: Fixture): Emulator {
  const emulator = new Emulator({ startAtMs: Date.now() });
  if (!isThere(`${folder}/values.json`)) return emulator;
  const values: Values = JSON.parse(Deno.readTextFileSync(`${folder}/values.json`));
  for (const cluster of values.clusters ?? []) emulator.createCluster(cluster);
  for (const [name, { type, value }] of Object.entries(values.parameters ?? {})) {
    emulator.setParameter(name, value, type);
  }
  for (const name of Object.keys(values.secrets ?? {})) emulator.setSecret(name);
  for (const [name, outputs] of Object.entries(values.stacks ?? {})) emulator.setStack(name, outputs);
  for (const [name, value] of Object.entries(values.exports ?? {})) {
    emulator.setStack(`exporting-${name}`, { Exported: value }, { Exported: name });
  }
  for (const [url, body] of Object.entries(values.objects ?? {})) {
    const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
    emulator.setObject(bucket, key, body);
  }
  return emulator;
}
