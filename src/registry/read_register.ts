import type { Revision } from "../model/arn.ts";
import type { EcsReader } from "../model/ports.ts";
import type { FamilyUses } from "./find_uses.ts";
import type { Register, Selection } from "./plan_deregister.ts";

/**
 * Reads what deregistering is planned from: the whole family only when all but some are meant.
 *
 * @param deletes whether what has been deregistered before is needed too
 * @throws AwsError
 */
export async function readRegister(
  familyUses: FamilyUses,
  selection: Selection,
  deletes: boolean,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<Register> {
  const { family } = familyUses;
  const [uses, registered] = await Promise.all([
    familyUses.read(signal),
    selection.kind === "revision"
      ? readOne(family, selection.revision, ecs, signal)
      : readFamily(family, selection, deletes, ecs, signal),
  ]);
  return { ...registered, uses };
}

async function readFamily(
  family: string,
  selection: Selection,
  deletes: boolean,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<Omit<Register, "uses">> {
  if (selection.kind === "latest") return { active: await listNewest(family, ecs, signal), inactive: [] };
  const [active, inactive] = await Promise.all([
    listAll(family, "ACTIVE", ecs, signal),
    deletes ? listAll(family, "INACTIVE", ecs, signal) : [],
  ]);
  return { active, inactive };
}

/** The one that is meant; where there is none of that number, those that could have been meant. */
async function readOne(
  family: string,
  revision: number,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<Omit<Register, "uses">> {
  const found = await ecs.describeTaskDefinition(`${family}:${revision}`, signal);
  if (found?.status === "ACTIVE") return { active: [found], inactive: [] };
  const active = await listNewest(family, ecs, signal);
  return { active, inactive: found?.status === "INACTIVE" ? [found] : [] };
}

async function listAll(
  family: string,
  status: "ACTIVE" | "INACTIVE",
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<Revision[]> {
  const revisions: Revision[] = [];
  for await (const page of ecs.listRevisions(family, { status, order: "ASC" }, signal)) revisions.push(...page);
  return revisions;
}

/** The newest page, by ascending number. */
async function listNewest(family: string, ecs: EcsReader, signal: AbortSignal): Promise<Revision[]> {
  for await (const page of ecs.listRevisions(family, { status: "ACTIVE", order: "DESC" }, signal)) {
    return page.toReversed();
  }
  return [];
}
