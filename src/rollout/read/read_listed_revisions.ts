import { optional } from "../../errors.ts";
import { parseTaskDefinitionArn } from "../../model/arn.ts";
import { MOST_PAST_DEPLOYMENTS, oldestFirst, type PastDeployment } from "../../model/service_deployment.ts";
import type { ServiceReading } from "./read_service.ts";
import type { ListedRevisions } from "./revision_choice.ts";

/** How many registered revisions a message names. */
const NAMED_REVISIONS = 5;

/** Reads what a message says of a family; `undefined` where the revisions may not be listed. */
export async function readListedRevisions(
  family: string,
  { ref, ecs, signal }: ServiceReading,
): Promise<ListedRevisions | undefined> {
  const [{ value: numbers }, { value: past }] = await Promise.all([
    optional(ecs.listNewestRevisions(family, NAMED_REVISIONS, signal)),
    optional(ecs.listPastDeployments(ref, MOST_PAST_DEPLOYMENTS, signal)),
  ]);
  return numbers && { family, numbers, deployed: past && endsByNumber(family, past) };
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
