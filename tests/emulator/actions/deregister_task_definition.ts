/** DeregisterTaskDefinition */
import { clientException } from "../failure.ts";
import type { Input } from "../input.ts";
import { taskDefinitionOf } from "../lookup.ts";
import type { JsonObject, World } from "../model.ts";
import { taskDefinitionShape } from "../wire.ts";
import type { Actions } from "./action.ts";

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

export const actions: Actions = { DeregisterTaskDefinition: deregisterTaskDefinition };
