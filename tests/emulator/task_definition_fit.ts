/** Whether a task definition can run with a service's settings: what CreateService, UpdateService and CreateTaskSet refuse. */
import { invalidParameter } from "./failure.ts";
import type { JsonObject, ServiceSettings, TaskDefinition } from "./model.ts";

const FARGATE_PROVIDERS: unknown[] = ["FARGATE", "FARGATE_SPOT"];

/** Whether tasks run on Fargate: by the launch type, or by one of its two capacity providers. */
export function runsOnFargate({ launchType, capacityProviderStrategy = [] }: ServiceSettings): boolean {
  return launchType === "FARGATE" ||
    capacityProviderStrategy.some(({ capacityProvider }) => FARGATE_PROVIDERS.includes(capacityProvider));
}

/**
 * Checks that a task definition can run with a service's settings.
 *
 * @throws InvalidParameterException where launch type, network mode, a load balancer's container, a volume or a named port
 *   does not fit
 */
export function checkFits(definition: TaskDefinition, settings: ServiceSettings): void {
  checkLaunchType(definition, settings);
  checkNetwork(definition, settings);
  const containers = containersOf(definition);
  for (const { containerName, containerPort } of [...settings.loadBalancers, ...settings.serviceRegistries ?? []]) {
    if (typeof containerName === "string") checkContainer(containers, containerName, containerPort);
  }
  checkVolumes(definition, settings);
  checkNamedPorts(containers, settings);
}

const containersOf = ({ registered }: TaskDefinition) => (registered.containerDefinitions ?? []) as JsonObject[];
const portsOf = (container: JsonObject) => (container.portMappings ?? []) as JsonObject[];

function checkLaunchType({ registered }: TaskDefinition, settings: ServiceSettings): void {
  const supported = (registered.requiresCompatibilities ?? []) as string[];
  const launchType = runsOnFargate(settings) ? "FARGATE" : settings.launchType;
  if (
    launchType === "FARGATE" && !supported.includes("FARGATE") ||
    supported.length > 0 && launchType && !supported.includes(launchType)
  ) {
    throw invalidParameter(`Task definition does not support launch_type ${launchType}.`);
  }
  if (launchType !== undefined && launchType !== "FARGATE" && settings.platformVersion !== undefined) {
    // https://github.com/aws/amazon-ecs-cli/issues/1047
    throw invalidParameter(`The platform version must be null when specifying an ${launchType} launch type.`);
  }
}

function checkNetwork({ registered: { networkMode } }: TaskDefinition, { networkConfiguration }: ServiceSettings) {
  if (networkMode === "awsvpc" && !networkConfiguration) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (networkMode !== "awsvpc" && networkConfiguration) {
    throw invalidParameter("Network Configuration is not valid for the given networkMode of this task definition.");
  }
}

function checkContainer(containers: JsonObject[], containerName: string, containerPort: unknown): void {
  const container = containers.find(({ name }) => name === containerName);
  if (!container) throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
  if (containerPort === undefined || portsOf(container).some((mapping) => isMapped(mapping, Number(containerPort)))) {
    return;
  }
  throw invalidParameter(`The container ${containerName} did not have a container port ${containerPort} defined.`);
}

function isMapped({ containerPort, containerPortRange }: JsonObject, port: number): boolean {
  const [first, last = first] = String(containerPortRange ?? containerPort).split("-").map(Number);
  return first! <= port && port <= last!;
}

/**
 * The same names on both sides. The text for a configuration without a volume is AWS's, as
 * https://github.com/hashicorp/terraform-provider-aws/pull/49185 has it; the other way round it is made up.
 */
function checkVolumes({ registered }: TaskDefinition, { volumeConfigurations = [] }: ServiceSettings): void {
  const atLaunch = ((registered.volumes ?? []) as JsonObject[]).filter(({ configuredAtLaunch }) => configuredAtLaunch)
    .map(({ name }) => name);
  const configured = volumeConfigurations.map(({ name }) => name);
  if (configured.some((name) => !atLaunch.includes(name))) {
    throw invalidParameter(
      "Volume configuration provided but no matching configuredAtLaunch volume found in task definition",
    );
  }
  const missing = atLaunch.find((name) => !configured.includes(name));
  if (missing === undefined) return;
  throw invalidParameter(`No volume configuration was provided for the configuredAtLaunch volume ${missing}.`);
}

/** API reference, ServiceConnectService and VpcLatticeConfiguration; the text is made up. */
function checkNamedPorts(
  containers: JsonObject[],
  { serviceConnectConfiguration: connect, vpcLatticeConfigurations = [] }: ServiceSettings,
): void {
  const named = new Set(containers.flatMap(portsOf).map(({ name }) => name));
  const connected = connect?.enabled === true ? (connect.services ?? []) as JsonObject[] : [];
  for (const { portName } of [...connected, ...vpcLatticeConfigurations]) {
    if (!named.has(portName)) {
      throw invalidParameter(`The port name ${portName} is none of the named port mappings of the task definition.`);
    }
  }
}
