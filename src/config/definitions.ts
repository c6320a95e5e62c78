import { ConfigError } from "../errors.ts";
import { definitionFunctions, type LookupTools } from "./definition_functions.ts";
import {
  type Definition,
  DEFINITION_RULES,
  type DefinitionKind,
  loadDefinition,
  type LoaderTools,
} from "./load_definition.ts";
import { evaluateFile, type SourceFile } from "./evaluate_file.ts";
import { findMember, parseJsonTree } from "./json_tree.ts";
import { type Config, renderConfig } from "./load_config.ts";
import { basicFunctions, type FunctionTable } from "./template/template_functions.ts";
import { readUserFile } from "./user_files.ts";

type DefinitionTools = Omit<LoaderTools, "functions"> & Pick<LookupTools, "connectValues">;

/** The files of one run: the configuration file and the definition files that it names. A value is looked up once. */
export class Definitions {
  readonly #tools: LoaderTools;

  constructor(private readonly source: SourceFile, private readonly config: Config, tools: DefinitionTools) {
    const functions = definitionFunctions(config.plugins, { ...tools, env: tools.host.env });
    this.#tools = { ...tools, functions };
  }

  loadTaskDefinition(): Promise<Definition> {
    return this.#load("taskDefinition", this.config.taskDefinition);
  }

  loadServiceDefinition(): Promise<Definition> {
    return this.#load("serviceDefinition", this.config.serviceDefinition);
  }

  /** The family in the task definition file, without looking anything up; throws no ConfigError. */
  async readFamily(): Promise<TaskDefinitionFamily> {
    const { taskDefinition, path } = this.config;
    if (taskDefinition === undefined) return { unknown: `${path}: names no task definition file` };
    return await readTaskDefinitionFamily(taskDefinition, this.#tools);
  }

  /** The text of the configuration file after Jsonnet and templates. */
  renderConfig(): Promise<string> {
    return renderConfig(this.source, this.#tools);
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
 * Reads the family from a task definition file, for commands that work without that file: what is wrong with it is a
 * result, not an error. Functions such as `ssm` are not called, for a family hardly ever depends on them.
 */
export async function readTaskDefinitionFamily(path: string, tools: LoaderTools): Promise<TaskDefinitionFamily> {
  try {
    const text = await readUserFile(path, tools.files);
    if (text === undefined) return { unknown: `${path}: there is no such file` };
    const rendered = await evaluateFile({ path, text }, "definition file", withoutLookups(tools), tools);
    const root = parseJsonTree(rendered);
    const family = findMember(DEFINITION_RULES.taskDefinition.unwrap(root, rendered.failAt), "family");
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
  const basic = basicFunctions(env, onLookup);
  const natives = Object.entries(table.natives).map(([name, { parameters }]) => [name, { parameters, answer }]);
  return {
    functions: {
      ...Object.fromEntries(Object.keys(table.functions).map((name) => [name, answer])),
      ...basic.functions,
    },
    natives: { ...Object.fromEntries(natives), ...basic.natives },
    explainUnknown: table.explainUnknown,
  };
}
