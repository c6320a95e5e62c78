import { ConfigError } from "../errors.ts";
import { definitionFunctions, type LookupTools } from "./definition_functions.ts";
import { DEFINITION_RULES, type DefinitionKind } from "./definition_kinds.ts";
import type { SourceFile } from "./evaluate_file.ts";
import { type Config, renderConfig } from "./load_config.ts";
import { type Definition, loadDefinition, type LoaderTools } from "./load_definition.ts";
import { readTaskDefinitionFamily, type TaskDefinitionFamily } from "./task_definition_family.ts";

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
