/** RegisterTaskDefinition */
import { copyOf } from "../copy_of.ts";
import { clientException } from "../failure.ts";
import { ecsArn } from "../identifiers.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { answeredTaskDefinition } from "../task_definition_answer.ts";
import { withAllDefaults } from "../task_definition_defaults.ts";
import { checkTaskDefinition } from "../task_definition_checks.ts";
import { tagList, taskDefinitionShape } from "../wire.ts";
import type { Actions } from "./action.ts";
import { parseTags } from "./ecs_tags.ts";

const FAMILY = /^[A-Za-z0-9_-]{1,255}$/;

function registerTaskDefinition(world: World, input: Input): JsonObject {
  const family = input.requiredString("family");
  if (!FAMILY.test(family)) throw clientException("Family contains invalid characters.");
  input.requiredObjects("containerDefinitions");
  checkTaskDefinition(input.members);
  const tags = parseTags(input.objects("tags") ?? []);
  const { tags: _, ...registered } = input.members;
  const revision = (world.lastRevisions[family] ?? 0) + 1;
  const fillIn = world.settings.fillsInAllDefaults ? withAllDefaults : (answered: JsonObject) => answered;
  const definition = {
    family,
    revision,
    arn: ecsArn(world, `task-definition/${family}:${revision}`),
    status: "ACTIVE" as const,
    registered: fillIn(answeredTaskDefinition(copyOf(registered))),
    registeredAtMs: world.nowMs,
  };
  world.lastRevisions[family] = revision;
  world.taskDefinitions.push(definition);
  if (Object.keys(tags).length > 0) world.tags[definition.arn] = tags;
  return { taskDefinition: taskDefinitionShape(definition), tags: tagList(tags) };
}

export const actions: Actions = { RegisterTaskDefinition: registerTaskDefinition };
