import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator, type EmulatorOptions } from "./emulator.ts";
import type { JsonObject } from "./model.ts";

/** A cluster with the family `app`, which is for Fargate: a named port, and a volume that is configured at launch. */
function world(options?: EmulatorOptions, task: JsonObject = {}): Emulator {
  const emulator = new Emulator(options);
  emulator.registerTaskDefinition({
    family: "app",
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "256",
    memory: "512",
    containerDefinitions: [{
      name: "app",
      image: "i",
      portMappings: [{ containerPort: 80, name: "http" }, { containerPortRange: "9000-9010" }],
    }],
    ...task,
  });
  return emulator;
}

const NETWORK = { awsvpcConfiguration: { subnets: ["subnet-1", "subnet-2"] } };
const SERVICE: JsonObject = {
  serviceName: "s",
  taskDefinition: "app",
  desiredCount: 1,
  launchType: "FARGATE",
  networkConfiguration: NETWORK,
};
const TARGET = { targetGroupArn: "arn:tg", containerName: "app", containerPort: 80 };
const VOLUME = { name: "data", managedEBSVolume: { roleArn: "arn:role", sizeInGiB: 1 } };
const FARGATE = [{ capacityProvider: "FARGATE", weight: 1 }];
const CODE_DEPLOY = { deploymentController: { type: "CODE_DEPLOY" } };

const REFUSED: [what: string, input: JsonObject, words: RegExp, task?: JsonObject][] = [
  ["no number of tasks", { desiredCount: null }, /desired count is required/],
  ["a negative number", { desiredCount: -1 }, /cannot be negative/],
  ["launch type and strategy", { capacityProviderStrategy: FARGATE }, /^Specifying both a launch type and capacity/],
  [
    "a provider of another cluster",
    { launchType: null, capacityProviderStrategy: [{ capacityProvider: "mine" }] },
    /not associated with the cluster/,
  ],
  ["empty tags", { tags: [] }, /^Tags can not be empty/],
  ["an empty role", { role: "" }, /^Role is not valid/],
  ["no task definition", { taskDefinition: null }, /^TaskDefinition can not be blank/],
  ["no network", { networkConfiguration: null }, /^Network Configuration must be provided/],
  [
    "a container that is not there",
    { loadBalancers: [{ ...TARGET, containerName: "web" }] },
    /^The container web does/,
  ],
  ["a port that is not there", { loadBalancers: [{ ...TARGET, containerPort: 81 }] }, /container port 81 defined/],
  ["a port that no registry finds", {
    serviceRegistries: [{ registryArn: "r", containerName: "app", containerPort: 1 }],
  }, /port 1/],
  ["a volume too many", { volumeConfigurations: [VOLUME] }, /^The volume name 'data' in your request does not/],
  ["a volume that is there already", { volumeConfigurations: [VOLUME] }, /^Volume configuration provided but no/, {
    volumes: [{ name: "data" }],
  }],
  ["a volume too few", {}, /volume data/, { volumes: [{ name: "data", configuredAtLaunch: true }] }],
  [
    "a port name of Service Connect",
    { serviceConnectConfiguration: { enabled: true, services: [{ portName: "grpc" }] } },
    /^portName\(grpc\) does not refer to any named PortMapping/,
  ],
  [
    "a port name of VPC Lattice",
    { vpcLatticeConfigurations: [{ roleArn: "r", targetGroupArn: "t", portName: "grpc" }] },
    /^portName\(grpc\) does not refer to any named PortMapping/,
  ],
  ["a platform of EC2", { launchType: "EC2", platformVersion: "1.4.0" }, /must be null/, {
    requiresCompatibilities: ["EC2"],
  }],
  ["CodeDeploy without a load balancer", CODE_DEPLOY, /load balancer is required/],
  ["a task definition of task sets", {
    deploymentController: { type: "EXTERNAL" },
    launchType: null,
    networkConfiguration: null,
  }, /^TaskDefinition must be blank/],
  ["a launch type of task sets", { deploymentController: { type: "EXTERNAL" } }, /^LaunchType must be blank/],
  [
    "a number of tasks of DAEMON",
    { schedulingStrategy: "DAEMON" },
    /^The daemon scheduling strategy does not support a desired count/,
  ],
  [
    "DAEMON on Fargate",
    { schedulingStrategy: "DAEMON", desiredCount: null },
    /not supported with the Fargate launch type/,
  ],
  [
    "constraints on Fargate",
    { placementConstraints: [{ type: "distinctInstance" }] },
    /^Placement constraints are not/,
  ],
  ["a strategy on Fargate", { placementStrategy: [{ type: "random" }] }, /^Placement strategies are not supported/],
  ["two kinds of load balancer", { loadBalancers: [{ ...TARGET, loadBalancerName: "b" }] }, /cannot both be specified/],
  ["two names of a port", {
    serviceConnectConfiguration: {
      enabled: true,
      services: [{ portName: "http", clientAliases: [{ port: 80 }, { port: 81 }] }],
    },
  }, /^2 clientAliases exceeds the max limit of 1/],
  [
    "a volume of no size",
    { volumeConfigurations: [{ name: "data", managedEBSVolume: { roleArn: "arn:role" } }] },
    /^ECS managed EBS volume configuration was invalid/,
    { volumes: [{ name: "data", configuredAtLaunch: true }] },
  ],
  ["two registries", { serviceRegistries: [{ registryArn: "r" }, { registryArn: "s" }] }, /at most 1 items/],
  ["two bases", {
    launchType: null,
    capacityProviderStrategy: [...FARGATE, { capacityProvider: "FARGATE_SPOT", weight: 1 }].map((item) => {
      return { ...item, base: 1 };
    }),
  }, /^There are multiple capacity providers .* with a base value/],
  ["weights of nothing", {
    launchType: null,
    capacityProviderStrategy: [{ capacityProvider: "FARGATE" }, { capacityProvider: "FARGATE_SPOT" }],
  }, /^There are no capacity providers .* with a weight value greater than zero/],
  ["percentages that block", {
    deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 },
  }, /^Both maximumPercent and minimumHealthyPercent cannot be 100/],
  ["more than all to be healthy", {
    deploymentConfiguration: { minimumHealthyPercent: 150, maximumPercent: 200 },
  }, /^minimumHealthyPercent must be at most 100/],
  ["a breaker of CodeDeploy", {
    ...CODE_DEPLOY,
    loadBalancers: [TARGET],
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  }, /^The CODE_DEPLOY deployment controller does not support/],
  ["load balancers of task sets", {
    deploymentController: { type: "EXTERNAL" },
    taskDefinition: null,
    launchType: null,
    networkConfiguration: null,
    loadBalancers: [TARGET],
  }, /^LoadBalancers must be empty or null/],
  ["DAEMON with a strategy", {
    schedulingStrategy: "DAEMON",
    desiredCount: null,
    launchType: "EC2",
    placementStrategy: [{ type: "random" }],
  }, /^The daemon scheduling strategy does not support placement strategies/],
  ["DAEMON with more than all", {
    schedulingStrategy: "DAEMON",
    desiredCount: null,
    launchType: "EC2",
    deploymentConfiguration: { maximumPercent: 200 },
  }, /^The daemon scheduling strategy does not support values above 100/],
  ["another name", { serviceName: "a b" }, /Invalid service name/],
];

for (const [what, input, words, task] of REFUSED) {
  Deno.test(`CreateService refuses ${what}`, () => {
    const emulator = world({}, task);
    const before = emulator.state();
    const { type, message = "" } = ask(emulator, "CreateService", { ...SERVICE, ...input });
    assert.equal(type, "InvalidParameterException");
    assert.match(message, words);
    assert.deepEqual(emulator.state(), before);
  });
}

Deno.test("CreateService takes a port out of a range, a volume that is configured at launch, and a named port", () => {
  const emulator = world({}, { volumes: [{ name: "data", configuredAtLaunch: true }] });
  const answer = ask(emulator, "CreateService", {
    ...SERVICE,
    loadBalancers: [{ ...TARGET, containerPort: 9005 }],
    volumeConfigurations: [VOLUME],
    serviceConnectConfiguration: { enabled: true, services: [{ portName: "http" }] },
  });
  assert.equal(answer.type, undefined, answer.message);
});

Deno.test("the same order under the same token is carried out once; another one under it, or without it, is refused", () => {
  const emulator = world();
  const create = (input: JsonObject) => ask(emulator, "CreateService", { ...SERVICE, ...input });
  const [first, again] = [create({ clientToken: "t" }), create({ clientToken: "t" })];
  assert.equal(again.output.service.serviceArn, first.output.service.serviceArn);
  assert.equal(again.output.service.deployments[0].id, first.output.service.deployments[0].id);
  for (const other of [{ clientToken: "t", desiredCount: 2 }, { clientToken: "u" }, {}]) {
    assert.match(create(other).message ?? "", /not idempotent/);
  }
});

Deno.test("what nobody has said is answered all the same, in an order of its own", () => {
  const emulator = world();
  const { service } = ask(emulator, "CreateService", {
    ...SERVICE,
    loadBalancers: [TARGET],
    serviceConnectConfiguration: { enabled: true, namespace: "internal", services: [{ portName: "http" }] },
    tags: [{ key: "Team", value: "a" }],
  }).output;
  const { awsvpcConfiguration } = service.networkConfiguration;
  assert.deepEqual(awsvpcConfiguration, {
    assignPublicIp: "DISABLED",
    subnets: ["subnet-2", "subnet-1"],
    securityGroups: [],
  });
  assert.deepEqual([service.platformVersion, service.deployments[0].platformVersion], ["LATEST", "1.4.0"]);
  assert.deepEqual([service.availabilityZoneRebalancing, service.schedulingStrategy], ["ENABLED", "REPLICA"]);
  assert.equal(service.deploymentConfiguration.strategy, "ROLLING");
  assert.match(service.roleArn, /AWSServiceRoleForECS$/);
  assert.equal("serviceConnectConfiguration" in service, false);
  const connect = service.deployments[0].serviceConnectConfiguration;
  assert.deepEqual(connect.services, [{ portName: "http", discoveryName: "http", clientAliases: [] }]);
  assert.match(connect.namespace, /^arn:/);

  emulator.configure({ terseAnswers: true });
  const terse = emulator.describeService("s") as JsonObject & { deployments: JsonObject[] };
  assert.deepEqual([terse.platformVersion, "tags" in terse], ["1.4.0", false]);
  assert.equal((terse.deployments[0]!.serviceConnectConfiguration as JsonObject).namespace, "internal");
});

Deno.test("a service of CodeDeploy begins with a task set, one with task sets of its own with none", () => {
  const emulator = world();
  const { service } = ask(emulator, "CreateService", { ...SERVICE, ...CODE_DEPLOY, loadBalancers: [TARGET] }).output;
  assert.deepEqual([service.deployments, service.taskSets.length], [[], 1]);
  const external = { serviceName: "x", desiredCount: 1, deploymentController: { type: "EXTERNAL" } };
  const { deployments, taskSets, taskDefinition } = ask(emulator, "CreateService", external).output.service;
  assert.deepEqual([deployments, taskSets, taskDefinition], [[], [], undefined]);
  emulator.advance(60_000);
  assert.equal(emulator.describeService("x").runningCount, 0);
  const ofEcs = ask(emulator, "CreateTaskSet", { cluster: "default", service: "s", taskDefinition: "app" });
  assert.match(ofEcs.message ?? "", /^Amazon ECS only supports task set management/);
});

Deno.test("a DAEMON service has a task on each instance, and its number is not updated", () => {
  const emulator = world({ containerInstances: 3 }, { requiresCompatibilities: ["EC2"], networkMode: "bridge" });
  const daemon = { serviceName: "s", taskDefinition: "app", launchType: "EC2", schedulingStrategy: "DAEMON" };
  const { service } = ask(emulator, "CreateService", daemon).output;
  const { maximumPercent, minimumHealthyPercent } = service.deploymentConfiguration;
  assert.deepEqual([service.desiredCount, maximumPercent, minimumHealthyPercent], [3, 100, 0]);
  const { message } = ask(emulator, "UpdateService", { service: "s", desiredCount: 2 });
  assert.match(message ?? "", /^The daemon scheduling strategy does not support a desired count/);
});
