import { isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import type { UpdatableMembers } from "../model/api_model.ts";
import { alignServices } from "./compare_definitions.ts";
import { SERVICE_DEFAULTS } from "./normalize_service.ts";
import { bringDeploymentConfiguration } from "./bring_deployment_configuration.ts";
import { differingMembers } from "./canonicalize.ts";

/** How a service is to be changed for it to be what the definition says. */
export interface ServiceChanges {
  /** Members of UpdateService, as the user wrote them, with what they turn off. */
  readonly attributes: JsonObject;
  /** The values of UpdateService that bring back what there is now. */
  readonly before: JsonObject;
  /** Members of `attributes` that no value of UpdateService brings back to what they are now. */
  readonly oneWay: readonly string[];
  /** What the service has inside a member that the definition writes without it: it gets ECS's default, by its path. */
  readonly reset: JsonObject;
  /** Members that differ and that no update changes. */
  readonly fixed: readonly string[];
  /** Members that the service has and the definition does not mention: they stay. */
  readonly unmentioned: readonly string[];
  /** Members of `attributes` that ECS brings back by itself with the service revision. */
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

const UNSET: JsonObject = { ...SERVICE_DEFAULTS, deploymentController: { type: "ECS" } };

/** Compares a service definition with the running service, member by member. Pure. */
export function findServiceChanges(comparison: ServiceComparison): ServiceChanges {
  const { local, running, updatable, ignoredTags, unread } = comparison;
  const aligned = alignServices(local, running, ignoredTags);
  const differing = differingMembers(aligned.local, aligned.remote);
  const isWritten = (name: string) => (local[name] ?? null) !== null;
  const changed = differing.filter((name) => isWritten(name) && updatable.takes(name));
  const { attribute, restoring, reset } = compareConfigurations(local, running);
  const before = Object.fromEntries(changed.flatMap((name) => {
    if (unread.includes(name)) return [];
    const value = name === CONFIGURATION ? restoring : valueBefore(name, running, updatable);
    return value === undefined ? [] : [[name, value]];
  }));
  const fixed = differing.filter((name) => isWritten(name) && !updatable.takes(name));
  return {
    attributes: Object.fromEntries(
      changed.map((name) => [name, name === CONFIGURATION ? attribute : local[name]!]),
    ),
    before,
    oneWay: changed.filter((name) => !Object.hasOwn(before, name)),
    reset: changed.includes(CONFIGURATION) ? reset : {},
    // Giving the capacity providers up brings the launch type back.
    fixed: fixed.filter((name) => name !== "launchType" || !changed.includes("capacityProviderStrategy")),
    unmentioned: differing.filter((name) => !isWritten(name) && updatable.known.has(name)),
    inRevision: changed.filter((name) => updatable.known.get(name)?.isInRevision),
  };
}

/** AWS describes some members only in the PRIMARY deployment. */
function valueBefore(name: string, running: JsonObject, updatable: UpdatableMembers): Json | undefined {
  const deployments = isList(running.deployments) ? running.deployments.filter(isObject) : [];
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  const unset = Object.hasOwn(UNSET, name) ? UNSET[name] : updatable.known.get(name)?.off;
  return running[name] ?? primary?.[name] ?? unset;
}

/** The only member inside which ECS keeps what is left out. */
const CONFIGURATION = "deploymentConfiguration";

function compareConfigurations(local: JsonObject, running: JsonObject) {
  const isDaemon = running.schedulingStrategy === "DAEMON";
  const wanted = isObject(local[CONFIGURATION]) ? local[CONFIGURATION] : {};
  const now = isObject(running[CONFIGURATION]) ? running[CONFIGURATION] : {};
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
