import { TASK_DEFINITION_READ_ONLY, type UpdatableMembers } from "../model/api_members.ts";
import { isEmpty, isList, type JsonObject, objectIn, objectsIn } from "../model/json.ts";
import { withoutIgnoredTags } from "./canonicalize.ts";
import { withDeployedMembers } from "./normalize_service.ts";

/** What only CreateService takes, and a service's description shows. */
const AT_CREATION = ["launchType", "schedulingStrategy", "tags"];

/**
 * Makes a service definition from a service's description: deploying it would change nothing. Pure.
 *
 * @param members AWS's description, with what ECS shows only in service revisions
 * @param keepsCount whether the definition has the number of tasks
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
    // CreateService takes it only with a load balancer; 0 is its default.
    return name === "healthCheckGracePeriodSeconds" && described[name] === 0;
  }
}

/** Makes the input of RegisterTaskDefinition from AWS's description: registering it would add nothing new. Pure. */
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

/** ECS describes an empty list where nothing was given: to ECS they are the same. */
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
