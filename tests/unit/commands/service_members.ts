import type { Json, JsonObject } from "../../emulator/model.ts";

/** Every member of a service that UpdateService takes, with values to try. */

export const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: false } };
const VPC = { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"] } };
const OTHER_VPC = {
  awsvpcConfiguration: { subnets: ["subnet-2"], securityGroups: ["sg-1"], assignPublicIp: "ENABLED" },
};
const target = (name: string) =>
  `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/${name}/0123456789abcdef`;
const registry = (name: string) => `arn:aws:servicediscovery:ap-northeast-1:123456789012:service/srv-${name}`;
const namespace = (name: string) => `arn:aws:servicediscovery:ap-northeast-1:123456789012:namespace/ns-${name}`;
const ROLE = "arn:aws:iam::123456789012:role/ecsInfrastructure";
const lattice = (name: string) => [{
  roleArn: ROLE,
  targetGroupArn: `arn:aws:vpc-lattice:ap-northeast-1:123456789012:targetgroup/tg-${name}`,
  portName: "http",
}];
const volume = (sizeInGiB: number) => [{ name: "data", managedEBSVolume: { roleArn: ROLE, sizeInGiB } }];
const monitoring = (...metricNames: string[]) => ({ metricConfigurations: [{ metricNames, resolutionSeconds: 20 }] });
const balancer = (name: string) => [{ targetGroupArn: target(name), containerName: "app", containerPort: 8080 }];
const hook = (...lifecycleStages: string[]) => ({ targetType: "PAUSE", lifecycleStages });

export interface Member {
  readonly name: string;
  /** Two values of it. */
  readonly values: readonly [Json, Json];
  /** What a file says that takes it away; `undefined`: no file can. */
  readonly off: Json | undefined;
  /** Of a member of `deploymentConfiguration`: there it stands, and to take it away it is left out. */
  readonly isNested?: true;
  /** What else the service has, both before and after. */
  readonly beside?: JsonObject;
}

export const MEMBERS: readonly Member[] = [
  { name: "availabilityZoneRebalancing", values: ["ENABLED", "DISABLED"], off: undefined },
  {
    name: "capacityProviderStrategy",
    values: [[{ capacityProvider: "FARGATE", weight: 1, base: 1 }], [{ capacityProvider: "FARGATE_SPOT", weight: 3 }]],
    off: [],
  },
  { name: "desiredCount", values: [3, 1], off: undefined },
  { name: "enableECSManagedTags", values: [true, false], off: false },
  { name: "enableExecuteCommand", values: [true, false], off: false },
  { name: "gatewayConnectors", values: [[{ portName: "http" }], [{ portName: "admin" }]], off: [] },
  { name: "healthCheckGracePeriodSeconds", values: [30, 60], off: 0 },
  { name: "loadBalancers", values: [balancer("a"), balancer("b")], off: [] },
  {
    name: "monitoring",
    values: [monitoring("CPUUtilization"), monitoring("MemoryUtilization")],
    off: { metricConfigurations: [] },
  },
  { name: "networkConfiguration", values: [VPC, OTHER_VPC], off: undefined },
  {
    name: "placementConstraints",
    values: [[{ type: "distinctInstance" }], [{ type: "memberOf", expression: "a" }]],
    off: [],
  },
  { name: "placementStrategy", values: [[{ type: "spread", field: "instanceId" }], [{ type: "random" }]], off: [] },
  { name: "platformVersion", values: ["1.3.0", "1.4.0"], off: "LATEST" },
  { name: "propagateTags", values: ["SERVICE", "TASK_DEFINITION"], off: "NONE" },
  {
    name: "serviceConnectConfiguration",
    values: [{ enabled: true, namespace: namespace("a") }, {
      enabled: true,
      namespace: namespace("b"),
      services: [{ portName: "http" }],
    }],
    off: { enabled: false },
  },
  { name: "serviceRegistries", values: [[{ registryArn: registry("a") }], [{ registryArn: registry("b") }]], off: [] },
  { name: "volumeConfigurations", values: [volume(10), volume(20)], off: [] },
  { name: "vpcLatticeConfigurations", values: [lattice("a"), lattice("b")], off: [] },
  // Inside of deploymentConfiguration.
  {
    name: "alarms",
    values: [{ alarmNames: ["a"], enable: true, rollback: true }, {
      alarmNames: ["a", "b"],
      enable: true,
      rollback: false,
    }],
    off: undefined,
    isNested: true,
  },
  {
    name: "deploymentCircuitBreaker",
    values: [
      { enable: true, rollback: false, resetOnHealthyTask: false, thresholdConfiguration: { type: "COUNT", value: 3 } },
      { enable: true, rollback: false, thresholdConfiguration: { type: "UNBOUNDED_PERCENT", value: 100 } },
    ],
    off: BREAKER.deploymentCircuitBreaker,
    isNested: true,
  },
  {
    name: "earlySuccessCriteria",
    values: [
      { enable: true, healthyPercent: 100, sourceServiceRevisionCleanup: "BLOCKING" },
      { enable: true, healthyPercent: 100, sourceServiceRevisionCleanup: "DEFERRED" },
    ],
    off: undefined,
    isNested: true,
  },
  { name: "bakeTimeInMinutes", values: [1, 2], off: undefined, isNested: true },
  { name: "maximumPercent", values: [150, 250], off: undefined, isNested: true },
  { name: "minimumHealthyPercent", values: [50, 60], off: undefined, isNested: true },
  { name: "strategy", values: ["BLUE_GREEN", "ROLLING"], off: undefined, isNested: true },
  {
    name: "lifecycleHooks",
    values: [[hook("PRE_SCALE_UP")], [hook("PRE_SCALE_UP"), hook("POST_SCALE_UP")]],
    off: undefined,
    isNested: true,
  },
  {
    name: "linearConfiguration",
    values: [{ stepPercent: 50, stepBakeTimeInMinutes: 1 }, { stepPercent: 100, stepBakeTimeInMinutes: 0 }],
    off: undefined,
    isNested: true,
    beside: { strategy: "LINEAR" },
  },
  {
    name: "canaryConfiguration",
    values: [{ canaryPercent: 50, canaryBakeTimeInMinutes: 1 }, { canaryPercent: 20, canaryBakeTimeInMinutes: 0 }],
    off: undefined,
    isNested: true,
    beside: { strategy: "CANARY" },
  },
];
