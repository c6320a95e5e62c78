import type { Json, JsonObject } from "../ecs/json.ts";
import type { Verified } from "./verify_references.ts";

/** What of a service definition names a container: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
const ATTACHMENTS = [
  { member: "loadBalancers", kind: "load balancer", names: ["targetGroupArn", "loadBalancerName"] },
  { member: "serviceRegistries", kind: "service registry", names: ["registryArn"] },
] as const;

/**
 * The load balancers and service registries of a service definition that send to a container or a port which the task
 * definition does not have. Those that fit are left out: whether they are there is not looked for. Pure.
 */
export function findAttachmentMisfits(service: JsonObject, taskDefinition: JsonObject): Verified[] {
  const containers = listOf(taskDefinition.containerDefinitions);
  return ATTACHMENTS.flatMap(({ member, kind, names }) =>
    listOf(service[member]).flatMap((attachment): Verified[] => {
      const reason = findMisfit(attachment, containers);
      if (reason === undefined) return [];
      const name = names.map((one) => attachment[one]).find((one) => typeof one === "string") ?? "without a name";
      return [{ reference: { kind, name: String(name) }, state: "unfit", reason }];
    })
  );
}

function findMisfit(
  { containerName, containerPort }: JsonObject,
  containers: readonly JsonObject[],
): string | undefined {
  if (typeof containerName !== "string" || containerName === "") return undefined;
  const container = containers.find(({ name }) => name === containerName);
  if (container === undefined) {
    const names = containers.map(({ name }) => String(name)).join(", ");
    return `it sends to container ${containerName}, which the task definition does not have: it has ${names}`;
  }
  const mappings = listOf(container.portMappings);
  if (typeof containerPort !== "number" || mappings.some((one) => one.containerPortRange !== undefined)) {
    return undefined;
  }
  const ports = mappings.flatMap((one) => typeof one.containerPort === "number" ? [one.containerPort] : []);
  if (ports.includes(containerPort)) return undefined;
  const mapped = ports.length === 0 ? "none" : ports.join(", ");
  return `it sends to port ${containerPort} of container ${containerName}, which that does not map: it maps ${mapped}`;
}

function listOf(value: Json | undefined): JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is JsonObject => typeof one === "object" && one !== null && !Array.isArray(one));
}
