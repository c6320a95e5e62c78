import type { Revision, RevisionName } from "../model/arn.ts";
import type { EcsReader } from "../model/ports.ts";
import type { ServiceRef } from "../model/service.ts";
import type { FamilyUses, TaskDefinitionUser, Uses, UsesNotice } from "./find_uses.ts";

/** Which revisions are to be deregistered. */
export type Selection = Readonly<
  | { kind: "revision"; revision: number }
  | { kind: "latest" }
  /** Of the revisions that are not in use, all but the newest `keeps`. */
  | { kind: "allBut"; keeps: number }
>;

/** The revisions to select from, and what uses them. */
interface FamilyRevisions {
  /** ACTIVE revisions, by ascending number: all of them, or, where one is selected, that and maybe some others. */
  readonly active: readonly Revision[];
  /** INACTIVE revisions, likewise; empty without deleting. */
  readonly inactive: readonly Revision[];
  readonly uses: Uses;
}

/** What is going to be done, in this order. */
export interface DeregisterPlan {
  readonly deregister: readonly Revision[];
  /** Revisions that were deregistered before, then all of `deregister`; empty without deleting. */
  readonly delete: readonly Revision[];
  readonly inUse: readonly { readonly revision: Revision; readonly user: TaskDefinitionUser }[];
}

/** Why nothing is deregistered, as a code with its data; `newest`: the newest ACTIVE numbers, newest first. */
export type DeregisterRefusal = Readonly<
  /** The service of the config is missing: it may run in another cluster. (ECS shows a deleted one for a while.) */
  | { code: "usesOfServiceUnknown"; family: string; ref: ServiceRef }
  /** Without a service in the config, only the cluster's services show what is in use, and they could not be read. */
  | { code: "usesOfClusterUnknown"; family: string; notice: UsesNotice }
  | { code: "latestNotRegistered"; family: string }
  | { code: "revisionNotRegistered" | "alreadyDeregistered"; revision: RevisionName; newest: readonly number[] }
  | { code: "inUse"; revision: RevisionName; user: TaskDefinitionUser }
>;

/** How many registered revisions a message names. */
export const NAMED_REVISIONS = 5;

/**
 * Decides what is deregistered, and deleted. Never what is in use: a revision that was named is refused, one of many is
 * left out. Pure.
 */
export function planDeregister(
  family: string,
  selection: Selection,
  deletes: boolean,
  revisions: FamilyRevisions,
): DeregisterPlan | DeregisterRefusal {
  if (selection.kind === "allBut") return planAllBut(selection.keeps, deletes, revisions);
  const { active, inactive, uses } = revisions;
  const newest = active.slice(-NAMED_REVISIONS).reverse().map(({ revision }) => revision);
  const wanted = selection.kind === "latest" ? active.at(-1)?.revision : selection.revision;
  if (wanted === undefined) return { code: "latestNotRegistered", family };
  const isWanted = ({ revision }: Revision) => revision === wanted;
  const deregister = active.filter(isWanted);
  const [chosen] = [...deregister, ...inactive.filter(isWanted)];
  if (chosen === undefined) return { code: "revisionNotRegistered", revision: { family, revision: wanted }, newest };
  const revision = { family: chosen.family, revision: chosen.revision };
  const user = uses.byArn.get(chosen.arn);
  if (user !== undefined) return { code: "inUse", revision, user };
  if (deregister.length === 0 && !deletes) return { code: "alreadyDeregistered", revision, newest };
  return { deregister, delete: deletes ? [chosen] : [], inUse: [] };
}

function planAllBut(keeps: number, deletes: boolean, { active, inactive, uses }: FamilyRevisions): DeregisterPlan {
  const isUnused = ({ arn }: Revision) => !uses.byArn.has(arn);
  const unused = active.filter(isUnused);
  const deregister = unused.slice(0, Math.max(0, unused.length - keeps));
  return {
    deregister,
    // An earlier run may have stopped between deregistering and deleting.
    delete: deletes ? [...inactive.filter(isUnused), ...deregister] : [],
    inUse: active.flatMap((revision) => {
      const user = uses.byArn.get(revision.arn);
      return user === undefined ? [] : [{ revision, user }];
    }),
  };
}

/** Reads what a deregistration is planned from: the whole family only for `allBut`. */
export async function readFamilyRevisions(
  familyUses: FamilyUses,
  selection: Selection,
  deletes: boolean,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<FamilyRevisions> {
  const { family } = familyUses;
  const listAll = async (status: "ACTIVE" | "INACTIVE") =>
    (await Array.fromAsync(ecs.listRevisions(family, { status, order: "ASC" }, signal))).flat();
  /** The newest page, by ascending number. */
  const listNewest = async () => {
    for await (const page of ecs.listRevisions(family, { status: "ACTIVE", order: "DESC" }, signal)) {
      return page.toReversed();
    }
    return [];
  };
  /** Where this number is not registered: the newest ones, one of which may have been meant. */
  const readOne = async (revision: number) => {
    const one = await ecs.describeTaskDefinition(`${family}:${revision}`, signal);
    return [one?.status === "ACTIVE" ? [one] : await listNewest(), one?.status === "INACTIVE" ? [one] : []] as const;
  };
  const [uses, [active, inactive]] = await Promise.all([
    familyUses.read(signal),
    selection.kind === "allBut"
      ? Promise.all([listAll("ACTIVE"), deletes ? listAll("INACTIVE") : []])
      : selection.kind === "latest"
      ? Promise.all([listNewest(), []])
      : readOne(selection.revision),
  ]);
  return { active, inactive, uses };
}
