import type { UpdatableMembers } from "../model/api_members.ts";
import { CANARY_DEFAULTS, LINEAR_DEFAULTS, THRESHOLD_DEFAULTS } from "../model/deployment_settings.ts";
import { isObject, type Json, type JsonObject, objectIn, objectsIn } from "../model/json.ts";
import { type Aligned, differingMembers, own } from "./canonicalize.ts";
import { normalizeService, percentageDefaults, SERVICE_DEFAULTS } from "./normalize_service.ts";

// Members that count only where the local definition has them. The number of tasks is often left to auto scaling. The
// default of availability zone rebalancing depends on when the service was made, and an update keeps the setting (API
// reference, UpdateService). A platform version that was left out is described as LATEST or as a number. The scheduling
// strategy and the launch type are fixed once a service is created. Others tag the service, too; no update changes its
// tags, and `aws ecs describe-services` prints none unless it is asked to.
const OPTIONAL = ["desiredCount", "availabilityZoneRebalancing", "platformVersion", "schedulingStrategy", "tags"];

/** The canonical forms of both sides of a service, to be compared. */
export function alignServices(local: JsonObject, running: JsonObject, ignoredTags: readonly string[] = []): Aligned {
  const isWritten = (key: string) => isGiven(local, key) && local[key] !== "";
  const { schedulingStrategy = null } = isWritten("schedulingStrategy") ? local : running;
  const leftOut = OPTIONAL.filter((key) => !isWritten(key));
  // A service has one of the two; where neither is written, it got its cluster's default.
  if (!isWritten("launchType") && !isWritten("capacityProviderStrategy")) {
    leftOut.push("launchType", "capacityProviderStrategy");
  }
  if (schedulingStrategy === "DAEMON") leftOut.push("desiredCount");
  if (isLatestPlatform(local.platformVersion, running.platformVersion)) leftOut.push("platformVersion");
  const normalize = (service: JsonObject) => without(leftOut, normalizeService(service, ignoredTags));
  return alignNamespaces({ local: normalize({ ...local, schedulingStrategy }), remote: normalize(running) });
}

// The namespace of Service Connect is written by its name or its ARN, or left to the cluster, and AWS describes either.
// Only two names, or two ARNs, can be compared.
function alignNamespaces({ local, remote }: Aligned): Aligned {
  const [written, described] = [local.serviceConnectConfiguration, remote.serviceConnectConfiguration];
  if (!isObject(written) || !isObject(described) || described.namespace === undefined) return { local, remote };
  const isArn = (namespace: Json | undefined) => String(namespace).startsWith("arn:");
  const { namespace } = written;
  if (namespace !== undefined && isArn(namespace) === isArn(described.namespace)) return { local, remote };
  // The namespace keeps its place: the keys of a canonical form are in order.
  const aligned = namespace === undefined ? without(["namespace"], described) : { ...described, namespace };
  return { local, remote: { ...remote, serviceConnectConfiguration: aligned } };
}

function without(names: readonly string[], object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Numbers that LATEST once stood for: developer guide, "Fargate platform versions". */
const OLD_PLATFORMS: readonly unknown[] = ["1.1.0", "1.2.0", "1.3.0"];

/** Whether the service may run the LATEST that is written: AWS describes it as LATEST or by its number. */
export function isLatestPlatform(local: Json | undefined, running: Json | undefined): boolean {
  return local === "LATEST" && !OLD_PLATFORMS.includes(running);
}

/** Which of these members of a service no longer mean what they did. Pure. */
export function findUnrestored(was: JsonObject, now: JsonObject, names: readonly string[]): string[] {
  const before = normalizeService(was);
  const differing = differingMembers(before, normalizeService(now));
  // ECS describes LATEST by that name, or by its number.
  const isLatest = (name: string) => name === "platformVersion" && (before[name] ?? "LATEST") === "LATEST";
  return names.filter((name) => differing.includes(name) && !isLatest(name));
}

/** How a service has to be changed to match the definition. */
export interface ServiceChanges {
  /** Members of UpdateService, as the user wrote them, and what has to be turned off in them. */
  readonly attributes: JsonObject;
  /** The values of UpdateService that restore the present settings. */
  readonly before: JsonObject;
  /** Members of `attributes` whose present setting no value of UpdateService restores. */
  readonly oneWay: readonly string[];
  /** Settings that the definition leaves out of a member that it writes: by path, with the default that ECS gets. */
  readonly reset: JsonObject;
  /** Members that differ and that UpdateService does not take. */
  readonly fixed: readonly string[];
  /** Members that the service has and the definition does not mention: they stay. */
  readonly unmentioned: readonly string[];
  /** Members of `attributes` that ECS restores by itself when it goes back to the service revision. */
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
    // Without capacity providers, the launch type applies again.
    fixed: written.filter((name) =>
      !updatable.takes(name) && !(name === "launchType" && changed.includes("capacityProviderStrategy"))
    ),
    unmentioned: differing.filter((name) => !isGiven(local, name) && updatable.known.has(name)),
    inRevision: changed.filter((name) => updatable.known.get(name)?.isInRevision),
  };
}

const UNSET: JsonObject = { ...SERVICE_DEFAULTS, deploymentController: { type: "ECS" } };

/** The present value of a member. AWS describes some members only in the PRIMARY deployment. */
function valueBefore(name: string, running: JsonObject, updatable: UpdatableMembers): Json | undefined {
  const primary = objectsIn(running.deployments).find(({ status }) => status === "PRIMARY");
  return running[name] ?? primary?.[name] ?? own(UNSET, name) ?? updatable.known.get(name)?.off;
}

/** The only member of which ECS keeps the parts that an update leaves out. */
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

/** What is given beyond what was written, by path. */
function findAdded(wanted: JsonObject, given: JsonObject, path: string): [string, Json][] {
  return Object.entries(given).flatMap(([name, value]): [string, Json][] => {
    const written = wanted[name] ?? null;
    if (written === null) return [[`${path}.${name}`, value!]];
    return isObject(written) && isObject(value) ? findAdded(written, value, `${path}.${name}`) : [];
  });
}

// Values that mean the same as never having set the member. Sources: AWS CLI reference, `update-service`, for the
// alarms; the members' pages in the API reference for the others.
const OFF: JsonObject = {
  alarms: { alarmNames: [], enable: false, rollback: false },
  bakeTimeInMinutes: 0,
  deploymentCircuitBreaker: { enable: false, rollback: false },
  earlySuccessCriteria: { enable: false },
  lifecycleHooks: [],
  strategy: "ROLLING",
};
/** ECS takes these only with their own strategy. */
const OF_STRATEGY: Readonly<Record<string, { readonly strategy: string; readonly off: JsonObject }>> = {
  linearConfiguration: { strategy: "LINEAR", off: LINEAR_DEFAULTS },
  canaryConfiguration: { strategy: "CANARY", off: CANARY_DEFAULTS },
};

/**
 * The values of UpdateService that turn one deployment configuration into another. ECS keeps what is left out, so what
 * `to` lacks is turned off explicitly. Empty where the two mean the same. Pure.
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

// Members that go with a strategy even where they do not differ: ECS takes a strategy that shifts traffic only together
// with its bake time, and forgets the steps of the one before.
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
 * ECS keeps what is left out of the circuit breaker, too.
 *
 * @param have the present circuit breaker in its canonical form: without what is at its default
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
