import { findNodeAtLocation } from "jsonc-parser";
import { ConfigError } from "../errors.ts";
import type { Environment, FileReader } from "../host.ts";
import { parseJsonTree } from "./parse_json_tree.ts";
import { readUserFile } from "./read_user_file.ts";
import { stripByteOrderMark } from "./strip_byte_order_mark.ts";
import { templateFunctions } from "./template_functions.ts";
import { renderTemplate } from "./template/render_template.ts";

/** The family that a task definition file names, or one line that says why it is not known. */
export type TaskDefinitionFamily = { readonly family: string } | { readonly unknown: string };

/**
 * Reads the family from a task definition file: the JSON of RegisterTaskDefinition, or a whole answer of
 * DescribeTaskDefinition. It only serves a warning, so that whatever is wrong with the file is an answer, not an error.
 */
export async function readTaskDefinitionFamily(
  path: string,
  files: FileReader,
  env: Pick<Environment, "get">,
): Promise<TaskDefinitionFamily> {
  if (/\.jsonnet$/i.test(path)) return { unknown: `${path}: Jsonnet is not evaluated` };
  try {
    const text = await readUserFile(path, files);
    if (text === undefined) return { unknown: `${path}: there is no such file` };
    const rendered = await renderTemplate(stripByteOrderMark(text), path, templateFunctions(env));
    const root = parseJsonTree(rendered, path);
    const family = findNodeAtLocation(root, ["taskDefinition", "family"]) ?? findNodeAtLocation(root, ["family"]);
    if (family?.type !== "string" || family.value === "") return { unknown: `${path}: it names no family` };
    return { family: family.value };
  } catch (error) {
    if (error instanceof ConfigError) return { unknown: error.message };
    throw error;
  }
}
