/**
 * What the services around ECS hold: parameters, secrets, images, roles and objects. A world begins without any; tests
 * fill it by the setters of `Emulator`, which are these.
 */
import { digitsFrom, nameOf, uuidFrom } from "./identifiers.ts";
import type { Repository } from "./images.ts";
import type { JsonObject, World } from "./model.ts";
import type { Policy } from "./policy.ts";
import type { Traffic } from "./traffic.ts";

export type ParameterType = "String" | "StringList" | "SecureString";

/** A parameter of AWS Systems Manager. */
export interface Parameter {
  name: string;
  arn: string;
  type: ParameterType;
  value: string;
  version: number;
  /** The key of the user's that encrypts it. */
  keyId?: string;
  modifiedAtMs: number;
}

/** A secret of AWS Secrets Manager. */
export interface Secret {
  name: string;
  arn: string;
  /** Newest first; none where it was created without a value. */
  versions: SecretVersion[];
  createdAtMs: number;
  /** The key of the user's that encrypts it. */
  kmsKeyId?: string;
}

export interface SecretVersion {
  id: string;
  value: string;
  /** `AWSCURRENT`, `AWSPREVIOUS` or of the user's. A version without any is deprecated: it can be read as long as it is there. */
  stages: string[];
}

/** A role of AWS IAM. */
export interface Role {
  name: string;
  arn: string;
  /** Who may assume it: a service, such as `ecs-tasks.amazonaws.com`, or an account's ARN, whose users and roles may. */
  trusted: string;
  createdAtMs: number;
  /** What it may do; everything where nobody spoke of it. */
  policy?: Policy;
  /** The actions that a policy of it denies. */
  denied?: readonly string[];
  /** By action, the key of a condition on it, which a simulation is not given. */
  conditionOf?: Readonly<Record<string, string>>;
}

/** Credentials that AWS STS has issued, by their access key. */
export interface IssuedCredentials {
  roleArn: string;
  secretAccessKey: string;
  sessionToken: string;
  expiresAtMs: number;
}

/** An object in a bucket of Amazon S3. */
export interface StoredObject {
  body: string;
  modifiedAtMs: number;
}

/** A stack of AWS CloudFormation, as far as others read it. */
export interface Stack {
  name: string;
  arn: string;
  createdAtMs: number;
  outputs: { key: string; value: string; exportName?: string }[];
}

/** Of Amazon EFS. Its states are those of the model's LifeCycleState. */
export interface FileSystem {
  id: string;
  state: string;
  mountTargets: number;
  createdAtMs: number;
}

export interface AccessPoint {
  id: string;
  fileSystemId: string;
  state: string;
}

/** Of Elastic Load Balancing. */
export interface TargetGroup {
  arn: string;
  targetType: string;
  port: number;
  /** The ARNs of what sends it requests; one of its own name where nobody spoke of it. */
  loadBalancers?: readonly string[];
}

/** Of Amazon EC2. */
export interface Subnet {
  id: string;
  freeAddresses: number;
  isIpv6Only: boolean;
}

/** A line in Amazon CloudWatch Logs. */
export interface LogEvent {
  atMs: number;
  message: string;
}

export interface Stores {
  /** By name. */
  parameters: Record<string, Parameter>;
  /** By name. */
  secrets: Record<string, Secret>;
  /** Of Amazon CloudWatch Logs, by name: when they were created. */
  logGroups: Record<string, number>;
  /** What is in them, by group and stream, oldest first. */
  logStreams: Record<string, Record<string, LogEvent[]>>;
  /** By `registry/repository`. */
  repositories: Record<string, Repository>;
  /** By name. */
  roles: Record<string, Role>;
  /** By name. */
  stacks: Record<string, Stack>;
  /** By access key. */
  issuedCredentials: Record<string, IssuedCredentials>;
  /** By bucket, then by key. */
  objects: Record<string, Record<string, StoredObject>>;
  /** Of Amazon ECR, by prefix: the registry upstream. */
  pullThroughCacheRules: Record<string, string>;
  /** By ID. */
  fileSystems: Record<string, FileSystem>;
  /** By ID. */
  accessPoints: Record<string, AccessPoint>;
  /** By ARN. */
  targetGroups: Record<string, TargetGroup>;
  /** What reaches them, by ARN: oldest first. */
  traffic: Record<string, Traffic[]>;
  /** By ID. */
  subnets: Record<string, Subnet>;
  /** Of AWS KMS, by ARN: the states, which are those of the model's KeyState. */
  keys: Record<string, string>;
}

const SECRET_SUFFIX_LENGTH = 6;

/** Writes a parameter, each time as its next version; `null` takes it away. */
export function setParameter(world: World, name: string, value: string | null, type: ParameterType): void {
  const { region, accountId } = world.settings;
  const version = (world.parameters[name]?.version ?? 0) + 1;
  if (value === null) {
    delete world.parameters[name];
    return;
  }
  const arn = `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith("/") ? "" : "/"}${name}`;
  world.parameters[name] = { name, arn, type, value, version, modifiedAtMs: world.nowMs };
}

/**
 * Makes a secret, or takes it away (`null`). Of one that is there already it makes the next version. Returns its ARN, which
 * ends in six characters of AWS's choice.
 */
export function setSecret(world: World, name: string, value: string | null): string {
  const { region, accountId } = world.settings;
  const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${digitsFrom(name, SECRET_SUFFIX_LENGTH)}`;
  if (value === null) {
    delete world.secrets[name];
    return arn;
  }
  const { versions, createdAtMs } = world.secrets[name] ?? { versions: [], createdAtMs: world.nowMs };
  const id = uuidFrom(createdAtMs + versions.length);
  world.secrets[name] = {
    name,
    arn,
    versions: [{ id, value, stages: ["AWSCURRENT"] }, ...aged(versions)],
    createdAtMs,
  };
  return arn;
}

/**
 * "If you move AWSCURRENT, Secrets Manager automatically moves AWSPREVIOUS to the version that it was removed from"
 * (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html).
 */
function aged(versions: readonly SecretVersion[]): SecretVersion[] {
  return versions.map((version) => {
    const others = version.stages.filter((stage) => stage !== "AWSCURRENT" && stage !== "AWSPREVIOUS");
    return { ...version, stages: version.stages.includes("AWSCURRENT") ? ["AWSPREVIOUS", ...others] : others };
  });
}

/** Takes a staging label off whatever version of a secret has it. */
export function removeSecretStage(world: World, name: string, stage: string): void {
  for (const version of world.secrets[name]?.versions ?? []) {
    version.stages = version.stages.filter((one) => one !== stage);
  }
}

/** Makes a log group of Amazon CloudWatch Logs, or takes it away. */
export function setLogGroup(world: World, name: string, isThere: boolean): void {
  if (isThere) world.logGroups[name] = world.nowMs;
  else {
    delete world.logGroups[name];
    delete world.logStreams[name];
  }
}

/** Writes lines to a stream of a log group, a second apart; the stream is there from then on. */
export function addToLog(world: World, group: string, stream: string, lines: readonly string[]): void {
  const events = (world.logStreams[group] ??= {})[stream] ??= [];
  events.push(...lines.map((message, index) => ({ atMs: world.nowMs + index * 1_000, message })));
}

/** Makes a role, given by name or ARN, that `trusted` may assume; `null` takes it away. */
export function setRole(world: World, nameOrArn: string, trusted: string | null): void {
  const name = nameOf(nameOrArn);
  if (trusted === null) {
    delete world.roles[name];
    return;
  }
  const arn = nameOrArn === name ? `arn:aws:iam::${world.settings.accountId}:role/${name}` : nameOrArn;
  world.roles[name] = { name, arn, trusted, createdAtMs: world.nowMs };
}

/** Writes an object; `null` takes it away. The bucket is there from then on. */
export function setObject(world: World, bucket: string, key: string, body: string | null): void {
  const objects = world.objects[bucket] ??= {};
  if (body === null) delete objects[key];
  else objects[key] = { body, modifiedAtMs: world.nowMs };
}

/** Makes a file system of Amazon EFS, or changes one; `null` takes it away. */
export function setFileSystem(world: World, id: string, changes: Partial<FileSystem> | null): void {
  if (changes === null) delete world.fileSystems[id];
  else {
    const made = { id, state: "available", mountTargets: 2, createdAtMs: world.nowMs };
    world.fileSystems[id] = { ...made, ...world.fileSystems[id], ...changes };
  }
}

/** Makes an access point of a file system; `null` takes it away. */
export function setAccessPoint(world: World, id: string, fileSystemId: string | null, state: string): void {
  if (fileSystemId === null) delete world.accessPoints[id];
  else world.accessPoints[id] = { id, fileSystemId, state };
}

/** Makes a target group of Elastic Load Balancing, by its ARN; `null` takes it away. */
export function setTargetGroup(
  world: World,
  arn: string,
  targetType: string | null,
  loadBalancers?: readonly string[],
): void {
  if (targetType === null) delete world.targetGroups[arn];
  else world.targetGroups[arn] = { arn, targetType, port: 80, ...(loadBalancers && { loadBalancers }) };
}

/** Makes a subnet of Amazon EC2, or changes one; `null` takes it away. */
export function setSubnet(world: World, id: string, changes: Partial<Subnet> | null): void {
  if (changes === null) delete world.subnets[id];
  else world.subnets[id] = { id, freeAddresses: 250, isIpv6Only: false, ...world.subnets[id], ...changes };
}

/** A service has only subnets that are there, as it is with target groups. */
export function noteSubnets(world: World, { awsvpcConfiguration }: JsonObject = {}): void {
  const { subnets = [] } = (awsvpcConfiguration ?? {}) as { subnets?: string[] };
  for (const id of subnets) setSubnet(world, id, {});
}

/** A service has only target groups that are there: those that nobody spoke of are made when a service is given them. */
export function noteTargetGroups(world: World, loadBalancers: readonly JsonObject[]): void {
  for (const { targetGroupArn: arn } of loadBalancers) {
    if (typeof arn === "string" && !Object.hasOwn(world.targetGroups, arn)) setTargetGroup(world, arn, "ip");
  }
}

/** Makes a stack with outputs by key, of which some are exported under a name; `null` takes it away. */
export function setStack(
  world: World,
  name: string,
  outputs: Readonly<Record<string, string>> | null,
  exportNames: Readonly<Record<string, string>>,
): void {
  if (outputs === null) {
    delete world.stacks[name];
    return;
  }
  const { region, accountId } = world.settings;
  const arn = `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${uuidOf(name)}`;
  const entries = Object.entries(outputs).map(([key, value]) => {
    const exportName = exportNames[key];
    return { key, value, ...(exportName === undefined ? {} : { exportName }) };
  });
  world.stacks[name] = { name, arn, createdAtMs: world.nowMs, outputs: entries };
}

function uuidOf(name: string): string {
  return digitsFrom(name, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
