import { type JsonObject, numberIn, objectIn, objectsIn, textIn, textsIn } from "./json.ts";
import type { ContainerCapabilities, TaskCapabilities } from "./task_definition.ts";

/** One way in which a task definition does not fit a service, as a code with its data. */
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

/** A load balancer or service registry whose container or port the task definition lacks; `has`: what it has. */
export interface AttachmentMisfit {
  readonly code: "noSuchContainer" | "noSuchPort";
  readonly attachment: ContainerAttachment;
  readonly has: readonly string[];
}

/**
 * How a task definition does not fit the settings of a service. Judges only what the two descriptions show clearly: a
 * wrong "no" would cost a rollback, a wrong "yes" is caught by ECS.
 */
export function findMisfits(service: ServiceRequirements, target: TaskCapabilities): Misfit[] {
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

function misfitOfLaunchType(launchType: string | undefined, target: TaskCapabilities): Misfit | undefined {
  // What AWS derived counts only where the author declared nothing.
  const fitFor = target.requiresCompatibilities.length > 0 ? target.requiresCompatibilities : target.compatibilities;
  if (launchType === undefined || fitFor.length === 0 || fitFor.includes(launchType)) return undefined;
  return { code: "launchType", launchType, fitFor };
}

/** API reference, Service, `platformFamily`: all tasks of a service on Fargate must have the same. */
function misfitOfOperatingSystem(
  { launchType, platformFamily }: ServiceRequirements,
  { operatingSystem = "LINUX" }: TaskCapabilities,
): Misfit | undefined {
  if (launchType !== "FARGATE" || platformFamily === undefined) return undefined;
  if (platformFamily.toUpperCase() === operatingSystem.toUpperCase()) return undefined;
  return { code: "operatingSystem", platformFamily, operatingSystem };
}

function misfitOfNetworkMode(hasAwsvpcConfiguration: boolean, target: TaskCapabilities): Misfit | undefined {
  // On Linux an absent network mode means `bridge`.
  const networkMode = target.networkMode ?? "bridge";
  if (hasAwsvpcConfiguration === (networkMode === "awsvpc")) return undefined;
  return hasAwsvpcConfiguration ? { code: "networkMode", networkMode } : { code: "noNetworkConfiguration" };
}

/** Which container or port of a load balancer or a service registry the task definition lacks; `undefined`: none. */
export function misfitOfAttachment(
  attachment: ContainerAttachment,
  containers: readonly ContainerCapabilities[],
): AttachmentMisfit | undefined {
  const { containerName, containerPort } = attachment;
  if (containerName === undefined) return undefined;
  const container = containers.find(({ name }) => name === containerName);
  if (container === undefined) return { code: "noSuchContainer", attachment, has: containers.map(({ name }) => name) };
  const { containerPorts, portRanges } = container;
  if (containerPort === undefined || containerPorts.includes(containerPort)) return undefined;
  if (portRanges.some(([first, last]) => first <= containerPort && containerPort <= last)) return undefined;
  const has = [...containerPorts.map(String), ...portRanges.map((range) => range.join("-"))];
  return { code: "noSuchPort", attachment, has };
}

/** API reference, ServiceVolumeConfiguration: the names have to be the same on both sides. */
function misfitsOfVolumes(volumeNames: readonly string[] | undefined, { launchVolumes }: TaskCapabilities): Misfit[] {
  if (volumeNames === undefined) return [];
  const misfits = [
    { code: "surplusVolumes", names: volumeNames.filter((name) => !launchVolumes.includes(name)), launchVolumes },
    { code: "missingVolumes", names: launchVolumes.filter((name) => !volumeNames.includes(name)), launchVolumes },
  ] as const;
  return misfits.filter(({ names }) => names.length > 0);
}

/** API reference, ServiceConnectService and VpcLatticeConfiguration: the name has to be one of the port mappings'. */
function misfitOfPort(port: NamedPort, { containers }: TaskCapabilities): Misfit | undefined {
  const portNames = containers.flatMap((container) => container.portNames);
  return portNames.includes(port.portName) ? undefined : { code: "portName", ...port, portNames };
}

/** A load balancer or a service registry that names a container of the task definition. */
export interface ContainerAttachment {
  readonly kind: "loadBalancer" | "serviceRegistry";
  /** `undefined`: the service's definition names none. */
  readonly name: string | undefined;
  /** The target group that takes its place when traffic is shifted. */
  readonly alternate?: string;
  readonly containerName: string | undefined;
  readonly containerPort: number | undefined;
}

/** A port mapping that the service knows by its name. */
interface NamedPort {
  readonly usedBy: "serviceConnect" | "vpcLattice";
  readonly portName: string;
}

/** What a service's settings require of its task definition. `undefined`: not known, so not judged. */
export interface ServiceRequirements {
  /** The launch type that tasks get, `undefined` when capacity providers leave it open. */
  readonly launchType: string | undefined;
  /** The operating system of the service's tasks on Fargate: `Linux`, `WINDOWS_SERVER_2019_CORE`, ... */
  readonly platformFamily: string | undefined;
  readonly hasAwsvpcConfiguration: boolean;
  readonly attachments: readonly ContainerAttachment[];
  readonly volumeNames: readonly string[] | undefined;
  readonly namedPorts: readonly NamedPort[];
}

/** The settings that require something of it, in the names of CreateService and UpdateService. */
const REQUIRING: ReadonlySet<string> = new Set([
  ...["capacityProviderStrategy", "launchType", "loadBalancers", "networkConfiguration", "serviceConnectConfiguration"],
  ...["serviceRegistries", "volumeConfigurations", "vpcLatticeConfigurations"],
]);

/** Whether a service that gets these settings may require something else of its task definition than before. */
export function changesRequirements(settings: JsonObject): boolean {
  return Object.keys(settings).some((name) => REQUIRING.has(name));
}

/** What a service without settings requires: nothing. */
export const NEW_SERVICE: ServiceRequirements = {
  launchType: undefined,
  platformFamily: undefined,
  hasAwsvpcConfiguration: false,
  attachments: [],
  volumeNames: [],
  namedPorts: [],
};

/**
 * What a service requires once it has these settings, in the names of CreateService and UpdateService. They come from
 * the user: a value of the wrong type requires nothing here, and AWS refuses it.
 */
export function requirementsWith(requirements: ServiceRequirements, settings: JsonObject): ServiceRequirements {
  const given = (name: string) => (settings[name] ?? null) !== null;
  const attachments = (kind: ContainerAttachment["kind"], name: string) =>
    given(name) ? attachmentsIn(kind, settings[name]) : requirements.attachments.filter((one) => one.kind === kind);
  const namedPorts = (usedBy: NamedPort["usedBy"], name: string) =>
    given(name) ? namedPortsIn(usedBy, settings[name]) : requirements.namedPorts.filter((one) => one.usedBy === usedBy);
  const volumes = objectsIn(settings.volumeConfigurations);
  return {
    ...requirements,
    launchType: given("launchType") || given("capacityProviderStrategy")
      ? launchTypeOf(settings)
      : requirements.launchType,
    ...(given("networkConfiguration") && {
      hasAwsvpcConfiguration: Boolean(objectIn(settings.networkConfiguration).awsvpcConfiguration),
    }),
    attachments: [
      ...attachments("loadBalancer", "loadBalancers"),
      ...attachments("serviceRegistry", "serviceRegistries"),
    ],
    ...(given("volumeConfigurations") && { volumeNames: textsIn(volumes.map(({ name }) => name)) }),
    namedPorts: [
      ...namedPorts("serviceConnect", "serviceConnectConfiguration"),
      ...namedPorts("vpcLattice", "vpcLatticeConfigurations"),
    ],
  };
}

/** Fargate's capacity providers imply its launch type; what is behind others only ECS knows. */
function launchTypeOf({ launchType, capacityProviderStrategy }: JsonObject): string | undefined {
  const providers = objectsIn(capacityProviderStrategy).map(({ capacityProvider }) => capacityProvider);
  const isFargate = providers.includes("FARGATE") || providers.includes("FARGATE_SPOT");
  return textIn(launchType) ?? (isFargate ? "FARGATE" : undefined);
}

function attachmentsIn(kind: ContainerAttachment["kind"], value: unknown): ContainerAttachment[] {
  return objectsIn(value).map((one) => {
    const alternate = textIn(objectIn(one.advancedConfiguration).alternateTargetGroupArn);
    return {
      kind,
      name: textIn(one.targetGroupArn) ?? textIn(one.loadBalancerName) ?? textIn(one.registryArn),
      ...(alternate !== undefined && { alternate }),
      containerName: textIn(one.containerName),
      containerPort: numberIn(one.containerPort),
    };
  });
}

/** The named ports in a list of VPC Lattice configurations, or of Service Connect, unless it is off. */
function namedPortsIn(usedBy: NamedPort["usedBy"], value: unknown): NamedPort[] {
  const { enabled, services } = objectIn(value);
  const list = usedBy === "vpcLattice" ? value : enabled === true ? services : [];
  return textsIn(objectsIn(list).map(({ portName }) => portName)).map((portName) => ({ usedBy, portName }));
}
