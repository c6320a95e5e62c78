import { isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import { normalizeTaskDefinition } from "./normalize_task_definition.ts";
import { differingMembers, sameJson } from "./canonicalize.ts";
import { normalizeService } from "./normalize_service.ts";

/** The canonical forms of what the user wrote and of what AWS has, without what the user left to others. */
interface Aligned {
  readonly local: JsonObject;
  readonly remote: JsonObject;
}

/**
 * The two sides of a task definition, to be compared. Tags count only where the local one has any: they can be put on a
 * registered task definition without registering another.
 */
export function alignTaskDefinitions(
  local: JsonObject,
  registered: JsonObject,
  ignoredTags: readonly string[] = [],
): Aligned {
  const hasTags = isList(local.tags) && local.tags.length > 0;
  return {
    local: normalizeTaskDefinition(local, ignoredTags),
    remote: normalizeTaskDefinition(hasTags ? registered : { ...registered, tags: null }, ignoredTags),
  };
}

// Members that count only where the local definition has them. The number of tasks is often left to auto scaling. The
// rebalancing of availability zones depends, where nothing is said, on when the service was made, and an update leaves it
// as it is (API reference, UpdateService). A platform version that was left out is described as LATEST or as a number. The
// scheduling strategy and the launch type are given when a service is created, and stay. Tags are put on a service by others,
// too, no update changes them, and `aws ecs describe-services` prints none unless it is asked to.
const OPTIONAL_IN_SERVICE = [
  ...["desiredCount", "availabilityZoneRebalancing", "platformVersion", "schedulingStrategy", "tags"],
];

/** The two sides of a service, to be compared. */
export function alignServices(local: JsonObject, running: JsonObject, ignoredTags: readonly string[] = []): Aligned {
  const isWritten = (key: string) => (local[key] ?? null) !== null && local[key] !== "";
  const { schedulingStrategy = null } = isWritten("schedulingStrategy") ? local : running;
  const leftOut = OPTIONAL_IN_SERVICE.filter((key) => !isWritten(key));
  // Of the two a service has one; where neither is written, it has what was its cluster's default.
  if (!isWritten("launchType") && !isWritten("capacityProviderStrategy")) {
    leftOut.push("launchType", "capacityProviderStrategy");
  }
  if (schedulingStrategy === "DAEMON") leftOut.push("desiredCount");
  if (isLatestPlatform(local.platformVersion, running.platformVersion)) leftOut.push("platformVersion");
  const normalize = (service: JsonObject) => without(leftOut, normalizeService(service, ignoredTags));
  return alignNamespaces({ local: normalize({ ...local, schedulingStrategy }), remote: normalize(running) });
}

// The namespace of Service Connect is written by its name or its ARN, or left to the cluster, and AWS describes either.
// Only of two names, or of two ARNs, can it be seen whether they are the same.
function alignNamespaces({ local, remote }: Aligned): Aligned {
  const { serviceConnectConfiguration: written } = local;
  const { serviceConnectConfiguration: described } = remote;
  if (!isObject(written) || !isObject(described) || described.namespace === undefined) return { local, remote };
  const isArn = (namespace: Json | undefined) => String(namespace).startsWith("arn:");
  const { namespace } = written;
  if (namespace !== undefined && isArn(namespace) === isArn(described.namespace)) return { local, remote };
  // In its place among the other members: the keys of a canonical form are in order.
  const aligned = namespace === undefined ? without(["namespace"], described) : { ...described, namespace };
  return { local, remote: { ...remote, serviceConnectConfiguration: aligned } };
}

function without(names: readonly string[], object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Numbers that LATEST has stood for and does not any more: developer guide, "Fargate platform versions". */
const OLD_PLATFORMS: readonly unknown[] = ["1.1.0", "1.2.0", "1.3.0"];

/** Where LATEST was given, AWS describes that or the number that it stands for: its sources disagree. */
function isLatestPlatform(local: Json | undefined, running: Json | undefined): boolean {
  return local === "LATEST" && !OLD_PLATFORMS.includes(running);
}

/** Whether registering `local` would make nothing new. Any doubt is a "no": a revision too many is harmless. */
export function sameTaskDefinition(
  local: JsonObject,
  registered: JsonObject,
  ignoredTags: readonly string[] = [],
): boolean {
  const aligned = alignTaskDefinitions(local, registered, ignoredTags);
  return sameJson(aligned.local, aligned.remote);
}

/**
 * The members of a task definition that AWS's answer does not have, or has otherwise: a member that ECS does not know may
 * be dropped without a word. Pure.
 *
 * @returns where they are, by names, such as `containerDefinitions.app.user`; no values. Empty when it has all of them
 */
export function findLostMembers(sent: JsonObject, answered: JsonObject): string[] {
  return findIn(normalizeTaskDefinition(sent), normalizeTaskDefinition(answered), "");
}

function findIn(sent: Json, answered: Json | undefined, path: string): string[] {
  if (isList(sent) && isList(answered) && sent.length === answered.length) {
    return sent.flatMap((item, index) => findIn(item, answered[index], join(path, nameOf(item) ?? String(index))));
  }
  if (isObject(sent) && isObject(answered)) {
    return Object.entries(sent).flatMap(([name, member]) => {
      return findIn(member, Object.hasOwn(answered, name) ? answered[name] : undefined, join(path, name));
    });
  }
  return sameJson(sent, answered) ? [] : [path];
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function nameOf(item: Json): string | undefined {
  return isObject(item) && typeof item.name === "string" ? item.name : undefined;
}

/** Which members of a service do not mean what they meant before. Pure. */
export function findUnrestored(was: JsonObject, now: JsonObject, names: readonly string[]): string[] {
  const before = normalizeService(was);
  const differing = differingMembers(before, normalizeService(now));
  // ECS describes LATEST by that name, or by its number.
  const isLatest = (name: string) => name === "platformVersion" && (before[name] ?? "LATEST") === "LATEST";
  return names.filter((name) => differing.includes(name) && !isLatest(name));
}
