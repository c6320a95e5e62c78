import type { ContainerAttachment, NamedPort, ServiceDemands } from "./service_demands.ts";
import type { ContainerSupply, TaskSupply } from "./task_definition.ts";

/** Something in which a task definition does not fit a service, as a code with its data. */
export type Misfit =
  | { readonly code: "launchType"; readonly launchType: string; readonly fitFor: readonly string[] }
  | { readonly code: "operatingSystem"; readonly platformFamily: string; readonly operatingSystem: string }
  /** The service has an awsvpc network configuration, and the task definition another network mode. */
  | { readonly code: "networkMode"; readonly networkMode: string }
  /** The task definition's network mode is awsvpc, and the service has no network configuration. */
  | { readonly code: "noNetworkConfiguration" }
  | AttachmentMisfit
  /** Volumes that only one of the two has; `launchVolumes` are all of the task definition's. */
  | {
    readonly code: "surplusVolumes" | "missingVolumes";
    readonly names: readonly string[];
    readonly launchVolumes: readonly string[];
  }
  | ({ readonly code: "portName"; readonly portNames: readonly string[] } & NamedPort);

/** A load balancer or a service registry that reaches no container of a task definition; `has`: what there is instead. */
export interface AttachmentMisfit {
  readonly code: "noSuchContainer" | "noSuchPort";
  readonly attachment: ContainerAttachment;
  readonly has: readonly string[];
}

/**
 * The limits of a service update: UpdateService with a task definition alone changes nothing else about the service, so the
 * task definition has to fit the settings that the service has.
 *
 * @returns what does not fit; empty when nothing speaks against it. Only what the two descriptions show is judged, and only
 * when they show it clearly: a wrong "no" would cost a rollback, a wrong "yes" is caught by ECS.
 */
export function findMisfits(service: ServiceDemands, target: TaskSupply): Misfit[] {
  const found = [
    misfitOfLaunchType(service.launchType, target),
    misfitOfOperatingSystem(service, target),
    misfitOfNetworkMode(service.hasAwsvpcConfiguration, target),
    ...service.attachments.map((attachment) => misfitOfAttachment(attachment, target.containers)),
    ...misfitsOfVolumes(service.volumeNames, target),
    ...service.namedPorts.map((port) => misfitOfPort(port, target)),
  ];
  return found.filter((misfit) => misfit !== undefined);
}

function misfitOfLaunchType(launchType: string | undefined, target: TaskSupply): Misfit | undefined {
  // What the author declared counts; what AWS derived is asked only where the author declared nothing.
  const fitFor = target.requiresCompatibilities.length > 0 ? target.requiresCompatibilities : target.compatibilities;
  if (launchType === undefined || fitFor.length === 0 || fitFor.includes(launchType)) return undefined;
  return { code: "launchType", launchType, fitFor };
}

/** API reference, Service, `platformFamily`: all tasks of a service on Fargate must have the same. */
function misfitOfOperatingSystem(
  { launchType, platformFamily }: ServiceDemands,
  { operatingSystem = "LINUX" }: TaskSupply,
): Misfit | undefined {
  if (launchType !== "FARGATE" || platformFamily === undefined) return undefined;
  if (platformFamily.toUpperCase() === operatingSystem.toUpperCase()) return undefined;
  return { code: "operatingSystem", platformFamily, operatingSystem };
}

function misfitOfNetworkMode(hasAwsvpcConfiguration: boolean, target: TaskSupply): Misfit | undefined {
  // On Linux an absent network mode means `bridge`.
  const networkMode = target.networkMode ?? "bridge";
  if (hasAwsvpcConfiguration === (networkMode === "awsvpc")) return undefined;
  if (hasAwsvpcConfiguration) return { code: "networkMode", networkMode };
  return networkMode === "awsvpc" ? { code: "noNetworkConfiguration" } : undefined;
}

/** Why a load balancer or a service registry reaches no container of a task definition; `undefined` where it does. */
export function misfitOfAttachment(
  attachment: ContainerAttachment,
  containers: readonly ContainerSupply[],
): AttachmentMisfit | undefined {
  const { containerName, containerPort } = attachment;
  if (containerName === undefined) return undefined;
  const container = containers.find(({ name }) => name === containerName);
  if (container === undefined) {
    return { code: "noSuchContainer", attachment, has: containers.map(({ name }) => name) };
  }
  const { containerPorts, portRanges } = container;
  if (containerPort === undefined || containerPorts.includes(containerPort)) return undefined;
  if (portRanges.some(([first, last]) => first <= containerPort && containerPort <= last)) return undefined;
  const has = [...containerPorts.map(String), ...portRanges.map((range) => range.join("-"))];
  return { code: "noSuchPort", attachment, has };
}

/** API reference, ServiceVolumeConfiguration: the names have to be the same on both sides. */
function misfitsOfVolumes(volumeNames: readonly string[] | undefined, { launchVolumes }: TaskSupply): Misfit[] {
  if (volumeNames === undefined) return [];
  const misfits = [
    { code: "surplusVolumes", names: volumeNames.filter((name) => !launchVolumes.includes(name)), launchVolumes },
    { code: "missingVolumes", names: launchVolumes.filter((name) => !volumeNames.includes(name)), launchVolumes },
  ] as const;
  return misfits.filter(({ names }) => names.length > 0);
}

/** API reference, ServiceConnectService and VpcLatticeConfiguration: the name has to be one of the port mappings'. */
function misfitOfPort(port: NamedPort, { containers }: TaskSupply): Misfit | undefined {
  const portNames = containers.flatMap((container) => container.portNames);
  return portNames.includes(port.portName) ? undefined : { code: "portName", ...port, portNames };
}
