import { clusterName, type Revision, serviceName, shortName } from "../model/arn.ts";
import { awsCli } from "../model/aws_cli.ts";
import type { ServiceRef } from "../model/service.ts";
import type { Uses } from "./find_uses.ts";

/** Which revisions are meant. */
export type Selection =
  | { readonly kind: "revision"; readonly revision: number }
  | { readonly kind: "latest" }
  /** All but the newest `keeps` of those that are not in use. */
  | { readonly kind: "allBut"; readonly keeps: number };

/** What of the family the selection is made from, and what of it is used. */
export interface Register {
  /** Those that are ACTIVE, by ascending number: all of them, or for a single one that and maybe some others. */
  readonly active: readonly Revision[];
  /** Those that are INACTIVE, likewise; empty when nobody asked for deleting. */
  readonly inactive: readonly Revision[];
  readonly uses: Uses;
}

/** What is going to be done, in this order. */
export interface DeregisterPlan {
  readonly deregister: readonly Revision[];
  /** What has been deregistered before and is to be deleted now, and then all of `deregister`; empty without deleting. */
  readonly delete: readonly Revision[];
  /** What is left alone because something uses it, and what. */
  readonly inUse: readonly { readonly revision: Revision; readonly user: string }[];
}

export type PlannedDeregister =
  | { readonly kind: "plan"; readonly plan: DeregisterPlan }
  | { readonly kind: "refused"; readonly message: string; readonly advice: readonly string[] };

/**
 * Decides what is deregistered, and deleted. Never what is in use: one that was named is refused, of many it is left out.
 * Pure.
 */
export function planDeregister(
  family: string,
  selection: Selection,
  deletes: boolean,
  register: Register,
): PlannedDeregister {
  const { active, inactive, uses } = register;
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
  if (chosen === undefined) return refuse(notRegistered(family, selection), active);
  const user = userOf(chosen);
  if (user !== undefined) {
    return {
      kind: "refused",
      message: `cannot deregister ${shortName(chosen)}: it is in use by ${user}`,
      advice: [
        "deploy or roll back to another revision first; what is in use is never deregistered, with --force neither",
      ],
    };
  }
  if (activeOne === undefined && !deletes) {
    return refuse(`cannot deregister ${shortName(chosen)}: it is deregistered already (--delete deletes it)`, active);
  }
  return {
    kind: "plan",
    plan: { deregister: activeOne === undefined ? [] : [chosen], delete: deletes ? [chosen] : [], inUse: [] },
  };
}

/**
 * Of a service that is not there nobody knows what it uses: the config may name another cluster than the one that the
 * service runs in. One that has been deleted is shown for a while, and is none of these.
 */
export function serviceMissing(family: string, ref: ServiceRef): { message: string; advice: string[] } {
  return {
    message: `cannot deregister task definitions of ${family}: there is no service ${
      serviceName(ref.service)
    } in the cluster ${clusterName(ref.cluster)}, so what it uses is not known`,
    advice: [
      "check cluster, service and region of the config; the services there are:",
      `${awsCli(ref)} ecs list-services --cluster ${ref.cluster}`,
      "where there is meant to be none, add --force",
    ],
  };
}

/** Without a service in the config, the services of the cluster are all that tells what services use. */
export function servicesNotKnown(family: string, reason: string): { message: string; advice: string[] } {
  return {
    message: `cannot deregister task definitions of ${family}: ${reason}`,
    advice: ["name the service in the config, allow the call, or add --force where no service uses them"],
  };
}

function notRegistered(family: string, selection: Exclude<Selection, { kind: "allBut" }>): string {
  return selection.kind === "latest"
    ? `cannot deregister the latest revision of ${family}: none is registered`
    : `cannot deregister ${family}:${selection.revision}: it is not registered`;
}

const NAMED_REVISIONS = 5;

function refuse(message: string, active: readonly Revision[]): PlannedDeregister {
  const newest = active.slice(-NAMED_REVISIONS).reverse().map(({ revision }) => revision).join(", ");
  return { kind: "refused", message, advice: newest === "" ? [] : [`the newest registered revisions: ${newest}`] };
}
