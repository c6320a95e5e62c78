/**
 * What RegisterTaskDefinition refuses where the task definition is to run on Fargate. `cdk-preflight` is
 * github.com/badmintoncryer/cdk-preflight, whose rules for ECS were each tried on AWS in 2026.
 */
import { clientException } from "./failure.ts";
import type { JsonObject } from "./model.ts";
import { inCpuUnits, inMib } from "./task_size.ts";

/**
 * Memory in GB by CPU units: from, to and the step between (API reference, RegisterTaskDefinition, `memory`). Of 32 vCPU,
 * with three sizes, only github.com/floci-io/floci knows.
 */
const MEMORY_GB: Readonly<Record<number, readonly [number, number, number]>> = {
  512: [1, 4, 1],
  1024: [2, 8, 1],
  2048: [4, 16, 1],
  4096: [8, 30, 1],
  8192: [16, 60, 4],
  16384: [32, 120, 8],
};
const MEMORY_MIB: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  32768: [61_440, 122_880, 249_856],
};
/** Windows has no smaller and no larger tasks: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html */
const WINDOWS_UNITS = [1024, 2048, 4096];

function isSize(units: number, mib: number): boolean {
  const sizes = MEMORY_MIB[units];
  if (sizes) return sizes.includes(mib);
  const range = MEMORY_GB[units];
  if (range === undefined) return false;
  const [from, to, step] = range.map((gb) => gb * 1024) as [number, number, number];
  return mib >= from && mib <= to && (mib - from) % step === 0;
}

/** @throws ClientException for the first rule that the input breaks */
export function checkFargate(containers: JsonObject[], input: JsonObject): void {
  // https://github.com/aws/amazon-ecs-cli/issues/1145
  if (input.networkMode !== "awsvpc") throw clientException("Fargate only supports network mode ‘awsvpc’.");
  checkSize(input);
  // https://github.com/aws/aws-cdk/issues/29619
  if (input.pidMode === "host") {
    throw clientException(
      "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.",
    );
  }
  checkUnsupported(containers, input);
  const { sizeInGiB = 21 } = partOf(input.ephemeralStorage);
  if (Number(sizeInGiB) < 21 || Number(sizeInGiB) > 200) {
    // API reference, EphemeralStorage; the words are those of github.com/floci-io/floci
    throw clientException("Invalid setting for ephemeral storage. Size must be between 21 GiB and 200 GiB.");
  }
  for (const container of containers) checkContainer(container);
  if (input.executionRoleArn === undefined) checkNeedsNoRole(containers);
}

function checkSize({ cpu, memory, runtimePlatform }: JsonObject): void {
  // https://github.com/klothoplatform/klotho/issues/892
  for (const [name, value] of Object.entries({ cpu, memory })) {
    if (value === undefined) throw clientException(`Fargate requires that '${name}' be defined at the task level.`);
  }
  const [units, mib] = [inCpuUnits(cpu)!, inMib(memory)!];
  const isWindows = String(partOf(runtimePlatform).operatingSystemFamily).startsWith("WINDOWS");
  if (!isSize(units, mib) || isWindows && !WINDOWS_UNITS.includes(units)) {
    throw clientException("No Fargate configuration exists for given values.");
  }
}

/** cdk-preflight, pf-ecs-fargate-*; for sourcePath https://github.com/cloudposse/terraform-aws-ecs-alb-service-task/issues/174, too */
function checkUnsupported(containers: JsonObject[], input: JsonObject): void {
  const volumes = (input.volumes ?? []) as JsonObject[];
  const linux = containers.map(({ linuxParameters }) => partOf(linuxParameters));
  const unsupported: Record<string, unknown[]> = {
    constraints: [input.placementConstraints],
    ipcMode: [input.ipcMode],
    dockerVolumeConfiguration: volumes.map((volume) => volume.dockerVolumeConfiguration),
    sourcePath: volumes.map(({ host }) => partOf(host).sourcePath),
    devices: linux.map(({ devices }) => devices),
    sharedMemorySize: linux.map(({ sharedMemorySize }) => sharedMemorySize),
    maxSwap: linux.map(({ maxSwap }) => maxSwap),
    dockerSecurityOptions: containers.map(({ dockerSecurityOptions }) => dockerSecurityOptions),
  };
  const named = Object.entries(unsupported).find(([, values]) => values.some(isSet));
  if (named) throw clientException(`Fargate compatible task definitions do not support ${named[0]}`);
}

/** cdk-preflight, pf-ecs-fargate-privileged, -capabilities-add, -gpu-resource, -log-driver-unsupported; pf-ecs-awslogs-fargate-missing-stream-prefix */
function checkContainer({ privileged, linuxParameters, resourceRequirements, logConfiguration }: JsonObject): void {
  if (privileged === true) throw clientException("Fargate requires that the 'privileged' setting be 'false'.");
  const added = (partOf(partOf(linuxParameters).capabilities).add ?? []) as string[];
  const refused = added.find((capability) => capability !== "SYS_PTRACE");
  if (refused !== undefined) throw clientException(`${refused} is not allowed on Fargate.`);
  if (((resourceRequirements ?? []) as JsonObject[]).some(({ type }) => type === "GPU")) {
    throw clientException("Tasks using the Fargate launch type do not support GPU resource requirements.");
  }
  if (logConfiguration === undefined) return;
  const { logDriver, options } = partOf(logConfiguration);
  if (!["awslogs", "splunk", "awsfirelens"].includes(String(logDriver))) {
    throw clientException(`${logDriver} is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]`);
  }
  if (logDriver === "awslogs" && !partOf(options)["awslogs-stream-prefix"]) {
    throw clientException("Fargate requires log configuration options to include awslogs-stream-prefix");
  }
}

function checkNeedsNoRole(containers: JsonObject[]): void {
  const requires = (what: string) =>
    clientException(`Fargate requires task definition to have execution role ARN to support ${what}.`);
  // https://github.com/hashicorp/terraform-provider-aws/issues/3051
  if (containers.some(({ image }) => /^\d{12}\.dkr\.ecr\./.test(String(image)))) throw requires("ECR images");
  // https://github.com/virtual-kubelet/virtual-kubelet/issues/193
  const isLogging = containers.some(({ logConfiguration }) => partOf(logConfiguration).logDriver === "awslogs");
  if (isLogging) throw requires("log driver awslogs");
}

const partOf = (value: unknown) => (value ?? {}) as JsonObject;

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
