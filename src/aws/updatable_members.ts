import {
  CreateServiceRequest$,
  Deployment$,
  Service$,
  ServiceRevision$,
  UpdateServiceRequest$,
} from "@aws-sdk/client-ecs";
import { NormalizedSchema } from "@smithy/core/schema";
import type { Json, JsonObject } from "../model/json.ts";
import { UpdatableMembers } from "../model/api_members.ts";

/** Which service is meant, the task definition, which is decided on its own, and an order that leaves nothing behind. */
const NO_ATTRIBUTES: ReadonlySet<string> = new Set(["cluster", "service", "taskDefinition", "forceNewDeployment"]);

/** What UpdateService changes of a service, out of the SDK's own model of the API: what a newer one adds is among it. */
export function updatableMembers(): UpdatableMembers {
  const inService = namesOf(Service$);
  const inDeployment = namesOf(Deployment$);
  const inRevision = namesOf(ServiceRevision$);
  const known = new Map(
    Object.entries(membersOf(UpdateServiceRequest$)).filter(([name]) => !NO_ATTRIBUTES.has(name)).map(
      ([name, schema]) => [name, {
        off: offValue(schema),
        isInRevision: inRevision.has(name),
        isInRevisionOnly: inRevision.has(name) && !inService.has(name) && !inDeployment.has(name),
      }],
    ),
  );
  const fixed = [...namesOf(CreateServiceRequest$), ...inService, ...NO_ATTRIBUTES].filter((name) => !known.has(name));
  return new UpdatableMembers(known, new Set(fixed));
}

// A list without elements, or a structure that says so itself (`enabled: false`) with the least of what else it must have,
// or one of nothing but lists. Anything else shows no such value.
function offValue(schema: NormalizedSchema): Json | undefined {
  if (schema.isListSchema()) return [];
  if (!schema.isStructSchema()) return undefined;
  const members = Object.entries(schema.getMemberSchemas());
  const lists = members.filter(([, member]) => member.isListSchema()).map(([name]) => [name, []] as const);
  if (lists.length > 0 && lists.length === members.length) return Object.fromEntries(lists);
  const flags = members.filter(([name, member]) => /^enabled?$/.test(name) && member.isBooleanSchema());
  return flags.length === 0 ? undefined : Object.fromEntries(flags.map(([name]) => [name, false])) as JsonObject;
}

function membersOf(schema: unknown): Record<string, NormalizedSchema> {
  return NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]).getMemberSchemas();
}

function namesOf(schema: unknown): ReadonlySet<string> {
  return new Set(Object.keys(membersOf(schema)));
}
