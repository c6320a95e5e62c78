/** What proves the table of `docs/permissions.md`: by use, the runs that need all that its rows grant. */
import { CONFIG_FILES, type RunOptions } from "../in_process.ts";
import { waitingService } from "../emulator/waiting_service.ts";
import { changedFiles, DEFINITION_FILES } from "../definition_files.ts";
import { crashLoop, secretNotFound } from "../emulator/behaviours.ts";
import { Emulator } from "../emulator/emulator.ts";
import { neededDeeply } from "../emulator/needed_deeply.ts";
import {
  DEPLOY_ROLE,
  imageWithTag,
  type MyService,
  myservice,
  taskDefinition,
  UNTIL_STEADY_MS,
} from "../emulator/myservice.ts";
import { ACCESS_POINT, FILE_SYSTEM, mounting } from "../emulator/mounting.ts";
import { deployingLogging, logging } from "../emulator/logging.ts";
import { neededMore } from "../emulator/needing_more.ts";
import { createScenario } from "../emulator/scenarios.ts";

export interface Scene {
  readonly args: string;
  /** `myservice`, which runs well, when left out. */
  readonly world?: () => Emulator;
  readonly options?: RunOptions;
  /** The other uses whose permissions this run needs. */
  readonly with?: readonly string[];
  /** What the run ends with when all is allowed: 0 when left out. */
  readonly code?: number;
}

const files: RunOptions = { files: DEFINITION_FILES };
const inRegion: RunOptions = { files: {}, env: { AWS_REGION: "ap-northeast-1" } };
const newTag: RunOptions = { files: DEFINITION_FILES, env: { TAG: "1.4.0" } };

/** Revision 3 ran well, then 4 was deployed, whose tasks crash; no circuit breaker. */
const crashing = (world: MyService = {}) => myservice({ behaviours: { 4: crashLoop() }, ...world });
const breaks = () => createScenario("circuit_breaker");
const blueGreen = () => createScenario("blue_green");

function changed(emulator: Emulator, act: (emulator: Emulator) => void): Emulator {
  act(emulator);
  return emulator;
}

const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key";
const BREAKER = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } };

const LATEST = imageWithTag("latest");
/** The service runs what this file says, by a tag that has been pushed again since. */
const mutableTag: RunOptions = {
  files: { ...DEFINITION_FILES, "ecs-task-def.json": JSON.stringify(taskDefinition(4, LATEST)) },
};
/** ... and what was pushed will not start. */
const pushedBroken = () =>
  changed(
    myservice({ movingTag: "latest", history: [4], service: BREAKER }),
    (emulator) => emulator.setBehaviour(emulator.setImage(LATEST), secretNotFound(SECRET)),
  );
const FORCED = { service: "myservice", forceNewDeployment: true };
const pushedAgain = () =>
  changed(myservice({ movingTag: "latest", history: [4] }), (emulator) => emulator.setImage(LATEST));

/** Amazon ECR fetched the image of revision 5, and would have to fetch it again. */
const CACHED = LATEST.replace("/myservice:", "/docker-hub/myservice:");
const cached = () =>
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
const cachedAndLeft = () =>
  changed(cached(), (emulator) => {
    emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
    emulator.advance(UNTIL_STEADY_MS);
  });
const cachedTag: RunOptions = {
  files: { ...DEFINITION_FILES, "ecs-task-def.json": JSON.stringify(taskDefinition(5, CACHED)) },
};

/** Tasks of a revision that logs have crashed. */
const failingLogging = () => changed(deployingLogging(), (emulator) => emulator.advance(60_000));

/** What is registered next fails. */
const nextFails = () =>
  changed(
    myservice({ service: BREAKER, history: [2, 4] }),
    (emulator) => emulator.setBehaviour("myservice:5", secretNotFound(SECRET)),
  );

/** What is registered next crashes, which no circuit breaker notices. */
const nextCrashes = () =>
  changed(myservice({ history: [2, 4] }), (emulator) => emulator.setBehaviour("myservice:5", crashLoop()));

const withoutRevision2 = () => changed(myservice(), (emulator) => emulator.deregisterTaskDefinition("myservice:2"));
const onTheWay = (emulator: Emulator) =>
  changed(emulator, (one) => one.updateService({ service: "myservice", taskDefinition: "myservice:3" }));

/** Another service of the family is on its way from revision 2 to 1, whose tasks crash. */
function besideAnother(world: MyService = {}): Emulator {
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
function copied(): Emulator {
  return changed(myservice(), (emulator) => {
    const tags = [{ key: "ecspresso:copied-from", value: "myservice:3" }];
    emulator.registerTaskDefinition({ ...taskDefinition(3), tags });
    emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
    emulator.advance(UNTIL_STEADY_MS);
  });
}

const BALANCED = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef";

/** Behind a load balancer, whose requests fail. */
function baked(): Emulator {
  const loadBalancers = [{ targetGroupArn: BALANCED, containerName: "app", containerPort: 8080 }];
  return changed(myservice({ service: { loadBalancers } }), (emulator) => {
    emulator.setAlarm("web-5xx", "OK");
    emulator.setTraffic(BALANCED, { requests: 100, failures: 2 });
    emulator.advance(UNTIL_STEADY_MS);
  });
}

const HELD = [{ key: "ecspresso:hold", value: "yes" }];
const TAGS = `"tags": [{ "key": "team", "value": "web" }],`;
const fewerTasks: RunOptions = { files: changedFiles("ecs-service-def.json", "{", '{ "desiredCount": 1,') };

const tagged: RunOptions = {
  files: {
    ...changedFiles("ecs-task-def.json", '"family"', `${TAGS} "family"`),
    "ecs-service-def.json": changedFiles("ecs-service-def.json", '"launchType"', `${TAGS} "launchType"`)[
      "ecs-service-def.json"
    ]!,
  },
};

/** A task definition with one text that a template function looks up. */
function lookingUp(template: string): RunOptions {
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

function withState(): Emulator {
  const attributes = { id: "subnet-a" };
  const resources = [{ mode: "managed", type: "aws_subnet", name: "a", instances: [{ attributes }] }];
  return changed(
    myservice(),
    (emulator) => emulator.setObject("states", "prod.tfstate", JSON.stringify({ version: 4, resources })),
  );
}

const withStacks = () =>
  changed(myservice(), (emulator) => emulator.setStack("network", { Vpc: "vpc-a" }, { Vpc: "network-vpc" }));
const withParameter = () => changed(myservice(), (emulator) => emulator.setParameter("/myservice/tag", "v1"));
const namingParameter: RunOptions = {
  files: changedFiles("ecs-task-def.json", `${SECRET.replace("api_key", "database_url")}`, "/myservice/tag"),
};

/** A task definition that writes to a log group, and gets one key of a secret. */
const namingMore: RunOptions = {
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
const mounts = () =>
  mounting((emulator) => {
    emulator.setFileSystem(FILE_SYSTEM);
    emulator.setAccessPoint(ACCESS_POINT, FILE_SYSTEM);
  });
const withMore = () =>
  changed(myservice(), (emulator) => {
    emulator.setFileSystem("fs-0a1b2c3d");
    emulator.setAccessPoint("fsap-0a1b2c3d4e5f60718", "fs-0a1b2c3d");
    emulator.setLogGroup("/ecs/app");
    emulator.setObject("configs", "myservice/app.env", "A=1");
    emulator.setSecret("myservice/api_key", '{"user": "alice"}');
  });

/** An image that Amazon ECR would have to fetch. */
const namingCached: RunOptions = {
  files: changedFiles("ecs-task-def.json", "amazonaws.com/myservice:", "amazonaws.com/docker-hub/myservice:"),
};
const withRule = () => changed(myservice(), (emulator) => emulator.setPullThroughCacheRule("docker-hub"));
const TARGET_GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/app/0123456789abcdef";
const withTargetGroup = () => changed(myservice(), (emulator) => emulator.setTargetGroup(TARGET_GROUP));
const behindLoadBalancer = () => {
  const loadBalancers = [{ targetGroupArn: TARGET_GROUP, containerName: "app", containerPort: 8080 }];
  return changed(myservice({ service: { loadBalancers } }), (emulator) => emulator.setTargetGroup(TARGET_GROUP));
};
const namingTargetGroup: RunOptions = {
  files: changedFiles(
    "ecs-service-def.json",
    "{",
    `{ "loadBalancers": [{ "targetGroupArn": "${TARGET_GROUP}", "containerName": "app", "containerPort": 8080 }],`,
  ),
};

const SCALING = "--suspend-auto-scaling --resume-auto-scaling";
const EVENTS = "--rollback-events DEPLOYMENT_FAILURE";

export const SCENES: Readonly<Record<string, readonly Scene[]>> = {
  "rollback": [
    { args: "rollback --revision 3" },
    { args: "rollback --revision 3", world: crashing },
    { args: "rollback --revision 3 --preflight off", world: breaks, code: 6 },
    { args: "rollback --revision 5 --timeout 1m --logs 10", world: logging, code: 7 },
    { args: "rollback --revision 3", world: blueGreen },
    { args: "rollback --revision 5 --no-wait", world: cachedAndLeft },
    { args: "rollback --revision 5 --no-wait", world: neededMore },
    { args: "rollback --revision 5 --no-wait", world: mounts },
    { args: "rollback --revision 3 --no-wait", world: behindLoadBalancer },
  ],
  "rollback --revision previous": [
    {
      args: "rollback --revision previous --allow-unproven",
      world: () => myservice({ history: [4] }),
      with: ["rollback"],
    },
  ],
  "rollback --revision stable": [
    { args: "rollback --revision stable --min-served 1m", with: ["rollback"] },
    { args: "rollback --at -6m", with: ["rollback"] },
    { args: "rollback --image-tag 1.2.0", with: ["rollback"] },
    { args: "rollback --revision 3 --if-deployed-within 60m", with: ["rollback"] },
  ],
  "rollback --reregister": [
    { args: "rollback --revision 2 --reregister", world: withoutRevision2, with: ["rollback"] },
  ],
  "rollback --deregister": [
    { args: "rollback --revision 3 --deregister", world: besideAnother, with: ["rollback"] },
    { args: `deploy ${EVENTS} --deregister-failed`, world: nextFails, options: newTag, with: ["deploy"], code: 6 },
  ],
  "scaling options": [
    { args: `rollback --revision 3 ${SCALING}`, with: ["rollback"] },
    { args: `deploy ${SCALING}`, options: newTag, with: ["deploy"] },
    { args: `scale --tasks 3 ${SCALING}`, with: ["scale"] },
    { args: "scale --auto-scaling-max 20", with: ["scale"] },
  ],
  "deploy": [
    { args: "deploy", options: newTag },
    { args: "deploy --revision 3 --no-wait", options: files },
    { args: "deploy --revision 5 --no-wait --no-update-service", world: neededMore },
    { args: "deploy --revision 5 --no-wait --no-update-service", world: cachedAndLeft },
    { args: "deploy --revision 5 --no-wait --no-update-service", world: mounts },
    { args: "deploy --revision 3 --no-wait --no-update-service", world: behindLoadBalancer },
    { args: "deploy --no-wait", world: pushedAgain, options: mutableTag },
    { args: "deploy --no-wait", world: cached, options: cachedTag },
    { args: "deploy", world: blueGreen, options: newTag },
    { args: "deploy --no-wait", options: fewerTasks },
    { args: "deploy --revision 5 --no-update-service --timeout 1m --logs 10", world: logging, code: 7 },
    { args: `deploy ${EVENTS}`, world: nextFails, options: newTag, code: 6 },
  ],
  "deploy --rollback-events": [
    { args: `deploy ${EVENTS} --timeout 2m`, world: nextCrashes, options: newTag, with: ["deploy"], code: 6 },
    {
      args: `deploy ${EVENTS}`,
      world: pushedBroken,
      options: mutableTag,
      with: ["deploy", "rollback --reregister"],
      code: 6,
    },
    {
      args: "deploy --rollback-events DEPLOYMENT_STOP_ON_ALARM --revision 3 --no-update-service --dry-run",
      world: () => createScenario("alarm"),
      options: files,
      with: ["deploy"],
    },
  ],
  "deploy of a new service": [
    { args: "deploy --no-wait", world: () => new Emulator(), options: files, with: ["deploy"] },
  ],
  "definitions with tags": [
    { args: "register", options: tagged, with: ["register"] },
    {
      args: "deploy --no-wait",
      world: () => new Emulator(),
      options: tagged,
      with: ["deploy", "deploy of a new service"],
    },
  ],
  "scale": [
    { args: "scale --tasks 5" },
    { args: "scale --tasks 5", world: () => onTheWay(myservice()) },
    { args: "scale --tasks 3", world: () => onTheWay(blueGreen()) },
    { args: "scale --tasks 3 --timeout 1m --logs 10", world: deployingLogging, code: 7 },
  ],
  "wait": [
    { args: "wait", world: () => onTheWay(breaks()), code: 6 },
    { args: "wait --timeout 2m", world: crashing, code: 7 },
    { args: "wait --timeout 1m --logs 10", world: deployingLogging, code: 7 },
    { args: "wait", world: () => onTheWay(blueGreen()) },
    { args: "wait" },
  ],
  "status": [
    { args: "status" },
    { args: "status", world: crashing },
    { args: "status --logs 10", world: failingLogging },
    { args: "status", world: () => createScenario("circuit_breaker_tripped") },
    { args: "status", world: () => createScenario("circuit_breaker_rolling_back") },
    { args: "status", world: pushedAgain },
    { args: "status", world: cached },
  ],
  "--service with *": [{ args: "status --service my*", options: inRegion, with: ["status"] }],
  "--cluster with *": [
    { args: "status --service myservice --cluster d*", options: inRegion, with: ["status", "--service with *"] },
  ],
  "--service-tag": [{
    args: "status --service-tag team=web",
    world: () => myservice({ service: { tags: [{ key: "team", value: "web" }] } }),
    options: inRegion,
    with: ["status"],
  }],
  "history": [
    { args: "history" },
    { args: "history", world: () => createScenario("circuit_breaker_rolling_back") },
    { args: "history --output json", world: copied },
  ],
  "diff": [
    { args: "diff", options: newTag },
    { args: "diff", world: pushedAgain, options: mutableTag },
    { args: "diff", world: cached, options: cachedTag },
    {
      args: "diff",
      world: () => changed(pushedAgain(), (emulator) => emulator.updateService(FORCED)),
      options: mutableTag,
    },
  ],
  "verify": [
    { args: "verify", options: files },
    { args: "verify", world: withParameter, options: namingParameter },
    { args: "verify", world: withMore, options: namingMore },
    { args: "verify", world: withRule, options: namingCached },
    { args: "verify", world: withTargetGroup, options: namingTargetGroup },
  ],
  "verify --revision": [{ args: "verify --revision 3", with: ["verify"] }],
  "verify --deep": [
    { args: "verify --revision 5 --deep", world: () => neededDeeply(() => {}), with: ["verify", "verify --revision"] },
    { args: "verify --deep", options: files, with: ["verify"] },
  ],
  "hold": [
    { args: "hold --for 2h" },
    { args: "hold --release", world: () => changed(myservice({ service: { tags: HELD } }), () => {}) },
  ],
  "rollback --bake": [
    { args: "rollback --revision 3 --bake 2m --alarm web-5xx", world: baked, with: ["rollback"] },
    { args: "rollback --revision 3 --bake 2m", world: baked, with: ["rollback"] },
    { args: "rollback --revision 4 --bake 2m --alarm web-5xx", world: baked, with: ["rollback"] },
  ],
  "wait --bake": [
    { args: "wait --bake 2m --alarm web-5xx", world: baked, with: ["wait"] },
  ],
  "rollback --fast": [{ args: "rollback --revision 3 --fast", world: () => waitingService(), with: ["rollback"] }],
  "rollback --hold": [{ args: "rollback --revision 3 --hold 2h", with: ["rollback"] }],
  "rollback --reason": [{ args: "rollback --revision 3 --reason leaks", with: ["rollback"] }],
  "init": [{ args: "init --service myservice", options: inRegion }],
  "register": [{ args: "register", options: files }],
  "revisions": [
    { args: "revisions", options: files },
    { args: "revisions --output json", options: files },
  ],
  "revisions as a table": [
    { args: "revisions --output table", world: besideAnother, options: files, with: ["revisions"] },
    { args: "revisions --output tsv", world: crashing, options: files, with: ["revisions"] },
  ],
  "revisions --revision": [
    { args: "revisions --revision 2" },
    { args: "revisions --revision current", options: files },
    { args: "revisions --revision latest", options: files },
  ],
  "deregister": [
    { args: "deregister --revision 3", world: besideAnother, options: files },
    { args: "deregister --keeps 1 --force", world: crashing, options: files },
  ],
  "deregister --delete": [
    { args: "deregister --keeps 1 --force --delete", options: files, with: ["deregister"] },
  ],
  "--assume-role-arn": [
    { args: `rollback --revision 3 --assume-role-arn ${DEPLOY_ROLE}`, with: ["rollback"] },
    { args: `verify --revision 3 --assume-role-arn ${DEPLOY_ROLE}`, with: ["verify", "verify --revision"] },
  ],
  "render": [
    { args: "render taskdef", world: withParameter, options: lookingUp("{{ ssm `/myservice/tag` }}") },
    { args: "render taskdef", options: lookingUp("{{ secretsmanager_arn `myservice/api_key` }}") },
    { args: "render taskdef", world: withStacks, options: lookingUp("{{ cfn_output `network` `Vpc` }}") },
    { args: "render taskdef", world: withStacks, options: lookingUp("{{ cfn_export `network-vpc` }}") },
    { args: "render taskdef", world: withState, options: lookingUp("{{ tfstate `aws_subnet.a.id` }}") },
  ],
};
