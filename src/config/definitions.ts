import { definitionFunctions, type LookupTools } from "./definition_functions.ts";
import { DEFINITION_RULES, type DefinitionKind } from "./definition_kinds.ts";
import { evaluateFile, type SourceFile } from "./evaluate_file.ts";
import { type Config, renderConfig } from "./load_config.ts";
import { type Definition, loadDefinition, type LoaderTools } from "./load_definition.ts";
import { ConfigError } from "../errors.ts";
import { findMember, parseJsonTree } from "./json_tree.ts";
import { readUserFile } from "./user_files.ts";
import { failIn } from "./settings.ts";
import { nativeFunctions, templateFunctions } from "./template_functions.ts";
import type { FunctionTable } from "./template/template_function.ts";

/** What reading the files of one run takes. */
export type DefinitionTools = Omit<LoaderTools, "functions"> & Pick<LookupTools, "connectValues">;

/** The definition files that a configuration file names, and that file itself. What functions look up is kept. */
export class Definitions {
  readonly #tools: LoaderTools;

  constructor(private readonly source: SourceFile, private readonly config: Config, tools: DefinitionTools) {
    const functions = definitionFunctions(config.plugins, { ...tools, env: tools.host.env });
    this.#tools = { ...tools, functions };
  }

  /** Throws as `loadDefinition`, and a ConfigError when the configuration file names none. */
  async loadTaskDefinition(): Promise<Definition> {
    return await this.#load("taskDefinition", this.config.taskDefinition);
  }

  /** Throws as `loadDefinition`, and a ConfigError when the configuration file names none. */
  async loadServiceDefinition(): Promise<Definition> {
    return await this.#load("serviceDefinition", this.config.serviceDefinition);
  }

  /** The family in the task definition file, without looking anything up; throws no ConfigError. */
  async readFamily(): Promise<TaskDefinitionFamily> {
    const { taskDefinition, path } = this.config;
    if (taskDefinition === undefined) return { unknown: `${path}: names no task definition file` };
    return await readTaskDefinitionFamily(taskDefinition, this.#tools);
  }

  /** The text of the configuration file after Jsonnet and templates. */
  async renderConfig(): Promise<string> {
    return await renderConfig(this.source, this.#tools);
  }

  async #load(kind: DefinitionKind, path: string | undefined): Promise<Definition> {
    if (path !== undefined) return await loadDefinition(path, kind, this.#tools);
    const { configKey, name } = DEFINITION_RULES[kind];
    throw new ConfigError(`names no ${name} file (add ${configKey}: FILE)`, { file: this.config.path });
  }
}

/** The family that a task definition file names, or one line that says why it is not known. */
type TaskDefinitionFamily = { readonly family: string } | { readonly unknown: string };

/** Stands for what is looked up elsewhere: a text and a number at once, and in no family's name. */
const NOT_LOOKED_UP = "9007199254740991";

/**
 * Reads the family from a task definition file. It serves where the file may as well be missing, so that whatever is
 * wrong with it is an answer, not an error, and nobody is asked for the values of functions such as `ssm`: a family
 * hardly ever depends on them.
 */
export async function readTaskDefinitionFamily(
  path: string,
  tools: LoaderTools,
): Promise<TaskDefinitionFamily> {
  try {
    const text = await readUserFile(path, tools.files);
    if (text === undefined) return { unknown: `${path}: there is no such file` };
    const functions = withoutLookups(tools);
    const rendered = await evaluateFile({ path, text }, "definition file", functions, tools);
    const root = parseJsonTree(rendered, path);
    const family = findMember(DEFINITION_RULES.taskDefinition.unwrap(root, failIn(path, rendered)), "family");
    if (family?.type !== "string" || family.value === "") return { unknown: `${path}: it names no family` };
    if (family.value.includes(NOT_LOOKED_UP)) return { unknown: `${path}: its family is looked up elsewhere` };
    return { family: family.value };
  } catch (error) {
    if (error instanceof ConfigError) return { unknown: error.message };
    throw error;
  }
}

function withoutLookups({ functions: table, host: { env }, onLookup }: LoaderTools): FunctionTable {
  const answer = () => NOT_LOOKED_UP;
  const natives = Object.entries(table.natives).map(([name, { parameters }]) => [name, { parameters, answer }]);
  return {
    functions: {
      ...Object.fromEntries(Object.keys(table.functions).map((name) => [name, answer])),
      ...templateFunctions(env, onLookup),
    },
    natives: { ...Object.fromEntries(natives), ...nativeFunctions(env, onLookup) },
    explainUnknown: table.explainUnknown,
  };
}
