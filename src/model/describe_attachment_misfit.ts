import type { ContainerAttachment } from "./service_demands.ts";
import type { ContainerSupply } from "./task_definition.ts";

/**
 * Why a load balancer or a service registry reaches no container of a task definition.
 *
 * @returns a clause that follows the attachment's name; `undefined` where it fits
 */
export function describeAttachmentMisfit(
  { containerName, containerPort }: ContainerAttachment,
  containers: readonly ContainerSupply[],
): string | undefined {
  if (containerName === undefined) return undefined;
  const container = containers.find(({ name }) => name === containerName);
  if (container === undefined) {
    const names = containers.map(({ name }) => name).join(", ");
    return `sends to container ${containerName}, which the task definition does not have (it has ${names})`;
  }
  const { containerPorts, portRanges } = container;
  if (containerPort === undefined || containerPorts.includes(containerPort)) return undefined;
  if (portRanges.some(([first, last]) => first <= containerPort && containerPort <= last)) return undefined;
  const ports = [...containerPorts, ...portRanges.map((range) => range.join("-"))];
  return `sends to port ${containerPort} of container ${containerName}, which the task definition does not map (it maps ${
    ports.length === 0 ? "none" : ports.join(", ")
  })`;
}
