import { optional, unlessDenied } from "../../errors.ts";
import { parseTaskDefinitionArn, type Revision, siblingArn } from "../../model/arn.ts";
import { findLikelyCopies, type Originals } from "../../model/history.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { PastDeployment, ServiceRevision } from "../../model/service_deployment.ts";
import { copiedFrom, type TaskDefinition } from "../../model/task_definition.ts";
import type { DeploymentRecord } from "./deployment_record.ts";
import type { Doubt } from "./revision_choice.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

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
  readonly originals: Originals;
  /** What the oldest deployment came from. */
  readonly earliest: ServiceRevision | undefined;
  /** The images of what is to be left, where those are known. */
  readonly images: readonly ContainerImage[] | undefined;
  /** One for each part that may not be read. */
  readonly doubts: readonly Doubt[];
  /** Why none of it may be read, in AWS's words. */
  readonly denial: AwsFailure | undefined;
}

/** Reads what ECS has on record of the time before `from` ran; that parts may not be read is a doubt only. */
export async function readPastRecord(reading: PastReading, from: Revision): Promise<PastRecord> {
  const { service, ecs, record, readImagesNow, signal } = reading;
  const doubts: Doubt[] = [];
  const [{ value: past = [], denied }, definition] = await Promise.all([
    record.read("most"),
    unlessDenied(
      ecs.describeTaskDefinition(from.arn, signal),
      ({ failure: denial }) => doubts.push({ code: "copyNotRead", revision: from, denial }),
    ),
  ]);
  if (denied !== undefined) doubts.unshift({ code: "deploymentsNotRead", denial: denied.failure });
  const isRunning = from.arn === service.taskDefinition;
  const [earliest, images, originals] = await Promise.all([
    unlessDenied(
      record.findEarliest(),
      ({ failure: denial }) => doubts.push({ code: "earliestNotRead", denial }),
    ),
    isRunning ? readImagesNow() : readLeftImages(from, past, reading),
    readOriginals(past, reading),
  ]);
  return {
    ...{ past, earliest, images, doubts, denial: denied?.failure },
    originals: new Map([...originals, ...originalOf(from, definition)]),
  };
}

/** So many task definitions are asked whether they are copies: each is a call. */
const MOST_COPIES = 5;

/**
 * Reads of the newest deployments that may have been of copies what they were copies of; only what may be read. What they
 * are likely copies of is read beside them: where it is the target, it need not be waited for.
 */
async function readOriginals(past: readonly PastDeployment[], { ecs, signal }: PastReading): Promise<Originals> {
  const likely = [...findLikelyCopies(past)].slice(-MOST_COPIES);
  const read = async (arn: string) => (await optional(ecs.describeTaskDefinition(arn, signal))).value;
  const [copies] = await Promise.all([
    Promise.all(likely.map(async ([arn]) => originalOf(parseTaskDefinitionArn(arn), await read(arn)))),
    ...new Set(likely.map(([, original]) => original)).values().map(read),
  ]);
  return new Map(copies.flat());
}

function originalOf(copy: Revision, definition: TaskDefinition | undefined): [copy: string, original: string][] {
  const number = definition && copiedFrom(definition.raw, copy.family);
  return number === undefined ? [] : [[copy.arn, siblingArn(copy, number)]];
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
