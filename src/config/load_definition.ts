import type { Node } from "jsonc-parser";
import type { Json, JsonObject } from "../model/json.ts";
import { ConfigError, type FilePosition } from "../errors.ts";
import type { FileReader } from "../host.ts";
import type { OnLookup } from "../secrets/looked_up.ts";
import { DEFINITION_RULES, type DefinitionKind } from "./definition_kinds.ts";
import { evaluateFile } from "./evaluate_file.ts";
import { findMember, findNearest, parseJsonTree, toJson, toJsonObject } from "./json_tree.ts";
import type { JsonnetTools } from "./jsonnet/evaluate_jsonnet.ts";
import { readUserFile } from "./user_files.ts";
import { failIn } from "./settings.ts";
import type { FunctionTable } from "./template/template_function.ts";

/** A definition file, as AWS's API is to have it. */
export interface Definition {
  readonly path: string;
  /** After Jsonnet and templates. */
  readonly text: string;
  /** Without the wrapper and the read-only members of a describe answer, and without members that are null. */
  readonly value: JsonObject;
  /**
   * Where in the file a part of `value` stands; of a part that is not there, where the nearest one around it stands.
   */
  positionAt(path: readonly (string | number)[]): FilePosition;
}

/** What reading a definition file takes. */
export interface LoaderTools extends JsonnetTools {
  readonly files: FileReader;
  /** What templates and Jsonnet may call. */
  readonly functions: FunctionTable;
  /** Called with the variables that are read without those functions. */
  readonly onLookup?: OnLookup;
}

/**
 * Loads a definition file: JSON of AWS's API with comments and trailing commas, or Jsonnet, with templates. A whole
 * answer of a describe command is taken too.
 *
 * @throws ConfigError with the place in the file and what to do: there is no such file, it cannot be read or parsed, is
 *   no object, or lacks what no definition goes without; an AwsError when a function's value cannot be looked up
 */
export async function loadDefinition(
  path: string,
  kind: DefinitionKind,
  tools: LoaderTools,
): Promise<Definition> {
  const rules = DEFINITION_RULES[kind];
  const source = await readUserFile(path, tools.files);
  if (source === undefined) {
    throw new ConfigError(`there is no such ${rules.name} file (${rules.configKey} in the config names it)`, {
      file: path,
    });
  }
  const rendered = await evaluateFile({ path, text: source }, "definition file", tools.functions, tools);
  const failAt = failIn(path, rendered);
  const root = parseJsonTree(rendered, path);
  const definition = rules.unwrap(root, failAt);
  if (definition.type !== "object") {
    return failAt(`must be a ${rules.name}, a JSON object as AWS's API has it`, definition.offset);
  }
  rules.check(definition, failAt);
  const deployed = rules.findDeployed(definition);
  const value = { ...readMembers(deployed, rules.deployed), ...toJsonObject(definition, rules.readOnly) };
  const holderOf = ([name]: readonly (string | number)[]) => {
    const isDeployed = typeof name === "string" && rules.deployed.includes(name) && !findMember(definition, name);
    return isDeployed && deployed !== undefined ? deployed : definition;
  };
  return {
    path,
    text: rendered.text,
    value: definition === root ? value : { ...readTags(root), ...value },
    positionAt: (place) => ({ file: path, ...rendered.positionAt(findNearest(holderOf(place), place).offset) }),
  };
}

function readMembers(object: Node | undefined, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => {
    const member = object && findMember(object, name);
    return member === undefined || member.type === "null" ? [] : [[name, toJson(member)] as const];
  }));
}

/** DescribeTaskDefinition returns the tags beside the task definition. */
function readTags(wrapper: Node): { readonly tags?: Json } {
  const tags = findMember(wrapper, "tags");
  return tags?.type === "array" ? { tags: toJson(tags) } : {};
}
