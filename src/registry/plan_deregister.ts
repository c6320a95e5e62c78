import type { Revision, RevisionName } from "../model/arn.ts";
import type { EcsReader } from "../model/ports.ts";
import type { ServiceRef } from "../model/service.ts";
import type { FamilyUses, TaskDefinitionUser, Uses, UsesNotice } from "./find_uses.ts";

/** Which revisions are meant. */
export type Selection = Readonly<
  | { kind: "revision"; revision: number }
  | { kind: "latest" }
  /** All but the newest `keeps` of those that are not in use. */
  | { kind: "allBut"; keeps: number }
>;

/** The revisions that the selection is made from, and what uses them. */
export interface FamilyRevisions {
  /** Those that are ACTIVE, by ascending number: all of them, or, where one is selected, that and maybe some others. */
  readonly active: readonly Revision[];
  /** Those that are INACTIVE, likewise; empty without deleting. */
  readonly inactive: readonly Revision[];
  readonly uses: Uses;
}

/** What is going to be done, in this order. */
export interface DeregisterPlan {
  readonly deregister: readonly Revision[];
  /** What has been deregistered before and is to be deleted now, and then all of `deregister`; empty without deleting. */
  readonly delete: readonly Revision[];
  /** What is left alone because something uses it, and what. */
  readonly inUse: readonly { readonly revision: Revision; readonly user: TaskDefinitionUser }[];
}

/** Why nothing is deregistered, as a code with its data; `newest`: the newest ACTIVE numbers, newest first. */
export type DeregisterRefusal = Readonly<
  /** What a missing service uses: it may run in another cluster than the config's. (A deleted one ECS shows for a while.) */
  | { code: "usesOfServiceUnknown"; family: string; ref: ServiceRef }
  /** Without a service in the config, the services of the cluster are all that shows what services use. */
  | { code: "usesOfClusterUnknown"; family: string; notice: UsesNotice }
  | { code: "latestNotRegistered"; family: string }
  | { code: "revisionNotRegistered" | "alreadyDeregistered"; revision: RevisionName; newest: readonly number[] }
  | { code: "inUse"; revision: RevisionName; user: TaskDefinitionUser }
>;

const NAMED_REVISIONS = 5;

/**
 * Decides what is deregistered, and deleted. Never what is in use: one that was named is refused, of many it is left out.
 * Pure.
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
    // Deleting goes on where an earlier run has stopped between the two.
    delete: deletes ? [...inactive.filter(isUnused), ...deregister] : [],
    inUse: active.flatMap((revision) => {
      const user = uses.byArn.get(revision.arn);
      return user === undefined ? [] : [{ revision, user }];
    }),
  };
}

/** Reads what deregistering is planned from: the whole family only for "all but the newest". */
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
  /** Where there is none of that number: the newest, which could have been meant. */
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
