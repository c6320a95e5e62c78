import { shortName } from "../../model/arn.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceRef } from "../../model/service.ts";
import { MOST_PAST_DEPLOYMENTS, type PastDeployment } from "../../model/service_deployment.ts";
import { optional } from "../../errors.ts";

/** The newest ACTIVE numbers of a family, newest first, and what has become of them in a service. */
export interface ListedRevisions {
  readonly family: string;
  readonly numbers: readonly number[];
  /** How the newest deployment of each has ended that was deployed, by number; `undefined` where that may not be read. */
  readonly deployed: Readonly<Record<number, string>> | undefined;
}

export const NO_REVISIONS: ListedRevisions = { family: "", numbers: [], deployed: {} };

/** How many registered revisions a message names. */
const NAMED_REVISIONS = 5;

/** Reads what a message says of a family; `undefined` where the revisions may not be listed. */
export async function readListedRevisions(
  family: string,
  ref: ServiceRef,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<ListedRevisions | undefined> {
  const [{ value: numbers }, { value: past }] = await Promise.all([
    optional(ecs.listNewestRevisions(family, NAMED_REVISIONS, signal)),
    optional(ecs.listPastDeployments(ref, MOST_PAST_DEPLOYMENTS, signal)),
  ]);
  return numbers && { family, numbers, deployed: past && endsByNumber(family, past) };
}

function endsByNumber(family: string, past: readonly PastDeployment[]): Readonly<Record<number, string>> {
  const ends: Record<number, string> = {};
  for (const { taskDefinition, status } of past.toSorted((a, b) => a.createdAtMs - b.createdAtMs)) {
    const name = taskDefinition?.split("/").at(-1) ?? "";
    const revision = Number(name.split(":").at(-1));
    if (name === shortName({ family, revision })) ends[revision] = status;
  }
  return ends;
}
