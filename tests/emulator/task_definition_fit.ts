/**
 * Whether a task definition can run with a service's settings: what CreateService, UpdateService and CreateTaskSet refuse.
 * `cdk-preflight` is github.com/badmintoncryer/cdk-preflight, whose rules for ECS were each tried on AWS in 2026.
 */
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
 * The same names on both sides. The texts for a configuration without a volume are AWS's, from
 * https://github.com/hashicorp/terraform-provider-aws/pull/49185 and cdk-preflight (pf-ecs-svc-ebs-name-not-in-taskdef);
 * the other way round it is made up.
 */
function checkVolumes({ registered }: TaskDefinition, { volumeConfigurations = [] }: ServiceSettings): void {
  const atLaunch = ((registered.volumes ?? []) as JsonObject[]).filter(({ configuredAtLaunch }) => configuredAtLaunch)
    .map(({ name }) => name);
  const configured = volumeConfigurations.map(({ name }) => name);
  for (const { managedEBSVolume } of volumeConfigurations) {
    const { sizeInGiB, snapshotId } = (managedEBSVolume ?? {}) as JsonObject;
    // cdk-preflight, pf-ecs-svc-ebs-volume-without-size-or-snapshot
    if (managedEBSVolume !== undefined && sizeInGiB === undefined && snapshotId === undefined) {
      throw invalidParameter("ECS managed EBS volume configuration was invalid");
    }
  }
  const volumes = ((registered.volumes ?? []) as JsonObject[]).map(({ name }) => name);
  const unknown = configured.find((name) => !volumes.includes(name));
  if (unknown !== undefined) {
    throw invalidParameter(
      `The volume name '${unknown}' in your request does not have a matching volume in your Task Definition.`,
    );
  }
  if (configured.some((name) => !atLaunch.includes(name))) {
    throw invalidParameter(
      "Volume configuration provided but no matching configuredAtLaunch volume found in task definition",
    );
  }
  const missing = atLaunch.find((name) => !configured.includes(name));
  if (missing === undefined) return;
  throw invalidParameter(`No volume configuration was provided for the configuredAtLaunch volume ${missing}.`);
}

/** API reference, ServiceConnectService and VpcLatticeConfiguration; the words are those of cdk-preflight, pf-ecs-svc-connect-port-name-missing. */
function checkNamedPorts(
  containers: JsonObject[],
  { serviceConnectConfiguration: connect, vpcLatticeConfigurations = [] }: ServiceSettings,
): void {
  const named = new Set(containers.flatMap(portsOf).map(({ name }) => name));
  const connected = connect?.enabled === true ? (connect.services ?? []) as JsonObject[] : [];
  const aliases = connected.map(({ clientAliases }) => ((clientAliases ?? []) as JsonObject[]).length);
  const tooMany = aliases.find((count) => count > 1);
  // cdk-preflight, pf-ecs-svc-connect-client-aliases-max
  if (tooMany !== undefined) throw invalidParameter(`${tooMany} clientAliases exceeds the max limit of 1`);
  for (const { portName } of [...connected, ...vpcLatticeConfigurations]) {
    if (!named.has(portName)) {
      throw invalidParameter(
        `portName(${portName}) does not refer to any named PortMapping in the container definitions.`,
      );
    }
  }
}
