import { optional, unlessDenied } from "../../errors.ts";
import type { Revision } from "../../model/arn.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { PastDeployment, ServiceRevision } from "../../model/service_deployment.ts";
import { copiedFrom } from "../../model/task_definition.ts";
import type { DeploymentRecord } from "./deployment_record.ts";
import type { Doubt } from "./revision_choice.ts";

export interface PastReading {
  readonly service: ServiceSnapshot;
  readonly ecs: EcsReader;
  readonly record: DeploymentRecord;
  /** What the service runs. */
  readonly running: Revision;
  /** The images that the service runs, where that is known. */
  readonly readImagesNow: () => Promise<readonly ContainerImage[] | undefined>;
  readonly signal: AbortSignal;
}

/** What ECS has on record of the time before a revision ran. */
export interface PastRecord {
  readonly past: readonly PastDeployment[];
  /** The number of the revision that it is a copy of. */
  readonly original: number | undefined;
  /** What the oldest deployment came from. */
  readonly earliest: ServiceRevision | undefined;
  /** The images of what is to be left, where those are known. */
  readonly images: readonly ContainerImage[] | undefined;
  /** One for each part that may not be read. */
  readonly doubts: readonly Doubt[];
  /** Why none of it may be read, in AWS's words. */
  readonly denial: string | undefined;
}

/** Reads what ECS has on record of the time before `from` ran; that parts may not be read is a doubt only. */
export async function readPastRecord(reading: PastReading, from: Revision): Promise<PastRecord> {
  const { service, ecs, record, readImagesNow, signal } = reading;
  const doubts: Doubt[] = [];
  const [{ value: past = [], denied }, definition] = await Promise.all([
    record.read("most"),
    unlessDenied(
      ecs.describeTaskDefinition(from.arn, signal),
      ({ message: denial }) => doubts.push({ code: "copyNotRead", revision: from, denial }),
    ),
  ]);
  if (denied !== undefined) doubts.unshift({ code: "deploymentsNotRead", denial: denied.message });
  const isRunning = from.arn === service.taskDefinition;
  const [earliest, images] = await Promise.all([
    unlessDenied(
      record.findEarliest(),
      ({ message: denial }) => doubts.push({ code: "earliestNotRead", denial }),
    ),
    isRunning ? readImagesNow() : readLeftImages(from, past, reading),
  ]);
  const original = definition && copiedFrom(definition.raw, from.family);
  return { past, original, earliest, images, doubts, denial: denied?.message };
}

/**
 * The images of what was left. It may have been left before its first task had started: where a copy of the same task
 * definition runs now, those images were other ones.
 */
async function readLeftImages(
  from: Revision,
  past: readonly PastDeployment[],
  { running, ecs, signal }: PastReading,
): Promise<readonly ContainerImage[] | undefined> {
  const newestFirst = past.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  const images = newestFirst.find(({ taskDefinition }) => taskDefinition === from.arn)?.revision?.images;
  if (images === undefined || images.every(({ digest }) => digest !== undefined)) return images;
  const { value: definition } = await optional(ecs.describeTaskDefinition(running.arn, signal));
  const isCopy = definition !== undefined && copiedFrom(definition.raw, from.family) === from.revision;
  return images.map((image) => ({ ...image, ...(isCopy && image.digest === undefined && { isGone: true }) }));
}
