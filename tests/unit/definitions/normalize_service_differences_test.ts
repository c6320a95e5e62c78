import assert from "node:assert/strict";
import { normalizeService } from "../../../src/definitions/normalize_service.ts";
import { connect, deployment, ebs, hook, network, type Pair } from "./service_members.ts";

const DIFFERENT: Record<string, Pair> = {
  "the number of tasks": [{ desiredCount: 1 }, { desiredCount: 2 }],
  "the launch type, which depends on the cluster": [{}, { launchType: "EC2" }],
  "the platform's version": [{ launchType: "FARGATE" }, { launchType: "FARGATE", platformVersion: "1.4.0" }],
  "a daemon": [{}, { schedulingStrategy: "DAEMON" }],
  "a daemon's limits for others": [{}, deployment({ maximumPercent: 100, minimumHealthyPercent: 0 })],
  "others' limits for a daemon": [
    { schedulingStrategy: "DAEMON" },
    { schedulingStrategy: "DAEMON", deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 } },
  ],
  "the grace period": [{}, { healthCheckGracePeriodSeconds: 60 }],
  "managed tags": [{}, { enableECSManagedTags: true }],
  "execute command": [{}, { enableExecuteCommand: true }],
  "where tags come from": [{}, { propagateTags: "SERVICE" }],
  "rebalancing": [{}, { availabilityZoneRebalancing: "ENABLED" }],
  "the controller": [{}, { deploymentController: { type: "CODE_DEPLOY" } }],
  "a public IP address": [network({}), network({ assignPublicIp: "ENABLED" })],
  "a subnet": [network({}), network({ subnets: ["subnet-1"] })],
  "security groups": [network({}), network({ securityGroups: ["a"] })],
  "a weight": [
    { capacityProviderStrategy: [{ capacityProvider: "FARGATE" }] },
    { capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }] },
  ],
  "a target group": [{}, { loadBalancers: [{ targetGroupArn: "arn:a" }] }],
  "the order of placement strategies, of which the first counts most": [
    { placementStrategy: [{ type: "spread", field: "instanceId" }, { type: "binpack", field: "cpu" }] },
    { placementStrategy: [{ type: "binpack", field: "cpu" }, { type: "spread", field: "instanceId" }] },
  ],
  "a circuit breaker": [{}, deployment({ deploymentCircuitBreaker: { enable: true, rollback: false } })],
  "a circuit breaker's way back": [
    deployment({ deploymentCircuitBreaker: { enable: true, rollback: false } }),
    deployment({ deploymentCircuitBreaker: { enable: true, rollback: true } }),
  ],
  "a circuit breaker's threshold": [
    deployment({ deploymentCircuitBreaker: { enable: true } }),
    deployment({ deploymentCircuitBreaker: { enable: true, thresholdConfiguration: { type: "COUNT", value: 5 } } }),
  ],
  "alarms": [{}, deployment({ alarms: { alarmNames: ["a"], enable: true, rollback: true } })],
  "the strategy": [{}, deployment({ strategy: "BLUE_GREEN" })],
  "the time to bake": [
    deployment({ strategy: "BLUE_GREEN", bakeTimeInMinutes: 5 }),
    deployment({ strategy: "BLUE_GREEN", bakeTimeInMinutes: 6 }),
  ],
  "a hook's own details, whose empty members are the hook's affair": [
    hook({ hookDetails: { a: null } }),
    hook({ hookDetails: { a: [] } }),
  ],
  "a hook's details called as a default": [hook({}), hook({ hookDetails: { targetType: "AWS_LAMBDA" } })],
  "a hook's time": [hook({}), hook({ timeoutConfiguration: { timeoutInMinutes: 10 } })],
  "the namespace": [connect({ namespace: "a" }), connect({ namespace: "b" })],
  "Service Connect that is on": [{}, { serviceConnectConfiguration: { enabled: true } }],
  "what a port is discovered by": [
    connect({ services: [{ portName: "http", discoveryName: "web" }] }),
    connect({ services: [{ portName: "http" }] }),
  ],
  "the file system of a volume": [ebs({}), ebs({ filesystemType: "ext4" })],
  "what AWS answers in an old deployment": [
    connect({}),
    { deployments: [{ status: "ACTIVE", ...connect({}) }, { status: "PRIMARY" }] },
  ],
  "a tag": [{}, { tags: [{ key: "a", value: "1" }] }],
  "what this program does not know": [{}, { newFeature: false }],
};

for (const [what, [one, other]] of Object.entries(DIFFERENT)) {
  Deno.test(`normalizeService() distinguishes: ${what}`, () => {
    assert.notDeepEqual(normalizeService(one), normalizeService(other));
  });
}
