import assert from "node:assert/strict";
import { freeFrom } from "../../../src/secrets/exposure.ts";

const pathOf = (text: string) => text.split(".").map((key) => /^\d+$/.test(key) ? Number(key) : key);
const CONTAINER = "containerDefinitions.0.";

const PLAIN = [
  ...["family", "cpu", "taskRoleArn", "requiresCompatibilities.0", `${CONTAINER}image`, `${CONTAINER}name`],
  ...[`${CONTAINER}secrets.0.valueFrom`, `${CONTAINER}portMappings.0.containerPort`, `${CONTAINER}environment.0.name`],
  ...[`${CONTAINER}logConfiguration.options.awslogs-group`, `${CONTAINER}logConfiguration.logDriver`],
  ...[`${CONTAINER}environmentFiles.0.value`, "tags.0.key", "networkConfiguration.awsvpcConfiguration.subnets.1"],
  ...["loadBalancers.0.targetGroupArn", "desiredCount", "deploymentConfiguration.alarms.alarmNames.0"],
];
const FREE = [
  ...[`${CONTAINER}command.0`, `${CONTAINER}entryPoint.3`, `${CONTAINER}healthCheck.command.1`],
  ...[`${CONTAINER}environment.0.value`, `${CONTAINER}logConfiguration.options.splunk-token`],
  ...[`${CONTAINER}logConfiguration.options.name`, `${CONTAINER}dockerLabels.image`, `${CONTAINER}newMember`],
  ...["tags.0.value", "tags.0.value.key", "volumes.0.dockerVolumeConfiguration.driverOpts.name"],
  ...["deploymentConfiguration.lifecycleHooks.0.hookDetails.role", "proxyConfiguration.properties.0.value"],
  ...["serviceConnectConfiguration.logConfiguration.options.Authorization", "tags.0.value.0.name", ""],
];

Deno.test("freeFrom() knows where ECS takes a name, a number, an image or an ARN", () => {
  for (const path of PLAIN) assert.equal(freeFrom(pathOf(path)), undefined, path);
  for (const path of FREE) assert.notEqual(freeFrom(path === "" ? [] : pathOf(path)), undefined, path);
});

Deno.test("freeFrom() ends where the user's own texts begin", () => {
  const begins = (path: string) => pathOf(path).slice(0, freeFrom(pathOf(path))).join(".");
  assert.equal(begins(`${CONTAINER}command.2`), `${CONTAINER}command`);
  assert.equal(begins(`${CONTAINER}logConfiguration.options.splunk-token`), `${CONTAINER}logConfiguration.options`);
  assert.equal(begins("tags.1.value"), "tags");
  assert.equal(begins("newMember.below"), "newMember.below");
});
