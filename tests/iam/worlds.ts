import { changedFiles, DEFINITION_FILES } from "../definition_files.ts";
import { crashLoop, secretNotFound } from "../emulator/behaviours.ts";
import { Emulator } from "../emulator/emulator.ts";
import { deployingLogging } from "../emulator/logging.ts";
import { ACCESS_POINT, FILE_SYSTEM, mounting } from "../emulator/mounting.ts";
import { imageWithTag, type MyService, myservice, taskDefinition, UNTIL_STEADY_MS } from "../emulator/myservice.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { CONFIG_FILES, type RunOptions } from "../in_process.ts";

export const files: RunOptions = { files: DEFINITION_FILES };
export const inRegion: RunOptions = { files: {}, env: { AWS_REGION: "ap-northeast-1" } };
export const newTag: RunOptions = { files: DEFINITION_FILES, env: { TAG: "1.4.0" } };

/** Revision 3 ran well, then 4 was deployed, whose tasks crash; no circuit breaker. */
export const crashing = (world: MyService = {}) => myservice({ behaviours: { 4: crashLoop() }, ...world });
export const breaks = () => createScenario("circuit_breaker");
export const blueGreen = () => createScenario("blue_green");

export function changed(emulator: Emulator, act: (emulator: Emulator) => void): Emulator {
  act(emulator);
  return emulator;
}

const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key";
const BREAKER = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } };

const LATEST = imageWithTag("latest");
/** The service runs what this file says, by a tag that has been pushed again since. */
export const mutableTag: RunOptions = {
  files: { ...DEFINITION_FILES, "ecs-task-def.json": JSON.stringify(taskDefinition(4, LATEST)) },
};
/** ... and what was pushed will not start. */
export const pushedBroken = () =>
  changed(
    myservice({ movingTag: "latest", history: [4], service: BREAKER }),
    (emulator) => emulator.setBehaviour(emulator.setImage(LATEST), secretNotFound(SECRET)),
  );
export const FORCED = { service: "myservice", forceNewDeployment: true };
export const pushedAgain = () =>
  changed(myservice({ movingTag: "latest", history: [4] }), (emulator) => emulator.setImage(LATEST));

/** Amazon ECR fetched the image of revision 5, and would have to fetch it again. */
const CACHED = LATEST.replace("/myservice:", "/docker-hub/myservice:");
export const cached = () =>
  changed(myservice(), (emulator) => {
    emulator.setPullThroughCacheRule("docker-hub");
    emulator.setImage(CACHED);
    emulator.registerTaskDefinition(taskDefinition(5, CACHED));
    for (const revision of [5, 4, 5]) {
      emulator.updateService({ service: "myservice", taskDefinition: `myservice:${revision}` });
      emulator.advance(UNTIL_STEADY_MS);
    }
    emulator.setImage(CACHED, false);
  });
export const cachedAndLeft = () =>
  changed(cached(), (emulator) => {
    emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
    emulator.advance(UNTIL_STEADY_MS);
  });
export const cachedTag: RunOptions = {
  files: { ...DEFINITION_FILES, "ecs-task-def.json": JSON.stringify(taskDefinition(5, CACHED)) },
};

/** Tasks of a revision that logs have crashed. */
export const failingLogging = () => changed(deployingLogging(), (emulator) => emulator.advance(60_000));

/** What is registered next fails. */
export const nextFails = () =>
  changed(
    myservice({ service: BREAKER, history: [2, 4] }),
    (emulator) => emulator.setBehaviour("myservice:5", secretNotFound(SECRET)),
  );

/** What is registered next crashes, which no circuit breaker notices. */
export const nextCrashes = () =>
  changed(myservice({ history: [2, 4] }), (emulator) => emulator.setBehaviour("myservice:5", crashLoop()));

export const withoutRevision2 = () =>
  changed(myservice(), (emulator) => emulator.deregisterTaskDefinition("myservice:2"));
export const onTheWay = (emulator: Emulator) =>
  changed(emulator, (one) => one.updateService({ service: "myservice", taskDefinition: "myservice:3" }));

/** Another service of the family is on its way from revision 2 to 1, whose tasks crash. */
export function besideAnother(world: MyService = {}): Emulator {
  const behaviours = { ...world.behaviours, 1: crashLoop() };
  return changed(myservice({ ...world, behaviours }), (emulator) => {
    const service = emulator.describeService("myservice");
    const { launchType, networkConfiguration } = service;
    const members = { launchType, networkConfiguration, desiredCount: 1 };
    emulator.createService({ ...members, serviceName: "worker", taskDefinition: "myservice:2" });
    emulator.advance(UNTIL_STEADY_MS);
    emulator.updateService({ service: "worker", taskDefinition: "myservice:1" });
  });
}

/** What 3 ran was deployed once more, as a copy. */
export function copied(): Emulator {
  return changed(myservice(), (emulator) => {
    const tags = [{ key: "ecspresso:copied-from", value: "myservice:3" }];
    emulator.registerTaskDefinition({ ...taskDefinition(3), tags });
    emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
    emulator.advance(UNTIL_STEADY_MS);
  });
}

const BALANCED = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef";

/** Behind a load balancer, whose requests fail. */
export function baked(): Emulator {
  const loadBalancers = [{ targetGroupArn: BALANCED, containerName: "app", containerPort: 8080 }];
  return changed(myservice({ service: { loadBalancers } }), (emulator) => {
    emulator.setAlarm("web-5xx", "OK");
    emulator.setTraffic(BALANCED, { requests: 100, failures: 2 });
    emulator.advance(UNTIL_STEADY_MS);
  });
}

export const HELD = [{ key: "ecspresso:hold", value: "yes" }];
const TAGS = `"tags": [{ "key": "team", "value": "web" }],`;
export const fewerTasks: RunOptions = { files: changedFiles("ecs-service-def.json", "{", '{ "desiredCount": 1,') };

export const tagged: RunOptions = {
  files: {
    ...changedFiles("ecs-task-def.json", '"family"', `${TAGS} "family"`),
    "ecs-service-def.json": changedFiles("ecs-service-def.json", '"launchType"', `${TAGS} "launchType"`)[
      "ecs-service-def.json"
    ]!,
  },
};

/** A task definition with one text that a template function looks up. */
export function lookingUp(template: string): RunOptions {
  return {
    files: {
      "ecspresso.yml": `${CONFIG_FILES["ecspresso.yml"]}task_definition: ecs-task-def.json
plugins:
  - name: ssm
  - name: secretsmanager
  - name: cloudformation
  - name: tfstate
    config:
      url: s3://states/prod.tfstate
`,
      "ecs-task-def.json": `{
        "family": "myservice",
        "containerDefinitions": [{ "name": "app", "image": "web:${template}" }]
      }`,
    },
  };
}

export function withState(): Emulator {
  const attributes = { id: "subnet-a" };
  const resources = [{ mode: "managed", type: "aws_subnet", name: "a", instances: [{ attributes }] }];
  return changed(
    myservice(),
    (emulator) => emulator.setObject("states", "prod.tfstate", JSON.stringify({ version: 4, resources })),
  );
}

export const withStacks = () =>
  changed(myservice(), (emulator) => emulator.setStack("network", { Vpc: "vpc-a" }, { Vpc: "network-vpc" }));
export const withParameter = () => changed(myservice(), (emulator) => emulator.setParameter("/myservice/tag", "v1"));
export const namingParameter: RunOptions = {
  files: changedFiles("ecs-task-def.json", `${SECRET.replace("api_key", "database_url")}`, "/myservice/tag"),
};

/** A task definition that writes to a log group, and gets one key of a secret. */
export const namingMore: RunOptions = {
  files: {
    ...DEFINITION_FILES,
    "ecs-task-def.json": DEFINITION_FILES["ecs-task-def.json"]!
      .replace(`${SECRET.replace("api_key", "database_url")}`, `${SECRET}:user::`)
      .replace(
        '"networkMode"',
        '"volumes": [{ "name": "data", "efsVolumeConfiguration": { "fileSystemId": "fs-0a1b2c3d", "transitEncryption": "ENABLED", "authorizationConfig": { "accessPointId": "fsap-0a1b2c3d4e5f60718" } } }], "networkMode"',
      )
      .replace(
        '"essential"',
        '"environmentFiles": [{ "type": "s3", "value": "arn:aws:s3:::configs/myservice/app.env" }], "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "/ecs/app" } }, "essential"',
      ),
  },
};
export const mounts = () =>
  mounting((emulator) => {
    emulator.setFileSystem(FILE_SYSTEM);
    emulator.setAccessPoint(ACCESS_POINT, FILE_SYSTEM);
  });
export const withMore = () =>
  changed(myservice(), (emulator) => {
    emulator.setFileSystem("fs-0a1b2c3d");
    emulator.setAccessPoint("fsap-0a1b2c3d4e5f60718", "fs-0a1b2c3d");
    emulator.setLogGroup("/ecs/app");
    emulator.setObject("configs", "myservice/app.env", "A=1");
    emulator.setSecret("myservice/api_key", '{"user": "alice"}');
  });

/** An image that Amazon ECR would have to fetch. */
export const namingCached: RunOptions = {
  files: changedFiles("ecs-task-def.json", "amazonaws.com/myservice:", "amazonaws.com/docker-hub/myservice:"),
};
export const withRule = () => changed(myservice(), (emulator) => emulator.setPullThroughCacheRule("docker-hub"));
const TARGET_GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/app/0123456789abcdef";
export const withTargetGroup = () => changed(myservice(), (emulator) => emulator.setTargetGroup(TARGET_GROUP));
export const behindLoadBalancer = () => {
  const loadBalancers = [{ targetGroupArn: TARGET_GROUP, containerName: "app", containerPort: 8080 }];
  return changed(myservice({ service: { loadBalancers } }), (emulator) => emulator.setTargetGroup(TARGET_GROUP));
};
export const namingTargetGroup: RunOptions = {
  files: changedFiles(
    "ecs-service-def.json",
    "{",
    `{ "loadBalancers": [{ "targetGroupArn": "${TARGET_GROUP}", "containerName": "app", "containerPort": 8080 }],`,
  ),
};
export const EVENTS = "--rollback-events DEPLOYMENT_FAILURE";
