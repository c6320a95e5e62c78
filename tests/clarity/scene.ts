/** The world, the files and the command line of a row. */
import { crashLoop } from "../emulator/behaviours.ts";
import { Emulator } from "../emulator/emulator.ts";
import { actAfter } from "../emulator/faults.ts";
import type { JsonObject } from "../emulator/model.ts";
import type { Command, Scene } from "./row.ts";

export const SERVICE = "myservice";
export const REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";
const BAD_TAG = "2.0.0";
/** What the bad revision runs. */
export const IMAGE = `${REGISTRY}/${SERVICE}:${BAD_TAG}`;
export const ROLE = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole";
export const TARGET_GROUP =
  "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/myservice/0123456789abcdef";
const BAD_REVISION = `${SERVICE}:3`;
const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: false } };
/** Long enough for a deployment of the service to complete, or for its tasks to fail several times. */
const UNTIL_STEADY_MS = 5 * 60_000;
const UNTIL_FAILED_MS = 150_000;

function logsOf(container: string): JsonObject {
  const options = { "awslogs-group": "/ecs/myservice", "awslogs-region": "ap-northeast-1" };
  return { logDriver: "awslogs", options: { ...options, "awslogs-stream-prefix": container } };
}

/** The container that does the work. */
export const APP: JsonObject = {
  name: "app",
  image: IMAGE,
  essential: true,
  portMappings: [{ containerPort: 8080 }],
  logConfiguration: logsOf("app"),
};

/** The proxy beside it. */
export const ENVOY: JsonObject = {
  name: "envoy",
  image: "public.ecr.aws/appmesh/aws-appmesh-envoy:v1.29.6.0-prod",
  essential: true,
  portMappings: [{ containerPort: 9901 }],
  logConfiguration: logsOf("envoy"),
};

const AWSVPC = {
  awsvpcConfiguration: {
    subnets: ["subnet-0a1b2c3d4e5f60718", "subnet-1a2b3c4d5e6f70819"],
    securityGroups: ["sg-0123456789abcdef0"],
    assignPublicIp: "DISABLED",
  },
};
/** Subnets that no deploy had before. */
export const OTHER_SUBNETS = {
  awsvpcConfiguration: { ...AWSVPC.awsvpcConfiguration, subnets: ["subnet-2b3c4d5e6f7081920"] },
};
const FARGATE = { launchType: "FARGATE", platformVersion: "1.4.0", networkConfiguration: AWSVPC };

/** On instances: the members of a scene that make it so. */
export const ON_EC2: Pick<Scene, "definition" | "service"> = {
  definition: { requiresCompatibilities: ["EC2"], networkMode: "bridge" },
  service: { launchType: "EC2" },
};

/** The task definition that fails, or one with an older release of it. */
function definitionOf({ containers = [APP], definition = {} }: Scene, tag = BAD_TAG): JsonObject {
  const tagged = ({ image, ...container }: JsonObject) => ({
    ...container,
    image: String(image).replace(new RegExp(`:${BAD_TAG}$`), `:${tag}`),
  });
  return {
    family: SERVICE,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "512",
    memory: "1024",
    executionRoleArn: ROLE,
    containerDefinitions: containers.map(tagged),
    ...definition,
  };
}

function serviceOf({ service = {} }: Scene): JsonObject {
  return { ...(service.launchType === undefined ? FARGATE : {}), deploymentConfiguration: BREAKER, ...service };
}

/** The world in which the command is typed: where it only watches, somebody else has ordered the deployment. */
export function worldOf(scene: Scene): Emulator {
  const { fails, command = "deploy", settings } = scene;
  const emulator = new Emulator({ startFailuresHaveEvents: true, ...settings });
  emulator.setLogGroup("/ecs/myservice");
  for (const tag of ["1.0.0", "1.1.0"]) {
    emulator.registerTaskDefinition(definitionOf(scene, tag));
  }
  if (fails) emulator.setBehaviour(BAD_REVISION, fails);
  const start = { serviceName: SERVICE, taskDefinition: `${SERVICE}:1`, desiredCount: 2 };
  emulator.createService({ ...start, ...serviceOf(scene) });
  emulator.advance(UNTIL_STEADY_MS);
  emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:2` });
  emulator.advance(UNTIL_STEADY_MS);
  if (command !== "deploy") emulator.registerTaskDefinition(definitionOf(scene));
  if (command === "wait" || command === "status") {
    emulator.updateService({ service: SERVICE, taskDefinition: BAD_REVISION });
    scene.then?.(emulator);
    if (command === "status") emulator.advance(UNTIL_FAILED_MS);
  } else if (scene.then) emulator.inject({ operation: "UpdateService", effect: actAfter(scene.then) });
  return emulator;
}

const CONFIG = `region: ap-northeast-1
cluster: default
service: myservice
service_definition: ecs-service-def.json
task_definition: ecs-task-def.json
`;

/** The files of the team. */
export function filesOf(scene: Scene): Record<string, string> {
  return {
    "ecspresso.yml": CONFIG,
    "ecs-service-def.json": JSON.stringify({ ...serviceOf(scene), ...scene.changes }, undefined, 2),
    "ecs-task-def.json": JSON.stringify(definitionOf(scene), undefined, 2),
  };
}

const TYPED: Readonly<Record<Command, string>> = {
  deploy: "deploy",
  rollback: "rollback --revision 3 --preflight off",
  wait: "wait",
  status: "status",
};

/** What is typed, behind `ecspresso`. */
export function typed({ command = "deploy", options }: Scene): string {
  const limit = command === "status" ? [] : ["--timeout 4m"];
  return [TYPED[command], ...limit, ...(options === undefined ? [] : [options])].join(" ");
}

/** The app ends at once, again and again. */
export const CRASHES = crashLoop({ exitCode: 1 });
