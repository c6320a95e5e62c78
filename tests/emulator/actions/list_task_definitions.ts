/** ListTaskDefinitions and ListTaskDefinitionFamilies */
import type { Input } from "../input.ts";
import { isReferenced } from "../lookup.ts";
import type { JsonObject, World } from "../model.ts";
import { pageOf } from "../pages.ts";
import type { Actions } from "./action.ts";

const PAGE = { default: 100, max: 100 };

function listTaskDefinitions(world: World, input: Input): JsonObject {
  const family = input.string("familyPrefix");
  const status = input.string("status") ?? "ACTIVE";
  const sort = input.string("sort") ?? "ASC";
  const direction = sort === "ASC" ? 1 : -1;
  const found = world.taskDefinitions
    .filter((one) => one.status === status && (family === undefined || one.family === family))
    // A deregistered revision can be found only as long as something still refers to it.
    .filter((one) => one.status !== "INACTIVE" || isReferenced(world, one.arn))
    .toSorted((one, other) =>
      direction * (one.family === other.family ? one.revision - other.revision : one.family < other.family ? -1 : 1)
    );
  const { items, nextToken } = pageOf(world, input, found, PAGE);
  return { taskDefinitionArns: items.map(({ arn }) => arn), nextToken };
}

function listTaskDefinitionFamilies(world: World, input: Input): JsonObject {
  const prefix = input.string("familyPrefix") ?? "";
  const status = input.string("status") ?? "ALL";
  const active = new Set(world.taskDefinitions.filter((one) => one.status === "ACTIVE").map((one) => one.family));
  const families = [...new Set(world.taskDefinitions.map((one) => one.family))]
    .filter((family) => family.startsWith(prefix))
    .filter((family) => status === "ALL" || active.has(family) === (status === "ACTIVE"))
    .toSorted();
  const { items, nextToken } = pageOf(world, input, families, PAGE);
  return { families: items, nextToken };
}

export const actions: Actions = {
  ListTaskDefinitions: listTaskDefinitions,
  ListTaskDefinitionFamilies: listTaskDefinitionFamilies,
};
