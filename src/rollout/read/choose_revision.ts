import { optional } from "../../errors.ts";
import { inFull, parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { MAX_PAST_DEPLOYMENTS, oldestFirst, type PastDeployment } from "../../model/service_deployment.ts";
import { NAMED_REVISIONS } from "../../registry/plan_deregister.ts";
import type { ServiceReading } from "./read_service.ts";
import { type PastReading, readPastRecord } from "./deployment_record.ts";
import { type Chosen, type ListedRevisions, noneChosen } from "./chosen_revision.ts";
import type { SoughtChoice } from "./revision_choice.ts";
import { chooseDeployment } from "./choose_deployment.ts";
import { choosePrevious, chooseStable, type RevisionSearch } from "./choose_previous.ts";
import type { ServiceSnapshot } from "../../model/service.ts";

/**
 * Finds the revision that a choice means. One named, of a family that the service shows, takes no call. Where ECS's
 * record may not be read, `named` and `previous` go on with a doubt; the others choose none.
 */
export async function chooseRevision(choice: SoughtChoice, search: RevisionSearch): Promise<Chosen> {
  switch (choice.kind) {
    case "named":
      return await chooseNamed(choice, search);
    case "previous":
      return await choosePrevious(search);
    case "stable":
      return await chooseStable(choice.minServedMs, search);
    default:
      return await chooseDeployment(choice, search);
  }
}

/** Checks that a named revision is of the service's account, and its family has run there, as far as can be known. */
async function chooseNamed(named: Extract<SoughtChoice, { kind: "named" }>, reading: PastReading): Promise<Chosen> {
  const { arn, family } = named;
  const { running, service } = reading;
  const prefix = (arn: string) => arn.slice(0, arn.lastIndexOf("/"));
  if (arn !== undefined && prefix(arn) !== prefix(running.arn)) return noneChosen({ code: "foreignAccount", running });
  const target = inFull(named, running);
  const isOfFamily = (arn: string | undefined) => arn !== undefined && parseTaskDefinitionArn(arn).family === family;
  const isShown = family === running.family ||
    service.deployments.some(({ taskDefinition }) => isOfFamily(taskDefinition));
  if (isShown) return { kind: "chosen", ...target };
  const { past, earliest, doubts } = await readPastRecord(reading, running);
  if (isOfFamily(earliest?.taskDefinition) || past.some(({ taskDefinition }) => isOfFamily(taskDefinition))) {
    return { kind: "chosen", ...target, doubts };
  }
  // Whether the family has run here cannot be known: the user decides.
  if (doubts.length > 0) return { kind: "chosen", ...target, doubts, isUnproven: true };
  return noneChosen({ code: "foreignFamily", family, running });
}

/** The revision that a service runs, where UpdateService can give it another one. */
export function runningRevision(service: ServiceSnapshot): Revision | undefined {
  const canBeUpdated = service.status === "ACTIVE" && service.deploymentController === "ECS";
  return canBeUpdated && service.taskDefinition !== undefined
    ? parseTaskDefinitionArn(service.taskDefinition)
    : undefined;
}

/** Reads what a message says of a family's newest revisions; `undefined` where they may not be listed. */
export async function readListedRevisions(
  family: string,
  { ref, ecs, signal }: ServiceReading,
): Promise<ListedRevisions | undefined> {
  const [{ value: numbers }, { value: past }] = await Promise.all([
    optional(ecs.listNewestRevisions(family, NAMED_REVISIONS, signal)),
    optional(ecs.listPastDeployments(ref, MAX_PAST_DEPLOYMENTS, signal)),
  ]);
  return numbers && { numbers, deployed: past && endsByNumber(family, past) };
}

function endsByNumber(family: string, past: readonly PastDeployment[]): Readonly<Record<number, string>> {
  const ends: Record<number, string> = {};
  for (const { taskDefinition, status } of oldestFirst(past)) {
    if (taskDefinition === undefined) continue;
    const deployed = parseTaskDefinitionArn(taskDefinition);
    if (deployed.family === family) ends[deployed.revision] = status;
  }
  return ends;
}
