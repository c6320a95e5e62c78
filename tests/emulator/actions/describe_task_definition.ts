/** DescribeTaskDefinition */
import type { Input } from "../input.ts";
import { taskDefinitionOf } from "../lookup.ts";
import type { JsonObject, World } from "../model.ts";
import { tagList, taskDefinitionShape } from "../wire.ts";
import type { Actions } from "./action.ts";

function describeTaskDefinition(world: World, input: Input): JsonObject {
  const definition = taskDefinitionOf(world, input.requiredString("taskDefinition"));
  const withTags = input.strings("include")?.includes("TAGS");
  return {
    taskDefinition: taskDefinitionShape(definition),
    ...(withTags ? { tags: tagList(world.tags[definition.arn] ?? {}) } : {}),
  };
}

export const actions: Actions = { DescribeTaskDefinition: describeTaskDefinition };
