/** DeregisterTaskDefinition and DeleteTaskDefinitions */
import { clientException, invalidParameter } from "../failure.ts";
import type { Input } from "../input.ts";
import { findTaskDefinition, taskDefinitionOf } from "../lookup.ts";
import type { JsonObject, World } from "../model.ts";
import { taskDefinitionShape } from "../wire.ts";
import type { Actions } from "./action.ts";

const MAX_DELETED_AT_ONCE = 10;
const HAS_REVISION = /:\d+$/;

/** INACTIVE revisions stay described and go on running where they run; only new uses are refused. */
function deregisterTaskDefinition(world: World, input: Input): JsonObject {
  const id = input.requiredString("taskDefinition");
  if (!HAS_REVISION.test(id)) throw clientException("Revision is missing.");
  const definition = taskDefinitionOf(world, id);
  if (definition.status === "DELETE_IN_PROGRESS") {
    throw clientException("The specified task definition is in the process of being deleted.");
  }
  if (definition.status === "ACTIVE") {
    definition.status = "INACTIVE";
    definition.deregisteredAtMs = world.nowMs;
  }
  return { taskDefinition: taskDefinitionShape(definition) };
}

/** The revision is DELETE_IN_PROGRESS from now on; its number is never given out again. */
function deleteTaskDefinitions(world: World, input: Input): JsonObject {
  const ids = input.requiredStrings("taskDefinitions");
  if (ids.length > MAX_DELETED_AT_ONCE) {
    throw invalidParameter(`You can delete up to ${MAX_DELETED_AT_ONCE} task definitions at a time.`);
  }
  const deleted: JsonObject[] = [];
  const failures: JsonObject[] = [];
  for (const id of ids) {
    const definition = HAS_REVISION.test(id) ? findTaskDefinition(world, id) : undefined;
    if (!definition) {
      failures.push({
        arn: id,
        reason:
          "The specified task definition does not exist. Specify a valid account, family, revision and try again.",
      });
    } else if (definition.status === "ACTIVE") {
      failures.push({
        arn: definition.arn,
        reason: "The specified task definition is still in ACTIVE status. Please deregister the target and try again.",
      });
    } else {
      definition.status = "DELETE_IN_PROGRESS";
      deleted.push(taskDefinitionShape(definition));
    }
  }
  return { taskDefinitions: deleted, failures };
}

export const actions: Actions = {
  DeregisterTaskDefinition: deregisterTaskDefinition,
  DeleteTaskDefinitions: deleteTaskDefinitions,
};
