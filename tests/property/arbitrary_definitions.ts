/** Definitions as users write them, and what AWS answers of them. */
import fc from "fast-check";
import type { JsonObject } from "../../src/model/json.ts";

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
