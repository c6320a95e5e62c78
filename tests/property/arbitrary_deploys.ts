/** Services with task definitions that fit them, as users write them in two files, and as they change them. */
import fc from "fast-check";
import type { JsonObject } from "../../src/model/json.ts";

export interface Files {
  readonly service: JsonObject;
  readonly task: JsonObject;
}

/** What a team has in its files at first, and later. */
interface Deploys {
  readonly first: Files;
  readonly second: Files;
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{1,5}$/);
const arn = (kind: string) => word.map((name) => `arn:aws:${kind}:ap-northeast-1:123456789012:${name}`);

function some(members: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[] = []): fc.Arbitrary<JsonObject> {
  return fc.record(members, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<JsonObject>;
}

/** Where the tasks run, and who says how many: what no update changes. */
type Kind = "fargate" | "providers" | "ec2" | "unsaid" | "daemon";

export const FAMILY = "app";
const PORTS = [80, 8080];
const PORT_NAMES: Readonly<Record<number, string>> = { 80: "web", 8080: "admin" };

/** Settings that ask something of the task definition are always written, so that the second deploy can turn them off. */
interface Asked {
  readonly balanced: boolean;
  readonly connected: boolean;
  readonly withVolume: boolean;
}

const asked: fc.Arbitrary<Asked> = fc.record({
  balanced: fc.boolean(),
  connected: fc.boolean(),
  withVolume: fc.boolean(),
});

function hasVpc(kind: Kind): boolean {
  return kind === "fargate" || kind === "providers";
}

function taskOf(kind: Kind, { withVolume }: Asked): fc.Arbitrary<JsonObject> {
  const onFargate = hasVpc(kind);
  const container = fc.record({
    image: fc.tuple(fc.constantFrom("", "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/"), word)
      .map(([registry, tag]) => `${registry}app:${tag}`),
    more: some({
      essential: fc.constant(true),
      cpu: fc.constant(0),
      environment: fc.uniqueArray(fc.record({ name: word, value: word }, { noNullPrototype: true }), {
        maxLength: 3,
        selector: ({ name }) => name,
      }),
      healthCheck: some({ command: fc.constant(["CMD", "true"]), retries: fc.constantFrom(3, 4) }, ["command"]),
    }),
    protocol: some({ protocol: fc.constant("tcp") }),
  });
  const size = fc.constantFrom(
    { cpu: "256", memory: "512" },
    { cpu: ".25 vCPU", memory: "0.5 GB" },
    { cpu: "512", memory: "1 GB" },
  );
  return fc.record({ container, size }).map(
    ({ container: { image, more, protocol }, size: { cpu, memory } }) => ({
      family: FAMILY,
      executionRoleArn: "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
      requiresCompatibilities: [onFargate ? "FARGATE" : "EC2"],
      cpu,
      memory,
      ...(onFargate ? { networkMode: "awsvpc" } : {}),
      ...(withVolume ? { volumes: [{ name: "data", configuredAtLaunch: true }] } : {}),
      containerDefinitions: [{
        name: "app",
        image,
        ...more,
        portMappings: PORTS.map((containerPort) => ({ containerPort, name: PORT_NAMES[containerPort]!, ...protocol })),
      }],
    }),
  );
}

const configuration = (kind: Kind) =>
  some({
    maximumPercent: kind === "daemon" ? fc.constant(100) : fc.constantFrom(200, 250),
    minimumHealthyPercent: kind === "daemon" ? fc.constantFrom(0, 50) : fc.constantFrom(50, 100),
    strategy: fc.constant("ROLLING"),
    bakeTimeInMinutes: fc.constant(0),
    deploymentCircuitBreaker: fc.record({ enable: fc.boolean(), rollback: fc.boolean() }, { noNullPrototype: true }),
    alarms: fc.record({
      alarmNames: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
      enable: fc.boolean(),
      rollback: fc.boolean(),
    }, { noNullPrototype: true }),
  });

const vpc = some({
  subnets: fc.uniqueArray(word.map((id) => `subnet-${id}`), { minLength: 1, maxLength: 3 }),
  securityGroups: fc.uniqueArray(word.map((id) => `sg-${id}`), { maxLength: 3 }),
  assignPublicIp: fc.constantFrom("ENABLED", "DISABLED"),
}, ["subnets"]);

const connect = some({
  enabled: fc.constant(true),
  namespace: fc.oneof(fc.constant("internal"), arn("servicediscovery")),
  services: fc.subarray(Object.values(PORT_NAMES), { minLength: 1 }).chain((names) =>
    fc.tuple(...names.map((portName) =>
      some({
        portName: fc.constant(portName),
        discoveryName: fc.constantFrom(portName, "other"),
        clientAliases: fc.constant([{ port: 80 }]),
      }, ["portName"])
    ))
  ),
}, ["enabled", "services"]);

const balancers = fc.uniqueArray(
  fc.record({
    targetGroupArn: arn("elasticloadbalancing"),
    containerName: fc.constant("app"),
    containerPort: fc.constantFrom(...PORTS),
  }, { noNullPrototype: true }),
  { minLength: 1, maxLength: 2, selector: ({ targetGroupArn }) => targetGroupArn },
);

const volume = some({
  roleArn: fc.constant("arn:aws:iam::123456789012:role/ebs"),
  sizeInGiB: fc.constantFrom(1, 10),
  filesystemType: fc.constantFrom("xfs", "ext4"),
}, ["roleArn", "sizeInGiB"]).map((managedEBSVolume) => [{ name: "data", managedEBSVolume }]);

const providers = fc.constantFrom(
  [{ capacityProvider: "FARGATE", weight: 1 }],
  [{ capacityProvider: "FARGATE_SPOT", weight: 2 }, { capacityProvider: "FARGATE", base: 1 }],
);

function serviceOf(kind: Kind, { balanced, connected, withVolume }: Asked): fc.Arbitrary<JsonObject> {
  const required: Record<string, fc.Arbitrary<unknown>> = {
    loadBalancers: balanced ? balancers : fc.constant([]),
    serviceConnectConfiguration: connected ? connect : fc.constant({ enabled: false }),
    volumeConfigurations: withVolume ? volume : fc.constant([]),
    ...(hasVpc(kind) ? { networkConfiguration: vpc.map((awsvpcConfiguration) => ({ awsvpcConfiguration })) } : {}),
    ...(kind === "fargate" ? { launchType: fc.constant("FARGATE") } : {}),
    ...(kind === "providers" ? { capacityProviderStrategy: providers } : {}),
    ...(kind === "ec2" || kind === "daemon" ? { launchType: fc.constant("EC2") } : {}),
    ...(kind === "daemon" ? { schedulingStrategy: fc.constant("DAEMON") } : {}),
  };
  const optional: Record<string, fc.Arbitrary<unknown>> = {
    desiredCount: fc.nat(3),
    deploymentConfiguration: configuration(kind),
    propagateTags: fc.constantFrom("NONE", "SERVICE", "TASK_DEFINITION"),
    enableECSManagedTags: fc.boolean(),
    enableExecuteCommand: fc.boolean(),
    healthCheckGracePeriodSeconds: fc.constantFrom(0, 60),
    serviceName: fc.constantFrom("app", "old-name"),
    ...(hasVpc(kind) ? { platformVersion: fc.constantFrom("LATEST", "1.4.0") } : {}),
    ...(kind === "ec2" ? { placementStrategy: fc.constant([{ type: "spread", field: "host" }]) } : {}),
    ...(kind === "ec2" ? { placementConstraints: fc.constant([{ type: "distinctInstance" }]) } : {}),
    ...(kind === "daemon" ? {} : { availabilityZoneRebalancing: fc.constantFrom("ENABLED", "DISABLED") }),
  };
  return some({ ...required, ...optional }, Object.keys(required));
}

const files = (kind: Kind, tags: JsonObject): fc.Arbitrary<Files> =>
  asked.chain((wanted) => {
    // A volume of a service is for REPLICA only (API reference, CreateService).
    const has = kind === "daemon" ? { ...wanted, withVolume: false } : wanted;
    return fc.record({ service: serviceOf(kind, has).map((one) => ({ ...tags, ...one })), task: taskOf(kind, has) });
  });

/** Tags of a service are given when it is created: the second files have the same. */
const tags = some({
  tags: fc.uniqueArray(fc.record({ key: word, value: word }, { noNullPrototype: true }), {
    minLength: 1,
    maxLength: 3,
    selector: ({ key }) => key,
  }),
});

export const deploys: fc.Arbitrary<Deploys> = fc
  .tuple(fc.constantFrom<Kind>("fargate", "providers", "ec2", "unsaid", "daemon"), tags)
  .chain(([kind, tags]) => fc.record({ first: files(kind, tags), second: files(kind, tags) }));
