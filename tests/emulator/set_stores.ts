import { digitsFrom, nameOf, uuidFrom } from "./identifiers.ts";
import type { JsonObject, World } from "./model.ts";
import type { FileSystem, ParameterType, SecretVersion, Subnet } from "./stores.ts";

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
