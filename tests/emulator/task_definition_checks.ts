/**
 * What RegisterTaskDefinition refuses besides what is not as AWS's model says. Where a public report has AWS's words, the
 * report is named; the other rules are the API reference's. `cdk-preflight` is github.com/badmintoncryer/cdk-preflight,
 * whose rules for ECS were each tried on AWS in 2026.
 */
import { clientException } from "./failure.ts";
import { checkFargate } from "./fargate_checks.ts";
import type { JsonObject } from "./model.ts";
import { inCpuUnits, inMib } from "./task_size.ts";

/** @throws ClientException for the first rule that the input breaks */
export function checkTaskDefinition(input: JsonObject): void {
  const containers = objectsIn(input.containerDefinitions);
  // https://github.com/aws-actions/amazon-ecs-deploy-task-definition/pull/52
  if (Array.isArray(input.tags) && input.tags.length === 0) throw clientException("Tags can not be empty.");
  // https://github.com/aws-samples/aws-modern-application-workshop/issues/9
  if ([input.taskRoleArn, input.executionRoleArn].includes("")) throw clientException("Role is not valid");
  checkNames(containers);
  for (const container of containers) {
    checkPorts(container, input);
    checkNetwork(container, input);
    checkVariables(container, input);
    checkMemory(container, input);
    checkHealthCheck(container);
    checkVolumes(container, containers, input);
    checkDependencies(container, containers);
    checkLog(container);
  }
  checkPortsOfTask(containers);
  // https://github.com/eagletmt/hako/pull/68
  if (!containers.some(isEssential)) throw clientException("Task definition doesn't have any essential container.");
  checkSize(containers, input);
  if (isForFargate(input)) checkFargate(containers, input);
  else if (input.ephemeralStorage !== undefined) {
    // cdk-preflight, pf-ecs-fargate-ephemeral-storage-ec2
    throw clientException("Tasks using the EC2 launch type do not support EphemeralStorage.");
  }
}

/** Whether the author asks for a task definition that Fargate can run. */
function isForFargate({ requiresCompatibilities }: JsonObject): boolean {
  return Array.isArray(requiresCompatibilities) && requiresCompatibilities.includes("FARGATE");
}

/** A container that does not say whether it is essential is. */
function isEssential({ essential }: JsonObject): boolean {
  return essential !== false;
}

function checkNames(containers: JsonObject[]): void {
  for (const { name, image } of containers) {
    // https://github.com/hashicorp/terraform/issues/2888, https://github.com/prefect-archive/prefect-aws/issues/159
    if (!name) throw clientException("Container.name should not be null or empty.");
    if (!image) throw clientException("Container.image should not be null or empty.");
  }
  if (hasTwice(containers.map(({ name }) => name))) {
    throw clientException("Container names must be unique within a task definition.");
  }
}

function checkPorts({ name, portMappings, links }: JsonObject, { networkMode }: JsonObject): void {
  const mappings = objectsIn(portMappings);
  if (networkMode === "none" && mappings.length > 0) {
    throw clientException("Port mappings are not supported when networkMode=none.");
  }
  if (networkMode !== undefined && networkMode !== "bridge" && objectsIn(links).length > 0) {
    throw clientException(`Links are not supported when networkMode=${networkMode}.`);
  }
  for (const { containerPort, containerPortRange, hostPort } of mappings) {
    if (containerPortRange !== undefined && containerPort !== undefined) {
      // cdk-preflight, pf-ecs-port-range-with-host-port
      throw clientException("cannot specify both single port and port range");
    }
    if (containerPortRange === undefined && !isPort(containerPort)) {
      // https://github.com/aws/aws-cli/issues/7288
      throw clientException(`Invalid 'containerPort' setting for container '${name}'.`);
    }
    const isFixed = networkMode === "awsvpc" || networkMode === "host";
    if (isFixed && hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort) {
      // https://github.com/pulumi/pulumi-awsx/issues/935
      throw clientException(
        `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`,
      );
    }
  }
}

/** cdk-preflight, pf-ecs-awsvpc-hostname and others: with a network interface of its own a task has none of these. */
const NOT_WITH_AWSVPC = {
  hostname: "hostname is",
  extraHosts: "Extra hosts are",
  dnsServers: "DNS servers are",
  disableNetworking: "Disable Networking is",
};

function checkNetwork(container: JsonObject, { networkMode }: JsonObject): void {
  if (networkMode !== "awsvpc") return;
  for (const [member, what] of Object.entries(NOT_WITH_AWSVPC)) {
    const value = container[member];
    const isSet = Array.isArray(value) ? value.length > 0 : Boolean(value);
    if (isSet) throw clientException(`${what} not supported on container when networkMode=awsvpc.`);
  }
}

function isPort(value: unknown): boolean {
  return typeof value === "number" && value >= 1 && value <= 65_535;
}

/** API reference, PortMapping: Service Connect finds a port by its name. */
function checkPortsOfTask(containers: JsonObject[]): void {
  const mappings = containers.flatMap(({ portMappings }) => objectsIn(portMappings));
  if (hasTwice(mappings.flatMap(({ name }) => name === undefined ? [] : [name]))) {
    throw clientException("Port mapping names must be unique within a task definition.");
  }
  const hostPorts = mappings.filter(({ hostPort }) => hostPort !== undefined && hostPort !== 0)
    .map(({ hostPort, protocol = "tcp" }) => `${String(protocol).toUpperCase()} host port '${hostPort}'`);
  const twice = hostPorts.find((port, index) => hostPorts.indexOf(port) < index);
  // https://github.com/aws/amazon-ecs-agent/issues/1220
  if (twice !== undefined) throw clientException(`${twice} is mapped multiple times in task.`);
}

function checkVariables({ environment, secrets }: JsonObject, { executionRoleArn }: JsonObject): void {
  const secretNames = objectsIn(secrets).map(({ name }) => name);
  if (secretNames.length === 0) return;
  // https://github.com/fabfuel/ecs-deploy/issues/87
  if (executionRoleArn === undefined) {
    throw clientException(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  }
  const variables = new Set(objectsIn(environment).map(({ name }) => name));
  const shared = secretNames.find((name, index) => variables.has(name) || secretNames.indexOf(name) < index);
  if (shared !== undefined) {
    throw clientException(
      "The secret name must be unique and not shared with any new or existing environment variables set on the " +
        `container, such as '${shared}'.`,
    );
  }
}

function checkMemory({ name, memory, memoryReservation }: JsonObject, task: JsonObject): void {
  // https://github.com/aws/aws-cli/issues/4453: memory of the task will do.
  if (task.memory === undefined && !memory && !memoryReservation) {
    throw clientException(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  // cdk-preflight, pf-ecs-container-memory-reservation and pf-ecs-container-memory-over-task
  if (memory !== undefined && Number(memoryReservation ?? 0) > Number(memory)) {
    throw clientException(
      `Invalid setting for container '${name}'. 'memory' must be greater than or equal to 'memoryReservation'.`,
    );
  }
  if (Number(memory ?? 0) > (inMib(task.memory) ?? Infinity)) {
    throw clientException(`The 'memory' setting for container '${name}' is greater than for the task.`);
  }
}

/** API reference, HealthCheck: the least and the most of each; the text is made up. */
const HEALTH_CHECK = { interval: [5, 300], timeout: [2, 60], retries: [1, 10], startPeriod: [0, 300] } as const;

function checkHealthCheck({ name, healthCheck }: JsonObject): void {
  for (const [member, [least, most]] of Object.entries(HEALTH_CHECK)) {
    const value = (healthCheck as JsonObject | undefined)?.[member];
    if (typeof value === "number" && (value < least || value > most)) {
      throw clientException(`Container '${name}': healthCheck.${member} must be between ${least} and ${most}.`);
    }
  }
}

function checkVolumes({ mountPoints, volumesFrom }: JsonObject, containers: JsonObject[], task: JsonObject): void {
  const volumes = objectsIn(task.volumes).map(({ name }) => name);
  for (const { sourceVolume = null } of objectsIn(mountPoints)) {
    // https://github.com/ansible/ansible/issues/35751
    if (!volumes.includes(sourceVolume)) throw clientException(`Unknown volume '${sourceVolume}'.`);
  }
  for (const { sourceContainer } of objectsIn(volumesFrom)) {
    if (!containers.some(({ name }) => name === sourceContainer)) {
      throw clientException(`Unknown container '${sourceContainer}' in volumesFrom.`);
    }
  }
}

function checkDependencies({ dependsOn }: JsonObject, containers: JsonObject[]): void {
  for (const { containerName, condition } of objectsIn(dependsOn)) {
    const found = containers.find(({ name }) => name === containerName);
    if (found === undefined) {
      // https://github.com/dagster-io/dagster/issues/6926
      throw clientException(`Cannot depend on container + '${containerName}' because it does not exist`);
    }
    if (isEssential(found) && (condition === "SUCCESS" || condition === "COMPLETE")) {
      // https://github.com/boto/boto3/issues/2436
      throw clientException(
        "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
      );
    }
  }
}

function checkLog({ logConfiguration }: JsonObject): void {
  const { logDriver, options = {} } = (logConfiguration ?? {}) as JsonObject;
  if (logDriver !== "awslogs") return;
  const missing = ["awslogs-region", "awslogs-group"].filter((option) => !(options as JsonObject)[option]);
  // https://github.com/klothoplatform/klotho/issues/892
  if (missing.length > 0) throw clientException(`Log driver awslogs requires options: ${missing.join(", ")}`);
}

function checkSize(containers: JsonObject[], { cpu, memory }: JsonObject): void {
  const [units, mib] = [inCpuUnits(cpu), inMib(memory)];
  if (Number.isNaN(units)) throw clientException("Invalid 'cpu' setting for task.");
  if (Number.isNaN(mib)) throw clientException("Invalid 'memory' setting for task.");
  const reserved = containers.reduce((sum, { cpu = 0 }) => sum + Number(cpu), 0);
  // https://github.com/klothoplatform/klotho/issues/892
  if (units !== undefined && reserved > units) {
    throw clientException("The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.");
  }
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value : [];
}

function hasTwice(values: readonly unknown[]): boolean {
  return new Set(values).size < values.length;
}
