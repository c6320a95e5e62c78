import { TASK_DEFINITION_READ_ONLY, type UpdatableMembers } from "../model/api_members.ts";
import { isEmpty, isList, type JsonObject, objectIn, objectsIn } from "../model/json.ts";
import { withoutIgnoredTags } from "./canonicalize.ts";
import { withDeployedMembers } from "./normalize_service.ts";

/** What CreateService takes besides what UpdateService changes, and what a service's description shows again. */
const AT_CREATION = ["launchType", "schedulingStrategy", "tags"];

/**
 * Makes the definition of a service from its description: what a deploy of it would change of the service is nothing. Pure.
 *
 * @param members AWS's description; what ECS shows in service revisions only among it
 * @param keepsCount whether the number of tasks is the definition's to say
 */
export function serviceDefinitionFrom(
  members: JsonObject,
  updatable: UpdatableMembers,
  keepsCount: boolean,
): JsonObject {
  const described = withoutIgnoredTags(withDeployedMembers(members));
  const names = [...updatable.known.keys(), ...AT_CREATION].sort();
  const given = names.filter((name) => !isEmpty(described[name]) && !isSaidElsewhere(name));
  return Object.fromEntries(given.map((name) => [name, described[name]!]));

  function isSaidElsewhere(name: string): boolean {
    // CreateService takes one of the two.
    if (name === "launchType") return !isEmpty(described.capacityProviderStrategy);
    if (name === "desiredCount") return !keepsCount || described.schedulingStrategy === "DAEMON";
    // CreateService takes it with a load balancer only; 0 is its default.
    return name === "healthCheckGracePeriodSeconds" && described[name] === 0;
  }
}

/** Makes a task definition's input from AWS's description: registering that makes nothing new. Pure. */
export function taskDefinitionFrom(raw: JsonObject): JsonObject {
  const { family, containerDefinitions, ...others } = withoutIgnoredTags(raw);
  const own = Object.entries(others).filter(([name]) => !TASK_DEFINITION_READ_ONLY.includes(name));
  return {
    family: family!,
    ...withoutEmpty(Object.fromEntries(own)),
    containerDefinitions: objectsIn(containerDefinitions).map(({ name, image, ...container }) => ({
      name: name!,
      image: image!,
      ...withoutEmpty(container),
    })),
  };
}

/** ECS describes an empty list where nothing was given: to it they are the same. */
function withoutEmpty(object: JsonObject): JsonObject {
  const members = Object.entries(object).filter(([, value]) =>
    value !== null && !(isList(value) && value.length === 0)
  );
  return Object.fromEntries(members.toSorted(([one], [other]) => one < other ? -1 : 1));
}

/** How many environment variables have their values in a task definition. */
export function countValues(definition: JsonObject): number {
  return objectsIn(definition.containerDefinitions)
    .reduce((count, container) => count + objectsIn(objectIn(container).environment).length, 0);
}
