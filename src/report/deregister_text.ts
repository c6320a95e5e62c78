import { clusterName, type Revision, serviceName, shortName } from "../model/arn.ts";
import { awsCli } from "../model/typed_commands.ts";
import type { DeregisterEvent } from "../registry/deregister.ts";
import type { TaskDefinitionUser } from "../registry/find_uses.ts";
import type { DeregisterPlan, DeregisterRefusal } from "../registry/plan_deregister.ts";
import type { Cases } from "./cases.ts";
import type { Line } from "./log.ts";
import { describeUser, describeUsesNotice } from "./messages/uses_text.ts";
import type { RefusalText } from "./messages/phrases.ts";

/** What a dry run prints: a line for each thing that would be done. */
export function renderDeregisterPlan(plan: DeregisterPlan): string[] {
  const lines = [
    ...plan.deregister.map(({ arn }) => `deregister ${arn}`),
    ...plan.delete.map(({ arn }) => `delete ${arn}`),
  ];
  return lines.length === 0 ? ["nothing to deregister"] : lines;
}

/** Why nothing is deregistered, and the way out of it. */
export function describeDeregisterRefusal(refusal: DeregisterRefusal): RefusalText {
  const [what, ...advice] = REFUSALS[refusal.code](refusal as never);
  return { message: `cannot deregister ${what}`, advice };
}

/** What is not deregistered and why, then the advice. */
const REFUSALS: Cases<DeregisterRefusal, "code", readonly [string, ...string[]]> = {
  usesOfServiceUnknown: ({ family, ref }) => [
    `task definitions of ${family}: there is no service ${serviceName(ref.service)} in the cluster ${
      clusterName(ref.cluster)
    }, so what it uses is not known`,
    "check cluster, service and region of the config; the services there are:",
    `${awsCli(ref)} ecs list-services --cluster ${ref.cluster}`,
    "where there is meant to be none, add --force",
  ],
  usesOfClusterUnknown: ({ family, notice }) => [
    `task definitions of ${family}: ${describeUsesNotice(notice)}`,
    "name the service in the config, allow the call, or add --force where no service uses them",
  ],
  latestNotRegistered: ({ family }) => [`the latest revision of ${family}: none is registered`],
  revisionNotRegistered: ({ revision, newest }) => [
    `${shortName(revision)}: it is not registered`,
    ...listNewest(newest),
  ],
  alreadyDeregistered: ({ revision, newest }) => [
    `${shortName(revision)}: it is deregistered already (--delete deletes it)`,
    ...listNewest(newest),
  ],
  inUse: ({ revision, user }) => [
    `${shortName(revision)}: it is in use by ${describeUser(user)}`,
    "deploy or roll back to another revision first; what is in use is never deregistered, with --force neither",
  ],
};

function listNewest(numbers: readonly number[]): string[] {
  return numbers.length === 0 ? [] : [`the newest registered revisions: ${numbers.join(", ")}`];
}

/** Puts an event into words. */
export function renderDeregisterEvent(event: DeregisterEvent): Line {
  return EVENTS[event.kind](event as never);
}

const EVENTS: Cases<DeregisterEvent, "kind", Line> = {
  deregistering: ({ revision, position: { number, of } }) => [
    "info",
    `Deregistering task definition: ${revision.arn}${of === 1 ? "" : ` (${number} of ${of})`}`,
  ],
  deregistered: ({ revision }) => ["info", `Task definition is deregistered: ${revision.arn}`],
  deleting: ({ revisions }) => ["info", `Deleting ${renderNames(revisions)}`],
  deleted: ({ revisions }) => ["info", `Deleted: ${renderNames(revisions)}`],
  notDeregistered: ({ revision, user }) => [
    "error",
    `${shortName(revision)} is not deregistered: ${inUseByNow(user)}`,
  ],
  notice: ({ notice }) => ["warn", describeUsesNotice(notice)],
  notDeleted: ({ revision, reason }) => [
    "error",
    `${shortName(revision)} is not deleted: ${typeof reason === "string" ? reason : inUseByNow(reason)}`,
  ],
};

function inUseByNow(user: TaskDefinitionUser): string {
  return `it is in use by ${describeUser(user)} by now`;
}

function renderNames(revisions: readonly Revision[]): string {
  return revisions.map(shortName).join(", ");
}
