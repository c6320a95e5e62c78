import { clusterName, type Revision, serviceName, shortName } from "../model/arn.ts";
import { awsCli } from "../model/typed_commands.ts";
import type { DeregisterEvent, Position } from "../registry/deregister.ts";
import type { DeregisterPlan, DeregisterRefusal } from "../registry/plan_deregister.ts";
import type { Line } from "./log.ts";
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
  switch (refusal.code) {
    case "usesOfServiceUnknown": {
      const { family, ref } = refusal;
      const where = `${serviceName(ref.service)} in the cluster ${clusterName(ref.cluster)}`;
      return cannotDeregister(
        `task definitions of ${family}: there is no service ${where}, so what it uses is not known`,
        [
          "check cluster, service and region of the config; the services there are:",
          `${awsCli(ref)} ecs list-services --cluster ${ref.cluster}`,
          "where there is meant to be none, add --force",
        ],
      );
    }
    case "usesOfClusterUnknown":
      return cannotDeregister(`task definitions of ${refusal.family}: ${refusal.reason}`, [
        "name the service in the config, allow the call, or add --force where no service uses them",
      ]);
    case "latestNotRegistered":
      return cannotDeregister(`the latest revision of ${refusal.family}: none is registered`, []);
    case "revisionNotRegistered":
      return cannotDeregister(`${shortName(refusal.revision)}: it is not registered`, listNewest(refusal.newest));
    case "alreadyDeregistered":
      return cannotDeregister(
        `${shortName(refusal.revision)}: it is deregistered already (--delete deletes it)`,
        listNewest(refusal.newest),
      );
    case "inUse":
      return cannotDeregister(`${shortName(refusal.revision)}: it is in use by ${refusal.user}`, [
        "deploy or roll back to another revision first; what is in use is never deregistered, with --force neither",
      ]);
  }
}

function cannotDeregister(what: string, advice: readonly string[]): RefusalText {
  return { message: `cannot deregister ${what}`, advice };
}

function listNewest(numbers: readonly number[]): string[] {
  return numbers.length === 0 ? [] : [`the newest registered revisions: ${numbers.join(", ")}`];
}

/** Puts an event into words. */
export function renderDeregisterEvent(event: DeregisterEvent): Line[] {
  switch (event.kind) {
    case "deregistering":
      return [["info", `Deregistering task definition: ${event.revision.arn}${renderPosition(event.position)}`]];
    case "deregistered":
      return [["info", `Task definition is deregistered: ${event.revision.arn}`]];
    case "deleting":
      return [["info", `Deleting ${renderNames(event.revisions)}`]];
    case "deleted":
      return [["info", `Deleted: ${renderNames(event.revisions)}`]];
    case "notDeregistered":
      return [["error", `${shortName(event.revision)} is not deregistered: it is in use by ${event.user} by now`]];
    case "notice":
      return [["warn", event.message]];
    case "notDeleted":
      return [["error", `${shortName(event.revision)} is not deleted: ${event.reason}`]];
  }
}

function renderPosition({ number, of }: Position): string {
  return of === 1 ? "" : ` (${number} of ${of})`;
}

function renderNames(revisions: readonly Revision[]): string {
  return revisions.map(shortName).join(", ");
}
