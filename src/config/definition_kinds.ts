import type { Node } from "jsonc-parser";
import { SERVICE_DEPLOYED_MEMBERS, SERVICE_READ_ONLY, TASK_DEFINITION_READ_ONLY } from "../model/read_only_fields.ts";
import { findMember } from "./json_tree.ts";
import type { FailAt } from "./settings.ts";

export type DefinitionKind = "serviceDefinition" | "taskDefinition";

/** What is special about the definition files of one kind. */
interface DefinitionRules {
  /** The key of the configuration file that names it. */
  readonly configKey: "service_definition" | "task_definition";
  readonly name: string;
  /** The node with the definition itself, which may be wrapped as the AWS CLI's describe commands print it. */
  readonly unwrap: (root: Node, failAt: FailAt) => Node;
  /** Members of a describe answer that no request takes. */
  readonly readOnly: readonly string[];
  /** The part of a describe answer, below the definition, that has some of the definition's members in its place. */
  readonly findDeployed: (definition: Node) => Node | undefined;
  /** Those members. */
  readonly deployed: readonly string[];
  /** Throws when a member is missing that nothing goes without. */
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
    deployed: [],
    check: checkTaskDefinition,
  },
  serviceDefinition: {
    configKey: "service_definition",
    name: "service definition",
    unwrap: unwrapService,
    readOnly: SERVICE_READ_ONLY,
    findDeployed: findPrimaryDeployment,
    deployed: SERVICE_DEPLOYED_MEMBERS,
    check: () => {},
  },
};

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
  return deployments?.type === "array"
    ? deployments.children!.find((one) => findMember(one, "status")?.value === "PRIMARY")
    : undefined;
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
