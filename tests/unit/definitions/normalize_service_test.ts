import assert from "node:assert/strict";
import { normalizeService } from "../../../src/definitions/normalize_service.ts";
import { connect, deployment, ebs, hook, network, type Pair } from "./service_members.ts";

/** What DescribeServices answers for a service of which nothing was said. */
const DESCRIBED = {
  serviceArn: "arn:aws:ecs:ap-northeast-1:123456789012:service/default/app",
  clusterArn: "arn:aws:ecs:ap-northeast-1:123456789012:cluster/default",
  loadBalancers: [],
  serviceRegistries: [],
  status: "ACTIVE",
  runningCount: 2,
  pendingCount: 0,
  platformVersion: "LATEST",
  platformFamily: "Linux",
  taskDefinition: "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/app:3",
  deploymentConfiguration: {
    deploymentCircuitBreaker: {
      enable: false,
      rollback: false,
      resetOnHealthyTask: true,
      thresholdConfiguration: { type: "BOUNDED_PERCENT", value: 50 },
    },
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    alarms: { alarmNames: [], rollback: false, enable: false },
    strategy: "ROLLING",
    bakeTimeInMinutes: 0,
  },
  deployments: [{ id: "ecs-svc/1", status: "PRIMARY", taskDefinition: "arn:t" }],
  roleArn: "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
  events: [{ id: "1", message: "(service app) has reached a steady state." }],
  taskSets: [{ id: "ecs-svc/2", status: "PRIMARY" }],
  createdAt: "2023-01-01T00:00:00.000Z",
  createdBy: "arn:aws:iam::123456789012:user/somebody",
  currentServiceDeployment: "arn:d",
  currentServiceRevisions: [{ arn: "arn:r" }],
  placementConstraints: [],
  placementStrategy: [],
  healthCheckGracePeriodSeconds: 0,
  schedulingStrategy: "REPLICA",
  deploymentController: { type: "ECS" },
  enableECSManagedTags: false,
  propagateTags: "NONE",
  enableExecuteCommand: false,
  availabilityZoneRebalancing: "DISABLED",
  resourceManagementType: "CUSTOMER",
  tags: [],
};

const EQUAL: Record<string, Pair> = {
  "what AWS adds and fills in": [{}, DESCRIBED],
  "which service it is, and orders": [
    {},
    {
      cluster: "default",
      service: "app",
      taskDefinition: "app",
      clientToken: "1",
      forceNewDeployment: true,
      role: "r",
    },
  ],
  "null": [{}, { healthCheckGracePeriodSeconds: null, loadBalancers: null }],
  "a daemon's limits": [
    { schedulingStrategy: "DAEMON" },
    { schedulingStrategy: "DAEMON", deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 0 } },
  ],
  "the public IP address": [network({}), network({ assignPublicIp: "DISABLED" })],
  "the order of subnets": [network({}), network({ subnets: ["subnet-2", "subnet-1"] })],
  "the order of security groups": [network({ securityGroups: ["a", "b"] }), network({ securityGroups: ["b", "a"] })],
  "a capacity provider's weight and base": [
    { capacityProviderStrategy: [{ capacityProvider: "FARGATE" }] },
    { capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 0, base: 0 }] },
  ],
  "the order of capacity providers": [
    { capacityProviderStrategy: [{ capacityProvider: "b", weight: 1 }, { capacityProvider: "a", base: 1 }] },
    { capacityProviderStrategy: [{ base: 1, capacityProvider: "a" }, { capacityProvider: "b", weight: 1, base: 0 }] },
  ],
  "the order of load balancers": [
    { loadBalancers: [{ targetGroupArn: "arn:b" }, { targetGroupArn: "arn:a" }] },
    { loadBalancers: [{ targetGroupArn: "arn:a" }, { targetGroupArn: "arn:b" }] },
  ],
  "the order of VPC Lattice's target groups": [
    { vpcLatticeConfigurations: [{ targetGroupArn: "arn:b" }, { targetGroupArn: "arn:a" }] },
    { vpcLatticeConfigurations: [{ targetGroupArn: "arn:a" }, { targetGroupArn: "arn:b" }] },
  ],
  "the order of hooks": [
    deployment({ lifecycleHooks: [{ hookTargetArn: "arn:b" }, { hookTargetArn: "arn:a" }] }),
    deployment({ lifecycleHooks: [{ hookTargetArn: "arn:a" }, { hookTargetArn: "arn:b" }] }),
  ],
  "the order of tags": [
    { tags: [{ key: "a", value: "2" }, { key: "b", value: "1" }] },
    { tags: [{ key: "b", value: "1" }, { key: "a", value: "2" }] },
  ],
  "the order of placement constraints": [
    { placementConstraints: [{ type: "distinctInstance" }, { type: "memberOf", expression: "a" }] },
    { placementConstraints: [{ type: "memberOf", expression: "a" }, { type: "distinctInstance" }] },
  ],
  "the two names of an instance": [
    { placementStrategy: [{ type: "spread", field: "host" }] },
    { placementStrategy: [{ type: "spread", field: "instanceId" }] },
  ],
  "the order of alarms": [
    deployment({ alarms: { alarmNames: ["b", "a"], enable: true, rollback: true } }),
    deployment({ alarms: { alarmNames: ["a", "b"], enable: true, rollback: true } }),
  ],
  "a circuit breaker's fine print": [
    deployment({ deploymentCircuitBreaker: { enable: true, rollback: true } }),
    deployment({
      deploymentCircuitBreaker: {
        enable: true,
        rollback: true,
        resetOnHealthyTask: true,
        thresholdConfiguration: { type: "BOUNDED_PERCENT", value: 50 },
      },
    }),
  ],
  "a hook's fine print": [
    hook({}),
    hook({ targetType: "AWS_LAMBDA", timeoutConfiguration: { timeoutInMinutes: 1440, action: "ROLLBACK" } }),
  ],
  "the steps of a linear deployment": [
    deployment({ strategy: "LINEAR" }),
    deployment({ strategy: "LINEAR", linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 6 } }),
  ],
  "the canary": [
    deployment({ strategy: "CANARY" }),
    deployment({ strategy: "CANARY", canaryConfiguration: { canaryPercent: 5.0, canaryBakeTimeInMinutes: 10 } }),
  ],
  "no early success": [{}, deployment({ earlySuccessCriteria: { enable: false } })],
  "parameters in access logs": [
    connect({ accessLogConfiguration: { format: "TEXT" } }),
    connect({ accessLogConfiguration: { format: "TEXT", includeQueryParameters: "DISABLED" } }),
  ],
  "the file system of a volume": [ebs({}), ebs({ filesystemType: "xfs" })],
  "Service Connect that is off": [{}, { serviceConnectConfiguration: { enabled: false } }],
  "what a port is discovered by": [
    connect({ services: [{ portName: "http", discoveryName: "http", clientAliases: [] }] }),
    connect({ services: [{ portName: "http" }] }),
  ],
  "the name of the service, which the configuration has": [{ serviceName: "old" }, {}],
  "what AWS answers in the deployment only": [
    { ...connect({ namespace: "arn:n" }), ...ebs({}), vpcLatticeConfigurations: [{ portName: "web" }] },
    {
      deployments: [
        { status: "ACTIVE", ...connect({ namespace: "arn:old" }) },
        {
          status: "PRIMARY",
          ...connect({ namespace: "arn:n" }),
          ...ebs({ filesystemType: "xfs" }),
          vpcLatticeConfigurations: [{ portName: "web" }],
        },
      ],
    },
  ],
  "AWS's own tags": [{}, { tags: [{ key: "aws:cloudformation:stack-name", value: "s" }] }],
};

for (const [what, [one, other]] of Object.entries(EQUAL)) {
  Deno.test(`normalizeService() takes as equal: ${what}`, () => {
    assert.deepEqual(normalizeService(one), normalizeService(other));
  });
}

Deno.test("normalizeService() takes the file's own word before that of a deployment in it", () => {
  const pasted = {
    ...connect({ namespace: "new" }),
    deployments: [{ status: "PRIMARY", ...connect({ namespace: "old" }) }],
  };
  assert.deepEqual(normalizeService(pasted), connect({ namespace: "new" }));
});

Deno.test("normalizeService() leaves out the tags that are ignored", () => {
  const tags = [{ key: "a", value: "1" }, { key: "b", value: "2" }];
  assert.deepEqual(normalizeService({ tags }, ["a"]), { tags: [{ key: "b", value: "2" }] });
});

Deno.test("normalizeService() leaves what has not AWS's shape as it is", () => {
  const strange = { loadBalancers: "x", deploymentConfiguration: [1], networkConfiguration: 3, tags: { a: 1 } };
  assert.deepEqual(normalizeService({ ...strange, deployments: "none" }), strange);
});
