/**
 * What a service does with the members of a request before it carries anything out: it reads what it knows, ignores
 * what it does not know, and refuses what is not as its model says.
 *
 * That unknown members are ignored is how AWS's JSON protocols are served: the SDK for JavaScript sent every member that
 * it was given to ECS for years, and not one public report has ECS refuse a name. A world whose ECS is newer than the
 * table has `furtherMembers` in its settings: these are checked, stored and answered like all others.
 */
import type { AwsFailure } from "../failure.ts";
import type { Json, JsonObject } from "../model.ts";
import type { Settings } from "../settings.ts";
import type { ServiceName } from "../protocols/protocol.ts";
import { deviationsOf } from "./deviations.ts";
import { refusalOf } from "./refusals.ts";
import { operationOf, type Shape, type Table, tableOf } from "./tables.ts";

/** The members of a request as the action reads them. @throws AwsFailure in the words of the service */
export function acceptRequest(
  service: ServiceName,
  operation: string,
  members: JsonObject,
  settings: Settings,
): JsonObject {
  const { input } = operationOf(service, operation);
  if (input === undefined) return {};
  const table = knownTo(settings, service);
  const known = knownMembers(table, table.shapes[input]!, members);
  const refusal: AwsFailure | undefined = refusalOf(service, operation, deviationsOf(table, input, known));
  if (refusal) throw refusal;
  return known;
}

/** The table of a service, with what only this world's knows. */
export function knownTo({ furtherMembers }: Settings, service: ServiceName): Table {
  const table = tableOf(service);
  const further = service === "ecs" ? Object.entries(furtherMembers) : [];
  if (further.length === 0) return table;
  const structures = further.map(([name, members]): [string, Shape] => {
    const shape = table.shapes[name] ?? { type: "structure" };
    return [name, { ...shape, members: { ...shape.members, ...members } }];
  });
  return { ...table, shapes: { ...table.shapes, ...Object.fromEntries(structures) } };
}

/** Leaves out the members that a structure does not have, at every depth; null is as good as not sent. */
function knownMembers(table: Table, { members = {} }: Shape, value: JsonObject): JsonObject {
  const known: JsonObject = {};
  for (const member in value) {
    const inner = value[member];
    if (!Object.hasOwn(members, member) || inner === undefined || inner === null) continue;
    known[member] = knownIn(table, members[member]!, inner);
  }
  return known;
}

function knownIn(table: Table, name: string, value: Json): Json {
  const shape = table.shapes[name]!;
  if (Array.isArray(value)) {
    return shape.type === "list" ? value.map((item) => knownIn(table, shape.member!, item)) : value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (shape.type === "structure") return knownMembers(table, shape, value);
  if (shape.type !== "map") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, knownIn(table, shape.value!, inner ?? null)]),
  );
}
