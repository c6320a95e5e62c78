import type { Revision } from "../model/arn.ts";
import type { EcsReader } from "../model/ports.ts";
import type { FamilyUses } from "./find_uses.ts";
import type { FamilyRevisions, Selection } from "./plan_deregister.ts";

/** Reads what deregistering is planned from: the whole family only for "all but the newest". */
export async function readFamilyRevisions(
  familyUses: FamilyUses,
  selection: Selection,
  deletes: boolean,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<FamilyRevisions> {
  const { family } = familyUses;
  const list = async (status: "ACTIVE" | "INACTIVE") => {
    const revisions: Revision[] = [];
    for await (const page of ecs.listRevisions(family, { status, order: "ASC" }, signal)) revisions.push(...page);
    return revisions;
  };
  const [uses, active, inactive] = selection.kind === "allBut"
    ? await Promise.all([familyUses.read(signal), list("ACTIVE"), deletes ? list("INACTIVE") : []])
    : await Promise.all([familyUses.read(signal), ...selectOne(family, selection, ecs, signal)]);
  return { active, inactive, uses };
}

/** The ACTIVE and the INACTIVE ones. Where there is none of that number: the newest, which could have been meant. */
function selectOne(
  family: string,
  selection: Exclude<Selection, { kind: "allBut" }>,
  ecs: EcsReader,
  signal: AbortSignal,
): [Promise<Revision[]>, Promise<Revision[]>] {
  const found = selection.kind === "latest"
    ? Promise.resolve(undefined)
    : ecs.describeTaskDefinition(`${family}:${selection.revision}`, signal);
  return [
    found.then((one) => one?.status === "ACTIVE" ? [one] : listNewest(family, ecs, signal)),
    found.then((one) => one?.status === "INACTIVE" ? [one] : []),
  ];
}

/** The newest page, by ascending number. */
async function listNewest(family: string, ecs: EcsReader, signal: AbortSignal): Promise<Revision[]> {
  for await (const page of ecs.listRevisions(family, { status: "ACTIVE", order: "DESC" }, signal)) {
    return page.toReversed();
  }
  return [];
}
