import type { Json, JsonObject } from "../../src/model/json.ts";

// deno-lint-ignore no-explicit-any -- definitions are taken apart here as the tests read AWS's answers
type Any = any;

/** What DescribeTaskDefinition answers: filled in, sizes in units, sets in another order. */
export function describedTaskDefinition(definition: JsonObject, order: number): JsonObject {
  const { containerDefinitions, volumes, cpu, memory, networkMode, ...others } = structuredClone(definition) as Any;
  const isFixed = networkMode === "awsvpc" || networkMode === "host";
  return reversed({
    taskDefinitionArn: "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/app:7",
    revision: 7,
    status: "ACTIVE",
    compatibilities: ["EC2"],
    enableFaultInjection: false,
    ...(networkMode !== undefined && { networkMode }),
    ...others,
    ...(cpu && { cpu: { "0.25 vCPU": "256", ".5vcpu": "512" }[cpu as string] ?? `${cpu}` }),
    ...(memory && { memory: { "0.5 GB": "512", "1GB": "1024" }[memory as string] ?? `${memory}` }),
    placementConstraints: shuffled(others.placementConstraints ?? [], order),
    requiresCompatibilities: shuffled(others.requiresCompatibilities ?? [], order),
    tags: shuffled(others.tags ?? [], order),
    volumes: shuffled(
      (volumes ?? []).map((volume: Any) => ({
        ...(!volume.dockerVolumeConfiguration && !volume.efsVolumeConfiguration && { host: {} }),
        ...volume,
        ...(volume.dockerVolumeConfiguration && {
          dockerVolumeConfiguration: { scope: "task", driver: "local", ...volume.dockerVolumeConfiguration },
        }),
        ...(volume.efsVolumeConfiguration && {
          efsVolumeConfiguration: { rootDirectory: "/", ...volume.efsVolumeConfiguration },
        }),
      })),
      order,
    ),
    containerDefinitions: shuffled(
      containerDefinitions.map((container: Any) => describedContainer(container, isFixed, order)),
      order,
    ),
  });
}

/** `isFixed`: its ports are those of the host. */
function describedContainer(container: Any, isFixed: boolean, order: number): JsonObject {
  return {
    cpu: 0,
    essential: true,
    systemControls: [],
    user: null,
    volumesFrom: [],
    ...container,
    environment: shuffled(container.environment ?? [], order),
    secrets: shuffled(container.secrets ?? [], order),
    mountPoints: shuffled(container.mountPoints ?? [], order),
    portMappings: shuffled(
      (container.portMappings ?? []).map((mapping: Any) => ({
        protocol: "tcp",
        hostPort: isFixed ? mapping.containerPort : 0,
        ...mapping,
      })),
      order,
    ),
    ...(container.healthCheck && {
      healthCheck: { interval: 30, timeout: 5, retries: 3, ...container.healthCheck },
    }),
  };
}

/** What DescribeServices answers. */
export function describedService(definition: JsonObject, order: number): JsonObject {
  const { deploymentConfiguration, networkConfiguration, serviceConnectConfiguration, ...others } = structuredClone(
    definition,
  ) as Any;
  const isDaemon = others.schedulingStrategy === "DAEMON";
  const vpc = networkConfiguration?.awsvpcConfiguration;
  return reversed({
    serviceArn: "arn:aws:ecs:ap-northeast-1:123456789012:service/default/app",
    status: "ACTIVE",
    runningCount: 1,
    schedulingStrategy: "REPLICA",
    propagateTags: "NONE",
    enableECSManagedTags: false,
    enableExecuteCommand: false,
    healthCheckGracePeriodSeconds: 0,
    platformVersion: "LATEST",
    deploymentController: { type: "ECS" },
    placementStrategy: [],
    ...others,
    loadBalancers: shuffled(others.loadBalancers ?? [], order),
    capacityProviderStrategy: shuffled(others.capacityProviderStrategy ?? [], order)
      .map((item: Any) => ({ weight: 0, base: 0, ...item })),
    tags: shuffled(others.tags ?? [], order),
    deploymentConfiguration: describedConfiguration(deploymentConfiguration, isDaemon, order),
    ...(vpc && {
      networkConfiguration: {
        awsvpcConfiguration: {
          assignPublicIp: "DISABLED",
          ...vpc,
          subnets: shuffled(vpc.subnets ?? [], order),
          securityGroups: shuffled(vpc.securityGroups ?? [], order),
        },
      },
    }),
    deployments: [{ status: "PRIMARY", ...(serviceConnectConfiguration && { serviceConnectConfiguration }) }],
  });
}

function describedConfiguration(configuration: Any, isDaemon: boolean, order: number): JsonObject {
  return {
    maximumPercent: isDaemon ? 100 : 200,
    minimumHealthyPercent: isDaemon ? 0 : 100,
    strategy: "ROLLING",
    bakeTimeInMinutes: 0,
    deploymentCircuitBreaker: { enable: false, rollback: false, resetOnHealthyTask: true },
    ...configuration,
    alarms: {
      enable: false,
      rollback: false,
      ...configuration?.alarms,
      alarmNames: shuffled(configuration?.alarms?.alarmNames ?? [], order),
    },
  };
}

/** The list in one of its orders. */
function shuffled(list: Json[], order: number): Json[] {
  const rest = [...list];
  return list.map((_, index) => rest.splice((order + index * 7) % rest.length, 1)[0]!);
}

/** The same with the keys of every object the other way round. */
function reversed<Value extends Json>(value: Value): Value {
  if (Array.isArray(value)) return value.map(reversed) as Any;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, reversed(member)])) as Value;
}
