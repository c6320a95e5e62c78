import type { Json, JsonObject } from "../ecs/json.ts";
import { alignServices } from "./align_definitions.ts";
import { isList, isObject, sameJson } from "./canonicalize.ts";

/** How a service is to be changed for it to be what the definition says. */
export interface ServiceChanges {
  /** Members of UpdateService, as the user wrote them. */
  readonly attributes: JsonObject;
  /** The same members as they are now, as far as UpdateService could bring them back. */
  readonly before: JsonObject;
  /** Members that differ and that no update changes. */
  readonly fixed: readonly string[];
  /** Members that the service has and the definition does not mention: they stay. */
  readonly unmentioned: readonly string[];
}

/**
 * What UpdateService can change, and what brings it back to nothing: leaving a member out means that it stays as it is.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
const UPDATABLE: ReadonlyMap<string, Json | undefined> = new Map<string, Json | undefined>([
  ["availabilityZoneRebalancing", "DISABLED"],
  ["capacityProviderStrategy", []],
  ["deploymentConfiguration", { maximumPercent: 200, minimumHealthyPercent: 100 }],
  ["desiredCount", undefined],
  ["enableECSManagedTags", false],
  ["enableExecuteCommand", false],
  ["healthCheckGracePeriodSeconds", 0],
  ["loadBalancers", []],
  ["networkConfiguration", undefined],
  ["placementConstraints", []],
  ["placementStrategy", []],
  ["platformVersion", "LATEST"],
  ["propagateTags", "NONE"],
  ["serviceConnectConfiguration", { enabled: false }],
  ["serviceRegistries", []],
  ["volumeConfigurations", []],
  ["vpcLatticeConfigurations", []],
]);

/**
 * Compares a service definition with the running service, member by member. Pure.
 *
 * @param local the input of CreateService or UpdateService
 * @param running AWS's description of the service, its `tags` included
 */
export function findServiceChanges(
  local: JsonObject,
  running: JsonObject,
  ignoredTags: readonly string[] = [],
): ServiceChanges {
  const aligned = alignServices(local, running, ignoredTags);
  const names = new Set([...Object.keys(aligned.local), ...Object.keys(aligned.remote)]);
  const differing = [...names].filter((name) => !sameJson(aligned.local[name], aligned.remote[name])).sort();
  const isWritten = (name: string) => (local[name] ?? null) !== null;
  const changed = differing.filter((name) => isWritten(name) && UPDATABLE.has(name));
  return {
    attributes: Object.fromEntries(changed.map((name) => [name, local[name]!])),
    before: Object.fromEntries(changed.flatMap((name) => {
      const value = valueBefore(name, running);
      return value === undefined ? [] : [[name, value]];
    })),
    fixed: differing.filter((name) => isWritten(name) && !UPDATABLE.has(name)),
    unmentioned: differing.filter((name) => !isWritten(name) && UPDATABLE.has(name)),
  };
}

/** Some members AWS answers only in the PRIMARY deployment. */
function valueBefore(name: string, running: JsonObject): Json | undefined {
  const deployments = isList(running.deployments) ? running.deployments.filter(isObject) : [];
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  return running[name] ?? primary?.[name] ?? UPDATABLE.get(name);
}
