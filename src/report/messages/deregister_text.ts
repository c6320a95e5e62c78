import { clusterName, type Revision, serviceName, shortName } from "../../model/arn.ts";
import { listServicesCommand } from "./typed_commands.ts";
import type { DeregisterEvent } from "../../registry/deregister.ts";
import type { TaskDefinitionUser } from "../../registry/find_uses.ts";
import type { DeregisterPlan, DeregisterRefusal } from "../../registry/plan_deregister.ts";
import type { RunScope } from "../../model/service.ts";
import { byCode, byKind } from "./cases.ts";
import { error, info, type Line, warn } from "./log.ts";
import { commandTo } from "./own_commands.ts";
import { describeUser, describeUsesNotice } from "./uses_text.ts";
import { type RefusalLines, stillToDo } from "./phrases.ts";

/** What a dry run prints: one line for each change. */
export function renderDeregisterPlan(plan: DeregisterPlan): string[] {
  const lines = [
    ...plan.deregister.map(({ arn }) => `deregister ${arn}`),
    ...plan.delete.map(({ arn }) => `delete ${arn}`),
  ];
  return lines.length === 0 ? ["nothing to deregister"] : lines;
}

/** The question on a terminal before anything is changed. */
export function renderDeregisterQuestion(plan: DeregisterPlan, family: string): string {
  const [only, ...others] = plan.deregister;
  const what = only !== undefined && others.length === 0
    ? shortName(only)
    : `${plan.deregister.length} task definitions of ${family}`;
  return `Deregister ${what}${plan.delete.length === 0 ? "" : ` and delete ${plan.delete.length}`}?`;
}

/** Why a revision is not deregistered, and what to do instead. */
export const describeDeregisterRefusal = byCode<DeregisterRefusal, RefusalLines>({
  usesOfServiceUnknown: ({ family, ref }) => [
    `task definitions of ${family}: there is no service ${serviceName(ref.service)} in the cluster ` +
    `${clusterName(ref.cluster)}, so what it uses is not known`,
    "check cluster, service and region of the config; to list the services:",
    listServicesCommand(ref),
    "if there is no service on purpose, add --force",
  ],
  usesOfClusterUnknown: ({ family, notice }) => [
    `task definitions of ${family}: ${describeUsesNotice(notice)}`,
    "name the service in the config, or allow the call; if no service uses them, add --force",
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
    "deploy or roll back to another revision first; what is in use is never deregistered, not even with --force",
  ],
});

function listNewest(numbers: readonly number[]): string[] {
  return numbers.length === 0 ? [] : [`the newest registered revisions: ${numbers.join(", ")}`];
}

export const renderDeregisterEvent = byKind<DeregisterEvent, Line[]>({
  deregistering({ revision, position: { number, of } }) {
    return info(`Deregistering task definition: ${revision.arn}${of === 1 ? "" : ` (${number} of ${of})`}`);
  },
  deregistered: ({ revision }) => info(`Task definition is deregistered: ${revision.arn}`),
  deleting: ({ revisions }) => info(`Deleting ${renderNames(revisions)}`),
  deleted: ({ revisions }) => info(`Deleted: ${renderNames(revisions)}`),
  notDeregistered: ({ revision, user }) => error(`${shortName(revision)} is not deregistered: ${inUseByNow(user)}`),
  notice: ({ notice }) => warn(describeUsesNotice(notice)),
  notDeleted({ revision, reason }) {
    return error(`${shortName(revision)} is not deleted: ${typeof reason === "string" ? reason : inUseByNow(reason)}`);
  },
});

function inUseByNow(user: TaskDefinitionUser): string {
  return `${describeUser(user)} uses it now`;
}

/**
 * How a run of `deregister` ended, and what is left to do.
 *
 * @param ending `undefined`: by an error, which is reported elsewhere
 * @param events all events of the run
 * @param scope what it was about
 */
export function renderDeregisterEnd(
  ending: "ok" | "timedOut" | "stopped" | undefined,
  plan: DeregisterPlan,
  events: readonly DeregisterEvent[],
  scope: RunScope,
): Line[] {
  const deletes = plan.delete.length > 0;
  const command = commandTo("deregister", scope);
  const deleteOne = `${command} --delete --revision NUMBER`;
  const revisionsOf = (kind: "deregistered" | "notDeregistered" | "notDeleted") =>
    events.flatMap((event) => event.kind === kind ? [event.revision] : []);
  const done = revisionsOf("deregistered");
  if (ending === "ok") {
    const refused = revisionsOf("notDeleted");
    return [
      ...(plan.deregister.length > 1 ? info(`${done.length} task definitions are deregistered`) : []),
      ...error(
        ...revisionsOf("notDeregistered").map(({ revision }) =>
          stillToDo(`${command} --revision ${revision}${deletes ? " --delete" : ""}`, "once nothing uses it")
        ),
        ...(refused.length > 0 ? [`still to delete: ${renderNames(refused)} (to try one again: ${deleteOne})`] : []),
      ),
    ];
  }
  const deleted = events.flatMap((event) => event.kind === "deleted" ? event.revisions : []);
  const undeleted = deletes ? done.filter((revision) => !deleted.includes(revision)) : [];
  const count = `${done.length} of ${plan.deregister.length} task definitions have been deregistered`;
  const maybe = events.at(-1)?.kind === "deregistering" ? ", maybe one more" : "";
  const early = `${count}${maybe}; the same command goes on where this one stopped`;
  return warn(
    ending === undefined ? count : `${ending === "timedOut" ? "Timed out" : "Interrupted"}: ${early}`,
    ...(undeleted.length > 0
      ? [`deregistered, and not known to be deleted: ${renderNames(undeleted)} (to delete one: ${deleteOne})`]
      : []),
  );
}

function renderNames(revisions: readonly Revision[]): string {
  return revisions.map(shortName).join(", ");
}
