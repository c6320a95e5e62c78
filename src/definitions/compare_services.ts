import type { UpdatableMembers } from "../model/api_members.ts";
import { CANARY_DEFAULTS, LINEAR_DEFAULTS, THRESHOLD_DEFAULTS } from "../model/deployment_settings.ts";
import { isObject, type Json, type JsonObject, objectIn, objectsIn } from "../model/json.ts";
import { type Aligned, differingMembers, own } from "./canonicalize.ts";
import { normalizeService, percentageDefaults, SERVICE_DEFAULTS } from "./normalize_service.ts";

// Members that count only where the local definition has them. The number of tasks is often left to auto scaling. The
// rebalancing of availability zones depends, where nothing is said, on when the service was made, and an update leaves it
// as it is (API reference, UpdateService). A platform version that was left out is described as LATEST or as a number. The
// scheduling strategy and the launch type are given when a service is created, and stay. Tags are put on a service by others,
// too, no update changes them, and `aws ecs describe-services` prints none unless it is asked to.
const OPTIONAL = ["desiredCount", "availabilityZoneRebalancing", "platformVersion", "schedulingStrategy", "tags"];

/** The two sides of a service, to be compared. */
export function alignServices(local: JsonObject, running: JsonObject, ignoredTags: readonly string[] = []): Aligned {
  const isWritten = (key: string) => isGiven(local, key) && local[key] !== "";
  const { schedulingStrategy = null } = isWritten("schedulingStrategy") ? local : running;
  const leftOut = OPTIONAL.filter((key) => !isWritten(key));
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
  const [written, described] = [local.serviceConnectConfiguration, remote.serviceConnectConfiguration];
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
export function isLatestPlatform(local: Json | undefined, running: Json | undefined): boolean {
  return local === "LATEST" && !OLD_PLATFORMS.includes(running);
}

/** Which members of a service do not mean what they meant before. Pure. */
export function findUnrestored(was: JsonObject, now: JsonObject, names: readonly string[]): string[] {
  const before = normalizeService(was);
  const differing = differingMembers(before, normalizeService(now));
  // ECS describes LATEST by that name, or by its number.
  const isLatest = (name: string) => name === "platformVersion" && (before[name] ?? "LATEST") === "LATEST";
  return names.filter((name) => differing.includes(name) && !isLatest(name));
}

/** How a service is to be changed for it to be what the definition says. */
export interface ServiceChanges {
  /** Members of UpdateService, as the user wrote them, with what they turn off. */
  readonly attributes: JsonObject;
  /** The values of UpdateService that bring back what there is now. */
  readonly before: JsonObject;
  /** Members of `attributes` that no value of UpdateService restores to what they are now. */
  readonly oneWay: readonly string[];
  /** What the service has inside a member that the definition writes without it: it gets ECS's default, by its path. */
  readonly reset: JsonObject;
  /** Members that differ and that no update changes. */
  readonly fixed: readonly string[];
  /** Members that the service has and the definition does not mention: they stay. */
  readonly unmentioned: readonly string[];
  /** Members of `attributes` that ECS restores by itself with the service revision. */
  readonly inRevision: readonly string[];
}

/** The changes of a deploy that has no service definition. */
export const NO_CHANGES: ServiceChanges = {
  attributes: {},
  before: {},
  oneWay: [],
  reset: {},
  fixed: [],
  unmentioned: [],
  inRevision: [],
};

interface ServiceComparison {
  /** The input of CreateService or UpdateService. */
  readonly local: JsonObject;
  /** AWS's description of the service, its `tags` included. */
  readonly running: JsonObject;
  readonly updatable: UpdatableMembers;
  readonly ignoredTags: readonly string[];
  /** Members whose present value could not be read. */
  readonly unread: readonly string[];
}

/** Compares a service definition with the running service, member by member. Pure. */
export function findServiceChanges(comparison: ServiceComparison): ServiceChanges {
  const { local, running, updatable, ignoredTags, unread } = comparison;
  const aligned = alignServices(local, running, ignoredTags);
  const differing = differingMembers(aligned.local, aligned.remote);
  const written = differing.filter((name) => isGiven(local, name));
  const changed = written.filter((name) => updatable.takes(name));
  const { attribute, restoring, reset } = compareConfigurations(local, running);
  const before = Object.fromEntries(changed.flatMap((name) => {
    if (unread.includes(name)) return [];
    const value = name === CONFIGURATION ? restoring : valueBefore(name, running, updatable);
    return value === undefined ? [] : [[name, value]];
  }));
  return {
    attributes: Object.fromEntries(changed.map((name) => [name, name === CONFIGURATION ? attribute : local[name]!])),
    before,
    oneWay: changed.filter((name) => !Object.hasOwn(before, name)),
    reset: changed.includes(CONFIGURATION) ? reset : {},
    // Giving the capacity providers up brings the launch type back.
    fixed: written.filter((name) =>
      !updatable.takes(name) && !(name === "launchType" && changed.includes("capacityProviderStrategy"))
    ),
    unmentioned: differing.filter((name) => !isGiven(local, name) && updatable.known.has(name)),
    inRevision: changed.filter((name) => updatable.known.get(name)?.isInRevision),
  };
}

const UNSET: JsonObject = { ...SERVICE_DEFAULTS, deploymentController: { type: "ECS" } };

/** AWS describes some members only in the PRIMARY deployment. */
function valueBefore(name: string, running: JsonObject, updatable: UpdatableMembers): Json | undefined {
  const primary = objectsIn(running.deployments).find(({ status }) => status === "PRIMARY");
  return running[name] ?? primary?.[name] ?? own(UNSET, name) ?? updatable.known.get(name)?.off;
}

/** The only member inside which ECS keeps what is left out. */
const CONFIGURATION = "deploymentConfiguration";

function compareConfigurations(local: JsonObject, running: JsonObject) {
  const isDaemon = running.schedulingStrategy === "DAEMON";
  const [wanted, now] = [objectIn(local[CONFIGURATION]), objectIn(running[CONFIGURATION])];
  const changes = bringDeploymentConfiguration(now, wanted, isDaemon);
  const attribute = { ...wanted, ...changes };
  return {
    attribute,
    restoring: bringDeploymentConfiguration({ ...now, ...attribute }, now, isDaemon),
    reset: Object.fromEntries(findAdded(wanted, changes, CONFIGURATION)),
  };
}

/** What is given beyond what was written, by its path. */
function findAdded(wanted: JsonObject, given: JsonObject, path: string): [string, Json][] {
  return Object.entries(given).flatMap(([name, value]): [string, Json][] => {
    const written = wanted[name] ?? null;
    if (written === null) return [[`${path}.${name}`, value!]];
    return isObject(written) && isObject(value) ? findAdded(written, value, `${path}.${name}`) : [];
  });
}

// What means the same as never having set it. AWS CLI reference, `update-service`, for the alarms; API reference, the pages
// of the members, for the others.
const OFF: JsonObject = {
  alarms: { alarmNames: [], enable: false, rollback: false },
  bakeTimeInMinutes: 0,
  deploymentCircuitBreaker: { enable: false, rollback: false },
  earlySuccessCriteria: { enable: false },
  lifecycleHooks: [],
  strategy: "ROLLING",
};
/** ECS takes these under their own strategy only. */
const OF_STRATEGY: Readonly<Record<string, { readonly strategy: string; readonly off: JsonObject }>> = {
  linearConfiguration: { strategy: "LINEAR", off: LINEAR_DEFAULTS },
  canaryConfiguration: { strategy: "CANARY", off: CANARY_DEFAULTS },
};

/**
 * What UpdateService has to be given for one deployment configuration to become another. ECS keeps what is left out, so what
 * `to` does not have is turned off explicitly. Empty where they mean the same. Pure.
 */
export function bringDeploymentConfiguration(from: JsonObject, to: JsonObject, isDaemon: boolean): JsonObject {
  const have = canonicalConfiguration(from, isDaemon);
  const differing = differingMembers(have, canonicalConfiguration(to, isDaemon));
  const strategy = to.strategy ?? OFF.strategy!;
  const needed = differing.includes("strategy") ? membersWith(strategy).filter((name) => isGiven(to, name)) : [];
  return Object.fromEntries([...new Set([...differing, ...needed])].flatMap((name) => {
    const value = isGiven(to, name) ? to[name]! : offValue(name, strategy, isDaemon);
    if (value === undefined) return [];
    return [[name, name === "deploymentCircuitBreaker" ? completeBreaker(value, have[name]) : value]];
  }));
}

// What a strategy is to be sent with, although it may not differ: ECS takes one that shifts traffic only together with its
// bake time, and forgets the steps of the one before.
function membersWith(strategy: Json): string[] {
  if (strategy === OFF.strategy) return [];
  const ofStrategy = Object.keys(OF_STRATEGY).filter((name) => OF_STRATEGY[name]!.strategy === strategy);
  return ["bakeTimeInMinutes", ...ofStrategy];
}

function offValue(name: string, strategy: Json, isDaemon: boolean): Json | undefined {
  const ofStrategy = own(OF_STRATEGY, name);
  if (ofStrategy !== undefined) return ofStrategy.strategy === strategy ? ofStrategy.off : undefined;
  return own({ ...OFF, ...percentageDefaults(isDaemon) }, name);
}

/**
 * ECS also keeps what is left out of the circuit breaker.
 *
 * @param have the breaker as it is, in its canonical form: without what is at its default
 */
function completeBreaker(breaker: Json, have: Json | undefined): Json {
  if (!isObject(breaker) || !isObject(have)) return breaker;
  const kept = Object.entries({ resetOnHealthyTask: true, thresholdConfiguration: THRESHOLD_DEFAULTS })
    .filter(([name]) => have[name] !== undefined && !isGiven(breaker, name));
  return { ...breaker, ...Object.fromEntries(kept) };
}

function canonicalConfiguration(deploymentConfiguration: JsonObject, isDaemon: boolean): JsonObject {
  const schedulingStrategy = isDaemon ? "DAEMON" : "REPLICA";
  return objectIn(normalizeService({ deploymentConfiguration, schedulingStrategy }).deploymentConfiguration);
}

function isGiven(object: JsonObject, name: string): boolean {
  return (object[name] ?? null) !== null;
}
