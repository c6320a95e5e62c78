import { ConfigError } from "../errors.ts";
import { DEFINITION_RULES } from "./definition_kinds.ts";
import { evaluateFile } from "./evaluate_file.ts";
import { findMember } from "./json_nodes.ts";
import type { LoaderTools } from "./load_definition.ts";
import { parseJsonTree } from "./parse_json_tree.ts";
import { readUserFile } from "./read_user_file.ts";
import { failIn } from "./settings.ts";
import { nativeFunctions, templateFunctions } from "./template_functions.ts";
import type { FunctionTable } from "./template/template_function.ts";

/** The family that a task definition file names, or one line that says why it is not known. */
export type TaskDefinitionFamily = { readonly family: string } | { readonly unknown: string };

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
