/** The service that every scenario is about: `myservice` in the cluster `default`, of the family `myservice`. */
import type { Behaviour } from "./behaviours.ts";
import type { Alarm } from "./deployment_alarms.ts";
import { Emulator, type EmulatorOptions } from "./emulator.ts";
import type { JsonObject } from "./model.ts";

export const SERVICE = "myservice";
/** The service as a scalable target. */
export const RESOURCE_ID = `service/default/${SERVICE}`;

const ROLES = "arn:aws:iam::123456789012:role";
/** The role that callers may assume to deploy the service. */
export const DEPLOY_ROLE = `${ROLES}/deploy-${SERVICE}`;
const REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";
const SECRETS = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret";
const MINUTE_MS = 60_000;
/** Long enough for any healthy deployment of the service to complete. */
export const UNTIL_STEADY_MS = 5 * MINUTE_MS;

/** What differs between the four revisions: image, size, environment and secrets. Further ones repeat them in turn. */
const REVISIONS = [
  { tag: "1.0.0", cpu: "256", memory: "512", environment: { LOG_LEVEL: "info" }, secrets: ["DATABASE_URL"] },
  {
    tag: "1.1.0",
    cpu: "256",
    memory: "512",
    environment: { LOG_LEVEL: "info", WORKERS: "2" },
    secrets: ["DATABASE_URL"],
  },
  {
    tag: "1.2.0",
    cpu: "256",
    memory: "1024",
    environment: { LOG_LEVEL: "info", WORKERS: "4" },
    secrets: ["DATABASE_URL", "API_KEY"],
  },
  {
    tag: "1.3.0",
    cpu: "512",
    memory: "1024",
    environment: { LOG_LEVEL: "debug", WORKERS: "4", CACHE_URL: "redis://cache.internal:6379" },
    secrets: ["DATABASE_URL"],
  },
];

function variantOf(revision: number) {
  return REVISIONS[(revision - 1) % REVISIONS.length]!;
}

/** The image that a revision runs. */
export function imageOf(revision: number): string {
  return imageWithTag(variantOf(revision).tag);
}

/** An image of the service's repository by a tag of its own. */
export function imageWithTag(tag: string): string {
  return `${REGISTRY}/${SERVICE}:${tag}`;
}

const secretName = (variable: string) => `${SERVICE}/${variable.toLowerCase()}`;

/** @param image what its container runs, where it is not the revision's own */
export function taskDefinition(revision: number, image = imageOf(revision)): JsonObject {
  const { cpu, memory, environment, secrets } = variantOf(revision);
  return {
    family: SERVICE,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu,
    memory,
    executionRoleArn: `${ROLES}/ecsTaskExecutionRole`,
    taskRoleArn: `${ROLES}/${SERVICE}-task`,
    containerDefinitions: [{
      name: "app",
      image,
      cpu: 0,
      essential: true,
      portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }],
      environment: Object.entries(environment as Record<string, string>).map(([name, value]) => ({ name, value })),
      secrets: secrets.map((name) => ({ name, valueFrom: `${SECRETS}:${secretName(name)}` })),
    }],
  };
}

export interface MyService {
  options?: EmulatorOptions;
  /** How the tasks of a revision behave; healthy ones need no entry. */
  behaviours?: Record<number, Behaviour>;
  /** More members of CreateService, or others. */
  service?: JsonObject;
  /** More members of each task definition, or others. */
  definition?: JsonObject;
  /** The revisions that were deployed, in order: by default 3, then 4. The same once more was forced. */
  history?: number[];
  /** A tag that all revisions name; it is pushed again before each deployment but the first. */
  movingTag?: string;
  /** How many revisions the family has: four unless it is to have more. */
  revisions?: number;
  /** How long after the start of the last deployment the world begins. */
  afterLastMs?: number;
  /** The alarms that are there before anything is deployed, by name. */
  alarms?: Record<string, Alarm["state"]>;
}

/** Everything that the task definitions name, except for what tasks fail to start for the lack of. */
function fillStores(emulator: Emulator, behaviours: readonly Behaviour[]): void {
  const isMissing = (what: string) => behaviours.some(({ failsToStart }) => failsToStart?.stoppedReason.includes(what));
  const secrets = new Set(REVISIONS.flatMap((revision) => revision.secrets).map(secretName));
  REVISIONS.forEach((_, index) => emulator.setImage(imageOf(index + 1), !isMissing(imageOf(index + 1))));
  for (const name of secrets) emulator.setSecret(name, !isMissing(`${SECRETS}:${name}`));
  for (const name of ["ecsTaskExecutionRole", `${SERVICE}-task`]) emulator.setRole(`${ROLES}/${name}`);
  emulator.setRole(DEPLOY_ROLE, "arn:aws:iam::123456789012:root");
}

const LAUNCH: JsonObject = {
  launchType: "FARGATE",
  platformVersion: "1.4.0",
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: ["subnet-0a1b2c3d4e5f60718", "subnet-1a2b3c4d5e6f70819"],
      securityGroups: ["sg-0123456789abcdef0"],
      assignPublicIp: "DISABLED",
    },
  },
};

/** Where the deployment controller is EXTERNAL, the task definition and where it runs belong to a task set. */
function create(emulator: Emulator, taskDefinition: string | undefined, service: JsonObject): void {
  const isExternal = (service.deploymentController as JsonObject | undefined)?.type === "EXTERNAL";
  const launch = { taskDefinition, ...LAUNCH };
  emulator.createService({ serviceName: SERVICE, desiredCount: 2, ...(isExternal ? {} : launch), ...service });
  if (isExternal) emulator.createTaskSet({ cluster: "default", service: SERVICE, ...launch });
}

/** The world that most tests begin in. */
let usual: Emulator | undefined;

/** A world with the family of `myservice`, brought to its present by really deploying its history. */
export function myservice(world: MyService = {}): Emulator {
  if (Object.keys(world).length > 0) return createWorld(world);
  usual ??= createWorld(world);
  return usual.copy();
}

function createWorld(world: MyService): Emulator {
  const { options = {}, behaviours = {}, service = {}, history = [3, 4], afterLastMs = UNTIL_STEADY_MS } = world;
  const { revisions = REVISIONS.length, alarms = {}, movingTag, definition = {} } = world;
  const image = movingTag && imageWithTag(movingTag);
  const emulator = new Emulator(options);
  for (let revision = 1; revision <= revisions; revision++) {
    emulator.registerTaskDefinition({ ...taskDefinition(revision, image), ...definition });
  }
  fillStores(emulator, Object.values(behaviours));
  for (const [revision, behaviour] of Object.entries(behaviours)) {
    emulator.setBehaviour(`${SERVICE}:${revision}`, behaviour);
  }
  for (const [name, state] of Object.entries(alarms)) emulator.setAlarm(name, state);
  if (image !== undefined) emulator.setImage(image);
  const [first, ...later] = history.map((revision) => `${SERVICE}:${revision}`);
  create(emulator, first, service);
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, MinCapacity: 1, MaxCapacity: 10 });
  for (const [before, taskDefinition] of later.entries()) {
    emulator.advance(UNTIL_STEADY_MS);
    if (image !== undefined) emulator.setImage(image);
    const forceNewDeployment = taskDefinition === (later[before - 1] ?? first);
    emulator.updateService({ service: SERVICE, taskDefinition, ...(forceNewDeployment && { forceNewDeployment }) });
  }
  emulator.advance(afterLastMs);
  return emulator;
}
