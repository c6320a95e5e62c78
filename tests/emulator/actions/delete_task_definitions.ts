/** DeleteTaskDefinitions */
import { invalidParameter } from "../failure.ts";
import type { Input } from "../input.ts";
import { findTaskDefinition } from "../lookup.ts";
import type { JsonObject, World } from "../model.ts";
import { taskDefinitionShape } from "../wire.ts";
import type { Actions } from "./action.ts";

const MAX_DELETED_AT_ONCE = 10;
const HAS_REVISION = /:\d+$/;

/** What is deleted is DELETE_IN_PROGRESS until nothing uses it any more; its number is never given out again. */
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
      definition.deleteRequestedAtMs ??= world.nowMs;
      deleted.push(taskDefinitionShape(definition));
    }
  }
  return { taskDefinitions: deleted, failures };
}

export const actions: Actions = { DeleteTaskDefinitions: deleteTaskDefinitions };
