import type { Revision } from "../model/arn.ts";
import type { ServiceRef } from "../model/service.ts";
import type { TaskDefinitionUser, Uses, UsesNotice } from "./find_uses.ts";

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

type PlannedDeregister = Readonly<
  | { kind: "plan"; plan: DeregisterPlan }
  | { kind: "refused"; refusal: DeregisterRefusal }
>;

/** Why nothing is deregistered, as a code with its data; `newest`: the newest ACTIVE numbers, newest first. */
export type DeregisterRefusal = Readonly<
  /**
   * What a missing service uses is unknown: the config may name another cluster than the one that it runs in. ECS goes on
   * showing a deleted service for a while: that one is not missing.
   */
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
  { active, inactive, uses }: FamilyRevisions,
): PlannedDeregister {
  const userOf = ({ arn }: Revision) => uses.byArn.get(arn);
  const isUnused = (revision: Revision) => userOf(revision) === undefined;
  if (selection.kind === "allBut") {
    const inUse = active.flatMap((revision) => {
      const user = userOf(revision);
      return user === undefined ? [] : [{ revision, user }];
    });
    const unused = active.filter(isUnused);
    const deregister = unused.slice(0, Math.max(0, unused.length - selection.keeps));
    // Deleting goes on where an earlier run has stopped between the two.
    const deleted = deletes ? [...inactive.filter(isUnused), ...deregister] : [];
    return { kind: "plan", plan: { deregister, delete: deleted, inUse } };
  }
  const find = (revisions: readonly Revision[]) =>
    selection.kind === "latest" ? revisions.at(-1) : revisions.find(({ revision }) => revision === selection.revision);
  const activeOne = find(active);
  const chosen = activeOne ?? (selection.kind === "revision" ? find(inactive) : undefined);
  const newest = active.slice(-NAMED_REVISIONS).reverse().map(({ revision }) => revision);
  if (chosen === undefined) {
    return selection.kind === "latest"
      ? refuse({ code: "latestNotRegistered", family })
      : refuse({ code: "revisionNotRegistered", revision: { family, revision: selection.revision }, newest });
  }
  const user = userOf(chosen);
  if (user !== undefined) return refuse({ code: "inUse", revision: nameOf(chosen), user });
  if (activeOne === undefined && !deletes) {
    return refuse({ code: "alreadyDeregistered", revision: nameOf(chosen), newest });
  }
  return {
    kind: "plan",
    plan: { deregister: activeOne === undefined ? [] : [chosen], delete: deletes ? [chosen] : [], inUse: [] },
  };
}

function refuse(refusal: DeregisterRefusal): PlannedDeregister {
  return { kind: "refused", refusal };
}

type RevisionName = Pick<Revision, "family" | "revision">;

/** What was read of it besides is no part of a refusal. */
function nameOf({ family, revision }: Revision): RevisionName {
  return { family, revision };
}
