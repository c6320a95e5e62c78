import type { ContainerAttachment, ServiceSnapshot } from "../ecs/service.ts";
import type { TaskDefinition } from "../ecs/task_definition.ts";

/**
 * The limits of a service update: UpdateService with a task definition alone changes neither launch type nor network
 * nor load balancers, so the task definition has to fit those that the service has.
 *
 * @returns what does not fit, a clause each; empty when nothing speaks against it. Only what the two descriptions show
 * is judged, and only when they show it clearly: a wrong "no" would cost a rollback, a wrong "yes" is caught by ECS.
 */
export function findMisfits(service: ServiceSnapshot, target: TaskDefinition): string[] {
  return [
    ...misfitOfLaunchType(service.launchType, target),
    ...misfitOfNetworkMode(service.hasAwsvpcConfiguration, target),
    ...service.attachments.flatMap((attachment) => misfitOfAttachment(attachment, target)),
  ];
}

function misfitOfLaunchType(launchType: string | undefined, target: TaskDefinition): string[] {
  // What the author declared counts; what AWS derived is asked only where the author declared nothing.
  const fitFor = target.requiresCompatibilities.length > 0 ? target.requiresCompatibilities : target.compatibilities;
  if (launchType === undefined || fitFor.length === 0 || fitFor.includes(launchType)) return [];
  return [`the service runs on ${launchType}, the task definition is for ${fitFor.join(", ")}`];
}

function misfitOfNetworkMode(hasAwsvpcConfiguration: boolean, target: TaskDefinition): string[] {
  // On Linux an absent network mode means `bridge`.
  const networkMode = target.networkMode ?? "bridge";
  if (hasAwsvpcConfiguration && networkMode !== "awsvpc") {
    return [`the service has an awsvpc network configuration, the task definition's network mode is ${networkMode}`];
  }
  if (!hasAwsvpcConfiguration && networkMode === "awsvpc") {
    return ["the task definition's network mode is awsvpc, the service has no network configuration for it"];
  }
  return [];
}

function misfitOfAttachment(
  { kind, name, containerName, containerPort }: ContainerAttachment,
  target: TaskDefinition,
): string[] {
  if (containerName === undefined) return [];
  const container = target.containers.find((candidate) => candidate.name === containerName);
  if (container === undefined) {
    const names = target.containers.map((candidate) => candidate.name).join(", ");
    return [
      `the ${kind} ${name} sends to container ${containerName}, which the task definition does not have (it has ${names})`,
    ];
  }
  if (containerPort === undefined || container.containerPorts.includes(containerPort)) return [];
  const ports = container.containerPorts.length === 0 ? "none" : container.containerPorts.join(", ");
  return [
    `the ${kind} ${name} sends to port ${containerPort} of container ${containerName}, which the task definition does ` +
    `not map (it maps ${ports})`,
  ];
}
