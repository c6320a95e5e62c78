/** What a service may consist of, in the members of UpdateService, as far as the task definitions of `myservice` fit it. */
import fc from "fast-check";
import type { Json, JsonObject } from "../emulator/model.ts";

const target = (name: string) => ({
  targetGroupArn: `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/${name}/0123456789abcdef`,
  containerName: "app",
  containerPort: 8080,
});
const registry = (name: string) => ({
  registryArn: `arn:aws:servicediscovery:ap-northeast-1:123456789012:service/srv-${name}`,
});
const namespace = (name: string) => `arn:aws:servicediscovery:ap-northeast-1:123456789012:namespace/ns-${name}`;
const monitoring = (...metricNames: string[]) => ({ metricConfigurations: [{ metricNames, resolutionSeconds: 20 }] });
const vpc = (subnet: string, assignPublicIp: string) => ({
  awsvpcConfiguration: { subnets: [subnet, "subnet-9"], securityGroups: ["sg-0123456789abcdef0"], assignPublicIp },
});
const FUNCTION = {
  targetType: "AWS_LAMBDA",
  hookTargetArn: "arn:aws:lambda:ap-northeast-1:123456789012:function:check",
  roleArn: "arn:aws:iam::123456789012:role/hooks",
};

const oneOf = (...values: Json[]) => fc.constantFrom<Json>(...values);

/** Values for each member that starts no deployment, or may not; what takes it away is among them. */
const QUIET: Record<string, fc.Arbitrary<Json>> = {
  availabilityZoneRebalancing: oneOf("ENABLED", "DISABLED"),
  enableECSManagedTags: fc.boolean(),
  enableExecuteCommand: fc.boolean(),
  healthCheckGracePeriodSeconds: oneOf(0, 30),
  placementConstraints: oneOf([], [{ type: "distinctInstance" }]),
  placementStrategy: oneOf([], [{ type: "spread", field: "instanceId" }, { type: "random" }]),
  propagateTags: oneOf("NONE", "SERVICE", "TASK_DEFINITION"),
};

const LOUD: Record<string, fc.Arbitrary<Json>> = {
  gatewayConnectors: oneOf([], [{ portName: "http" }]),
  loadBalancers: oneOf([], [target("a")], [target("b"), target("a")]),
  monitoring: oneOf(
    { metricConfigurations: [] },
    monitoring("CPUUtilization"),
    monitoring("MemoryUtilization", "CPUUtilization"),
  ),
  networkConfiguration: oneOf(vpc("subnet-1", "DISABLED"), vpc("subnet-2", "ENABLED")),
  platformVersion: oneOf("1.4.0", "1.3.0"),
  serviceConnectConfiguration: oneOf({ enabled: true, namespace: namespace("a") }, {
    enabled: true,
    namespace: namespace("b"),
  }),
  serviceRegistries: oneOf([], [registry("a")], [registry("b")]),
};

const BREAKERS = oneOf(
  { enable: true, rollback: false },
  { enable: true, rollback: true },
  { enable: true, rollback: false, resetOnHealthyTask: false },
  { enable: true, rollback: true, thresholdConfiguration: { type: "COUNT", value: 4 } },
  { enable: false, rollback: false },
);

/** Each member of a deployment configuration but the strategy, which belongs to the world. */
const CONFIGURATION: Record<string, fc.Arbitrary<Json>> = {
  alarms: oneOf({ alarmNames: ["quiet"], enable: true, rollback: true }, {
    alarmNames: [],
    enable: false,
    rollback: false,
  }),
  deploymentCircuitBreaker: BREAKERS,
  lifecycleHooks: oneOf([], [{ ...FUNCTION, lifecycleStages: ["PRE_SCALE_UP"] }], [
    { ...FUNCTION, lifecycleStages: ["PRE_SCALE_UP", "POST_SCALE_UP"] },
  ]),
  minimumHealthyPercent: oneOf(100, 50),
  maximumPercent: oneOf(200, 150),
};

const CAPACITY = oneOf(
  [],
  [{ capacityProvider: "FARGATE", base: 1 }, { capacityProvider: "FARGATE_SPOT", weight: 3 }],
  [{ capacityProvider: "FARGATE_SPOT", weight: 1, base: 0 }],
);

const someOf = (members: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<JsonObject> =>
  fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;

/** What service revisions record, capacity providers included. */
export const arbitraryRecordedSettings: fc.Arbitrary<JsonObject> = someOf({
  ...LOUD,
  capacityProviderStrategy: CAPACITY,
});

const arbitraryConfiguration: fc.Arbitrary<JsonObject> = someOf(CONFIGURATION);

/** What a service is made with. */
export const arbitraryOldSettings: fc.Arbitrary<JsonObject> = fc.tuple(
  someOf({ ...QUIET, ...LOUD }),
  fc.option(arbitraryConfiguration, { nil: undefined }),
).map(([settings, deploymentConfiguration]) => ({
  ...settings,
  ...(deploymentConfiguration && { deploymentConfiguration }),
}));

/** What a file says of a service: each member seldom, so that many runs are about one or two. */
export const arbitraryNewSettings: fc.Arbitrary<JsonObject> = fc.tuple(
  fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: someOf(QUIET) }),
  fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: someOf(LOUD) }),
  fc.option(arbitraryConfiguration, { nil: undefined }),
  fc.option(CAPACITY, { nil: undefined, freq: 6 }),
  fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
).map(([quiet, loud, deploymentConfiguration, capacityProviderStrategy, desiredCount]) => ({
  ...quiet,
  ...loud,
  ...(deploymentConfiguration && { deploymentConfiguration }),
  ...(capacityProviderStrategy !== undefined && { capacityProviderStrategy }),
  ...(desiredCount !== undefined && { desiredCount }),
}));
