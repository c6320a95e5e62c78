/** A world in which there is some of everything, for tests of every operation. */
import { ask } from "./asking.ts";
import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { myservice, SERVICE, taskDefinition, UNTIL_STEADY_MS } from "./myservice.ts";

export const CLUSTER = "elsewhere";
export const ROLE = "arn:aws:iam::123456789012:role/other";

const [container] = taskDefinition(1).containerDefinitions as JsonObject[];

/** With a named port, and a volume that is configured at launch. */
const DEFINITION: JsonObject = {
  ...taskDefinition(1),
  family: "tagged",
  volumes: [{ name: "data", configuredAtLaunch: true }],
  containerDefinitions: [{
    ...container,
    portMappings: [{ containerPort: 8080, name: "web" }],
    mountPoints: [{ sourceVolume: "data", containerPath: "/data" }],
  }],
};
export const volumeOf = (sizeInGiB: number) => ({ name: "data", managedEBSVolume: { roleArn: ROLE, sizeInGiB } });
export const BESIDE: JsonObject = {
  taskDefinition: "tagged",
  desiredCount: 1,
  launchType: "FARGATE",
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-one"] } },
  volumeConfigurations: [volumeOf(10)],
};

/** A world in which there is some of everything, more than once. */
export function world(): Emulator {
  const tags = [{ key: "team", value: "web" }];
  const emulator = myservice({ service: { tags, propagateTags: "SERVICE" }, alarms: { one: "OK", other: "OK" } });
  emulator.createCluster(CLUSTER);
  emulator.registerTaskDefinition({ ...DEFINITION, tags });
  emulator.createService({ ...BESIDE, serviceName: "beside" });
  emulator.registerScalableTarget({ ResourceId: "service/default/beside", MinCapacity: 1, MaxCapacity: 2 });
  for (const name of [SERVICE, "beside"]) emulator.putScalingPolicy(`service/default/${name}`);
  emulator.setParameter("secret", "value", "SecureString");
  for (const [digit, name] of ["one", "other"].entries()) {
    emulator.setPullThroughCacheRule(name);
    emulator.setSubnet(`subnet-${digit}123456789abcdef0`, {});
    emulator.setKey(`arn:aws:kms:ap-northeast-1:123456789012:key/${name}`, "Enabled");
    emulator.setFileSystem(`fs-${digit}123456789abcdef0`);
    emulator.setAccessPoint(`fsap-${digit}123456789abcdef0`, `fs-${digit}123456789abcdef0`);
    emulator.setTargetGroup(
      `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/${name}/0123456789abcdef`,
    );
    emulator.setLogGroup(name);
    emulator.addToLog(name, "app", [`first of ${name}`, `last of ${name}`]);
    emulator.setStack(name, { key: "value" }, { key: name });
  }
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** A deployment that has begun. */
export function deploying(emulator: Emulator): JsonObject {
  emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:2` });
  emulator.advance(2_000);
  return { serviceDeploymentArn: emulator.describeService(SERVICE).currentServiceDeployment! };
}

/** A deployment that a hook has paused. */
export function paused(emulator: Emulator): JsonObject {
  const lifecycleHooks = [{ targetType: "PAUSE", lifecycleStages: ["POST_SCALE_UP"] }];
  const deploymentConfiguration = { strategy: "BLUE_GREEN", lifecycleHooks };
  emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:2`, deploymentConfiguration });
  emulator.advance(UNTIL_STEADY_MS);
  const serviceDeploymentArn = emulator.describeService(SERVICE).currentServiceDeployment!;
  const { serviceDeployments: [{ lifecycleHookDetails: [{ hookId }] }] } =
    ask(emulator, "DescribeServiceDeployments", { serviceDeploymentArns: [serviceDeploymentArn] }).output;
  return { serviceDeploymentArn, hookId };
}
