/** RegisterTaskDefinition */
import { clientException } from "../failure.ts";
import { ecsArn } from "../identifiers.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { tagList, taskDefinitionShape } from "../wire.ts";
import type { Actions } from "./action.ts";
import { parseTags } from "./ecs_tags.ts";

const FAMILY = /^[A-Za-z0-9_-]{1,255}$/;

/** Members that AWS answers even where the request did not send them. */
const ANSWERED_DEFAULTS: JsonObject = { volumes: [], placementConstraints: [] };

function checkContainers(containers: JsonObject[]): void {
  const names = containers.map(({ name }) => name);
  for (const { name, image } of containers) {
    if (typeof name !== "string" || name === "") throw clientException("Container.name should not be null or empty.");
    if (typeof image !== "string" || image === "") {
      throw clientException("Container.image should not be null or empty.");
    }
  }
  if (new Set(names).size < names.length) {
    throw clientException("Container names must be unique within a task definition.");
  }
}

function registerTaskDefinition(world: World, input: Input): JsonObject {
  const family = input.requiredString("family");
  if (!FAMILY.test(family)) throw clientException("Family contains invalid characters.");
  checkContainers(input.requiredObjects("containerDefinitions"));
  const tags = parseTags(input.objects("tags") ?? []);
  const { tags: _, ...registered } = input.members;
  const revision = (world.lastRevisions[family] ?? 0) + 1;
  const requires = input.strings("requiresCompatibilities");
  const definition = {
    family,
    revision,
    arn: ecsArn(world, `task-definition/${family}:${revision}`),
    status: "ACTIVE" as const,
    registered: structuredClone({
      ...ANSWERED_DEFAULTS,
      ...registered,
      compatibilities: [...new Set(["EC2", ...(requires ?? [])])],
    }),
    registeredAtMs: world.nowMs,
  };
  world.lastRevisions[family] = revision;
  world.taskDefinitions.push(definition);
  if (Object.keys(tags).length > 0) world.tags[definition.arn] = tags;
  return { taskDefinition: taskDefinitionShape(definition), tags: tagList(tags) };
}

export const actions: Actions = { RegisterTaskDefinition: registerTaskDefinition };
