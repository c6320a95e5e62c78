import type { Node } from "jsonc-parser";
import { ConfigError } from "../errors.ts";
import type { JsonObject } from "../model/json.ts";
import type { ConfigProblem, DefinitionFileKind, FamilyFile, FilePosition } from "../problems.ts";
import { SERVICE_DEPLOYED_MEMBERS, SERVICE_READ_ONLY, TASK_DEFINITION_READ_ONLY } from "../model/api_members.ts";
import { definitionFunctions, type LookupTools } from "./definition_functions.ts";
import { evaluateFile, type SourceFile } from "./evaluate_file.ts";
import { findMember, findNearest, parseJsonTree, toJsonObject } from "./json_tree.ts";
import type { JsonnetTools } from "./jsonnet/evaluate_jsonnet.ts";
import { type Config, evaluateConfig } from "./load_config.ts";
import { basicFunctions, type FunctionTable } from "./template/template_functions.ts";
import { requireUserFile } from "./files/user_files.ts";
import type { FailAt } from "./files/positions.ts";

/** A definition file, as it is sent to AWS's API. */
export interface Definition {
  readonly path: string;
  /** Without the wrapper and the read-only members of a describe command's answer, and without null members. */
  readonly value: JsonObject;
  /** The place of a part of `value` in the file; for a missing part, the place of the nearest one around it. */
  positionAt(path: readonly (string | number)[]): FilePosition;
}

/** What is needed to read a definition file. */
type LoaderTools =
  & JsonnetTools
  & Pick<LookupTools, "files" | "onLookup">
  & { readonly functions: FunctionTable };

const READ_ONLY = { taskDefinition: TASK_DEFINITION_READ_ONLY, serviceDefinition: SERVICE_READ_ONLY };

/** Members that every task definition needs; a service definition needs none. */
const REQUIRED = [
  { key: "family", type: "string", expected: "string", example: '"NAME"' },
  { key: "containerDefinitions", type: "array", expected: "list", example: '[{"name": "app", "image": "IMAGE"}]' },
] as const;

/**
 * Loads a definition file: JSON of AWS's API with comments and trailing commas, or Jsonnet, with templates. It may be the
 * whole answer of a describe command.
 *
 * @throws ConfigError with the place in the file and what to do: there is no such file, it cannot be read or parsed, is
 *   no object, or lacks what every definition needs; an AwsError when a function's value cannot be looked up
 */
async function loadDefinition(path: string, kind: DefinitionFileKind, tools: LoaderTools): Promise<Definition> {
  const { rendered: { positionAt, failAt }, root, unwrapped } = await parseDefinition(path, kind, tools);
  if (unwrapped.type !== "object") return failAt({ code: "notObject", kind }, unwrapped.offset);
  for (const { key, type, expected, example } of kind === "taskDefinition" ? REQUIRED : []) {
    const member = findMember(unwrapped, key);
    const write = `"${key}": ${example}`;
    if (member === undefined) return failAt({ code: "missing", key, write }, unwrapped.offset);
    if (member.type !== type) failAt({ code: "wrongType", key, expected, found: undefined, write }, member.offset);
    if (member.value === "" || member.children?.length === 0) failAt({ code: "empty", key, write }, member.offset);
  }
  // DescribeTaskDefinition returns the tags beside the task definition.
  const isWrapped = unwrapped !== root && findMember(root, "tags")?.type === "array";
  const definition = isWrapped ? withMembersOf(root, ["tags"], unwrapped) : unwrapped;
  return {
    path,
    value: toJsonObject(definition, READ_ONLY[kind]),
    positionAt: (place) => positionAt(findNearest(definition, place).offset),
  };
}

async function parseDefinition(path: string, kind: DefinitionFileKind, tools: LoaderTools) {
  const text = await requireUserFile(path, kind, tools.files);
  const rendered = await evaluateFile({ path, text }, kind, tools.functions, tools);
  const root = parseJsonTree(rendered);
  const isOfTask = kind === "taskDefinition";
  return { rendered, root, unwrapped: isOfTask ? unwrapTaskDefinition(root) : unwrapService(root, rendered.failAt) };
}

/** The definition itself, which may be wrapped as the AWS CLI's describe commands print it. */
function unwrapTaskDefinition(root: Node): Node {
  const wrapped = findMember(root, "taskDefinition");
  return wrapped?.type === "object" ? wrapped : root;
}

function unwrapService(root: Node, failAt: FailAt): Node {
  const service = findService(root, failAt);
  const deployments = findMember(service, "deployments");
  const primary = deployments?.children?.find((one) => findMember(one, "status")?.value === "PRIMARY");
  return primary ? withMembersOf(primary, SERVICE_DEPLOYED_MEMBERS, service) : service;
}

function findService(root: Node, failAt: FailAt): Node {
  const wrapped = findMember(root, "service");
  if (wrapped?.type === "object") return wrapped;
  const list = findMember(root, "services");
  if (list?.type !== "array") return root;
  const [service, ...others] = list.children!;
  if (service === undefined) return failAt({ code: "noService" }, list.offset);
  if (others.length > 0) return failAt({ code: "severalServices" }, others[0]!.offset);
  return service;
}

/** The object, completed by members of another one that it lacks itself. */
function withMembersOf(other: Node, keys: readonly string[], object: Node): Node {
  const missing = keys.filter((key) => (findMember(object, key)?.type ?? "null") === "null");
  const members = missing.flatMap((key) => findMember(other, key)?.parent ?? []);
  return { ...object, children: [...members, ...object.children!] };
}

/** The files of one service: its configuration file and the definition files. Each value is looked up only once. */
export class Definitions {
  readonly #tools: LoaderTools;

  /** @param source the config file; `undefined`: there is none */
  constructor(
    private readonly source: SourceFile | undefined,
    private readonly config: Config,
    tools: JsonnetTools & Omit<LookupTools, "env">,
  ) {
    const functions = definitionFunctions(config.plugins, { ...tools, env: tools.host.env });
    this.#tools = { ...tools, functions };
  }

  /** Throws as `loadDefinition`, and a ConfigError if the config names no such file. */
  async load(kind: DefinitionFileKind): Promise<Definition> {
    const { [kind]: path, path: file } = this.config;
    if (path !== undefined) return await loadDefinition(path, kind, this.#tools);
    throw file === undefined
      ? new ConfigError({ code: "noFiles" })
      : new ConfigError({ code: "noDefinition", kind }, { file });
  }

  /** The family in the task definition file, without looking anything up; throws no ConfigError. */
  async readFamily(): Promise<TaskDefinitionFamily> {
    const { taskDefinition, path } = this.config;
    if (path === undefined) return { unknown: { problem: { code: "noFiles" } } };
    if (taskDefinition === undefined) return familyUnknown({ code: "noDefinition", kind: "taskDefinition" }, path);
    return await readTaskDefinitionFamily(taskDefinition, this.#tools);
  }

  /** The text of the configuration file after Jsonnet and templates. */
  async renderConfig(): Promise<string> {
    if (this.source === undefined) throw new ConfigError({ code: "noFiles" });
    return (await evaluateConfig(this.source, this.#tools)).text;
  }
}

/** The family that a task definition file names, or why it is not known. */
type TaskDefinitionFamily = { readonly family: string } | { readonly unknown: FamilyFile };

function familyUnknown(problem: ConfigProblem, file: string): TaskDefinitionFamily {
  return { unknown: { problem, position: { file } } };
}

/** Stands for a value that is not looked up: it is valid as text and as a number, and in no family's name. */
const NOT_LOOKED_UP = "9007199254740991";

/**
 * Reads the family from a task definition file, for commands that work without that file: they get what is wrong with
 * it as a result, not as an error. Functions such as `ssm` are not called, because a family rarely depends on them.
 */
async function readTaskDefinitionFamily(path: string, tools: LoaderTools): Promise<TaskDefinitionFamily> {
  try {
    const parsed = await parseDefinition(path, "taskDefinition", { ...tools, functions: withoutLookups(tools) });
    const family = findMember(parsed.unwrapped, "family");
    if (family?.type !== "string" || family.value === "") return familyUnknown({ code: "noFamily" }, path);
    if (family.value.includes(NOT_LOOKED_UP)) return familyUnknown({ code: "familyLookedUp" }, path);
    return { family: family.value };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { problem, position = { file: path } } = error;
    return { unknown: { problem, position } };
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
