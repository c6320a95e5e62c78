import { type JsonObject, numberIn, objectIn, objectsIn, textIn } from "./json.ts";

/** A load balancer or a service registry that names a container of the task definition. */
export interface ContainerAttachment {
  readonly kind: "load balancer" | "service registry";
  readonly name: string;
  readonly containerName: string | undefined;
  readonly containerPort: number | undefined;
}

/** A port mapping that the service knows by its name. */
export interface NamedPort {
  readonly usedBy: "Service Connect" | "VPC Lattice";
  readonly portName: string;
}

/** What a service's own settings ask of the task definition that it runs. `undefined`: not known, so not judged. */
export interface ServiceDemands {
  /** The launch type that tasks get, `undefined` when capacity providers leave it open. */
  readonly launchType: string | undefined;
  /** The operating system of the service's tasks on Fargate: `Linux`, `WINDOWS_SERVER_2019_CORE`, ... */
  readonly platformFamily: string | undefined;
  readonly hasAwsvpcConfiguration: boolean;
  readonly attachments: readonly ContainerAttachment[];
  readonly volumeNames: readonly string[] | undefined;
  readonly namedPorts: readonly NamedPort[];
}

/** The settings that ask for something, in the names of CreateService and UpdateService. */
const DEMANDING: ReadonlySet<string> = new Set([
  ...["capacityProviderStrategy", "launchType", "loadBalancers", "networkConfiguration", "serviceConnectConfiguration"],
  ...["serviceRegistries", "volumeConfigurations", "vpcLatticeConfigurations"],
]);

/** Whether a service that gets these settings may ask for something else of its task definition than before. */
export function changesDemands(settings: JsonObject): boolean {
  return Object.keys(settings).some((name) => DEMANDING.has(name));
}

/** A service that asks for nothing, as there is none yet. */
export const NO_DEMANDS: ServiceDemands = {
  launchType: undefined,
  platformFamily: undefined,
  hasAwsvpcConfiguration: false,
  attachments: [],
  volumeNames: [],
  namedPorts: [],
};

/**
 * What a service asks for when it has been given further settings, in the names of CreateService and UpdateService. The
 * settings are the user's: what is not of the kind that AWS wants is AWS's to refuse, and asks for nothing here.
 */
export function demandsWith(demands: ServiceDemands, settings: JsonObject): ServiceDemands {
  const given = (name: string) => (settings[name] ?? null) !== null;
  const attachments = (kind: ContainerAttachment["kind"], name: string) =>
    given(name) ? attachmentsIn(kind, settings[name]) : demands.attachments.filter((one) => one.kind === kind);
  const namedPorts = (usedBy: NamedPort["usedBy"], name: string) =>
    given(name) ? namedPortsIn(usedBy, settings[name]) : demands.namedPorts.filter((one) => one.usedBy === usedBy);
  return {
    launchType: given("launchType") || given("capacityProviderStrategy") ? launchTypeOf(settings) : demands.launchType,
    platformFamily: demands.platformFamily,
    hasAwsvpcConfiguration: given("networkConfiguration")
      ? Boolean(objectIn(settings.networkConfiguration).awsvpcConfiguration)
      : demands.hasAwsvpcConfiguration,
    attachments: [
      ...attachments("load balancer", "loadBalancers"),
      ...attachments("service registry", "serviceRegistries"),
    ],
    volumeNames: given("volumeConfigurations")
      ? objectsIn(settings.volumeConfigurations).flatMap(({ name }) => textIn(name) ?? [])
      : demands.volumeNames,
    namedPorts: [
      ...namedPorts("Service Connect", "serviceConnectConfiguration"),
      ...namedPorts("VPC Lattice", "vpcLatticeConfigurations"),
    ],
  };
}

/** Fargate's capacity providers mean its launch type; of the others only ECS knows what stands behind them. */
function launchTypeOf({ launchType, capacityProviderStrategy }: JsonObject): string | undefined {
  const isFargate = objectsIn(capacityProviderStrategy).some(({ capacityProvider }) =>
    capacityProvider === "FARGATE" || capacityProvider === "FARGATE_SPOT"
  );
  return textIn(launchType) ?? (isFargate ? "FARGATE" : undefined);
}

function attachmentsIn(kind: ContainerAttachment["kind"], value: unknown): ContainerAttachment[] {
  return objectsIn(value).map(({ targetGroupArn, loadBalancerName, registryArn, containerName, containerPort }) => ({
    kind,
    name: textIn(targetGroupArn) ?? textIn(loadBalancerName) ?? textIn(registryArn) ?? "without a name",
    containerName: textIn(containerName),
    containerPort: numberIn(containerPort),
  }));
}

/** Of a list of VPC Lattice's, or of the services of Service Connect, unless that is off. */
function namedPortsIn(usedBy: NamedPort["usedBy"], value: unknown): NamedPort[] {
  const { enabled, services } = objectIn(value);
  const list = usedBy === "VPC Lattice" ? value : enabled === true ? services : [];
  return objectsIn(list).flatMap(({ portName }) => {
    const name = textIn(portName);
    return name === undefined ? [] : [{ usedBy, portName: name }];
  });
}
