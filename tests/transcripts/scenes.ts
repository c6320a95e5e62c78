import {
  type Behaviour,
  crashLoop,
  failingHealthCheck,
  failsToStart,
  healthy,
  outOfMemory,
  secretNotFound,
  slowDrain,
  unplaceable,
} from "../emulator/behaviours.ts";
import { KEY, neededDeeply } from "../emulator/needed_deeply.ts";
import { ACCESS_POINT, FILE_SYSTEM, mounting } from "../emulator/mounting.ts";
import {
  DEPLOY_ROLE,
  imageOf,
  imageWithTag,
  type MyService,
  myservice,
  RESOURCE_ID,
  taskDefinition,
  UNTIL_STEADY_MS,
} from "../emulator/myservice.ts";
import { ask } from "../emulator/asking.ts";
import { neededMore, needingMore } from "../emulator/needing_more.ts";
import { Emulator } from "../emulator/emulator.ts";
import { fleet } from "../emulator/fleet.ts";
import type { JsonObject } from "../emulator/model.ts";
import {
  accessDenied,
  actAfter,
  actBefore,
  answerFromBefore,
  answerWith,
  clockSkew,
  dropAfter,
  dropBefore,
  expiredToken,
  type FaultEffect,
  ignoreUpdate,
  tagsUnsupported,
  throttle,
  unrecognizedClient,
} from "../emulator/faults.ts";
import {
  bareStatus,
  emptyAnswer,
  emptyBody,
  errorUnder200,
  htmlPage,
  proxyLogin,
  redirect,
} from "../emulator/foreign_answers.ts";
import { changedFiles, DEFINITION_FILES } from "../definition_files.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { awslogs, deployingLogging, LOG_GROUP, logging } from "../emulator/logging.ts";
import type { RunOptions } from "../in_process.ts";
import { BAKE_SCENES } from "./bake_scenes.ts";
import { FAST_SCENES } from "./fast_scenes.ts";
import { FLEET_SCENES } from "./fleet_scenes.ts";
import type { Scene } from "./scene.ts";
import { SHELL_SCENES } from "./shell_scenes.ts";
import { PLAN_FILE_SCENES } from "./plan_file_scenes.ts";

/** Revision 3 ran well, then 4 was deployed, whose tasks crash; no circuit breaker. */
export function crashing(world: MyService = {}): Emulator {
  return myservice({ behaviours: { 4: crashLoop() }, ...world });
}

const API_KEY = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key";
const STOPPING = { deploymentCircuitBreaker: { enable: true, rollback: false } };
const ALARMS = { alarmNames: ["new-alarm"], enable: true, rollback: true };
const MONITORING = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };
const SPOT = [
  { capacityProvider: "FARGATE", weight: 1, base: 1 },
  { capacityProvider: "FARGATE_SPOT", weight: 3 },
];

/** The team's files with more in the service definition; what is `undefined` is left out. */
function withSettings(more: JsonObject): Record<string, string> {
  const service = { ...JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!), ...more };
  return { ...DEFINITION_FILES, "ecs-service-def.json": JSON.stringify(service, undefined, 2) };
}

/** The team's files with an image that is not registered yet. */
function withNewTag(options: RunOptions = {}): RunOptions {
  return { ...options, files: DEFINITION_FILES, env: { TAG: "1.4.0" } };
}

/** What the runner reads back. */
export const GITHUB_FILES = { GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" };

function onGithub({ env = {}, ...options }: RunOptions = {}): RunOptions {
  return { ...options, env: { GITHUB_ACTIONS: "true", ...GITHUB_FILES, ...env } };
}

const AT_TERMINAL = { isTerminal: true, env: { NO_COLOR: "1" } };

/** Lines that would drive a terminal, GitHub's runner or Markdown. */
const HOSTILE = [
  "\u001b[31mred\u001b[0m \u001b[2Jcleared \u001b]0;title\u0007 \u001b]8;;https://example.com\u001b\\link\u001b]8;;\u001b\\",
  "\u001b[broken\u009b31m\u0000\u0007\b\u202eevil\u200b",
  "::error title=Broken::take this",
  "##[error]and this",
  "  ::add-mask::o",
  "```\n# A heading\n<img src=x>",
  "2023/01/01 12:00:00 [error] myservice/default forged\u2028forged",
  `long ${"x".repeat(400)}`,
];

/** Tasks of revision 5 have crashed. */
function failingLogging(): Emulator {
  const emulator = deployingLogging();
  emulator.advance(60_000);
  return emulator;
}

function deniedLog(emulator: Emulator): Emulator {
  const resource = "arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/myservice:log-stream:web/app/1";
  emulator.inject({ operation: "GetLogEvents", times: Infinity, effect: accessDenied("logs", resource) });
  return emulator;
}

const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key";
const LOAD_BALANCER = {
  targetGroupArn: "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/myservice/0123456789abcdef",
  containerName: "app",
  containerPort: 8080,
};
const BREAKER = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } };
const BREAKER_WITH_ROLLBACK = {
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
};

const codeDeploy = () =>
  myservice({
    history: [3],
    service: {
      deploymentController: { type: "CODE_DEPLOY" },
      loadBalancers: [LOAD_BALANCER],
    },
  });

/** The service was given a volume, with a task definition that leaves it to the service to configure. */
function withVolume(): Emulator {
  const emulator = myservice();
  emulator.registerTaskDefinition({ ...taskDefinition(4), volumes: [{ name: "data", configuredAtLaunch: true }] });
  const managedEBSVolume = { roleArn: "arn:aws:iam::123456789012:role/ebs", sizeInGiB: 10 };
  return deployedNow(emulator, { volumeConfigurations: [{ name: "data", managedEBSVolume }] });
}

/** The service was given to Service Connect, by the name of a port that the task definition has since then. */
function withServiceConnect(): Emulator {
  const emulator = myservice();
  const { containerDefinitions: [app], ...others } = taskDefinition(4) as JsonObject & {
    containerDefinitions: [JsonObject];
  };
  const portMappings = [{ containerPort: 8080, name: "http" }];
  emulator.registerTaskDefinition({ ...others, containerDefinitions: [{ ...app, portMappings }] });
  const services = [{ portName: "http" }];
  return deployedNow(emulator, { serviceConnectConfiguration: { enabled: true, namespace: "internal", services } });
}

/** 2, 3 and 4 were deployed, then something was taken away. */
function taken(act: (emulator: Emulator) => void): Emulator {
  return changed(act, myservice({ history: [1, 2, 3, 4] }));
}

/** Somebody has deleted what sends traffic to the service. */
function withoutTargetGroup(): Emulator {
  const emulator = myservice({ service: { loadBalancers: [LOAD_BALANCER] } });
  emulator.setTargetGroup(LOAD_BALANCER.targetGroupArn, null);
  return emulator;
}

function needsDenied(): Emulator {
  const emulator = neededMore();
  const denied = { GetRole: "iam", DescribeSecret: "secretsmanager", GetParameter: "ssm", HeadObject: "s3" } as const;
  for (const [operation, service] of Object.entries(denied)) {
    emulator.inject({ operation, effect: accessDenied(service), times: Infinity });
  }
  return emulator;
}

function deployedNow(emulator: Emulator, settings: JsonObject): Emulator {
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5", ...settings });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

const SUBNETS = ["subnet-0a1b2c3d4e5f60718", "subnet-1a2b3c4d5e6f70819"];
const OTHER_GROUP = {
  networkConfiguration: { awsvpcConfiguration: { subnets: SUBNETS, securityGroups: ["sg-0fedcba9876543210"] } },
};

/** 3 ran well, then the deploy of 4 changed settings of the service, too. */
function withOtherSettings(settings: JsonObject = OTHER_GROUP, world: MyService = {}): Emulator {
  const emulator = myservice({ history: [3], ...world });
  emulator.advance(UNTIL_STEADY_MS);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4", ...settings });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** 4 ran well until the service got another security group, with which no task finds its secret. */
function withGroupThatFails(): Emulator {
  const emulator = myservice({ service: BREAKER });
  emulator.setBehaviour("myservice:4", secretNotFound(API_KEY));
  emulator.updateService({ service: "myservice", ...OTHER_GROUP });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** 4 listens on another port, and the load balancer sends there since then. */
function withOtherPort(): Emulator {
  const emulator = myservice({ service: { loadBalancers: [LOAD_BALANCER] } });
  const { containerDefinitions: [app], ...others } = taskDefinition(4) as JsonObject & {
    containerDefinitions: [JsonObject];
  };
  const portMappings = [{ containerPort: 9090 }];
  emulator.registerTaskDefinition({ ...others, containerDefinitions: [{ ...app, portMappings }] });
  return deployedNow(emulator, { loadBalancers: [{ ...LOAD_BALANCER, containerPort: 9090 }] });
}

const LOG_OPTIONS = { "splunk-url": "https://splunk.example.com", "splunk-token": "8ed2-not-to-be-seen" };
const BLUE = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/blue/0123456789abcdef";
const GREEN = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/green/0123456789abcdef";

/** A load balancer of a blue/green service, with its target groups in this order. */
function alternating(targetGroupArn: string, alternateTargetGroupArn: string, rule = "prod"): JsonObject {
  const productionListenerRule = `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener-rule/app/${rule}`;
  const roleArn = "arn:aws:iam::123456789012:role/ecs-load-balancers";
  return {
    ...LOAD_BALANCER,
    targetGroupArn,
    advancedConfiguration: { alternateTargetGroupArn, productionListenerRule, roleArn },
  };
}

/** Since 3 ran, the target groups have changed places, and the deploy of 4 has changed the rule of the listener, too. */
function alternated(...now: JsonObject[]): Emulator {
  const service = {
    loadBalancers: [alternating(BLUE, GREEN)],
    deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 1 },
  };
  return withOtherSettings({ loadBalancers: now }, { service });
}

/** Auto scaling has set six tasks. */
function scaledOut(): Emulator {
  const emulator = myservice();
  emulator.updateService({ service: "myservice", desiredCount: 6 });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

const NEW_SERVICE = {
  launchType: "FARGATE",
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-0123456789abcdef0"] } },
};

/** The files for a service that is not there yet. */
function withNewService(definition: JsonObject): RunOptions {
  return withFiles({
    ...changedFiles("ecspresso.yml", "service: myservice", "service: yourservice"),
    "ecs-service-def.json": JSON.stringify(definition),
  });
}

/** A world in which something happens just after the service was updated for the rollback. */
function afterUpdate(act: (emulator: Emulator) => void, emulator = myservice()): Emulator {
  emulator.inject({ operation: "UpdateService", times: 1, effect: actAfter(act) });
  return emulator;
}

/** 2 and 3 ran well, then 4, from which the service was brought back to 3 five minutes ago. */
function broughtBack(): Emulator {
  return myservice({ history: [2, 3, 4, 3] });
}

/** The service ran web:1, and then got myservice:4. */
function movedFromWeb(): Emulator {
  return changed((emulator) => {
    emulator.registerTaskDefinition({ ...taskDefinition(1), family: "web" });
    for (const name of ["web:1", "myservice:4"]) {
      emulator.updateService({ service: "myservice", taskDefinition: name });
      emulator.advance(UNTIL_STEADY_MS);
    }
  }, myservice({ history: [3] }));
}

function throttledFor(operation: string, forMs: number): Emulator {
  return changed((emulator) => emulator.inject({ operation, forMs, effect: throttle() }), myservice());
}

/** Reading takes so long that what a plan was made from is too old for its first write. */
function slowToRead(): Emulator {
  return faulty("DescribeTaskDefinition", throttle(), 8);
}

function faulty(
  operation: string | readonly string[],
  effect: FaultEffect,
  times = Infinity,
  emulator = myservice(),
): Emulator {
  emulator.inject({ operation, effect, times });
  return emulator;
}

/** What happens while what was registered waits for its order, which AWS throttles for seconds. */
function registeredInVain(effect: FaultEffect): Emulator {
  const emulator = faulty("UpdateService", throttle(), 3);
  emulator.inject({ operation: "RegisterTaskDefinition", effect });
  return emulator;
}

/** Some time after somebody has begun to deploy. */
function someTimeInto(forMs: number, taskDefinition: string, emulator: Emulator): Emulator {
  emulator.updateService({ service: "myservice", taskDefinition });
  emulator.advance(forMs);
  return emulator;
}

/** An alarm has ended the deployment of 3 after ten seconds. */
function stoppedByAlarm(scenario: string): Emulator {
  const emulator = someTimeInto(10_000, "myservice:3", createScenario(scenario));
  emulator.triggerAlarm("myservice-5xx");
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** Somebody else's deploy. */
function deploySecond(emulator: Emulator): void {
  emulator.schedule(500, () => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" }));
}

/** From the registration on, the service may not be read any more. */
function denyReading(emulator: Emulator): void {
  const effect = actAfter((later) =>
    later.inject({ operation: "DescribeServices", times: Infinity, effect: accessDenied() })
  );
  emulator.inject({ operation: "RegisterTaskDefinition", effect });
}

/** Something on the way to ECS answers in its place. */
function intercepted(effect: FaultEffect): Emulator {
  return faulty(["DescribeServices", "ListServiceDeployments"], effect);
}

/** Revision 3 ran, then 4: both name a tag that has been pushed again in between. */
function tagMoved(world: MyService = {}): Emulator {
  return myservice({ movingTag: "latest", ...world });
}

const LATEST = imageWithTag("latest");

/** ... and somebody has gone back to what 3 ran. */
function rolledBackByDigest(): Emulator {
  const emulator = tagMoved();
  const ran = emulator.imageDigests(LATEST).at(-2);
  emulator.registerTaskDefinition({
    ...taskDefinition(3, `${LATEST.replace(":latest", "")}@${ran}`),
    tags: [{ key: "ecspresso:copied-from", value: "myservice:3" }],
  });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** A world of a scenario in which somebody has deployed 3. */
function deployedOnce(scenario: string): Emulator {
  const emulator = createScenario(scenario);
  ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** Somebody is deploying 3. */
function deploying(emulator = myservice()): Emulator {
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(20_000);
  return emulator;
}

function stoppedByHand(emulator: Emulator): Emulator {
  const [{ serviceDeploymentArn }] = ask(emulator, "ListServiceDeployments", { service: "myservice" }).output
    .serviceDeployments;
  ask(emulator, "StopServiceDeployment", { serviceDeploymentArn });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

function afterDays(days: number): Emulator {
  const emulator = myservice();
  emulator.advance(days * 24 * 3_600_000);
  return emulator;
}

/** The tag is in the registry no more, and the images that it has named are. */
function tagGone(): Emulator {
  const emulator = tagMoved();
  emulator.setImage(LATEST, false);
  return emulator;
}

/** 4 was forced after a push, and a rollback has pinned what 4 ran before that. */
function rolledBackFromPush(): Emulator {
  const emulator = tagMoved({ history: [4, 4] });
  const ran = emulator.imageDigests(LATEST).at(-2);
  emulator.registerTaskDefinition({
    ...taskDefinition(4, `${LATEST.replace(":latest", "")}@${ran}`),
    tags: [
      { key: "ecspresso:copied-from", value: "myservice:4" },
      { key: "ecspresso:image-tag", value: "app=latest" },
    ],
  });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** The service runs what these files say, by a tag. */
function onMutableTag(): Emulator {
  return myservice({ movingTag: "latest", history: [4] });
}

/** ... which has been pushed again since. */
function pushedAgain(): Emulator {
  return changed((emulator) => emulator.setImage(LATEST), onMutableTag());
}

/** ... with an image that is broken. */
function pushedBroken(behaviour: Behaviour, deploymentCircuitBreaker?: JsonObject): Emulator {
  const service = deploymentCircuitBreaker && { deploymentConfiguration: { deploymentCircuitBreaker } };
  const emulator = myservice({ movingTag: "latest", history: [4], ...(service && { service }) });
  emulator.setBehaviour(emulator.setImage(LATEST), behaviour);
  return emulator;
}

const WITHOUT_ROLLBACK = { enable: true, rollback: false };
const EXITS_AT_ONCE = failsToStart("Essential container in task exited");

const MUTABLE_TAG = {
  ...DEFINITION_FILES,
  "ecs-task-def.json": JSON.stringify(taskDefinition(4, LATEST), undefined, 2),
};

/** 4 was deployed once more, with another image, and somebody has gone back from that by a copy. */
function leftForced(): Emulator {
  const emulator = tagMoved({ history: [3, 4, 4] });
  const ran = emulator.imageDigests(LATEST).at(-2);
  emulator.registerTaskDefinition({
    ...taskDefinition(4, `${LATEST.replace(":latest", "")}@${ran}`),
    tags: [{ key: "ecspresso:copied-from", value: "myservice:4" }],
  });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** The image that 3 has run is in the registry no more. */
function imageOf3Gone(): Emulator {
  const emulator = tagMoved();
  const ran = emulator.imageDigests(LATEST).at(-2);
  emulator.setImage(`${LATEST.replace(":latest", "")}@${ran}`, false);
  return emulator;
}

/** What gives scaling back is misunderstood, and what has suspended it is not. */
/** Revision 3 served for two hours. Then two bad ones were deployed in a row: the first served for 75 s. */
function badTwice(world: MyService = {}): Emulator {
  const emulator = myservice({ history: [2, 3], revisions: 5, ...world });
  emulator.advance(7_200_000);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
  emulator.advance(61_000 + 75_000);
  return deployedNow(emulator, {});
}

/** 3, then 4; half an hour later 3 again, whose tasks behave so. */
function wentBack(behaviour?: Behaviour): Emulator {
  const emulator = myservice({ service: { deploymentConfiguration: STOPPING } });
  if (behaviour !== undefined) emulator.setBehaviour("myservice:3", behaviour);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(1_800_000);
  return emulator;
}

/** The tag was pushed again each time: 3 was deployed, an hour later forced once more, and then 4. */
function forcedAgain(): Emulator {
  const emulator = tagMoved({ history: [3] });
  for (const taskDefinition of ["myservice:3", "myservice:4"]) {
    emulator.advance(3_600_000);
    emulator.setImage(imageWithTag("latest"));
    emulator.updateService({ service: "myservice", taskDefinition, forceNewDeployment: true });
  }
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

function scalingBack(effect: FaultEffect): Emulator {
  const emulator = myservice();
  emulator.inject({ operation: "RegisterScalableTarget", nth: 2, times: Infinity, effect });
  return emulator;
}

/** Another service of the cluster, which runs myservice:4 in so many tasks. */
function withOther(
  desiredCount: number,
  taskDefinition = "myservice:4",
  emulator = myservice(),
  serviceName = "other",
  more: JsonObject = {},
): Emulator {
  const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-0123456789abcdef0"] } };
  const service = { serviceName, taskDefinition, launchType: "FARGATE", desiredCount };
  emulator.createService({ ...service, networkConfiguration, ...more });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

const ALL_SUSPENDED = {
  DynamicScalingInSuspended: true,
  DynamicScalingOutSuspended: true,
  ScheduledScalingSuspended: true,
};

/** What a run leaves that was killed after it had suspended. */
function suspended(emulator: Emulator, record?: string): Emulator {
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState: ALL_SUSPENDED });
  return record === undefined ? emulator : recorded(emulator, record);
}

function recorded(emulator: Emulator, record: string): Emulator {
  const scaling = "AnyScaleFrontendService";
  const found = emulator.call(`${scaling}.DescribeScalableTargets`, { ServiceNamespace: "ecs" });
  const [target] = found.ScalableTargets as { ScalableTargetARN: string }[];
  emulator.call(`${scaling}.TagResource`, {
    ResourceARN: target!.ScalableTargetARN,
    Tags: { "ecspresso:auto-scaling-suspended": record },
  });
  return emulator;
}

/** Deployed by ECS in steps of traffic. */
function shifting(strategy: "LINEAR" | "CANARY", configuration: JsonObject): MyService {
  return { service: { deploymentConfiguration: { strategy, bakeTimeInMinutes: 1, ...configuration } } };
}

/** ECS has what the program does not know in revision 5, which is deregistered, and takes no more of it. */
function incompleteCopies(): Emulator {
  const answered = { TaskDefinition: { futureIsolation: "String" } };
  const emulator = myservice({
    options: { furtherMembers: { ...answered, RegisterTaskDefinitionRequest: { futureIsolation: "String" } } },
  });
  emulator.registerTaskDefinition({ ...taskDefinition(2), futureIsolation: "STRICT" });
  emulator.deregisterTaskDefinition("myservice:5");
  emulator.configure({ furtherMembers: answered });
  return emulator;
}

/** Somebody at the terminal. */
function typing(...typed: readonly string[]): RunOptions {
  return { isTerminal: true, typed, env: { NO_COLOR: "1" } };
}

/** Revision 2 served for long; each that came after it, for less than two minutes. */
function changedOften(times: number): Emulator {
  const emulator = myservice({ history: [2], revisions: 3 + times });
  emulator.advance(7_200_000);
  for (let count = 0; count < times; count++) {
    emulator.updateService({ service: "myservice", taskDefinition: `myservice:${3 + count}` });
    emulator.advance(120_000);
  }
  return emulator;
}

function changed(act: (emulator: Emulator) => void, world: Emulator = crashing()): Emulator {
  act(world);
  return world;
}

/** A service that is deleted, and that ECS still shows. */
function deleted(): Emulator {
  return changed((emulator) => {
    emulator.deleteService({ service: "myservice", force: true });
    emulator.advance(UNTIL_STEADY_MS);
  }, myservice());
}

function stopDeployment(emulator: Emulator): void {
  const { currentServiceDeployment } = emulator.describeService("myservice");
  emulator.call("AmazonEC2ContainerServiceV20141113.StopServiceDeployment", {
    serviceDeploymentArn: currentServiceDeployment as string,
    stopType: "ROLLBACK",
  });
}

const withFiles = (files: Record<string, string>): RunOptions => ({ files });

/** A task definition whose command gets a token from the Parameter Store, and whose image gets a tag of a plain name. */
const LOOKED_UP: RunOptions = {
  files: changedFiles(
    "ecs-task-def.json",
    '"essential": true',
    '"command": ["serve", "--token={{ ssm `/myservice/token` }}"], "dockerLabels": {"release": "{{ must_env `CHANNEL` }}"}, ' +
      '"essential": true',
  ),
  env: { TAG: "1.4.0", CHANNEL: "blue-channel" },
};

/** Runs what was deployed from those files when the token was another one. */
function withOlderToken(): Emulator {
  return changed((emulator) => {
    const older = taskDefinition(4);
    const [app] = older.containerDefinitions as JsonObject[];
    const command = ["serve", "--token=tok-of-last-year"];
    emulator.registerTaskDefinition({ ...older, containerDefinitions: [{ ...app, command }] });
    emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
    emulator.advance(UNTIL_STEADY_MS);
    emulator.setParameter("/myservice/token", "tok-of-this-year", "SecureString");
  }, myservice());
}

/** What is deployed from those files writes the token: whole, cut by the end of a line, with colours in it, and over lines. */
function loggingToken(): Emulator {
  const token = "tok-of-this-year";
  const lines = [
    `token=${token}`,
    `${"x".repeat(290)}${token}`,
    `tok-of-\u001b[1mthis-year`,
    `{"t":"${token}"}\n${token}`,
  ];
  return changed((emulator) => {
    emulator.setParameter("/myservice/token", token, "SecureString");
    emulator.setLogGroup(LOG_GROUP);
    emulator.setImage(imageWithTag("1.4.0"));
    emulator.setBehaviour("myservice:5", { ...crashLoop(), logs: { app: lines } });
  }, myservice());
}

/** A config that names no service, with the task definition of the emulator's `myservice`. */
const WITHOUT_SERVICE = {
  "ecspresso.yml": "region: ap-northeast-1\ncluster: default\ntask_definition: ecs-task-def.json\n",
  "ecs-task-def.json": DEFINITION_FILES["ecs-task-def.json"]!,
};

/** What is named stands on the command line alone. */
const NO_FILES: RunOptions = { files: {} };
const IN_REGION: RunOptions = { isFleet: true, files: {}, env: { AWS_REGION: "ap-northeast-1" } };
const SERVICE_ARN = "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice";

/** `myservice` is failing; `other` and `another` run well, and one of them belongs to a release. */
function threeServices(): Emulator {
  const emulator = withOther(2, "myservice:4", withOther(1, "myservice:3", myservice(), "another"), "other", {
    tags: [{ key: "release", value: "42" }],
  });
  emulator.updateService({ service: "other", taskDefinition: "myservice:3" });
  emulator.advance(UNTIL_STEADY_MS);
  emulator.setBehaviour("myservice:2", crashLoop());
  return someTimeInto(60_250, "myservice:2", emulator);
}

/** A task definition that writes to a log group, and gets keys of secrets. */
const VERIFIED = {
  ...DEFINITION_FILES,
  "ecs-task-def.json": JSON.stringify({
    family: "myservice",
    taskRoleArn: "arn:aws:iam::123456789012:role/myservice-task",
    containerDefinitions: [{
      name: "app",
      image: imageOf(4),
      portMappings: [{ containerPort: 80 }],
      secrets: [
        { name: "USER", valueFrom: `${SECRET}:user::` },
        { name: "PASSWORD", valueFrom: `${SECRET}:password::` },
        { name: "URL", valueFrom: `${SECRET.replace("api_key", "database_url")}:url::` },
      ],
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/ecs/app" } },
    }],
  }),
};

/** Runs of the whole program on a virtual clock, by the names of their transcripts. */
export const SCENES: Readonly<Record<string, Scene>> = {
  ...BAKE_SCENES,
  ...FAST_SCENES,
  ...FLEET_SCENES,
  ...SHELL_SCENES,
  "rollback": { args: "rollback --config ecspresso.yml --revision 3" },
  "rollback_of_what_runs": { args: "rollback --revision 3", world: myservice },
  "rollback_dry_run": { args: "rollback --config ecspresso.yml --revision 3 --dry-run" },
  "rollback_dry_run_everything": {
    args: "rollback --revision 3 --dry-run --deregister --suspend-auto-scaling --resume-auto-scaling",
  },
  "rollback_deregister": { args: "rollback --config ecspresso.yml --revision 3 --deregister" },
  "rollback_scaling": {
    args: "rollback --config ecspresso.yml --revision 3 --suspend-auto-scaling --resume-auto-scaling",
  },
  "rollback_no_wait": { args: "rollback --revision 3 --no-wait" },
  "rollback_verbose": { args: "rollback --revision 3 --verbose" },
  "rollback_debug": { args: "--debug rollback --revision 3 --no-wait" },
  "rollback_on_a_terminal": { args: "rollback --revision 9", options: { isTerminal: true } },
  "rollback_on_a_narrow_terminal": { args: "rollback --revision 9", options: { isTerminal: true, columns: 80 } },
  "rollback_dry_run_on_a_narrow_terminal": {
    args: "rollback --revision 3 --dry-run",
    options: { ...AT_TERMINAL, columns: 80 },
  },
  "rollback_on_a_terminal_without_colour": {
    args: "rollback --revision 9 --no-color",
    options: { isTerminal: true },
  },
  "already_there": {
    args: "rollback --revision 3 --deregister",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(UNTIL_STEADY_MS);
      }),
  },
  "already_on_the_way": {
    args: "rollback --revision 3",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
      }),
  },
  "already_on_the_way_no_wait": {
    args: "rollback --revision 3 --no-wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
      }),
  },
  "family_differs": {
    args: "rollback --revision 3 --no-wait",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: myservice\ntask_definition: ecs-task-def.json\n",
      "ecs-task-def.json": '{"family": "myservice-next"}',
    }),
  },
  "failed": {
    args: "rollback --revision 3 --preflight off",
    world: () => myservice({ service: BREAKER, history: [2, 4], behaviours: { 3: secretNotFound(SECRET) } }),
  },
  "rolled_back_by_ecs": {
    args: "rollback --revision 3 --deregister --preflight off",
    world: () =>
      myservice({ service: BREAKER_WITH_ROLLBACK, history: [2, 4], behaviours: { 3: secretNotFound(SECRET) } }),
  },
  "superseded": {
    args: "rollback --revision 3",
    world: () =>
      afterUpdate((emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" })),
  },
  "service_deleted": {
    args: "rollback --revision 3",
    world: () => afterUpdate((emulator) => emulator.deleteService({ service: "myservice", force: true })),
  },
  "timed_out": {
    args: "rollback --revision 3 --timeout 90s --suspend-auto-scaling --resume-auto-scaling",
    world: () => myservice({ history: [2, 4], behaviours: { 3: crashLoop() } }),
  },
  "interrupted": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    options: { stopAfterMs: { ms: 2_500, signal: "SIGINT" } },
  },
  "interrupted_before_the_order": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    options: { stopAfterCalls: { calls: 14, signal: "SIGTERM" } },
  },
  "auto_scaling_left_to_a_newer_run": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () =>
      afterUpdate((emulator) => {
        recorded(emulator, "v1 in=0 out=0 scheduled=0 at=2023-01-01T12:10:00.000Z by=bob runs=0badcafe");
      }),
  },
  "auto_scaling_left_to_the_run_that_was_faster": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () =>
      afterUpdate(
        (emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" }),
        suspended(myservice(), "v1 in=0 out=0 scheduled=0 at=2023-01-01T12:10:00.000Z by=bob runs=0badcafe"),
      ),
  },
  "plan_outdated": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = slowToRead();
      const another = () => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
      emulator.inject({ operation: "DescribeTaskDefinition", times: 1, effect: actBefore(another) });
      return emulator;
    },
  },
  "not_registered": { args: "rollback --revision 9" },
  "inactive": {
    args: "rollback --revision 2",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
  },
  "does_not_fit": {
    args: "rollback --revision 5 --dry-run",
    world: () =>
      changed((emulator) => {
        const containerDefinitions = [{ name: "web", image: "web:1", portMappings: [{ containerPort: 80 }] }];
        const members = { family: "myservice", networkMode: "awsvpc", cpu: "256", memory: "512" };
        emulator.registerTaskDefinition({ ...members, requiresCompatibilities: ["FARGATE"], containerDefinitions });
      }, crashing({ service: { loadBalancers: [LOAD_BALANCER] } })),
  },
  "service_missing": {
    args: "rollback --revision 3",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: yourservice\n" }),
  },
  "named_rollback": {
    args: "rollback --service myservice --cluster default --region ap-northeast-1 --revision previous",
    options: NO_FILES,
  },
  "named_rollback_dry_run": { args: "rollback --service myservice --revision previous --dry-run", options: IN_REGION },
  "named_role": {
    args:
      `rollback --service myservice --region ap-northeast-1 --assume-role-arn ${DEPLOY_ROLE} --revision 3 --no-wait`,
    options: NO_FILES,
  },
  "named_no_revision": { args: "rollback --service myservice --region ap-northeast-1", options: NO_FILES },
  "named_arn": { args: `status --service ${SERVICE_ARN}`, options: NO_FILES },
  "named_arn_of_another_account": {
    args: `rollback --service ${SERVICE_ARN.replace("123456789012", "210987654321")} --revision previous`,
    options: NO_FILES,
  },
  "named_arn_account_unknown": {
    args: `status --service ${SERVICE_ARN} --events 1`,
    world: () => faulty("GetCallerIdentity", dropBefore(), 4),
    options: NO_FILES,
  },
  "named_arn_and_another_region": { args: `status --service ${SERVICE_ARN} --region us-east-1`, options: NO_FILES },
  "named_arn_and_another_cluster": { args: `status --service ${SERVICE_ARN} --cluster other`, options: NO_FILES },
  "named_status": {
    args: "status --service myservice --cluster default --region ap-northeast-1 --events 1",
    world: () => someTimeInto(60_000, "myservice:4", myservice({ history: [3], behaviours: { 4: crashLoop() } })),
    options: NO_FILES,
  },
  "named_history": { args: "history --service myservice --region ap-northeast-1", options: NO_FILES },
  "named_wait": {
    args: "wait --service myservice --cluster default --region ap-northeast-1",
    world: () => deploying(),
    options: NO_FILES,
  },
  "named_verify": { args: "verify --service myservice --region ap-northeast-1", options: NO_FILES },
  "named_verify_missing": { args: "verify --service yourservice --region ap-northeast-1", options: NO_FILES },
  "named_revisions": { args: "revisions --service myservice --region ap-northeast-1 --output tsv", options: NO_FILES },
  "named_deregister": {
    args: "deregister --service myservice --region ap-northeast-1 --revision 1",
    options: NO_FILES,
  },
  "named_inactive": {
    args: "wait --service myservice --cluster default --region ap-northeast-1",
    world: () =>
      changed((emulator) => {
        emulator.deleteService({ service: "myservice", force: true });
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
    options: NO_FILES,
  },
  "named_beside_a_config": { args: "status --service myservice --config ecspresso.yml" },
  "named_config_there": {
    args: "status --service myservice --region ap-northeast-1 --events 1",
    options: { ...withFiles({ "ecspresso.yml": "service: another\n" }), env: { ECSPRESSO_CONFIG: "other.yml" } },
  },
  "named_mistyped": {
    args: "rollback --service myservcie --region ap-northeast-1 --revision previous",
    options: NO_FILES,
  },
  "named_mistyped_may_not_list": {
    args: "status --service myservcie --region ap-northeast-1",
    world: () => faulty("ListServices", accessDenied()),
    options: NO_FILES,
  },
  "named_cluster_mistyped": {
    args: "status --service myservice --cluster defualt --region ap-northeast-1",
    options: NO_FILES,
  },
  "named_of_what": { args: "status --service my/service", options: NO_FILES },
  "named_cluster_alone": { args: "status --cluster default" },
  "named_region_with_a_config": { args: "status --config ecspresso.yml --region us-east-1" },
  "named_deploy": { args: "deploy --service myservice", options: NO_FILES },
  "named_diff": { args: "diff --service-tag release=42", options: NO_FILES },
  "named_register": { args: "register --service myservice", options: NO_FILES },
  "named_render": { args: "render config --service myservice", options: NO_FILES },
  "many_status": { args: "status --service * --events 1", world: threeServices, options: IN_REGION },
  "many_cluster_missing": {
    args: "status --service * --cluster default --cluster prod",
    world: threeServices,
    options: IN_REGION,
  },
  "many_cluster_missing_by_name": {
    args: "rollback --service other --cluster default --cluster prod --revision previous",
    world: threeServices,
    options: IN_REGION,
  },
  "many_status_one_missing": {
    args: "status --service myservice --service othr --cluster default --events 1",
    world: threeServices,
    options: IN_REGION,
  },
  "many_status_one_denied": {
    args: "status --service myservice --service other --events 1",
    world: () =>
      changed((emulator) => {
        const Action = [
          "ecs:List*",
          "ecs:DescribeServiceDeployments",
          "ecs:DescribeServiceRevisions",
          "ecs:DescribeTasks",
        ];
        const others = ["ecs:DescribeTaskDefinition", "ecr:*", "application-autoscaling:*"];
        const Resource = "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice";
        emulator.authorize({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: [...Action, ...others], Resource: "*" },
            { Effect: "Allow", Action: "ecs:DescribeServices", Resource },
          ],
        });
      }, threeServices()),
    options: IN_REGION,
  },
  "many_history": { args: "history --service * --output table", world: threeServices, options: IN_REGION },
  "many_history_tsv": { args: "history --service *", world: threeServices, options: IN_REGION },
  "many_history_json": {
    args: "history --service *other --region ap-northeast-1 --output json",
    world: threeServices,
    options: NO_FILES,
  },
  "many_verify": {
    args: "verify --service *",
    world: () => changed((emulator) => emulator.setImage(imageOf(4), false), threeServices()),
    options: IN_REGION,
  },
  "many_verify_revision": { args: "verify --service * --revision 3", world: threeServices, options: IN_REGION },
  "many_wait": {
    args: "wait --service * --timeout 5m",
    world: () => deploying(threeServices()),
    options: IN_REGION,
  },
  "many_for_one": { args: "revisions --service myservice --service other", world: threeServices, options: IN_REGION },
  "many_too_many": {
    args: "rollback --service * --revision previous",
    world: () => fleet({ services: 21 }),
    options: IN_REGION,
  },
  "many_by_pattern_dry_run": {
    args: "rollback --service *other --region ap-northeast-1 --revision 3 --dry-run",
    world: threeServices,
    options: NO_FILES,
  },
  "many_no_service_matches": { args: "status --service myserv1ce*", options: IN_REGION },
  "many_no_cluster_matches": { args: "status --service * --cluster prod-*", options: IN_REGION },
  "many_by_tag": { args: "status --service-tag release=42 --events 1", world: threeServices, options: IN_REGION },
  "many_no_service_has_the_tag": {
    args: "status --service-tag release=43 --service-tag team=web",
    world: threeServices,
    options: IN_REGION,
  },
  "many_tags_may_not_be_read": {
    args: "status --service-tag release=42",
    world: () => faulty("DescribeServices", accessDenied(), Infinity, threeServices()),
    options: IN_REGION,
  },
  "many_may_not_be_listed": {
    args: "rollback --service * --revision previous",
    world: () => faulty("ListServices", accessDenied(), Infinity, threeServices()),
    options: IN_REGION,
  },
  "many_tag_of_what": { args: "status --service-tag release" },
  "many_max_services_of_what": { args: "status --max-services all" },
  "many_configs": {
    args: "status --config ecs/*/ecspresso.yml --config ecs/a/ecspresso.yml --events 1",
    world: threeServices,
    options: withFiles({
      "ecs/a/ecspresso.yml": "region: ap-northeast-1\nservice: myservice\n",
      "ecs/b/ecspresso.yml": "region: ap-northeast-1\nservice: other\n",
    }),
  },
  "many_no_config_matches": { args: "status --config ecs/**/ecspresso.yml" },
  "many_configs_render": {
    args: "render config --config a.yml --config b.yml",
    options: withFiles({ "a.yml": "service: a\n", "b.yml": "service: b\n" }),
  },
  "fleet_file": {
    args: "rollback --fleet fleet.yml --revision previous --dry-run",
    world: threeServices,
    options: withFiles({
      "fleet.yml": "x-region: &region\n  region: ap-northeast-1\nservices:\n  - config: ecs/a/*.yml\n    wave: 2\n" +
        "  - service: other\n    <<: *region\n",
      "ecs/a/ecspresso.yml": "region: ap-northeast-1\nservice: myservice\n",
    }),
  },
  "fleet_file_misspelt_key": {
    args: "rollback --fleet fleet.yml --revision previous",
    options: withFiles({ "fleet.yml": "services:\n  - config: a.yml\n    wvae: 2\n" }),
  },
  "fleet_file_missing": { args: "status --fleet fleet.yml" },
  "fleet_file_empty": { args: "status --fleet fleet.yml", options: withFiles({ "fleet.yml": "services: []\n" }) },
  "fleet_file_wave": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - config: a.yml\n    wave: 0\n" }),
  },
  "fleet_file_two_ways": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - config: a.yml\n    service: a\n" }),
  },
  "fleet_file_no_way": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - cluster: default\n" }),
  },
  "fleet_file_cluster_of_a_config": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - config: a.yml\n    cluster: default\n" }),
  },
  "fleet_file_bad_name": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - service: a/b\n" }),
  },
  "fleet_file_bad_role": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - service: a\n    role: deploy\n" }),
  },
  "fleet_file_and_cluster": { args: "status --fleet fleet.yml --service a --cluster default" },
  "fleet_file_diff": {
    args: "diff --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - service: myservice\n    region: ap-northeast-1\n" }),
  },
  "service_inactive": {
    args: "rollback --revision 3",
    world: () =>
      changed((emulator) => {
        emulator.deleteService({ service: "myservice", force: true });
        emulator.advance(UNTIL_STEADY_MS);
      }),
  },
  "code_deploy": { args: "rollback --revision 3", world: codeDeploy },
  "code_deploy_named": {
    args: "rollback --revision 3",
    world: codeDeploy,
    options: withFiles({
      "ecspresso.yml": `region: ap-northeast-1
cluster: default
service: myservice
codedeploy:
  application_name: The shop
  deployment_group_name: blue
`,
    }),
  },
  "external": {
    args: "rollback --revision 3",
    world: () => myservice({ history: [3], service: { deploymentController: { type: "EXTERNAL" } } }),
  },
  "target_failed": {
    args: "rollback --revision 4",
    world: () => myservice({ service: BREAKER, behaviours: { 4: secretNotFound(SECRET) } }),
  },
  "cluster_missing": {
    args: "rollback --revision 3",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\ncluster: defualt\nservice: myservice\n" }),
  },
  "access_denied": { args: "rollback --revision 3", world: () => faulty("UpdateService", accessDenied()) },
  "tags_unsupported": {
    args: "rollback --revision 3",
    world: () => faulty("DescribeServices", tagsUnsupported()),
  },
  "expired_token": { args: "rollback --revision 3", world: () => faulty("DescribeServices", expiredToken()) },
  "expired_token_while_watching": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => {
      const emulator = createScenario("healthy");
      const act = () => emulator.inject({ times: Infinity, effect: expiredToken() });
      emulator.inject({ operation: "UpdateService", effect: { kind: "act", when: "after", act } });
      return emulator;
    },
  },
  "assume_role": {
    args: `--assume-role-arn ${DEPLOY_ROLE} rollback --revision 3 --no-wait --debug`,
    world: myservice,
  },
  "assume_role_denied": {
    args: "rollback --revision 3 --assume-role-arn arn:aws:iam::123456789012:role/deploy-other",
  },
  "assume_role_expired_token": {
    args: `rollback --revision 3 --assume-role-arn ${DEPLOY_ROLE}`,
    world: () => faulty("AssumeRole", expiredToken()),
  },
  "assume_role_of_what": { args: "rollback --revision 3 --assume-role-arn deploy-myservice" },
  "assume_role_verify": {
    args: "verify --revision 3 --assume-role-arn arn:aws:iam::123456789012:role/deploy-other",
  },
  "proxy_login": { args: "rollback --revision 3", world: () => intercepted(proxyLogin()) },
  "captive_portal": { args: "rollback --revision 3", world: () => intercepted(htmlPage(200)) },
  "redirected": {
    args: "rollback --revision 3",
    world: () => intercepted(redirect("https://login.example.com/saml?token=secret", 302)),
  },
  "proxy_while_waiting": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = myservice();
      emulator.inject({ operation: "DescribeServices", nth: 5, forMs: 70_000, effect: htmlPage(403) });
      return emulator;
    },
  },
  "proxy_in_place_of_the_order": {
    args: "rollback --revision 3",
    world: () => faulty("UpdateService", htmlPage(502, { applied: true })),
  },
  "proxy_refuses_the_order": { args: "rollback --revision 3", world: () => faulty("UpdateService", htmlPage(403)) },
  "limited_by_a_proxy": {
    args: "rollback --revision 3",
    world: () => faulty("UpdateService", bareStatus(429), 5),
  },
  "refused_once_while_waiting": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = myservice();
      emulator.inject({ operation: "DescribeServices", nth: 5, effect: accessDenied() });
      return emulator;
    },
  },
  "refused_twice_while_waiting": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = myservice();
      emulator.inject({ operation: "DescribeServices", nth: 5, times: 2, effect: accessDenied() });
      return emulator;
    },
  },
  "answer_lost": { args: "rollback --revision 3", world: () => faulty("UpdateService", dropAfter(), 1) },
  "empty_answer_to_the_order": { args: "rollback --revision 3", world: () => faulty("UpdateService", emptyAnswer()) },
  "empty_answer_to_the_order_given": {
    args: "rollback --revision 3 --no-wait",
    world: () => faulty("UpdateService", emptyBody({ applied: true })),
  },
  "empty_answer_to_suspending": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("RegisterScalableTarget", emptyAnswer(), 1),
  },
  "empty_answer_to_resuming": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => scalingBack(emptyAnswer()),
  },
  "empty_answer_to_resuming_done": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => scalingBack(errorUnder200("InternalFailure", "", { applied: true })),
  },
  "error_under_200_to_untagging": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("UntagResource", errorUnder200("InternalFailure", "", { applied: true })),
  },
  "error_under_200_to_tagging": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("TagResource", errorUnder200()),
  },
  "empty_answer_to_stopping": {
    args: "rollback --revision 3",
    world: () => faulty("StopServiceDeployment", emptyAnswer(), 1, crashing()),
  },
  "empty_answer_to_deregistering": {
    args: "rollback --revision 3 --deregister",
    world: () => faulty("DeregisterTaskDefinition", emptyAnswer()),
  },
  "empty_answer_to_deregistering_done": {
    args: "rollback --revision 3 --deregister",
    world: () => faulty("DeregisterTaskDefinition", emptyAnswer({ applied: true })),
  },
  "empty_answer_to_deleting": {
    args: "deregister --keeps 1 --delete",
    world: () => faulty("DeleteTaskDefinitions", emptyAnswer({ applied: true }), Infinity, myservice({ history: [4] })),
  },
  "empty_answer_to_registering": {
    args: "deploy",
    world: () => faulty("RegisterTaskDefinition", emptyAnswer()),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "empty_answer_to_registering_done": {
    args: "deploy",
    world: () => faulty("RegisterTaskDefinition", emptyAnswer({ applied: true })),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "empty_answer_to_creating": {
    args: "deploy",
    world: () => faulty("CreateService", emptyAnswer({ applied: true })),
    options: withNewService({ "desiredCount": 2, ...NEW_SERVICE }),
  },
  "deregister_denied": {
    args: "rollback --revision 3 --deregister",
    world: () => faulty("DeregisterTaskDefinition", accessDenied()),
  },
  "scaling_not_given_back": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => {
      const emulator = myservice();
      emulator.inject({
        operation: "RegisterScalableTarget",
        nth: 2,
        times: Infinity,
        effect: accessDenied("application-autoscaling"),
      });
      return emulator;
    },
  },
  "blue_green": { args: "rollback --revision 3", world: () => createScenario("blue_green") },
  "blue_green_not_to_be_read": {
    args: "rollback --revision 3",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, createScenario("blue_green")),
  },
  "linear": {
    args: "rollback --revision 3",
    world: () =>
      myservice({
        ...shifting("LINEAR", { linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 } }),
        afterLastMs: 90_000,
      }),
  },
  "canary_dry_run": {
    args: "rollback --revision 3 --timeout 10m --dry-run",
    world: () =>
      myservice({
        history: [4],
        ...shifting("CANARY", {
          canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 15 },
          bakeTimeInMinutes: 5,
          lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["PRE_PRODUCTION_TRAFFIC_SHIFT"] }],
        }),
      }),
  },
  "early_success": {
    args: "rollback --revision 3",
    world: () =>
      myservice({
        behaviours: { 4: slowDrain() },
        service: {
          desiredCount: 4,
          deploymentConfiguration: {
            minimumHealthyPercent: 50,
            maximumPercent: 100,
            earlySuccessCriteria: { enable: true, healthyPercent: 50, sourceServiceRevisionCleanup: "DEFERRED" },
          },
        },
      }),
  },
  "paused_hook": { args: "rollback --revision 3 --timeout 5m", world: () => createScenario("paused_hook") },
  "ecs_is_going_back_already": {
    args: "rollback --revision 3",
    world: () => createScenario("circuit_breaker_rolling_back"),
  },
  "stop_refused": {
    args: "rollback --revision 3",
    world: () => faulty("StopServiceDeployment", accessDenied(), Infinity, crashing()),
  },
  "classic_load_balancer": {
    args: "rollback --revision 3",
    world: () =>
      myservice({
        service: { loadBalancers: [{ loadBalancerName: "web", containerName: "app", containerPort: 8080 }] },
      }),
  },
  "deployment_controller_ecs": {
    args: "rollback --revision 3 --no-wait",
    world: () => myservice({ service: { deploymentController: { type: "ECS" } } }),
  },
  "current_is_inactive": {
    args: "rollback --revision 3 --no-wait",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:4"), myservice()),
  },
  "no_task_wanted": {
    args: "rollback --revision 3",
    world: () =>
      changed((emulator) => {
        emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, MinCapacity: 0, MaxCapacity: 10 });
        emulator.updateService({ service: "myservice", desiredCount: 0 });
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
  },
  "scaled_to_zero_meanwhile": {
    args: "rollback --revision 3",
    world: () => afterUpdate((emulator) => emulator.updateService({ service: "myservice", desiredCount: 0 })),
  },
  "no_room_for_tasks": {
    args: "rollback --revision 3 --timeout 2m",
    world: () => myservice({ history: [2, 4], behaviours: { 3: unplaceable() } }),
  },
  "out_of_memory": {
    args: "rollback --revision 3 --timeout 2m",
    world: () => myservice({ history: [2, 4], behaviours: { 3: outOfMemory() } }),
  },
  "image_gone": {
    args: "rollback --revision 3 --preflight off",
    world: () => createScenario("circuit_breaker"),
  },
  "health_check_fails": {
    args: "rollback --revision 3 --timeout 3m",
    world: () => myservice({ history: [2, 4], behaviours: { 3: failingHealthCheck() } }),
  },
  "why_tasks_stop_is_not_allowed": {
    args: "rollback --revision 3 --preflight off",
    world: () => faulty("ListTasks", accessDenied(), Infinity, createScenario("circuit_breaker")),
  },
  "history_is_not_allowed": {
    args: "rollback --revision 3 --no-wait",
    world: () => faulty("DescribeServiceDeployments", accessDenied(), Infinity, crashing()),
  },
  "throttled": { args: "rollback --revision 3", world: () => createScenario("throttled") },
  "update_starts_nothing": {
    args: "rollback --revision 3",
    world: () => faulty("UpdateService", ignoreUpdate()),
  },
  "update_shown_late": {
    args: "rollback --revision 3",
    world: () => faulty("UpdateService", answerFromBefore()),
  },
  "update_throttled_for_minutes": {
    args: "rollback --revision 3",
    world: () => throttledFor("UpdateService", 100_000),
  },
  "update_throttled_until_the_timeout": {
    args: "rollback --revision 3 --timeout 1m",
    world: () => throttledFor("UpdateService", Infinity),
  },
  "update_throttled_and_overtaken": {
    args: "rollback --revision 3",
    world: () =>
      changed((emulator) => {
        emulator.schedule(
          10_000,
          () => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" }),
        );
      }, throttledFor("UpdateService", 60_000)),
  },
  "deploy_way_back_throttled": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      changed(
        (emulator) => emulator.inject({ operation: "UpdateService", nth: 2, forMs: 100_000, effect: throttle() }),
        myservice({ history: [2, 4], behaviours: { 3: secretNotFound(SECRET) }, service: BREAKER }),
      ),
  },
  "read_throttled_for_minutes": {
    args: "rollback --revision 3 --dry-run",
    world: () => throttledFor("DescribeServices", 100_000),
  },
  "update_throttled": { args: "rollback --revision 3 --no-wait", world: () => faulty("UpdateService", throttle(), 3) },
  "update_lost_for_good": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("UpdateService", dropBefore(), Infinity),
  },
  "suspend_alone": { args: "rollback --revision 3 --suspend-auto-scaling", world: myservice },
  "suspend_alone_already_there": { args: "rollback --revision 4 --suspend-auto-scaling", world: myservice },
  "suspend_alone_already_there_dry_run": {
    args: "rollback --revision 4 --suspend-auto-scaling --dry-run",
    world: myservice,
  },
  "suspend_alone_nothing_to_deploy": {
    args: "deploy --suspend-auto-scaling",
    world: myservice,
    options: withFiles(DEFINITION_FILES),
  },
  "suspend_alone_nothing_to_deploy_dry_run": {
    args: "deploy --suspend-auto-scaling --dry-run",
    world: myservice,
    options: withFiles(DEFINITION_FILES),
  },
  "suspend_alone_already_suspended": {
    args: "deploy --suspend-auto-scaling",
    world: () => suspended(myservice()),
    options: withFiles(DEFINITION_FILES),
  },
  "resume_alone_nothing_to_deploy": {
    args: "deploy --resume-auto-scaling",
    world: () => suspended(myservice(), "v1 in=0 out=0 scheduled=1 at=2023-01-01T11:58:00.000Z by=alice"),
    options: withFiles(DEFINITION_FILES),
  },
  "resume_alone": {
    args: "rollback --revision 3 --resume-auto-scaling --no-wait",
    world: () => suspended(myservice()),
  },
  "resume_after_a_kill": {
    args: "rollback --revision 4 --resume-auto-scaling",
    world: () => suspended(myservice(), "v1 in=0 out=0 scheduled=1 at=2023-01-01T11:58:00.000Z by=alice"),
  },
  "both_after_a_kill": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => suspended(myservice(), "v1 in=0 out=0 scheduled=1 at=2023-01-01T11:58:00.000Z by=alice"),
  },
  "record_of_another_kind": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling --dry-run",
    world: () => recorded(myservice(), "hands off"),
  },
  "no_record_possible": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling --dry-run",
    world: () =>
      changed((emulator) => {
        emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, MinCapacity: 1, MaxCapacity: 10 }, {
          withoutArn: true,
        });
      }, myservice()),
  },
  "tagging_is_not_allowed": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("TagResource", accessDenied("application-autoscaling"), Infinity),
  },
  "suspension_changed_meanwhile": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () =>
      afterUpdate((emulator) =>
        emulator.registerScalableTarget({
          ResourceId: RESOURCE_ID,
          SuspendedState: { ...ALL_SUSPENDED, ScheduledScalingSuspended: false },
        })
      ),
  },
  "suspension_changed_before_the_first_write": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: () => {
      const emulator = slowToRead();
      const SuspendedState = { ...ALL_SUSPENDED, DynamicScalingOutSuspended: false };
      const decide = () => emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState });
      emulator.inject({ operation: "DescribeScalableTargets", nth: 2, effect: actBefore(decide) });
      return emulator;
    },
  },
  "capacity_would_be_clamped": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling --dry-run",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", desiredCount: 12 });
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
  },
  "no_scalable_target": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling --dry-run",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: other\n" }),
    world: () =>
      changed((emulator) => {
        const { subnets } = { subnets: ["subnet-0123456789abcdef0"] };
        const networkConfiguration = { awsvpcConfiguration: { subnets } };
        const service = { serviceName: "other", taskDefinition: "myservice:4", launchType: "FARGATE", desiredCount: 1 };
        emulator.createService({ ...service, networkConfiguration });
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
  },
  "in_use_by_a_task": {
    args: "rollback --revision 3 --deregister",
    world: () => faulty("ListServices", accessDenied(), Infinity, withOther(1)),
  },
  "in_use_by_another_service_dry_run": {
    args: "rollback --revision 3 --deregister --dry-run",
    world: () => withOther(0),
  },
  "in_use_by_a_service_not_to_be_read_dry_run": {
    args: "rollback --revision 3 --deregister --dry-run",
    world: () => faulty("ListServices", accessDenied(), Infinity, withOther(1)),
  },
  "in_use_by_another_service": { args: "rollback --revision 3 --deregister", world: () => withOther(0) },
  "credentials_unknown": {
    args: "rollback --revision 3",
    world: () => faulty("DescribeServices", unrecognizedClient(), Infinity),
  },
  "clock_is_wrong": {
    args: "rollback --revision 3 --no-wait",
    world: () => faulty("DescribeServices", clockSkew(3_600_000), 1),
  },
  "interrupted_while_planning": {
    args: "rollback --revision 3",
    options: { stopAfterCalls: { calls: 1, signal: "SIGTERM" } },
  },
  "wait": {
    args: "wait",
    world: () => changed((emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" })),
  },
  "wait_until_deployed": {
    args: "--config ecspresso.yml wait --until deployed",
    world: () => changed((emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" })),
  },
  "wait_until_traffic_shifted": {
    args: "wait --until traffic-shifted",
    world: () => someTimeInto(5_000, "myservice:3", createScenario("blue_green")),
  },
  "wait_until_traffic_shifted_long_ago": {
    args: "wait --until traffic-shifted",
    world: () => someTimeInto(60_000, "myservice:3", createScenario("blue_green")),
  },
  "wait_until_traffic_is_back": {
    args: "wait --until traffic-shifted",
    world: () => {
      const emulator = someTimeInto(60_000, "myservice:3", createScenario("blue_green"));
      const [{ serviceDeploymentArn }] = ask(emulator, "ListServiceDeployments", { service: "myservice" }).output
        .serviceDeployments;
      ask(emulator, "StopServiceDeployment", { serviceDeploymentArn });
      return emulator;
    },
  },
  "wait_until_rolled": {
    args: "wait --until traffic-shifted",
    world: () => someTimeInto(5_000, "myservice:3", createScenario("healthy")),
  },
  "wait_for_nothing": { args: "wait", world: myservice },
  "wait_for_a_rollback_of_ecs": { args: "wait", world: () => createScenario("circuit_breaker_rolling_back") },
  "wait_after_a_rollback_of_ecs": {
    args: "wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(UNTIL_STEADY_MS);
      }, createScenario("circuit_breaker_rollback")),
  },
  "wait_after_a_rollback_of_ecs_and_scaling": {
    args: "wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(UNTIL_STEADY_MS);
        emulator.updateService({ service: "myservice", desiredCount: 5 });
        emulator.advance(5_000);
      }, createScenario("circuit_breaker_rollback")),
  },
  "deploy_tasks_no_wait": {
    args: "deploy --skip-task-definition --tasks 5 --no-wait --config ecspresso.yml",
    world: () => myservice(),
    options: withFiles(DEFINITION_FILES),
  },
  "wait_after_a_rollback_and_a_deploy": {
    args: "wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(UNTIL_STEADY_MS);
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
        emulator.advance(UNTIL_STEADY_MS);
      }, createScenario("circuit_breaker_rollback")),
  },
  "wait_after_a_stop": {
    args: "wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(5_000);
        stopDeployment(emulator);
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
  },
  "wait_history_not_allowed": {
    args: "wait",
    world: () => faulty("ListServiceDeployments", accessDenied()),
  },
  "wait_for_a_failure": {
    args: "wait",
    world: () =>
      changed(
        (emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" }),
        createScenario("circuit_breaker"),
      ),
  },
  "wait_for_what_has_failed": { args: "wait", world: () => createScenario("circuit_breaker_tripped") },
  "wait_for_too_long": { args: "wait --timeout 1m --config ecspresso.yml" },
  "log": { args: "wait --timeout 1m", world: deployingLogging },
  "log_without_prefix": {
    args: "wait --timeout 1m",
    world: () => deployingLogging({ launchType: "EC2", logConfiguration: awslogs({}) }),
  },
  "log_by_firelens": {
    args: "wait --timeout 1m",
    world: () =>
      deployingLogging({
        logConfiguration: {
          logDriver: "awsfirelens",
          options: { Name: "firehose", region: "us-west-2", delivery_stream: "web" },
        },
        beside: [{
          name: "log_router",
          image: imageOf(4),
          firelensConfiguration: { type: "fluentbit" },
          logConfiguration: awslogs({ "awslogs-stream-prefix": "firelens" }),
        }],
      }),
  },
  "log_by_firelens_to_cloudwatch": {
    args: "wait --timeout 1m",
    world: () =>
      deployingLogging({
        logConfiguration: {
          logDriver: "awsfirelens",
          options: {
            Name: "cloudwatch_logs",
            region: "us-west-2",
            log_group_name: "/team/web",
            log_stream_prefix: "from fluent bit-",
          },
        },
      }),
  },
  "log_on_the_instance": {
    args: "wait --timeout 1m",
    world: () => deployingLogging({ launchType: "EC2", logConfiguration: { logDriver: "journald" } }),
  },
  "log_on_a_server": {
    args: "wait --timeout 1m",
    world: () =>
      deployingLogging({
        logConfiguration: {
          logDriver: "splunk",
          options: { "splunk-url": "https://splunk.example.com:8088", "splunk-token": "s3cret" },
        },
      }),
  },
  "log_asked_for": { args: "wait --timeout 1m --logs 5", world: deployingLogging },
  "log_asked_for_wrongly": { args: "wait --logs many" },
  "log_on_a_terminal": { args: "wait --timeout 1m", world: deployingLogging, options: AT_TERMINAL },
  "log_on_a_narrow_terminal": {
    args: "wait --timeout 1m",
    world: deployingLogging,
    options: { ...AT_TERMINAL, columns: 80 },
  },
  "log_of_many_lines": {
    args: "wait --timeout 1m",
    world: () =>
      deployingLogging({
        lines: [
          ...Array.from({ length: 12 }, (_, index) => `line ${index}`),
          "Exception in thread\n\tat A\r\n\tat B\n",
        ],
      }),
    options: AT_TERMINAL,
  },
  "log_not_wanted": { args: "wait --timeout 1m --logs 0", world: deployingLogging, options: AT_TERMINAL },
  "log_in_ci": {
    args: "wait --timeout 1m",
    world: deployingLogging,
    options: { ...AT_TERMINAL, env: { ...AT_TERMINAL.env, CI: "true" } },
  },
  "log_denied": {
    args: "wait --timeout 1m",
    world: () => deniedLog(deployingLogging()),
    options: AT_TERMINAL,
  },
  "log_not_there": { args: "wait --timeout 1m --logs 5", world: () => deployingLogging({ hasGroup: false }) },
  "log_not_there_and_not_asked_for": {
    args: "wait --timeout 1m",
    world: () => deployingLogging({ hasGroup: false }),
    options: AT_TERMINAL,
  },
  "log_empty": { args: "wait --timeout 1m --logs 5", world: () => deployingLogging({ lines: [] }) },
  "log_hostile": { args: "wait --timeout 1m --logs 20", world: () => deployingLogging({ lines: HOSTILE }) },
  "log_hostile_github": {
    args: "wait --timeout 1m --logs 20",
    world: () => deployingLogging({ lines: HOSTILE }),
    options: onGithub(),
  },
  "log_github": {
    args: "wait --timeout 1m",
    world: () => deployingLogging({ lines: HOSTILE }),
    options: onGithub({ isTerminal: true }),
  },
  "log_of_a_deploy_rolled_back": {
    args: "deploy --revision 5 --no-update-service --rollback-events DEPLOYMENT_FAILURE --timeout 1m --logs 3",
    world: logging,
  },
  "log_with_a_value": {
    args: "deploy --timeout 1m --logs 5",
    world: loggingToken,
    options: {
      ...LOOKED_UP,
      files: {
        ...DEFINITION_FILES,
        "ecs-task-def.json": LOOKED_UP.files!["ecs-task-def.json"]!.replace(
          '"essential": true',
          `"logConfiguration": ${JSON.stringify(awslogs())}, "essential": true`,
        ),
      },
    },
  },
  "log_in_status": { args: "status --events 1 --logs 5", world: failingLogging },
  "log_in_status_on_a_terminal": { args: "status --events 1", world: failingLogging, options: AT_TERMINAL },
  "log_in_status_not_wanted": { args: "status --events 1 --logs 0", world: failingLogging, options: AT_TERMINAL },
  "log_in_status_piped": {
    args: "status --events 1",
    world: failingLogging,
    options: { isTerminal: ["stdin", "stderr"] },
  },
  "log_in_status_denied": {
    args: "status --events 1",
    world: () => deniedLog(failingLogging()),
    options: AT_TERMINAL,
  },
  "log_of_a_rollback": { args: "rollback --revision 5 --timeout 1m --logs 3", world: logging },
  "wait_for_code_deploy": { args: "wait", world: codeDeploy },
  "wait_for_no_service": {
    args: "wait",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: yourservice\n" }),
  },
  "help_wait": { args: "wait --help" },
  "rollback_previous": { args: "rollback --revision previous" },
  "rollback_previous_never_ran": {
    args: "rollback --revision previous --dry-run",
    world: () => myservice({ history: [4] }),
  },
  "rollback_previous_allow_unproven": {
    args: "rollback --revision previous --dry-run --allow-unproven",
    world: () => myservice({ history: [4] }),
  },
  "rollback_previous_unproven_confirmed": {
    args: "rollback --revision previous --no-wait",
    world: () => myservice({ history: [4] }),
    options: { isTerminal: true, typed: ["y"], env: { NO_COLOR: "1" } },
  },
  "rollback_previous_unproven_not_confirmed": {
    args: "rollback --revision previous",
    world: () => myservice({ history: [4] }),
    options: { isTerminal: true, typed: ["n"], env: { NO_COLOR: "1" } },
  },
  "rollback_previous_twice": { args: "rollback --revision previous", world: broughtBack },
  "rollback_previous_twice_on_a_terminal": {
    args: "rollback --revision previous --no-wait",
    world: broughtBack,
    options: { isTerminal: true, typed: ["yes"], env: { NO_COLOR: "1" } },
  },
  "rollback_previous_twice_an_hour_later": {
    args: "rollback --revision previous --dry-run",
    world: () => changed((emulator) => emulator.advance(3_600_000), broughtBack()),
  },
  "rollback_previous_twice_without_records": {
    args: "rollback --revision previous --allow-unproven",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, broughtBack()),
  },
  "rollback_previous_from": { args: "rollback --revision previous --from 4 --dry-run" },
  "rollback_previous_from_again": { args: "rollback --revision previous --from 4", world: broughtBack },
  "rollback_previous_from_under_way": {
    args: "rollback --revision previous --from 4",
    world: () =>
      changed(
        (emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" }),
        myservice({ history: [2, 3, 4] }),
      ),
  },
  "rollback_previous_from_another": { args: "rollback --revision previous --from 2" },
  "rollback_previous_from_another_region": {
    args: "rollback --revision previous --from arn:aws:ecs:us-east-1:123456789012:task-definition/myservice:4",
  },
  "rollback_previous_from_previous": { args: "rollback --revision previous --from previous" },
  "rollback_number_from_again": { args: "rollback --revision 3 --from 4", world: broughtBack },
  "rollback_previous_another_family": {
    args: "rollback --revision previous --deregister",
    world: movedFromWeb,
    options: withFiles(DEFINITION_FILES),
  },
  "rollback_named_family": { args: "rollback --revision web:1 --dry-run", world: movedFromWeb },
  "rollback_named_family_without_records": {
    args: "rollback --revision web:1 --dry-run",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, movedFromWeb()),
  },
  "rollback_named_family_allow_unproven": {
    args: "rollback --revision web:1 --allow-unproven --no-wait",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, movedFromWeb()),
  },
  "no_revision_without_records": {
    args: "rollback",
    world: () => faulty("ListServiceDeployments", accessDenied()),
  },
  "rollback_previous_reverting_without_records": {
    args: "rollback --revision previous",
    world: () =>
      faulty("ListServiceDeployments", accessDenied(), Infinity, createScenario("circuit_breaker_rolling_back")),
  },
  "rollback_previous_turned_back": {
    args: "rollback --revision previous",
    world: () => createScenario("circuit_breaker_rolling_back"),
  },
  "rollback_previous_deregistered": {
    args: "rollback --revision previous",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:3"), myservice()),
  },
  "rollback_previous_not_to_be_known": {
    args: "rollback --revision previous",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, myservice({ history: [1] })),
  },
  "rollback_previous_without_records": {
    args: "rollback --revision previous --dry-run",
    world: () =>
      faulty(
        "ListServiceDeployments",
        answerWith("UnsupportedFeatureException", "The specified task isn't supported in this Region."),
        Infinity,
        myservice(),
      ),
  },
  "pick": { args: "rollback --no-wait", world: badTwice, options: typing("3", "y") },
  "pick_wrong_numbers": {
    args: "rollback --no-wait",
    world: badTwice,
    options: typing("myservice:2", "０", "３", "n"),
  },
  "pick_only_wrong_numbers": { args: "rollback", world: badTwice, options: typing("0", "4", "2.0", "3") },
  "pick_none": { args: "rollback", world: badTwice, options: typing("") },
  "pick_without_an_answer": { args: "rollback", world: badTwice, options: typing() },
  "pick_interrupted": {
    args: "rollback",
    world: badTwice,
    options: { ...typing(), stopAfterCalls: { calls: 5, signal: "SIGINT" } },
  },
  "pick_dry_run": {
    args: "rollback --config ecspresso.yml --dry-run",
    world: () => createScenario("tag_moved"),
    options: typing("2"),
  },
  "pick_of_a_forced_deployment": {
    args: "rollback --no-wait",
    world: () => createScenario("tag_moved"),
    options: typing("2", "y"),
  },
  "pick_what_runs": { args: "rollback", world: badTwice, options: typing("1") },
  "pick_among_failures": {
    args: "rollback --no-wait",
    world: () => createScenario("circuit_breaker_rolling_back"),
    options: typing("1", "y"),
  },
  "pick_under_way": {
    args: "rollback --no-wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
        emulator.advance(10_000);
      }, myservice({ history: [2, 3] })),
    options: typing("2", "y"),
  },
  "pick_deregistered": {
    args: "rollback",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:3"), myservice()),
    options: typing("2"),
  },
  "pick_of_many": {
    args: "rollback --dry-run",
    world: () => changedOften(20),
    options: typing("15"),
  },
  "pick_from_another": { args: "rollback --from 3", world: badTwice, options: typing("3") },
  "pick_of_one": { args: "rollback", world: () => myservice({ history: [4] }), options: typing("1") },
  "pick_without_records": {
    args: "rollback",
    world: () => faulty("ListServiceDeployments", accessDenied()),
    options: typing("1"),
  },
  "pick_of_code_deploy": { args: "rollback", world: codeDeploy, options: typing("1") },
  "pick_without_service": {
    args: "rollback",
    options: { ...withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: myservce\n" }), ...typing("1") },
  },
  "pick_not_in_ci": {
    args: "rollback",
    world: badTwice,
    options: { ...typing("3", "y"), env: { NO_COLOR: "1", CI: "true" } },
  },
  "pick_not_for_a_program": { args: "rollback --output json", world: badTwice, options: typing("3", "y") },
  "pick_not_with_stderr_elsewhere": {
    args: "rollback",
    world: badTwice,
    options: { ...typing("3", "y"), isTerminal: ["stdin", "stdout"] },
  },
  "no_revision_and_no_service": {
    args: "rollback",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: myservce\n" }),
  },
  "rollback_previous_none": {
    args: "rollback --revision previous --config ecspresso.yml",
    world: () => myservice({ history: [1] }),
  },
  "rollback_named": { args: "rollback --revision myservice:3 --no-wait" },
  "rollback_other_family": { args: "rollback --revision other:3" },
  "rollback_reregister": {
    args: "rollback --revision 2 --reregister",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
  },
  "rollback_reregister_again": {
    args: "rollback --revision 2 --reregister",
    world: () =>
      changed((emulator) => {
        emulator.deregisterTaskDefinition("myservice:2");
        const tags = [{ key: "ecspresso:copied-from", value: "myservice:2" }];
        emulator.registerTaskDefinition({ ...taskDefinition(2), tags });
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
      }),
  },
  "rollback_reregister_incomplete": {
    args: "rollback --revision 5 --reregister",
    world: incompleteCopies,
  },
  "rollback_reregister_unknown_dry_run": {
    args: "rollback --revision 5 --reregister --dry-run",
    world: incompleteCopies,
  },
  "rollback_tag_moved": { args: "rollback --revision 3", world: tagMoved },
  "rollback_tag_moved_dry_run": { args: "rollback --revision 3 --dry-run", world: tagMoved },
  "rollback_tag_moved_twice": { args: "rollback --revision 3", world: rolledBackByDigest },
  "rollback_tag_moved_pin_never": { args: "rollback --revision 3 --pin never --dry-run", world: tagMoved },
  "rollback_tag_moved_by_a_deployment_under_way": {
    args: "rollback --revision 3 --pin never --dry-run",
    world: () => tagMoved({ behaviours: { 4: crashLoop() } }),
  },
  "rollback_tag_moved_stop_refused": {
    args: "rollback --revision 3",
    world: () =>
      faulty("StopServiceDeployment", accessDenied(), Infinity, tagMoved({ behaviours: { 4: crashLoop() } })),
  },
  "rollback_to_a_registered_copy": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = rolledBackByDigest();
      emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
      emulator.advance(UNTIL_STEADY_MS);
      return emulator;
    },
  },
  "rollback_image_gone_stop_refused": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = tagMoved({ history: [2, 3, 4], behaviours: { 4: crashLoop() } });
      const ofRevision3 = emulator.imageDigests(LATEST).at(-2);
      emulator.setImage(`${LATEST.split(":")[0]}@${ofRevision3}`, false);
      return faulty("StopServiceDeployment", accessDenied(), Infinity, emulator);
    },
  },
  "deploy_revision_secret_gone": {
    args: "deploy --revision 3 --no-update-service",
    world: () => taken((one) => one.setSecret("myservice/api_key", false)),
  },
  "deploy_revision_image_gone": {
    args: "deploy --revision 3 --no-update-service",
    world: () => taken((one) => one.setImage(imageOf(3), false)),
  },
  "rollback_target_group_gone": { args: "rollback --revision 3", world: withoutTargetGroup },
  "rollback_from_a_copy": {
    args: "rollback --revision 2 --no-wait",
    world: rolledBackByDigest,
  },
  "rollback_tag_gone_pin_never": {
    args: "rollback --revision 3 --pin never --preflight off --dry-run",
    world: tagGone,
  },
  "rollback_tag_gone_refused": { args: "rollback --revision 3 --pin never", world: tagGone },
  "rollback_pin_always": { args: "rollback --revision 3 --pin always --dry-run", world: myservice },
  "rollback_previous_pin_never": {
    args: "rollback --revision previous --pin never --dry-run",
    world: tagMoved,
  },
  "rollback_tag_moved_copy_denied": {
    args: "rollback --revision 3",
    world: () => faulty("RegisterTaskDefinition", accessDenied(), Infinity, tagMoved()),
  },
  "rollback_tag_moved_registry_denied": {
    args: "rollback --revision 3 --dry-run",
    world: () => faulty("DescribeImages", accessDenied(), Infinity, tagMoved()),
  },
  "rollback_tag_moved_records_denied": {
    args: "rollback --revision 3 --dry-run",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, tagMoved()),
  },
  "rollback_image_gone_preflight_off": { args: "rollback --revision 3 --preflight off", world: imageOf3Gone },
  "rollback_secret_gone_record_denied": {
    args: "rollback --revision 3",
    world: () =>
      faulty(
        "ListServiceDeployments",
        accessDenied(),
        Infinity,
        taken((one) => one.setSecret("myservice/api_key", false)),
      ),
  },
  "rollback_image_gone": { args: "rollback --revision 3", world: imageOf3Gone },
  "rollback_secret_gone": {
    args: "rollback --revision 3",
    world: () => taken((one) => one.setSecret("myservice/api_key", false)),
  },
  "rollback_secret_version_gone": { args: "rollback --revision 5", world: () => neededMore("stage") },
  "rollback_parameter_gone": { args: "rollback --revision 5", world: () => neededMore("parameter") },
  "rollback_log_group_and_file_gone": {
    args: "rollback --revision 5",
    world: () => neededMore("logGroup", "file"),
  },
  "rollback_file_system_gone": { args: "rollback --revision 5", world: () => mounting(() => {}) },
  "rollback_access_point_of_another": {
    args: "rollback --revision 5 --dry-run",
    world: () =>
      mounting((emulator) => {
        emulator.setFileSystem(FILE_SYSTEM);
        emulator.setAccessPoint(ACCESS_POINT, "fs-1a2b3c4d");
      }),
  },
  "rollback_role_gone": {
    args: "rollback --revision 3",
    world: () => taken((one) => one.setRole("myservice-task", null)),
  },
  "rollback_role_not_assumable": {
    args: "rollback --revision 3",
    world: () => taken((one) => one.setRole("myservice-task", "ec2.amazonaws.com")),
  },
  "rollback_image_archived": {
    args: "rollback --revision 3",
    world: () => taken((one) => one.archiveImage(imageOf(3))),
  },
  "rollback_needs_denied": { args: "rollback --revision 5 --dry-run", world: needsDenied },
  "rollback_needs_too_slow": {
    args: "rollback --revision 3",
    world: () => faulty("DescribeSecret", throttle(), Infinity, myservice()),
  },
  "rollback_needs_foreign": {
    args: "rollback --revision 5 --dry-run",
    world: () => needingMore({ image: "public.ecr.aws/nginx/nginx:1.27" }),
  },
  "rollback_preflight_off": {
    args: "rollback --revision 3 --preflight off --dry-run",
    world: () => taken((one) => one.setSecret("myservice/api_key", false)),
  },
  "rollback_preflight_of_what": { args: "rollback --revision 3 --preflight soon" },
  "rollback_stop_waits_for_nothing": {
    args: "rollback --revision 3 --dry-run",
    world: () => {
      const emulator = crashing();
      emulator.inject({
        operation: ["DescribeSecret", "DescribeImages", "GetRole"],
        effect: throttle(),
        times: Infinity,
      });
      return emulator;
    },
  },
  "rollback_same_images": {
    args: "rollback --revision 3 --pin never",
    world: () => tagMoved({ history: [3, 7], revisions: 8 }),
  },
  "rollback_previous_of_a_forced_deployment": {
    args: "rollback --revision previous",
    world: () => tagMoved({ history: [3, 4, 4] }),
  },
  "rollback_previous_of_a_forced_deployment_again": {
    args: "rollback --revision previous --from 4",
    world: leftForced,
  },
  "rollback_previous_of_a_forced_deployment_pin_never": {
    args: "rollback --revision previous --pin never",
    world: () => tagMoved({ history: [3, 4, 4] }),
  },
  "rollback_previous_of_a_forced_deployment_under_way": {
    args: "rollback --revision previous",
    world: () => tagMoved({ history: [3, 4, 4], afterLastMs: 500 }),
  },
  "rollback_previous_of_two_bad": { args: "rollback --revision previous --dry-run", world: badTwice },
  "rollback_stable": { args: "rollback --revision stable", world: badTwice },
  "rollback_stable_dry_run": { args: "rollback --revision stable --dry-run", world: badTwice },
  "rollback_stable_min_served": { args: "rollback --revision stable --min-served 1m --dry-run", world: badTwice },
  "rollback_stable_from_another": { args: "rollback --revision stable --from 4", world: badTwice },
  "rollback_stable_of_a_forced_deployment": { args: "rollback --revision stable --dry-run", world: forcedAgain },
  "rollback_stable_none": { args: "rollback --revision stable" },
  "rollback_stable_without_records": {
    args: "rollback --revision stable",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, badTwice()),
  },
  "rollback_if_deployed_within": {
    args: "rollback --revision stable --if-deployed-within 60m --reason alarm:5xx",
    world: badTwice,
  },
  "rollback_if_deployed_within_dry_run": {
    args: "rollback --revision stable --if-deployed-within 60m --dry-run",
    world: () => changed((emulator) => emulator.advance(3_600_000), badTwice()),
  },
  "rollback_if_deployed_within_not": {
    args: "rollback --revision stable --if-deployed-within 60m --reason alarm:5xx",
    world: () => changed((emulator) => emulator.advance(3_600_000), badTwice()),
  },
  "rollback_if_deployed_within_not_on_github": {
    args: "rollback --revision stable --if-deployed-within 60m --reason `alarm`:##[error]5xx\u001b[2J",
    world: () => changed((emulator) => emulator.advance(3_600_000), badTwice()),
    options: onGithub(),
  },
  "rollback_if_deployed_within_not_json": {
    args: "rollback --revision stable --if-deployed-within 60m --reason alarm:5xx --output json",
    world: () => changed((emulator) => emulator.advance(3_600_000), badTwice()),
  },
  "rollback_if_deployed_within_going_back": {
    args: "rollback --revision stable --if-deployed-within 60m",
    world: () => createScenario("circuit_breaker_rolling_back"),
  },
  "rollback_if_deployed_within_gone_back": {
    args: "rollback --revision previous --if-deployed-within 60m --output json",
    world: () => wentBack(),
  },
  "rollback_if_deployed_within_failed_to_go_back": {
    args: "rollback --revision previous --if-deployed-within 60m",
    world: () => wentBack(failsToStart("CannotPullContainerError: pull image manifest has been retried 5 time(s)")),
  },
  "rollback_if_deployed_within_overtaken": {
    args: "rollback --revision 3 --if-deployed-within 60m",
    world: () => {
      const emulator = slowToRead();
      const another = () => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
      emulator.inject({ operation: "DescribeTaskDefinition", times: 1, effect: actBefore(another) });
      return emulator;
    },
  },
  "rollback_if_deployed_within_of_a_moved_tag": {
    args: "rollback --revision 3 --if-deployed-within 60m",
    world: () => {
      const emulator = tagMoved({ history: [3, 4] });
      const same = () => emulator.registerTaskDefinition(emulator.calls.at(-1)!.input as JsonObject);
      emulator.inject({ operation: "RegisterTaskDefinition", times: 1, effect: actBefore(same) });
      return emulator;
    },
  },
  "rollback_if_deployed_within_without_records": {
    args: "rollback --revision previous --if-deployed-within 60m",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, badTwice()),
  },
  "rollback_if_deployed_within_no_duration": { args: "rollback --revision stable --if-deployed-within recently" },
  "deploy_with_a_reason": {
    args: "deploy --dry-run --reason release-of-november",
    options: withNewTag(),
  },
  "rollback_min_served_without_stable": { args: "rollback --revision 3 --min-served 1h" },
  "rollback_at": { args: "rollback --at -2h --dry-run", world: badTwice },
  "rollback_at_of_a_forced_deployment": { args: "rollback --at=2023-01-01T12:30Z --no-wait", world: forcedAgain },
  "rollback_at_what_runs": { args: "rollback --at -1m", world: badTwice },
  "rollback_at_before_the_record": { args: "rollback --at=2022-12-24T18:00Z", world: badTwice },
  "rollback_at_tomorrow": { args: "rollback --at=2023-01-02T18:00+09:00", world: badTwice },
  "rollback_at_without_a_moment": { args: "rollback --at --dry-run" },
  "rollback_at_with_a_revision": { args: "rollback --revision 3 --at -2h" },
  "rollback_image_tag": { args: "rollback --image-tag 1.2.0 --dry-run", world: badTwice },
  "rollback_image_tag_unknown": { args: "rollback --image-tag 1.2.9", world: badTwice },
  "rollback_image_tag_of_several": { args: "rollback --image-tag latest", world: forcedAgain },
  "rollback_deployment": { args: "rollback --deployment 5634153ca3182b6153d90 --dry-run", world: forcedAgain },
  "rollback_deployment_unknown": { args: "rollback --deployment ecs-svc/1000", world: badTwice },
  "rollback_deployment_without_records": {
    args: "rollback --deployment 0123456789abcdef",
    world: () => faulty("DescribeServiceRevisions", accessDenied(), Infinity, badTwice()),
  },
  "rollback_reregister_dry_run": {
    args: "rollback --revision 2 --reregister --dry-run",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
  },
  "rollback_reregister_denied": {
    args: "rollback --revision 2 --reregister",
    world: () =>
      faulty(
        "RegisterTaskDefinition",
        accessDenied(),
        Infinity,
        changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
      ),
  },
  "deregister": { args: "deregister --revision 2" },
  "deregister_in_use": { args: "deregister --revision 4", world: myservice },
  "deregister_latest": { args: "deregister --revision latest --dry-run", world: () => myservice({ history: [3] }) },
  "deregister_keeps": { args: "deregister --keeps 1 --delete", world: () => myservice({ history: [4] }) },
  "deregister_keeps_dry_run": { args: "deregister --keeps 1 --delete --dry-run" },
  "deregister_nothing": { args: "deregister --keeps 10" },
  "deregister_confirmed": { args: "deregister --keeps 1", options: { isTerminal: true, typed: ["y"] } },
  "deregister_not_confirmed": { args: "deregister --keeps 1", options: { isTerminal: true, typed: ["no"] } },
  "deregister_question_unseen": { args: "deregister --keeps 1", options: { isTerminal: ["stdin"], typed: ["y"] } },
  "deregister_force": { args: "deregister --keeps 1 --force --no-color", options: { isTerminal: true } },
  "deregister_refused_by_aws": {
    args: "deregister --keeps 1",
    world: () => {
      const emulator = myservice({ history: [4] });
      emulator.inject({ operation: "DeregisterTaskDefinition", nth: 3, times: Infinity, effect: accessDenied() });
      return emulator;
    },
  },
  "deregister_interrupted": {
    args: "deregister --keeps 1",
    world: () => myservice({ history: [4] }),
    options: { stopAfterCalls: { calls: 11, signal: "SIGINT" } },
  },
  "deregister_interrupted_before_deleting": {
    args: "deregister --keeps 1 --delete",
    world: () => myservice({ history: [4] }),
    options: { stopAfterCalls: { calls: 14, signal: "SIGTERM" } },
  },
  "deregister_delete_denied": {
    args: "deregister --keeps 1 --delete",
    world: () => faulty("DeleteTaskDefinitions", accessDenied(), Infinity, myservice({ history: [4] })),
  },
  "deregister_another_service": {
    args: "deregister --keeps 1 --dry-run",
    world: () => withOther(0, "myservice:2", myservice({ options: { pageSize: 1 } })),
  },
  "deregister_services_denied": {
    args: "deregister --keeps 1 --delete",
    world: () => faulty("ListServices", accessDenied(), Infinity, withOther(1, "myservice:2")),
  },
  "deregister_service_missing": {
    args: "deregister --revision 1",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: myservce\ntask_definition: ecs-task-def.json\n",
      "ecs-task-def.json": '{"family": "myservice"}',
    }),
  },
  "deregister_without_service": {
    args: "deregister --revision 1 --force",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: batch\ntask_definition: ecs-task-def.json\n",
      "ecs-task-def.json": '{"family": "myservice"}',
    }),
  },
  "deregister_in_use_by_now": {
    args: "deregister --keeps 1 --delete",
    world: () => {
      const emulator = myservice({ revisions: 15, history: [14, 15] });
      const effect = actAfter((emulator) =>
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:12" })
      );
      emulator.inject({ operation: "DeregisterTaskDefinition", nth: 11, effect });
      return emulator;
    },
  },
  "deregister_in_use_after_the_question": {
    args: "deregister --revision 2",
    options: { isTerminal: true, typed: ["y"] },
    world: () => {
      const emulator = myservice();
      const effect = actBefore((emulator) =>
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" })
      );
      emulator.inject({ operation: "DescribeServices", nth: 4, effect });
      return emulator;
    },
  },
  "deregister_already": {
    args: "deregister --revision 2",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
  },
  "deregister_unknown": { args: "deregister --revision 9" },
  "deregister_what": { args: "deregister" },
  "help_deregister": { args: "deregister --help" },
  "history": {
    args: "history",
    world: () => myservice({ movingTag: "latest", history: [3, 4, 4] }),
    options: { isTerminal: true },
  },
  "history_tsv": { args: "history", world: () => tagMoved({ history: [3, 4, 4] }) },
  "history_json": { args: "history --output json", world: rolledBackByDigest },
  "history_of_a_copy": { args: "history --output table", world: rolledBackByDigest },
  "history_of_a_copy_denied": {
    args: "history --output table",
    world: () => faulty("DescribeTaskDefinition", accessDenied(), Infinity, rolledBackByDigest()),
  },
  "history_two_bad_in_a_row": { args: "history --output table", world: () => myservice({ history: [2, 3, 4, 2] }) },
  "history_circuit_breaker": {
    args: "history --output table",
    world: () => deployedOnce("circuit_breaker_rollback"),
  },
  "history_circuit_breaker_json": {
    args: "history --output json",
    world: () => deployedOnce("circuit_breaker_rollback"),
  },
  "history_stopped_by_the_circuit_breaker": {
    args: "history --output table",
    world: () => deployedOnce("circuit_breaker"),
  },
  "history_alarm": { args: "history --output table", world: () => deployedOnce("alarm_rollback") },
  "history_ends_denied": {
    args: "history --output table",
    world: () => faulty("DescribeServiceDeployments", accessDenied(), Infinity, deployedOnce("alarm_rollback")),
  },
  "history_stopped": { args: "history --output table", world: () => stoppedByHand(deploying()) },
  "history_in_progress": { args: "history --output table", world: deploying },
  "history_going_back": {
    args: "history --output table",
    world: () => createScenario("circuit_breaker_rolling_back"),
  },
  "history_blue_green": { args: "history --output table", world: () => createScenario("blue_green") },
  "history_blue_green_in_progress": {
    args: "history --output table",
    world: () => deploying(createScenario("blue_green")),
  },
  "history_denied": {
    args: "history",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity),
  },
  "history_revisions_denied": {
    args: "history",
    world: () => faulty("DescribeServiceRevisions", accessDenied(), Infinity),
  },
  "history_empty": { args: "history --output table", world: () => afterDays(91) },
  "history_empty_json": { args: "history --output json", world: () => afterDays(91) },
  "history_of_the_first_on_record": { args: "history --output table", world: () => deploying(afterDays(91)) },
  "history_since": { args: "history --output table --since 6m", world: () => myservice({ history: [2, 3, 4] }) },
  "history_since_what": { args: "history --since yesterday" },
  "history_no_service": { args: "history", world: () => new Emulator() },
  "history_since_tomorrow": { args: "history --since 2030-01-01T00:00" },
  "help_history": { args: "history --help" },
  "revisions": { args: "revisions" },
  "revisions_json": { args: "revisions --output json" },
  "revisions_table": { args: "revisions --output table" },
  "revisions_tsv": { args: "revisions --output tsv", world: () => createScenario("small_pages") },
  "revisions_on_a_terminal": { args: "revisions", world: myservice, options: { isTerminal: true } },
  "revisions_history_not_allowed": {
    args: "revisions --output table",
    world: () => faulty("ListServiceDeployments", accessDenied()),
  },
  "revisions_of_two_bad_in_a_row": {
    args: "revisions --output table",
    world: () => createScenario("two_bad_in_a_row"),
  },
  "revisions_of_a_way_back": { args: "revisions --output table", world: broughtBack },
  "revisions_earliest_not_allowed": {
    args: "revisions --output table",
    world: () => faulty("DescribeServiceDeployments", accessDenied()),
  },
  "revisions_uses_not_allowed": {
    args: "revisions --output table",
    world: () => faulty("ListTasks", accessDenied()),
  },
  "revisions_tsv_no_cluster": {
    args: "revisions --output tsv",
    options: { files: changedFiles("ecspresso.yml", "cluster: default", "cluster: elsewhere") },
  },
  "revisions_newest": { args: "revisions --output table", world: () => myservice({ revisions: 101 }) },
  "revisions_all_of_one": { args: "revisions --all --revision 2" },
  "revisions_deployments": { args: "revisions --deployments --since 6m", world: myservice },
  "revisions_since": { args: "revisions --since 7d" },
  "revisions_deployments_of_one": { args: "revisions --deployments --revision 2" },
  "revisions_current": { args: "revisions --revision current" },
  "revisions_latest": { args: "revisions --revision latest" },
  "revisions_one": { args: "revisions --revision 2" },
  "revisions_unknown": { args: "revisions --revision 9" },
  "revisions_none": {
    args: "revisions --output table",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: myservice\ntask_definition: ecs-task-def.json\n",
      "ecs-task-def.json": '{"family": "new"}',
    }),
  },
  "revisions_no_family": {
    args: "revisions",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: yourservice\n" }),
  },
  "help_revisions": { args: "revisions --help" },
  "status": { args: "status" },
  "status_events": { args: "status --events 2 --config ecspresso.yml", world: myservice },
  "status_tag_moved": { args: "status --events 1", world: pushedAgain },
  "status_tag_moved_registry_denied": {
    args: "status --events 1",
    world: () => faulty("DescribeImages", accessDenied(), Infinity, pushedAgain()),
  },
  "status_images_denied": {
    args: "status --events 1",
    world: () => faulty("DescribeServiceRevisions", accessDenied(), Infinity, pushedAgain()),
  },
  "status_while_ecs_goes_back": {
    args: "status --events 1",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", forceNewDeployment: true });
        emulator.advance(5_000);
        stopDeployment(emulator);
        emulator.advance(1_000);
      }, pushedAgain()),
  },
  "status_suspended": {
    args: "status --events 1 --config ecspresso.yml",
    world: () => suspended(myservice(), "v1 in=0 out=0 scheduled=1 at=2023-01-01T11:58:00.000Z by=alice"),
  },
  "status_suspended_for_runs": {
    args: "status --events 1",
    world: () =>
      suspended(myservice(), "v1 in=0 out=0 scheduled=1 at=2023-01-01T11:58:00.000Z by=alice runs=0badcafe/1c0ffee0"),
  },
  "status_blue_green": {
    args: "status --events 1",
    world: () =>
      changed(
        (emulator) => {
          emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
          emulator.advance(60_000);
        },
        createScenario("blue_green"),
      ),
  },
  "status_under_way": {
    args: "status --events 1",
    world: () => someTimeInto(5_000, "myservice:3", myservice({ history: [2, 4] })),
  },
  "status_failing": {
    args: "status --events 1",
    world: () => someTimeInto(40_000, "myservice:3", myservice({ behaviours: { 3: secretNotFound(SECRET) } })),
  },
  "status_no_room": {
    args: "status --events 2",
    world: () => someTimeInto(40_000, "myservice:3", myservice({ history: [2, 4], behaviours: { 3: unplaceable() } })),
  },
  "status_failed": {
    args: "status --events 2",
    world: () => createScenario("circuit_breaker_tripped"),
  },
  "status_going_back": {
    args: "status --events 2",
    world: () => createScenario("circuit_breaker_rolling_back"),
  },
  "status_went_back": {
    args: "status --events 4",
    world: () => someTimeInto(UNTIL_STEADY_MS, "myservice:3", createScenario("circuit_breaker_rollback")),
  },
  "status_went_back_for_an_alarm": { args: "status --events 1", world: () => stoppedByAlarm("alarm_rollback") },
  "status_failed_by_alarm": { args: "status --events 1", world: () => stoppedByAlarm("alarm") },
  "status_tasks_stop_after_completion": {
    args: "status --events 1",
    world: () => someTimeInto(73_000, "myservice:3", myservice({ behaviours: { 3: crashLoop({ afterMs: 50_000 }) } })),
  },
  "status_stopped_tasks_denied": {
    args: "status --events 1",
    world: () => faulty("ListTasks", accessDenied(), Infinity, createScenario("circuit_breaker_rolling_back")),
  },
  "status_code_deploy": { args: "status --events 1", world: codeDeploy },
  "status_scaling_not_allowed": {
    args: "status --events 1",
    world: () => faulty("DescribeScalableTargets", accessDenied("application-autoscaling")),
  },
  "status_no_service": {
    args: "status",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: yourservice\n" }),
  },
  "help_status": { args: "status --help" },
  "register": { args: "register", options: withFiles(DEFINITION_FILES) },
  "register_dry_run": {
    args: "register --dry-run",
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "register_output": { args: "register --output taskdef.arn", options: withFiles(DEFINITION_FILES) },
  "register_output_impossible": {
    args: "register --output taskdef.arn",
    options: { files: DEFINITION_FILES, unwritable: ["taskdef.arn"] },
  },
  "register_output_nowhere": {
    args: "register --output no/such/folder/taskdef.arn",
    options: withFiles(DEFINITION_FILES),
  },
  "register_output_folder": { args: "register --output .", options: withFiles(DEFINITION_FILES) },
  "register_output_nowhere_dry_run": {
    args: "register --output no/such/folder/taskdef.arn --dry-run",
    options: withFiles(DEFINITION_FILES),
  },
  "register_denied": {
    args: "register",
    options: withFiles(DEFINITION_FILES),
    world: () => faulty("RegisterTaskDefinition", accessDenied()),
  },
  "register_interrupted": {
    args: "register",
    options: { files: DEFINITION_FILES, stopAfterCalls: { calls: 1, signal: "SIGTERM" } },
  },
  "register_timed_out": {
    args: "register --timeout 1",
    options: withFiles(DEFINITION_FILES),
    world: () => faulty("RegisterTaskDefinition", throttle(), Infinity),
  },
  "register_lost": {
    args: "register",
    options: withFiles(DEFINITION_FILES),
    world: () => faulty("RegisterTaskDefinition", dropBefore()),
  },
  "register_lost_and_found": {
    args: "register",
    options: withFiles(DEFINITION_FILES),
    world: () => faulty("RegisterTaskDefinition", dropAfter()),
  },
  "register_misspelt": {
    args: "register",
    options: withFiles(changedFiles("ecs-task-def.json", '"environment"', '"enviroment"')),
  },
  "register_two_spellings": {
    args: "register",
    options: withFiles(
      changedFiles("ecs-task-def.json", '"memory": "1024",', '"memory": "1024",\n  "Memory": "2048",'),
    ),
  },
  "register_fraction": {
    args: "register --dry-run",
    options: withFiles(changedFiles("ecs-task-def.json", '"containerPort": 8080', '"containerPort": 80.5')),
  },
  "register_wrong_type": {
    args: "register",
    options: withFiles(changedFiles("ecs-task-def.json", '"512"', "512")),
  },
  "register_no_file": { args: "register" },
  "register_broken_file": {
    args: "register",
    options: withFiles(changedFiles("ecs-task-def.json", '"awsvpc",', '"awsvpc"')),
  },
  "register_unset_variable": {
    args: "register",
    options: withFiles(changedFiles("ecs-task-def.json", "env `TAG` `1.3.0`", "must_env `TAG`")),
  },
  "help_register": { args: "register --help" },
  "render_config": { args: "render config", options: withFiles(DEFINITION_FILES) },
  "render_servicedef": { args: "render servicedef", options: withFiles(DEFINITION_FILES) },
  "render_taskdef": { args: "render task-definition", options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } } },
  "render_what": { args: "render everything" },
  "render_nothing": { args: "render" },
  "help_render": { args: "render --help" },
  "help_completion": { args: "completion --help" },
  "completion_unknown": { args: "completion tcsh" },
  "diff_none": { args: "diff --exit-code", world: myservice, options: withFiles(DEFINITION_FILES) },
  "diff": {
    args: "diff",
    world: myservice,
    options: {
      files: changedFiles("ecs-service-def.json", '"1.4.0",', '"1.3.0",\n  "desiredCount": 3,'),
      env: { TAG: "1.4.0" },
    },
  },
  "diff_environment": {
    args: "diff --exit-code",
    world: myservice,
    options: withFiles(changedFiles("ecs-task-def.json", '"value": "debug"', '"value": "s3cret"')),
  },
  "diff_looked_up": { args: "diff", world: withOlderToken, options: LOOKED_UP },
  "diff_show_values": {
    args: "diff --show-values",
    world: withOlderToken,
    options: { ...LOOKED_UP, isTerminal: true, env: { ...LOOKED_UP.env, NO_COLOR: "1" } },
  },
  "diff_show_values_piped": { args: "diff --show-values", world: withOlderToken, options: LOOKED_UP },
  "deploy_dry_run_looked_up": { args: "deploy --dry-run", world: withOlderToken, options: LOOKED_UP },
  "deploy_refused_with_a_value": {
    args: "deploy",
    world: () =>
      faulty(
        "RegisterTaskDefinition",
        answerWith("ClientException", "Invalid command: [serve, --token=tok-of-this-year]"),
        Infinity,
        withOlderToken(),
      ),
    options: LOOKED_UP,
  },
  "deploy_show_values_without_dry_run": { args: "deploy --show-values", options: LOOKED_UP },
  "deploy_show_values_as_json": { args: "deploy --dry-run --show-values --output json", options: LOOKED_UP },
  "register_show_values_without_dry_run": { args: "register --show-values", options: LOOKED_UP },
  "register_dry_run_looked_up": { args: "register --dry-run", world: withOlderToken, options: LOOKED_UP },
  "render_looked_up": { args: "render taskdef", world: withOlderToken, options: LOOKED_UP },
  "diff_revision": { args: "diff --revision 3", world: myservice, options: withFiles(DEFINITION_FILES) },
  "diff_revision_unknown": { args: "diff --revision 9", world: myservice, options: withFiles(DEFINITION_FILES) },
  "diff_on_a_terminal": {
    args: "diff",
    world: myservice,
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" }, isTerminal: true },
  },
  "diff_no_service": {
    args: "diff",
    world: myservice,
    options: withFiles(changedFiles("ecspresso.yml", "service: myservice", "service: yourservice")),
  },
  "diff_deleted_service": { args: "diff --exit-code", world: deleted, options: withFiles(DEFINITION_FILES) },
  "deploy_dry_run_deleted_service": { args: "deploy --dry-run", world: deleted, options: withFiles(DEFINITION_FILES) },
  "help_diff": { args: "diff --help" },
  "deploy": { args: "deploy", world: myservice, options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } } },
  "deploy_dry_run": {
    args: "deploy --dry-run --tasks 3",
    world: myservice,
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "deploy_nothing": { args: "deploy", world: myservice, options: withFiles(DEFINITION_FILES) },
  "deploy_tag_moved": { args: "deploy", world: pushedAgain, options: withFiles(MUTABLE_TAG) },
  "deploy_tag_moved_dry_run": { args: "deploy --dry-run", world: pushedAgain, options: withFiles(MUTABLE_TAG) },
  "diff_tag_moved": { args: "diff --exit-code", world: pushedAgain, options: withFiles(MUTABLE_TAG) },
  "diff_tag_not_moved": { args: "diff --exit-code", world: onMutableTag, options: withFiles(MUTABLE_TAG) },
  "diff_tag_moved_registry_denied": {
    args: "diff --exit-code",
    world: () => faulty("DescribeImages", accessDenied(), Infinity, pushedAgain()),
    options: withFiles(MUTABLE_TAG),
  },
  "diff_tag_moved_images_denied": {
    args: "diff --exit-code",
    world: () => faulty("DescribeServiceRevisions", accessDenied(), Infinity, pushedAgain()),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_events": {
    args: "deploy --no-wait --output json",
    world: pushedAgain,
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_not_moved_dry_run": { args: "deploy --dry-run", world: onMutableTag, options: withFiles(MUTABLE_TAG) },
  "deploy_over_a_pinned_copy": { args: "deploy --no-wait", world: rolledBackFromPush, options: withFiles(MUTABLE_TAG) },
  "deploy_over_a_pinned_copy_dry_run": {
    args: "deploy --dry-run",
    world: rolledBackFromPush,
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_while_ecs_goes_back": {
    args: "deploy",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", forceNewDeployment: true });
        emulator.advance(5_000);
        stopDeployment(emulator);
        emulator.advance(1_000);
      }, pushedAgain()),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_registry_denied": {
    args: "deploy",
    world: () => faulty("DescribeImages", accessDenied(), Infinity, pushedAgain()),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_rolled_back": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () => pushedBroken(EXITS_AT_ONCE, WITHOUT_ROLLBACK),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_rolled_back_with_attributes": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE --force-new-deployment --skip-task-definition",
    world: () => pushedBroken(EXITS_AT_ONCE, WITHOUT_ROLLBACK),
    options: withFiles({
      ...MUTABLE_TAG,
      ...changedFiles("ecs-service-def.json", '"1.4.0",', '"1.4.0",\n  "enableExecuteCommand": true,'),
    }),
  },
  "deploy_tag_moved_rolled_back_copy_denied": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      faulty("RegisterTaskDefinition", accessDenied(), Infinity, pushedBroken(EXITS_AT_ONCE, WITHOUT_ROLLBACK)),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_rolled_back_image_gone": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      changed((emulator) => {
        const ran = emulator.imageDigests(LATEST).at(-2);
        emulator.setImage(LATEST.replace(":latest", `@${ran}`), false);
      }, pushedBroken(EXITS_AT_ONCE, WITHOUT_ROLLBACK)),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_rolled_back_by_ecs": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () => pushedBroken(EXITS_AT_ONCE, { enable: true, rollback: true }),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_stopped": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE --timeout 2m",
    world: () => pushedBroken(crashLoop()),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_stop_denied": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE --timeout 2m",
    world: () => faulty("StopServiceDeployment", accessDenied(), Infinity, pushedBroken(crashLoop())),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tasks": { args: "deploy --tasks 3", world: myservice, options: withFiles(DEFINITION_FILES) },
  "deploy_attributes": {
    args: "deploy --skip-task-definition",
    world: myservice,
    options: withFiles(changedFiles("ecs-service-def.json", '"1.4.0",', '"1.3.0",\n  "enableExecuteCommand": true,')),
  },
  "deploy_no_update_service": {
    args: "deploy --no-update-service --no-wait --force-register",
    world: myservice,
    options: withFiles(changedFiles("ecs-service-def.json", '"1.4.0",', '"1.3.0",')),
  },
  "deploy_force": {
    args: "deploy --skip-task-definition --force-new-deployment --wait-until deployed",
    world: myservice,
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_revision": { args: "deploy --revision 2 --no-wait", world: myservice, options: withFiles(DEFINITION_FILES) },
  "deploy_latest": {
    args: "deploy --latest-task-definition --no-wait",
    world: () => myservice({ history: [3] }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_scaling": {
    args: "deploy --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: myservice,
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_creates": {
    args: "deploy",
    world: myservice,
    options: withFiles({
      ...changedFiles("ecspresso.yml", "service: myservice", "service: yourservice"),
      "ecs-service-def.json": changedFiles(
        "ecs-service-def.json",
        "{",
        '{\n  "desiredCount": 1,',
      )["ecs-service-def.json"]!,
    }),
  },
  "deploy_creates_for_code_deploy": {
    args: "deploy",
    world: myservice,
    options: withNewService({
      "desiredCount": 2,
      ...NEW_SERVICE,
      "deploymentController": { "type": "CODE_DEPLOY" },
      "loadBalancers": [LOAD_BALANCER],
    }),
  },
  "deploy_creates_with_task_sets": {
    args: "deploy --no-wait",
    world: myservice,
    options: withNewService({ "desiredCount": 2, "deploymentController": { "type": "EXTERNAL" } }),
  },
  "deploy_creates_with_task_sets_dry_run": {
    args: "deploy --dry-run",
    world: myservice,
    options: withNewService({ "desiredCount": 2, "deploymentController": { "type": "EXTERNAL" } }),
  },
  "deploy_creates_no_task_set": {
    args: "deploy",
    world: myservice,
    options: withNewService({ ...NEW_SERVICE, "desiredCount": 2, "deploymentController": { "type": "EXTERNAL" } }),
  },
  "deploy_daemon_tasks": {
    args: "deploy --tasks 3",
    world: myservice,
    options: withNewService({ "launchType": "EC2", "schedulingStrategy": "DAEMON" }),
  },
  "rollback_before_a_volume": { args: "rollback --revision previous", world: withVolume },
  "rollback_before_a_volume_dry_run": { args: "rollback --revision previous --dry-run", world: withVolume },
  "rollback_before_a_volume_reregister": {
    args: "rollback --revision 4 --reregister",
    world: () => {
      const emulator = withVolume();
      emulator.deregisterTaskDefinition("myservice:4");
      return emulator;
    },
  },
  "deploy_before_a_volume": { args: "deploy", world: withVolume, options: withFiles(DEFINITION_FILES) },
  "rollback_before_service_connect": { args: "rollback --revision 4", world: withServiceConnect },
  "rollback_settings_differ": { args: "rollback --revision 3", world: withOtherSettings },
  "rollback_settings_differ_dry_run": { args: "rollback --revision previous --dry-run", world: withOtherSettings },
  "rollback_settings_differ_none": { args: "rollback --revision 3 --dry-run --restore none", world: withOtherSettings },
  "rollback_settings_differ_in_many": {
    args: "rollback --revision 3 --dry-run",
    world: () =>
      withOtherSettings({
        ...OTHER_GROUP,
        platformVersion: "1.3.0",
        capacityProviderStrategy: SPOT,
        forceNewDeployment: true,
        monitoring: MONITORING,
        loadBalancers: [LOAD_BALANCER],
        serviceConnectConfiguration: {
          enabled: true,
          namespace: "internal",
          logConfiguration: { logDriver: "splunk", options: LOG_OPTIONS },
        },
      }, { service: { platformVersion: "1.4.0", loadBalancers: [{ ...LOAD_BALANCER, targetGroupArn: BLUE }] } }),
  },
  "rollback_settings_secret": {
    args: "rollback --revision 3 --dry-run",
    world: () => {
      const connect = (options: JsonObject) => ({
        serviceConnectConfiguration: {
          enabled: true,
          namespace: "internal",
          logConfiguration: { logDriver: "splunk", options },
        },
      });
      const service = connect({ ...LOG_OPTIONS, "splunk-token": "1c0e-not-to-be-seen" });
      return withOtherSettings(connect(LOG_OPTIONS), { service });
    },
  },
  "rollback_restore_service": { args: "rollback --revision 3 --restore service", world: withOtherSettings },
  "rollback_restore_service_dry_run": {
    args: "rollback --revision previous --restore service --dry-run",
    world: withOtherSettings,
  },
  "rollback_restore_service_as_json": {
    args: "rollback --revision 3 --restore service --no-wait --output json",
    world: withOtherSettings,
  },
  "rollback_restore_service_nothing_differs": { args: "rollback --revision 3 --restore service --no-wait" },
  "rollback_restore_service_under_way": {
    args: "rollback --revision 3 --restore service",
    world: () => withOtherSettings(OTHER_GROUP, { behaviours: { 4: crashLoop() } }),
  },
  "rollback_restore_service_denied": {
    args: "rollback --revision 3 --restore service --dry-run",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, withOtherSettings()),
  },
  "rollback_settings_denied": {
    args: "rollback --revision 3 --dry-run",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, withOtherSettings()),
  },
  "rollback_restore_service_too_old": { args: "rollback --revision 2 --restore service --dry-run" },
  "rollback_restore_service_capacity_providers": {
    args: "rollback --revision 3 --restore service --no-wait",
    world: () => withOtherSettings({ capacityProviderStrategy: SPOT, forceNewDeployment: true }),
  },
  "rollback_restore_service_volume": {
    args: "rollback --revision previous --restore service --no-wait",
    world: withVolume,
  },
  "rollback_restore_service_connect": {
    args: "rollback --revision 4 --restore service --no-wait",
    world: withServiceConnect,
  },
  "rollback_before_another_port": { args: "rollback --revision 4", world: withOtherPort },
  "rollback_restore_service_port": { args: "rollback --revision 4 --restore service --no-wait", world: withOtherPort },
  "rollback_restore_service_blue_green": {
    args: "rollback --revision 3 --restore service --dry-run",
    world: () => alternated(alternating(GREEN, BLUE, "other")),
  },
  "rollback_settings_blue_green_alternated": {
    args: "rollback --revision 3 --dry-run",
    world: () => alternated(alternating(GREEN, BLUE)),
  },
  "rollback_restore_service_blue_green_other_groups": {
    args: "rollback --revision 3 --restore service --dry-run",
    world: () => alternated(alternating(LOAD_BALANCER.targetGroupArn, BLUE)),
  },
  "rollback_settings_of_the_same": { args: "rollback --revision 4", world: withGroupThatFails },
  "rollback_restore_service_of_the_same": {
    args: "rollback --revision 4 --restore service --dry-run",
    world: withGroupThatFails,
  },
  "rollback_settings_of_the_same_images": {
    args: "rollback --revision 3 --pin never",
    world: () => {
      const emulator = tagMoved({ history: [3], revisions: 8 });
      return changed((world) => {
        world.updateService({ service: "myservice", taskDefinition: "myservice:7", ...OTHER_GROUP });
        world.advance(UNTIL_STEADY_MS);
      }, emulator);
    },
  },
  "rollback_restore_service_not_wholly": {
    args: "rollback --revision 3 --restore service",
    world: () => {
      const emulator = withOtherSettings({ monitoring: MONITORING }, { options: { revisionMembersRollOut: false } });
      const setAgain = (world: Emulator) => world.updateService({ service: "myservice", monitoring: MONITORING });
      emulator.inject({ operation: "UpdateService", effect: actAfter(setAgain) });
      return emulator;
    },
  },
  "rollback_restore_service_not_read_again": {
    args: "rollback --revision 3 --restore service --no-wait",
    world: () => {
      const emulator = withOtherSettings();
      emulator.inject({ operation: "DescribeServices", nth: 2, times: Infinity, effect: accessDenied() });
      return emulator;
    },
  },
  "deploy_fewer_tasks_than_scaled": {
    args: "deploy --no-wait",
    world: scaledOut,
    options: withFiles(changedFiles("ecs-service-def.json", "{", '{\n  "desiredCount": 2,')),
  },
  "deploy_fewer_tasks_than_scaled_dry_run": {
    args: "deploy --dry-run",
    world: scaledOut,
    options: withFiles(changedFiles("ecs-service-def.json", "{", '{\n  "desiredCount": 2,')),
  },
  "deploy_creates_with_both": {
    args: "deploy",
    options: withNewService({
      ...JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!),
      capacityProviderStrategy: SPOT,
    }),
  },
  "deploy_creates_nothing": {
    args: "deploy --no-update-service",
    world: myservice,
    options: withFiles(changedFiles("ecspresso.yml", "service: myservice", "service: yourservice")),
  },
  "deploy_failed": {
    args: "deploy --revision 3 --preflight off",
    world: () => createScenario("circuit_breaker"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_rolled_back": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () => createScenario("circuit_breaker"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_rolled_back_behind_a_proxy": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () => {
      const emulator = createScenario("circuit_breaker");
      const trouble = [bareStatus(429), bareStatus(408), proxyLogin(), htmlPage(403), accessDenied(), htmlPage(404)];
      trouble.forEach((effect, index) => emulator.inject({ operation: "DescribeServices", nth: 4 + index, effect }));
      // The way back is read, planned and ordered behind the same proxy.
      const later = { nth: 2, effect: htmlPage(403) };
      for (const operation of ["DescribeTaskDefinition", "ListServiceDeployments"]) {
        emulator.inject({ operation, ...later });
      }
      return emulator;
    },
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_rolled_back_by_ecs": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () => createScenario("circuit_breaker_rollback"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_rolled_back_after_timeout": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE --fail-after 0 --timeout 2m",
    world: () => myservice({ history: [2, 4], behaviours: { 3: crashLoop() } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_given_up_after_crashes": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      myservice({ history: [2, 4], behaviours: { 3: crashLoop({ afterMs: 45_000 }), 4: slowDrain(120_000) } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_given_up_never_placed": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE",
    world: () => myservice({ history: [2, 4], behaviours: { 3: unplaceable() } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_fail_after_1": {
    args: "deploy --revision 3 --preflight off --fail-after 1",
    world: () => myservice({ history: [2, 4], behaviours: { 3: secretNotFound(API_KEY) } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_fail_after_dry_run": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE --dry-run",
    world: () => myservice({ history: [2, 4] }),
    options: withFiles(DEFINITION_FILES),
  },
  "events_deploy_given_up": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE --output json",
    world: () => myservice({ history: [2, 4], behaviours: { 3: unplaceable() } }),
    options: withFiles(DEFINITION_FILES),
  },
  "rollback_fail_after": {
    args: "rollback --revision 3 --preflight off --fail-after 2",
    world: () => myservice({ history: [2, 4], behaviours: { 3: secretNotFound(API_KEY) } }),
  },
  "wait_fail_after": {
    args: "wait --fail-after 3",
    world: () => {
      const emulator = myservice({ history: [2, 4], behaviours: { 3: crashLoop(), 4: slowDrain() } });
      emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
      return emulator;
    },
  },
  "fail_after_below_one": { args: "wait --fail-after 0.5", world: myservice },
  "deploy_rolled_back_with_attributes": {
    args: "deploy --revision 3 --preflight off --tasks 3 --rollback-events DEPLOYMENT_FAILURE,DEPLOYMENT_STOP_ON_ALARM",
    world: () => createScenario("circuit_breaker"),
    options: withFiles(changedFiles("ecs-service-def.json", "{", '{\n  "enableExecuteCommand": true,')),
  },
  "deploy_rolled_back_added_breaker": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () => myservice({ behaviours: { 5: secretNotFound(API_KEY) } }),
    options: {
      files: withSettings({ deploymentConfiguration: { ...STOPPING, alarms: ALARMS } }),
      env: { TAG: "1.4.0" },
    },
  },
  "deploy_not_wholly_taken_back": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE --github",
    world: () => {
      const service = { deploymentConfiguration: STOPPING };
      const emulator = myservice({ service, behaviours: { 5: secretNotFound(API_KEY) } });
      const setAgain = (world: Emulator) => world.updateService({ service: "myservice", enableExecuteCommand: true });
      emulator.inject({ operation: "UpdateService", nth: 2, effect: actAfter(setAgain) });
      return emulator;
    },
    options: onGithub({ files: withSettings({ enableExecuteCommand: true }), env: { TAG: "1.4.0" } }),
  },
  "deploy_taken_back_unread": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () => {
      const service = { deploymentConfiguration: STOPPING };
      const emulator = myservice({ service, behaviours: { 5: secretNotFound(API_KEY) } });
      emulator.inject({ operation: "DescribeServiceRevisions", times: Infinity, effect: accessDenied() });
      return emulator;
    },
    options: { files: withSettings({ monitoring: MONITORING }), env: { TAG: "1.4.0" } },
  },
  "deploy_monitoring": {
    args: "deploy",
    world: myservice,
    options: withFiles(withSettings({ monitoring: MONITORING })),
  },
  "deploy_unknown_member": {
    args: "deploy",
    world: myservice,
    options: withFiles(withSettings({ futureIsolation: { mode: "STRICT" } })),
  },
  "deploy_capacity_providers_dry_run": {
    args: "deploy --dry-run",
    world: myservice,
    options: withFiles(withSettings({ launchType: undefined, capacityProviderStrategy: SPOT })),
  },
  "deploy_capacity_providers": {
    args: "deploy",
    world: myservice,
    options: withFiles(withSettings({ launchType: undefined, capacityProviderStrategy: SPOT })),
  },
  "deploy_launch_type_of_capacity_providers": {
    args: "deploy",
    world: () => myservice({ service: { launchType: undefined, capacityProviderStrategy: SPOT } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_turns_off": {
    args: "deploy --dry-run",
    world: () => myservice({ service: { deploymentConfiguration: { ...STOPPING, alarms: ALARMS } } }),
    options: withFiles(withSettings({ deploymentConfiguration: { maximumPercent: 200 } })),
  },
  "deploy_update_refused": {
    args: "deploy",
    world: () => faulty("UpdateService", answerWith("InvalidParameterException", "Invalid namespace.")),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "deploy_registered_then_overtaken": {
    args: "deploy",
    world: () => registeredInVain(actAfter((emulator) => deploySecond(emulator))),
    options: withNewTag(),
  },
  "deploy_registered_then_interrupted": {
    args: "deploy --suspend-auto-scaling --resume-auto-scaling",
    world: myservice,
    options: withNewTag({ stopAfterCalls: { calls: 12, signal: "SIGINT" } }),
  },
  "deploy_registered_then_timed_out": {
    args: "deploy --timeout 1m",
    world: () => throttledFor("UpdateService", Infinity),
    options: withNewTag(),
  },
  "deploy_registered_then_timed_out_deregisters": {
    args: "deploy --timeout 1m --deregister-failed",
    world: () => throttledFor("UpdateService", Infinity),
    options: withNewTag(),
  },
  "deploy_registered_then_lost": {
    args: "deploy",
    world: () => faulty("UpdateService", dropBefore()),
    options: withNewTag(),
  },
  "deploy_registered_then_service_gone": {
    args: "deploy",
    world: () =>
      registeredInVain(actAfter((emulator) => emulator.deleteService({ service: "myservice", force: true }))),
    options: withNewTag(),
  },
  "deploy_registered_then_not_to_be_read": {
    args: "deploy --deregister-failed",
    world: () => faulty("UpdateService", throttle(), 8, changed(denyReading, myservice())),
    options: withNewTag(),
  },
  "deploy_registered_then_not_suspended": {
    args: "deploy --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("RegisterScalableTarget", accessDenied("application-autoscaling")),
    options: withNewTag(),
  },
  "deploy_registered_then_not_created": {
    args: "deploy",
    world: () => faulty("CreateService", accessDenied()),
    options: {
      ...withNewService(JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!)),
      env: { TAG: "1.4.0" },
    },
  },
  "deploy_rollback_registered_then_denied": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      changed(
        (emulator) => emulator.inject({ operation: "UpdateService", nth: 2, times: Infinity, effect: accessDenied() }),
        pushedBroken(EXITS_AT_ONCE, WITHOUT_ROLLBACK),
      ),
    options: withFiles(MUTABLE_TAG),
  },
  "rollback_registered_then_denied": {
    args: "rollback --revision 2 --reregister --no-wait",
    world: () =>
      faulty(
        "UpdateService",
        accessDenied(),
        Infinity,
        changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
      ),
  },
  "rollback_registered_then_refused": {
    args: "rollback --revision 3",
    world: () =>
      faulty("UpdateService", answerWith("InvalidParameterException", "Invalid namespace."), Infinity, tagMoved()),
  },
  "rollback_registered_then_refused_in_another_family": {
    args: "rollback --revision web:1 --reregister",
    world: () =>
      faulty(
        "UpdateService",
        accessDenied(),
        Infinity,
        changed((emulator) => emulator.deregisterTaskDefinition("web:1"), movedFromWeb()),
      ),
  },
  "rollback_registration_lost": {
    args: "rollback --revision 3",
    world: () => faulty("RegisterTaskDefinition", dropBefore(), Infinity, tagMoved()),
  },
  "deploy_hands_over": {
    args: "deploy",
    world: myservice,
    options: withFiles(withSettings({ deploymentController: { type: "CODE_DEPLOY" } })),
  },
  "deploy_attributes_over_a_failure": {
    args: "deploy --skip-task-definition --rollback-events DEPLOYMENT_FAILURE",
    world: () => createScenario("circuit_breaker_tripped"),
    options: withFiles(changedFiles("ecs-service-def.json", "{", '{\n  "enableExecuteCommand": true,')),
  },
  "deploy_not_taken_back": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_STOP_ON_ALARM",
    world: () => createScenario("circuit_breaker"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_stopped_by_alarm": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_STOP_ON_ALARM",
    world: () => createScenario("alarm"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_alarm_in_alarm": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_STOP_ON_ALARM --dry-run",
    world: () => changed((emulator) => emulator.triggerAlarm("myservice-5xx"), createScenario("alarm")),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_alarms_not_to_be_read": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_STOP_ON_ALARM --dry-run",
    world: () => faulty("DescribeAlarms", accessDenied("cloudwatch"), Infinity, createScenario("alarm")),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_stopped_by_alarm_not_taken_back": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE",
    world: () => createScenario("alarm"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_stopped_by_alarm_rolled_back_by_ecs": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_STOP_ON_ALARM",
    world: () => createScenario("alarm_rollback"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_deregisters_failed": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE --deregister-failed",
    world: () =>
      changed(
        (emulator) => emulator.setBehaviour("myservice:5", secretNotFound(SECRET)),
        myservice({ service: BREAKER, history: [2, 4] }),
      ),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "deploy_deregisters_refused": {
    args: "deploy --deregister-failed",
    world: () => faulty("UpdateService", accessDenied()),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "deploy_over_a_deregistered": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      changed((emulator) => emulator.deregisterTaskDefinition("myservice:4"), createScenario("circuit_breaker")),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_timed_out_with_tasks_that_stopped_early": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE --timeout 3m",
    world: () =>
      afterUpdate(
        (emulator) => emulator.schedule(28_000, (later) => later.setBehaviour("myservice:3", healthy())),
        myservice({ history: [2, 4], behaviours: { 3: crashLoop(), 4: slowDrain() } }),
      ),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_of_what_was_rolled_back": {
    args: "deploy --no-wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_again_after_a_failure": {
    args: "deploy --revision 4 --config ecspresso.yml",
    world: () => myservice({ service: BREAKER, behaviours: { 4: secretNotFound(SECRET) } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_interrupted": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE",
    world: myservice,
    options: { files: DEFINITION_FILES, stopAfterCalls: { calls: 16, signal: "SIGINT" } },
  },
  "deploy_superseded": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      afterUpdate((emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" })),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_blue_green": {
    args: "deploy --revision 3",
    world: () => createScenario("blue_green"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_canary_rolled_back": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      myservice({
        ...shifting("CANARY", {
          canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 3 },
          deploymentCircuitBreaker: { enable: true, rollback: true },
        }),
        behaviours: { 3: secretNotFound(SECRET) },
        history: [4],
      }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_over_what_was_not_completed": {
    args: "deploy --revision 1 --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      myservice({
        service: BREAKER_WITH_ROLLBACK,
        behaviours: { 1: secretNotFound(SECRET) },
        afterLastMs: 20_000,
      }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_code_deploy": {
    args: "deploy --config ecspresso.yml",
    world: codeDeploy,
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_unknown_event": { args: "deploy --rollback-events DEPLOYMENT_FAILED" },
  "deploy_events_with_no_wait": { args: "deploy --no-wait --rollback-events DEPLOYMENT_FAILURE" },
  "deploy_two_at_once": { args: "deploy --revision 3 --latest-task-definition" },
  "deploy_registers_what": { args: "deploy --skip-task-definition --force-register" },
  "no_service_deploy": { args: "deploy", options: withFiles(WITHOUT_SERVICE) },
  "no_service_diff": {
    args: "diff --exit-code",
    world: myservice,
    options: { files: WITHOUT_SERVICE, env: { TAG: "1.4.0" } },
  },
  "no_service_register": { args: "register", world: myservice, options: withFiles(WITHOUT_SERVICE) },
  "no_service_revisions": { args: "revisions --output table", world: myservice, options: withFiles(WITHOUT_SERVICE) },
  "no_service_deregister": { args: "deregister --revision 4", world: myservice, options: withFiles(WITHOUT_SERVICE) },
  "no_service_deregister_denied": {
    args: "deregister --revision 1",
    world: () => faulty("ListServices", accessDenied(), Infinity, myservice()),
    options: withFiles(WITHOUT_SERVICE),
  },
  "no_service_no_family": {
    args: "revisions",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\n" }),
  },
  "help_deploy": { args: "deploy --help" },
  "verify": { args: "verify", options: withFiles(DEFINITION_FILES) },
  "verify_revision": {
    args: "verify --revision 3",
    world: () =>
      changed((emulator) => {
        emulator.setImage(imageOf(3), false);
        emulator.setSecret("myservice/api_key", false);
        emulator.setRole("ecsTaskExecutionRole", null);
      }, myservice()),
  },
  "verify_not_allowed": {
    args: "verify --revision 3",
    world: () => faulty("DescribeImages", accessDenied("ecr")),
  },
  "verify_elsewhere": {
    args: "verify",
    options: {
      files: {
        ...DEFINITION_FILES,
        "ecs-task-def.json": JSON.stringify({
          family: "myservice",
          containerDefinitions: [{
            name: "app",
            image: "public.ecr.aws/nginx/nginx:1",
            secrets: [{ name: "A", valueFrom: "/myservice/a" }, { name: "B", valueFrom: "/myservice/b" }],
          }],
        }),
      },
    },
    world: () => changed((emulator) => emulator.setParameter("/myservice/a", "1"), myservice()),
  },
  "verify_of_no_use": {
    args: "verify",
    world: () =>
      changed((emulator) => {
        emulator.setRole("myservice-task", "ec2.amazonaws.com");
        emulator.setTargetGroup(LOAD_BALANCER.targetGroupArn, "instance");
        emulator.setSecret("myservice/api_key", '{"user":"s3cret"}');
        emulator.setSecret("myservice/database_url", "s3cret");
      }, myservice()),
    options: withFiles({
      ...VERIFIED,
      "ecs-service-def.json": DEFINITION_FILES["ecs-service-def.json"]!.replace(
        "{",
        `{ "loadBalancers": ${JSON.stringify([{ ...LOAD_BALANCER, containerName: "web" }, LOAD_BALANCER])},`,
      ),
    }),
  },
  "verify_versions_and_files": {
    args: "verify --revision 5",
    world: () => needingMore({ without: ["stage", "file", "parameterVersion"] }),
  },
  "verify_volumes": {
    args: "verify --revision 5",
    world: () =>
      mounting((emulator) => {
        emulator.setFileSystem(FILE_SYSTEM, { state: "deleting" });
        emulator.setAccessPoint(ACCESS_POINT, "fs-1a2b3c4d");
      }),
  },
  "verify_volumes_gone": { args: "verify --revision 5", world: () => mounting(() => {}) },
  "verify_pull_through_cache": {
    args: "verify --revision 5",
    world: () => {
      const emulator = changed((emulator) => emulator.setPullThroughCacheRule("docker-hub"), myservice());
      emulator.registerTaskDefinition(taskDefinition(5, imageOf(1).replace("/myservice", "/docker-hub/nginx")));
      return emulator;
    },
  },
  "verify_deep": { args: "verify --revision 5 --deep", world: () => neededDeeply(() => {}) },
  "verify_deep_file": { args: "verify --deep", options: withFiles(DEFINITION_FILES) },
  "verify_deep_not_fit": {
    args: "verify --revision 5 --deep",
    world: () =>
      neededDeeply((emulator) => {
        emulator.setKey(KEY, "PendingDeletion");
        emulator.setSubnet("subnet-0a1b2c3d4e5f60718", { freeAddresses: 1 });
        emulator.setSubnet("subnet-1a2b3c4d5e6f70819", null);
        emulator.setRolePolicy("ecsTaskExecutionRole", {
          policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "ecr:*", Resource: "*" }] },
          denied: ["s3:GetObject"],
          conditionOf: { "ssm:GetParameters": "aws:SourceVpce" },
        });
      }),
  },
  "verify_deep_not_allowed": {
    args: "verify --revision 5 --deep",
    world: () =>
      neededDeeply((emulator) =>
        emulator.authorize({
          Version: "2012-10-17",
          Statement: [{
            Effect: "Allow",
            Action: ["ecs:*", "iam:GetRole", "ecr:*", "s3:*", "logs:*", "secretsmanager:*", "ssm:GetParameter"],
            Resource: "*",
          }],
        })
      ),
  },
  "verify_files_not_allowed": {
    args: "verify --revision 5",
    world: () => faulty("HeadObject", accessDenied("s3"), Infinity, needingMore()),
  },
  "verify_values_not_allowed": {
    args: "verify",
    world: () => faulty("GetSecretValue", accessDenied("secretsmanager"), Infinity, myservice()),
    options: withFiles({ ...VERIFIED, "ecs-service-def.json": DEFINITION_FILES["ecs-service-def.json"]! }),
  },
  "verify_nothing_allowed": {
    args: "verify",
    world: () =>
      changed((emulator) => {
        emulator.authorize({ Version: "2012-10-17", Statement: [] });
      }, myservice()),
    options: withFiles(DEFINITION_FILES),
  },
  "verify_unreachable": {
    args: "verify",
    world: () => faulty("DescribeSecret", dropBefore(), Infinity, myservice()),
    options: withFiles(DEFINITION_FILES),
  },
  "verify_public_image": {
    args: "verify",
    options: withFiles({
      ...WITHOUT_SERVICE,
      "ecs-task-def.json": '{"family": "web", "containerDefinitions": [{"name": "web", "image": "nginx:1"}]}',
    }),
  },
  "verify_unknown": { args: "verify --revision 9" },
  "untrusted_verify": {
    args: "verify --untrusted",
    options: withFiles({ ...VERIFIED, "ecs-service-def.json": DEFINITION_FILES["ecs-service-def.json"]! }),
  },
  "untrusted_deploy": { args: "deploy --untrusted", options: withFiles(DEFINITION_FILES) },
  "untrusted_deploy_dry_run": { args: "deploy --untrusted --dry-run", options: withFiles(DEFINITION_FILES) },
  "untrusted_rollback": { args: "rollback --revision 3 --untrusted" },
  "untrusted_deregister": { args: "deregister --revision 3 --untrusted" },
  "untrusted_register": { args: "register --untrusted", options: withFiles(DEFINITION_FILES) },
  "untrusted_jsonnet": {
    args: "render config --untrusted --config ecspresso.jsonnet --ext-str TOKEN",
    options: { files: { "ecspresso.jsonnet": "{ service: std.extVar('TOKEN') }" }, env: { TOKEN: "token" } },
  },
  "untrusted_variable": {
    args: "render taskdef --untrusted",
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "untrusted_envfile": {
    args: "render config --untrusted --envfile .env",
    options: withFiles({ ...DEFINITION_FILES, ".env": "TAG=1.4.0\nexport AWS_PROFILE=admin\n" }),
  },
  "untrusted_envfile_link": {
    args: "render config --untrusted --envfile .env",
    options: { ...withFiles(DEFINITION_FILES), links: { ".env": "/home/runner/.env" } },
  },
  "untrusted_definition_link": {
    args: "render taskdef --untrusted",
    options: { ...withFiles(DEFINITION_FILES), links: { "ecs-task-def.json": "/etc/passwd" } },
  },
  "untrusted_lookup": {
    args: "diff --untrusted",
    options: withFiles(changedFiles("ecs-task-def.json", "env `TAG` `1.3.0`", "ssm `/myservice/tag`")),
  },
  "untrusted_profile": {
    args: "status --untrusted",
    options: {
      files: {
        "ecspresso.yml": "region: ap-northeast-1\nservice: myservice\n",
        "aws/config": "[profile ci]\ncredential_process = ./keys.sh\n",
      },
      env: { AWS_PROFILE: "ci", AWS_CONFIG_FILE: "aws/config" },
    },
  },
  "help_verify": { args: "verify --help" },
  "no_revision": { args: "rollback" },
  "revision_not_a_number": { args: "rollback --revision latest" },
  "deregister_with_no_wait": { args: "rollback --revision 3 --deregister --no-wait" },
  "scaling_with_no_wait": { args: "rollback --revision 3 --no-wait --suspend-auto-scaling --resume-auto-scaling" },
  "github_rollback": { args: "rollback --config ecspresso.yml --revision 3", options: onGithub() },
  "github_rollback_failed": {
    args: "rollback --revision 3 --preflight off",
    world: () => myservice({ service: BREAKER, history: [2, 4], behaviours: { 3: secretNotFound(SECRET) } }),
    options: onGithub(),
  },
  "github_deploy_rolled_back": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () => createScenario("circuit_breaker"),
    options: onGithub(withFiles(DEFINITION_FILES)),
  },
  "github_deploy": {
    args: "deploy",
    options: onGithub({ files: DEFINITION_FILES, env: { TAG: "1.4.0" } }),
  },
  "github_dry_run": { args: "rollback --revision 3 --dry-run", options: onGithub() },
  "github_refused": { args: "rollback --revision 9", options: onGithub() },
  "github_bad_config": {
    args: "rollback --revision 3",
    options: onGithub(withFiles({ "ecspresso.yml": "service: myservice\ntimeout: 10x\n" })),
  },
  "github_unknown_option": { args: "rollback --revison 3", options: onGithub() },
  "github_diff": { args: "diff --github", options: withFiles(DEFINITION_FILES) },
  "github_no_command": { args: "--github" },
  "unknown_option": { args: "rollback --revison 3" },
  "unknown_command": { args: "rolback" },
  "no_command": { args: "" },
  "config_twice": { args: "rollback --config a.yml --config b.yml --revision 3" },
  "value_looks_like_an_option": { args: "register --output --dry-run", options: withFiles(DEFINITION_FILES) },
  "value_looks_like_an_option_of_events": {
    args: "deploy --tasks --output json",
    options: withFiles(DEFINITION_FILES),
  },
  "bad_timeout": { args: "rollback --revision 3 --timeout soon" },
  "no_config": { args: "rollback --revision 3", options: withFiles({}) },
  "bad_config": {
    args: "rollback --revision 3",
    options: withFiles({ "ecspresso.yml": "service: myservice\ntimeout: 10x\n" }),
  },
  "unset_variable": {
    args: "rollback --revision 3",
    options: withFiles({ "ecspresso.yml": "service: '{{ must_env `SERVICE` }}'\n" }),
  },
  "unknown_key": {
    args: "rollback --revision 3 --no-wait",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: myservice\nservce: typo\n" }),
  },
  "envfile": {
    args: "--envfile staging.env rollback --revision 3 --no-wait",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: '{{ must_env `SERVICE` }}'\n",
      "staging.env": "# which service\nexport SERVICE='myservice'\n",
    }),
  },
  "ext_str_comma": {
    args: "render taskdef",
    options: { files: DEFINITION_FILES, env: { ECSPRESSO_EXT_STR: "stage=prod,tag=1.4.0" } },
  },
  "ext_str_comma_in_an_option": {
    args: "status --events 1 --ext-str stage=prod,tag=1.4.0",
    world: myservice,
  },
  "ext_str_empty_part": { args: "status --ext-str stage=prod;;tag=1.4.0" },
  "ext_str_unset": { args: "status --ext-str stage=prod;tag" },
  "authorities_missing": {
    args: "rollback --revision 3",
    options: { env: { AWS_CA_BUNDLE: "/etc/company/ca.pem" } },
  },
  "authorities_empty": {
    args: "rollback --revision 3 --dry-run --envfile company.env",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: myservice\n",
      "company.env": "SSL_CERT_FILE=ca.pem\n",
      "ca.pem": "\n",
    }),
  },
  "proxy_without_sense": {
    args: "rollback --revision 3",
    options: { env: { HTTPS_PROXY: "http://jane:pass#word@proxy.example:3128" } },
  },
  "endpoint_without_sense": { args: "status", options: { env: { AWS_ENDPOINT_URL: "localhost:4566" } } },
  "untrusted_envfile_authorities": {
    args: "render config --untrusted --envfile .env",
    options: withFiles({ ...DEFINITION_FILES, ".env": "REQUESTS_CA_BUNDLE=ca.pem\n" }),
  },
  "envfile_empty_part": { args: "status --envfile a.env,,b.env" },
  "envfile_missing": { args: "--envfile staging.env rollback --revision 3" },
  "events": { args: "rollback --revision 3 --output json" },
  "events_deploy_taken_back": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE --output json",
    world: () => createScenario("circuit_breaker"),
    options: withFiles(DEFINITION_FILES),
  },
  "events_deploy_dry_run": {
    args: "deploy --dry-run --output json",
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "events_dry_run": { args: "rollback --revision 3 --dry-run --output json" },
  "events_unknown_option": { args: "rollback --revison 3 --output json" },
  "events_no_config": { args: "deploy --output json", options: withFiles({}) },
  "log_format": { args: "rollback --revision 3 --log-format json" },
  "log_format_no_config": { args: "rollback --revision 3 --log-format json", options: withFiles({}) },
  "log_format_unknown_option": { args: "rollback --revison 3 --log-format json" },
  "log_format_unknown": { args: "rollback --revision 3 --log-format xml" },
  ...PLAN_FILE_SCENES,
  "help": { args: "--help" },
  "help_rollback": { args: "rollback --help" },
  "version": { args: "--version" },
};
