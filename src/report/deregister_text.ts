import { type Revision, shortName } from "../model/arn.ts";
import type { DeregisterEvent, Position } from "../registry/deregister.ts";
import type { DeregisterPlan } from "../registry/plan_deregister.ts";
import type { Line } from "./log.ts";

/** What a dry run prints: a line for each thing that would be done. */
export function renderDeregisterPlan(plan: DeregisterPlan): string[] {
  const lines = [
    ...plan.deregister.map(({ arn }) => `deregister ${arn}`),
    ...plan.delete.map(({ arn }) => `delete ${arn}`),
  ];
  return lines.length === 0 ? ["nothing to deregister"] : lines;
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
