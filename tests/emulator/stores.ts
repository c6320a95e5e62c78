/**
 * What the services around ECS hold: parameters, secrets, images, roles and objects. A world begins without any; tests
 * fill it by the setters of `Emulator`, which are these.
 */
import { digitsFrom, nameOf } from "./identifiers.ts";
import type { Repository } from "./images.ts";
import type { World } from "./model.ts";

export type ParameterType = "String" | "StringList" | "SecureString";

/** A parameter of AWS Systems Manager. */
export interface Parameter {
  name: string;
  arn: string;
  type: ParameterType;
  value: string;
  version: number;
  modifiedAtMs: number;
}

/** A secret of AWS Secrets Manager. */
export interface Secret {
  name: string;
  arn: string;
  value: string;
  createdAtMs: number;
}

/** A role of AWS IAM. */
export interface Role {
  name: string;
  arn: string;
  /** Who may assume it: a service, such as `ecs-tasks.amazonaws.com`, or an account's ARN, whose users and roles may. */
  trusted: string;
  createdAtMs: number;
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

export interface Stores {
  /** By name. */
  parameters: Record<string, Parameter>;
  /** By name. */
  secrets: Record<string, Secret>;
  /** Of Amazon CloudWatch Logs, by name: when they were created. */
  logGroups: Record<string, number>;
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
 * Makes a secret, or takes it away (`null`). Returns its ARN, which ends in six characters of AWS's choice.
 */
export function setSecret(world: World, name: string, value: string | null): string {
  const { region, accountId } = world.settings;
  const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${digitsFrom(name, SECRET_SUFFIX_LENGTH)}`;
  if (value === null) delete world.secrets[name];
  else world.secrets[name] = { name, arn, value, createdAtMs: world.nowMs };
  return arn;
}

/** Makes a log group of Amazon CloudWatch Logs, or takes it away. */
export function setLogGroup(world: World, name: string, isThere: boolean): void {
  if (isThere) world.logGroups[name] = world.nowMs;
  else delete world.logGroups[name];
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
