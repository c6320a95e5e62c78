/** Definitions as users write them, and what AWS answers of them. */
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/model/json.ts";

// deno-lint-ignore no-explicit-any -- definitions are taken apart here as the tests read AWS's answers
type Any = any;

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const text = fc.oneof(name, fc.string({ unit: "grapheme", maxLength: 6 }));
const port = fc.integer({ min: 1_000, max: 1_020 });
const texts = fc.array(text, { maxLength: 3 });
const map = fc.dictionary(name, text, { maxKeys: 3 });

/** An object with some of these members. */
function some(members: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[] = []): fc.Arbitrary<JsonObject> {
  return fc.record(members, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<JsonObject>;
}

/** A list of objects of which each has another name. */
function named(key: string, members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<JsonObject[]> {
  return fc.uniqueArray(some({ [key]: name, ...members }, [key]), { maxLength: 3, selector: (one) => one[key] });
}

const healthCheck = some({
  command: texts,
  interval: fc.constantFrom(10, 30),
  timeout: fc.constantFrom(5, 6),
  retries: fc.constantFrom(3, 4),
  startPeriod: fc.constantFrom(0, 5),
});

const containerMembers = {
  image: text,
  cpu: fc.constantFrom(0, 10),
  memory: fc.nat(),
  essential: fc.boolean(),
  command: texts,
  portMappings: fc.uniqueArray(
    some({
      containerPort: port,
      hostPort: fc.oneof(fc.constant(0), port),
      protocol: fc.constantFrom("tcp", "udp"),
      name,
    }, ["containerPort"]),
    { maxLength: 3, selector: (mapping) => `${mapping.containerPort}/${mapping.protocol ?? "tcp"}` },
  ),
  environment: named("name", { value: text }),
  secrets: named("name", { valueFrom: text }),
  mountPoints: named("containerPath", { sourceVolume: name, readOnly: fc.boolean() }),
  volumesFrom: named("sourceContainer", { readOnly: fc.boolean() }),
  dockerLabels: map,
  healthCheck,
  versionConsistency: fc.constantFrom("enabled", "disabled"),
  restartPolicy: some({ enabled: fc.boolean(), restartAttemptPeriod: fc.constantFrom(60, 300) }, ["enabled"]),
  linuxParameters: some({ swappiness: fc.constantFrom(50, 60), initProcessEnabled: fc.boolean() }),
  logConfiguration: some({ logDriver: text, options: map, secretOptions: named("name", { valueFrom: text }) }),
  repositoryCredentials: some({ credentialsParameter: text }),
  privileged: fc.boolean(),
};

const volumeMembers = {
  host: some({ sourcePath: text }),
  dockerVolumeConfiguration: some({
    scope: fc.constantFrom("task", "shared"),
    autoprovision: fc.boolean(),
    driver: fc.constantFrom("local", "rexray/ebs"),
    labels: map,
  }),
  efsVolumeConfiguration: some({
    fileSystemId: text,
    rootDirectory: fc.constantFrom("/", "/data"),
    transitEncryption: fc.constantFrom("ENABLED", "DISABLED"),
    authorizationConfig: some({ accessPointId: text, iam: fc.constantFrom("ENABLED", "DISABLED") }),
  }),
};

export const taskDefinitions: fc.Arbitrary<JsonObject> = some({
  family: name,
  cpu: fc.constantFrom("256", "0.25 vCPU", ".5vcpu", 1024),
  memory: fc.constantFrom("512", "0.5 GB", "1GB", 2048),
  networkMode: fc.constantFrom("awsvpc", "bridge", "host", "none"),
  requiresCompatibilities: fc.subarray(["EC2", "FARGATE", "EXTERNAL"]),
  containerDefinitions: named("name", containerMembers),
  volumes: named("name", volumeMembers),
  placementConstraints: fc.array(some({ type: fc.constant("memberOf"), expression: text }), { maxLength: 2 }),
  runtimePlatform: some({ cpuArchitecture: fc.constantFrom("X86_64", "ARM64") }),
  enableFaultInjection: fc.boolean(),
  pidMode: fc.constantFrom("task", "host"),
  tags: named("key", { value: text }),
}, ["family", "containerDefinitions"]);

export const services: fc.Arbitrary<JsonObject> = some({
  desiredCount: fc.nat(10),
  launchType: fc.constantFrom("FARGATE", "EC2"),
  platformVersion: fc.constantFrom("LATEST", "1.4.0"),
  schedulingStrategy: fc.constantFrom("REPLICA", "DAEMON"),
  propagateTags: fc.constantFrom("NONE", "SERVICE"),
  enableECSManagedTags: fc.boolean(),
  enableExecuteCommand: fc.boolean(),
  healthCheckGracePeriodSeconds: fc.constantFrom(0, 60),
  deploymentController: some({ type: fc.constantFrom("ECS", "CODE_DEPLOY") }, ["type"]),
  deploymentConfiguration: some({
    maximumPercent: fc.constantFrom(100, 200),
    minimumHealthyPercent: fc.constantFrom(0, 100),
    strategy: fc.constantFrom("ROLLING", "BLUE_GREEN"),
    deploymentCircuitBreaker: some({ enable: fc.boolean(), rollback: fc.boolean() }, ["enable", "rollback"]),
    alarms: some({ alarmNames: fc.uniqueArray(name, { maxLength: 3 }), enable: fc.boolean(), rollback: fc.boolean() }),
  }),
  networkConfiguration: some({
    awsvpcConfiguration: some({
      subnets: fc.uniqueArray(name, { maxLength: 3 }),
      securityGroups: fc.uniqueArray(name, { maxLength: 3 }),
      assignPublicIp: fc.constantFrom("ENABLED", "DISABLED"),
    }),
  }),
  loadBalancers: named("targetGroupArn", { containerName: name, containerPort: port }),
  capacityProviderStrategy: named("capacityProvider", { weight: fc.nat(2), base: fc.nat(2) }),
  placementStrategy: fc.array(
    some({ type: fc.constant("spread"), field: fc.constantFrom("host", "instanceId", "cpu") }),
    {
      maxLength: 2,
    },
  ),
  // What is off differs in nothing from what is not there.
  serviceConnectConfiguration: some({ enabled: fc.constant(true), namespace: text }, ["enabled"]),
  tags: named("key", { value: text }),
});

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
      containerDefinitions.map((container: Any) => ({
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
      })),
      order,
    ),
  });
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
    deploymentConfiguration: {
      maximumPercent: isDaemon ? 100 : 200,
      minimumHealthyPercent: isDaemon ? 0 : 100,
      strategy: "ROLLING",
      bakeTimeInMinutes: 0,
      deploymentCircuitBreaker: { enable: false, rollback: false, resetOnHealthyTask: true },
      ...deploymentConfiguration,
      alarms: {
        enable: false,
        rollback: false,
        ...deploymentConfiguration?.alarms,
        alarmNames: shuffled(deploymentConfiguration?.alarms?.alarmNames ?? [], order),
      },
    },
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
