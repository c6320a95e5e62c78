import type { UpdatableMembers } from "../model/api_members.ts";
import type { DefinitionChange } from "../model/definition_change.ts";
import { isObject, type Json, type JsonObject, objectIn, objectsIn } from "../model/json.ts";
import { configurationUpdate } from "./configuration_update.ts";
import { type Aligned, differingMembers, isGiven, own } from "./canonicalize.ts";
import { listSettingChanges } from "./list_setting_changes.ts";
import { normalizeService, SERVICE_DEFAULTS } from "./normalize_service.ts";

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

/** A member of a service that differs from its definition. */
export interface ChangedMember {
  readonly name: string;
  /** What changes in it once the service has what the definition says. */
  readonly changes: readonly DefinitionChange[];
}

/**
 * Compares a service definition with the running service, member by member. Pure.
 *
 * @param written the definition as it is shown, with what is sent beyond it
 */
export function compareServices(
  local: JsonObject,
  running: JsonObject,
  ignoredTags: readonly string[],
  written: JsonObject,
): ChangedMember[] {
  const aligned = alignServices(local, running, ignoredTags);
  return differingMembers(aligned.local, aligned.remote).map((name) => {
    const from = { canonical: own(aligned.remote, name), written: presentValue(name, running) };
    const to = { canonical: own(aligned.local, name), written: own(written, name) };
    return { name, changes: listSettingChanges([name], from, to) };
  });
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
  /** What changes with `attributes`. */
  readonly settings: readonly DefinitionChange[];
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
  settings: [],
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
  const { attribute, restoring, reset } = compareConfigurations(local, running);
  const sent = isGiven(local, CONFIGURATION) ? { ...local, [CONFIGURATION]: attribute } : local;
  const compared = compareServices(local, running, ignoredTags, sent);
  const differing = compared.map(({ name }) => name);
  const written = differing.filter((name) => isGiven(local, name));
  const changed = written.filter((name) => updatable.takes(name));
  const before = Object.fromEntries(changed.flatMap((name) => {
    if (unread.includes(name)) return [];
    const value = name === CONFIGURATION ? restoring : presentValue(name, running) ?? updatable.known.get(name)?.off;
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
    settings: compared.flatMap(({ name, changes }) => {
      if (!changed.includes(name)) return [];
      // What may not be read may be the same.
      return unread.includes(name) ? [{ scope: "service", attribute: name, kind: "changed" }] : changes;
    }),
  };
}

const UNSET: JsonObject = { ...SERVICE_DEFAULTS, deploymentController: { type: "ECS" } };

/** The present value of a member. AWS describes some members only in the PRIMARY deployment. */
function presentValue(name: string, running: JsonObject): Json | undefined {
  const primary = objectsIn(running.deployments).find(({ status }) => status === "PRIMARY");
  return own(running, name) ?? primary?.[name] ?? own(UNSET, name);
}

/** The only member of which ECS keeps the parts that an update leaves out. */
const CONFIGURATION = "deploymentConfiguration";

function compareConfigurations(local: JsonObject, running: JsonObject) {
  const isDaemon = running.schedulingStrategy === "DAEMON";
  const [wanted, now] = [objectIn(local[CONFIGURATION]), objectIn(running[CONFIGURATION])];
  const changes = configurationUpdate(now, wanted, isDaemon);
  const attribute = { ...wanted, ...changes };
  return {
    attribute,
    restoring: configurationUpdate({ ...now, ...attribute }, now, isDaemon),
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
