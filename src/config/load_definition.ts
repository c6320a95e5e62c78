import type { Node } from "jsonc-parser";
import { ConfigError, type FilePosition } from "../errors.ts";
import type { FileReader } from "../host.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { SERVICE_DEPLOYED_MEMBERS, SERVICE_READ_ONLY, TASK_DEFINITION_READ_ONLY } from "../model/api_members.ts";
import type { OnLookup } from "../secrets/looked_up.ts";
import { evaluateFile } from "./evaluate_file.ts";
import { findMember, findNearest, parseJsonTree, toJson, toJsonObject } from "./json_tree.ts";
import type { JsonnetTools } from "./jsonnet/evaluate_jsonnet.ts";
import type { FunctionTable } from "./template/template_functions.ts";
import { type FailAt, readUserFile } from "./user_files.ts";

/** A definition file, as AWS's API is to have it. */
export interface Definition {
  readonly path: string;
  /** After Jsonnet and templates. */
  readonly text: string;
  /** Without the wrapper and the read-only members of a describe answer, and without members that are null. */
  readonly value: JsonObject;
  /** The place of a part of `value` in the file; of a part that is not there, the place of the nearest one around it. */
  positionAt(path: readonly (string | number)[]): FilePosition;
}

/** What reading a definition file takes. */
export interface LoaderTools extends JsonnetTools {
  readonly files: FileReader;
  readonly functions: FunctionTable;
  readonly onLookup?: OnLookup;
}

export type DefinitionKind = "serviceDefinition" | "taskDefinition";

interface DefinitionRules {
  readonly configKey: "service_definition" | "task_definition";
  readonly name: string;
  /** The node with the definition itself, which may be wrapped as the AWS CLI's describe commands print it. */
  readonly unwrap: (root: Node, failAt: FailAt) => Node;
  readonly readOnly: readonly string[];
  /** The part of a describe answer that has the `SERVICE_DEPLOYED_MEMBERS` in the definition's place. */
  readonly findDeployed: (definition: Node) => Node | undefined;
  readonly check: (definition: Node, failAt: FailAt) => void;
}

export const DEFINITION_RULES: Readonly<Record<DefinitionKind, DefinitionRules>> = {
  taskDefinition: {
    configKey: "task_definition",
    name: "task definition",
    unwrap: (root) => {
      const wrapped = findMember(root, "taskDefinition");
      return wrapped?.type === "object" ? wrapped : root;
    },
    readOnly: TASK_DEFINITION_READ_ONLY,
    findDeployed: () => undefined,
    check: checkTaskDefinition,
  },
  serviceDefinition: {
    configKey: "service_definition",
    name: "service definition",
    unwrap: unwrapService,
    readOnly: SERVICE_READ_ONLY,
    findDeployed: findPrimaryDeployment,
    check: () => {},
  },
};

/**
 * Loads a definition file: JSON of AWS's API with comments and trailing commas, or Jsonnet, with templates. It may be the
 * whole answer of a describe command.
 *
 * @throws ConfigError with the place in the file and what to do: there is no such file, it cannot be read or parsed, is
 *   no object, or lacks what every definition needs; an AwsError when a function's value cannot be looked up
 */
export async function loadDefinition(path: string, kind: DefinitionKind, tools: LoaderTools): Promise<Definition> {
  const rules = DEFINITION_RULES[kind];
  const source = await readUserFile(path, tools.files);
  if (source === undefined) {
    throw new ConfigError(`there is no such ${rules.name} file (${rules.configKey} in the config names it)`, {
      file: path,
    });
  }
  const rendered = await evaluateFile({ path, text: source }, "definition file", tools.functions, tools);
  const { failAt, positionAt } = rendered;
  const root = parseJsonTree(rendered);
  const definition = rules.unwrap(root, failAt);
  if (definition.type !== "object") {
    return failAt(`must be a ${rules.name}, a JSON object as AWS's API has it`, definition.offset);
  }
  rules.check(definition, failAt);
  const deployed = rules.findDeployed(definition);
  const value = { ...readDeployed(deployed), ...toJsonObject(definition, rules.readOnly) };
  const holderOf = ([name]: readonly (string | number)[]) => {
    if (deployed === undefined || typeof name !== "string" || findMember(definition, name)) return definition;
    return SERVICE_DEPLOYED_MEMBERS.includes(name) ? deployed : definition;
  };
  return {
    path,
    text: rendered.text,
    value: definition === root ? value : { ...readTags(root), ...value },
    positionAt: (place) => positionAt(findNearest(holderOf(place), place).offset),
  };
}

function readDeployed(deployment: Node | undefined): JsonObject {
  return Object.fromEntries(SERVICE_DEPLOYED_MEMBERS.flatMap((name) => {
    const member = deployment && findMember(deployment, name);
    return member === undefined || member.type === "null" ? [] : [[name, toJson(member)] as const];
  }));
}

/** DescribeTaskDefinition returns the tags beside the task definition. */
function readTags(wrapper: Node): { readonly tags?: Json } {
  const tags = findMember(wrapper, "tags");
  return tags?.type === "array" ? { tags: toJson(tags) } : {};
}

function unwrapService(root: Node, failAt: FailAt): Node {
  const wrapped = findMember(root, "service");
  if (wrapped?.type === "object") return wrapped;
  const list = findMember(root, "services");
  if (list?.type !== "array") return root;
  const [service, ...others] = list.children!;
  if (service === undefined) {
    return failAt("services: is empty (the service was not found when this was written)", list.offset);
  }
  if (others.length > 0) return failAt("services: holds several services (leave the one to deploy)", others[0]!.offset);
  return service;
}

function findPrimaryDeployment(service: Node): Node | undefined {
  const deployments = findMember(service, "deployments");
  if (deployments?.type !== "array") return undefined;
  return deployments.children!.find((one) => findMember(one, "status")?.value === "PRIMARY");
}

function checkTaskDefinition(definition: Node, failAt: FailAt): void {
  const family = findMember(definition, "family");
  const advice = 'write "family": "NAME"';
  if (family === undefined) failAt(`family: is missing (${advice})`, definition.offset);
  if (family.type !== "string") failAt(`family: must be a string (${advice})`, family.offset);
  if (family.value === "") failAt(`family: is empty (${advice})`, family.offset);

  const containers = findMember(definition, "containerDefinitions");
  const example = 'write "containerDefinitions": [{"name": "app", "image": "IMAGE"}]';
  if (containers === undefined) failAt(`containerDefinitions: is missing (${example})`, definition.offset);
  if (containers.type !== "array") failAt(`containerDefinitions: must be a list (${example})`, containers.offset);
  if (containers.children!.length === 0) failAt(`containerDefinitions: is empty (${example})`, containers.offset);
}
