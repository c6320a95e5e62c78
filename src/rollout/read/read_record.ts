import type { Revision } from "../../model/arn.ts";
import { MOST_PAST_DEPLOYMENTS, type PastDeployment } from "../../model/service_deployment.ts";
import { optional } from "../../errors.ts";
import { copiedFrom } from "../steps/register_copy.ts";
import type { Asked, Choosing, Doubt } from "./revision_choice.ts";

/** What ECS has on record of the service's deployments. */
export interface PastRecord {
  readonly past: readonly PastDeployment[];
  readonly original: number | undefined;
  readonly earliest: string | undefined;
}

/**
 * Reads what `previous` is found by: one call and those for each page of deployments, two for what was there before, and
 * one more where something else than what runs is to be left.
 *
 * @param from what is to be left
 * @param doubts gets one for each part that may not be read
 */
export async function readRecord(
  { ref, ecs }: Choosing,
  from: Revision,
  doubts: Doubt[],
  signal: AbortSignal,
): Promise<PastRecord> {
  const withDoubt = async <Part>(part: Promise<Part>, doubt: (denial: string) => Doubt) => {
    const { value, denied } = await optional(part);
    if (denied !== undefined) doubts.push(doubt(denied.message));
    return value;
  };
  const [past = [], definition] = await Promise.all([
    withDoubt(
      ecs.listPastDeployments(ref, MOST_PAST_DEPLOYMENTS, signal),
      (denial) => ({ code: "deploymentsNotRead", denial }),
    ),
    withDoubt(
      ecs.describeTaskDefinition(from.arn, signal),
      (denial) => ({ code: "copyNotRead", revision: from, denial }),
    ),
  ]);
  const earliest = await withDoubt(
    readEarliest(past, ecs, signal),
    (denial) => ({ code: "earliestNotRead", denial }),
  );
  return { past, original: definition && copiedFrom(definition.raw, from.family), earliest };
}

/**
 * What the oldest deployment on record came from: a service may have run the same for longer than ECS keeps records.
 *
 * @returns the task definition's ARN; `undefined` where it came from several, or from none: it made the service
 */
async function readEarliest(
  past: readonly PastDeployment[],
  ecs: Asked,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [oldest] = past.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  const deployment = oldest && await ecs.describeServiceDeployment(oldest.arn, signal);
  const [source, ...others] = deployment?.sourceRevisionArns ?? [];
  if (source === undefined || others.length > 0) return undefined;
  const [revision] = await ecs.describeServiceRevisions([source], signal);
  return revision?.taskDefinition;
}
