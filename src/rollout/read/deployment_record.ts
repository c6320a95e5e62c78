import { type Optional, optional, unlessDenied } from "../../errors.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import {
  hasEnded,
  hasFailed,
  hasRollbackStarted,
  isBeingRolledBack,
  MAX_PAST_DEPLOYMENTS,
  newestFirst,
  oldestFirst,
  type PastDeployment,
  type ServiceDeployment,
  type ServiceRevision,
} from "../../model/service_deployment.ts";
import { currentRevision, type ServiceReading } from "./read_service.ts";
import { inFull, parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { findLikelyCopies, type Originals } from "../../model/history.ts";
import type { ContainerImage } from "../../model/images.ts";
import { copiedFrom, type TaskDefinition } from "../../model/task_definition.ts";
import type { Doubt } from "./chosen_revision.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

/** As many as one call describes: a rollback by number rarely goes further back. */
const FEW_DEPLOYMENTS = 20;

type Past = Optional<readonly PastDeployment[]>;

/** What a service and its past are read with. */
export interface RecordReading extends ServiceReading {
  readonly record: DeploymentRecord;
}

/** ECS's record of a service's deployments: read once, and no further back than is asked for. */
export class DeploymentRecord {
  #few: Promise<Past> | undefined;
  #most: Promise<Past> | undefined;
  #running: Promise<ServiceRevision | undefined> | undefined;
  #earliest: Promise<ServiceRevision | undefined> | undefined;
  #isOldestWanted = false;
  #oldest: Promise<ServiceDeployment | undefined> | undefined;

  constructor(private readonly reading: ServiceReading) {}

  /**
   * Begins to read; an error is thrown where the result is awaited. With `most`, the oldest deployment is described at
   * the same time as what each was to bring, because what it came from may be the answer.
   */
  begin(amount: "few" | "most"): void {
    this.#isOldestWanted = amount === "most";
    this.read(amount).catch(() => undefined);
  }

  /** The deployments of the last 90 days, newest first, or the denial. */
  async read(amount: "few" | "most"): Promise<Past> {
    if (amount === "few" && this.#most === undefined) return await (this.#few ??= this.#list(FEW_DEPLOYMENTS));
    const few = await this.#few;
    const isWhole = few !== undefined && (few.value === undefined || few.value.length < FEW_DEPLOYMENTS);
    return isWhole ? few : await (this.#most ??= this.#list(MAX_PAST_DEPLOYMENTS));
  }

  /** The newest deployment that `isMeant` accepts; `undefined` where there is none, or the record may not be read. */
  async find(isMeant: (deployment: PastDeployment) => boolean): Promise<PastDeployment | undefined> {
    return (await this.read("few")).value?.find(isMeant) ?? (await this.read("most")).value?.find(isMeant);
  }

  /** The service revision that a service runs, or is to run; `undefined` where ECS does not show it. */
  async findRunning(service: ServiceSnapshot): Promise<ServiceRevision | undefined> {
    return await (this.#running ??= this.#findRunning(service));
  }

  async #findRunning({ serviceRevisionArns, taskDefinition }: ServiceSnapshot): Promise<ServiceRevision | undefined> {
    const { value: past = [] } = await this.read("few");
    const known = past.flatMap(({ revision }) => revision ?? []).filter(({ arn }) => serviceRevisionArns.includes(arn));
    const others = serviceRevisionArns.filter((arn) => known.every((revision) => revision.arn !== arn));
    const { ecs, signal } = this.reading;
    const { value = [] } = others.length === 0 ? {} : await optional(ecs.describeServiceRevisions(others, signal));
    const all = [...known, ...value];
    // Of several deployments of one task definition, only the record shows which ones ECS has rolled back.
    const left = new Set(past.filter(hasRollbackStarted).map(({ revision }) => revision?.arn));
    const kept = all.filter(({ arn }) => !left.has(arn));
    return currentRevision(kept.length > 0 ? kept : all, taskDefinition);
  }

  /**
   * The service revision of the PRIMARY deployment; `undefined` also where ECS's records do not agree: one may lag
   * behind, and a deployment of the same task definition that has just begun must not be taken for the one before.
   */
  async findDeployed(service: ServiceSnapshot): Promise<ServiceRevision | undefined> {
    const runs = await this.findRunning(service);
    const { value: past = [] } = await this.read("few");
    const [newest] = newestFirst(past);
    if (newest === undefined || runs === undefined) return runs;
    if (hasFailed(newest) || isBeingRolledBack(newest)) return runs;
    const isUnderWay = primaryDeployment(service)?.rolloutState === "IN_PROGRESS";
    return newest.revision?.arn !== runs.arn || (isUnderWay && hasEnded(newest)) ? undefined : runs;
  }

  /**
   * What ran before all of the deployments on record: a service may have run the same for longer than ECS keeps
   * records. `undefined` where the oldest deployment came from several service revisions, or from none.
   *
   * @throws AwsError where that may not be read
   */
  async findEarliest(): Promise<ServiceRevision | undefined> {
    return await (this.#earliest ??= this.#findEarliest());
  }

  async #findEarliest(): Promise<ServiceRevision | undefined> {
    const { value: past = [] } = await this.read("most");
    const oldest = oldestFirst(past)[0];
    if (oldest === undefined) return undefined;
    const { ecs, signal } = this.reading;
    const begun = await this.#oldest;
    const deployment = begun?.arn === oldest.arn ? begun : await ecs.describeServiceDeployment(oldest.arn, signal);
    const [source, ...others] = deployment?.sourceRevisionArns ?? [];
    if (source === undefined || others.length > 0) return undefined;
    const known = past.find(({ revision }) => revision?.arn === source)?.revision;
    return known ?? (await ecs.describeServiceRevisions([source], signal))[0];
  }

  #list(limit: number): Promise<Past> {
    const { ref, ecs, signal } = this.reading;
    const onListed = this.#isOldestWanted ? this.#beginOldest : undefined;
    return optional(ecs.listPastDeployments(ref, limit, signal, onListed));
  }

  readonly #beginOldest = (arns: readonly string[]): void => {
    const oldest = arns.at(-1);
    const { ecs, signal } = this.reading;
    this.#oldest = oldest === undefined ? undefined : ecs.describeServiceDeployment(oldest, signal);
    this.#oldest?.catch(() => undefined);
  };
}

export interface PastReading extends RecordReading {
  readonly service: ServiceSnapshot;
  readonly running: Revision;
  /** Reads which images the service runs; `undefined` where nothing shows it. */
  readonly readImagesNow: () => Promise<readonly ContainerImage[] | undefined>;
}

/** What ECS has on record of the time before a revision ran. */
export interface PastRecord {
  readonly past: readonly PastDeployment[];
  /** The ARN of the original, by the ARN of its copy: deploying a copy counts as deploying its original. */
  readonly originals: Originals;
  /** What the oldest deployment came from: it ran before all of them. */
  readonly earliest: ServiceRevision | undefined;
  /** The images of the revision to leave, where known: with others, the same task definition is something else. */
  readonly images: readonly ContainerImage[] | undefined;
  /** One for each part that may not be read. */
  readonly doubts: readonly Doubt[];
  /** Why none of it may be read, in AWS's words. */
  readonly denial: AwsFailure | undefined;
}

/** Reads what ECS has on record of the time before `from` ran; each part that may not be read becomes a doubt. */
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
    unlessDenied(record.findEarliest(), ({ failure: denial }) => doubts.push({ code: "earliestNotRead", denial })),
    isRunning ? readImagesNow() : readLeftImages(from, past, reading),
    readOriginals(past, reading),
  ]);
  return {
    ...{ past, earliest, images, doubts, denial: denied?.failure },
    originals: new Map([...originals, ...originalOf(from, definition)]),
  };
}

/** How many likely copies are read, for their originals or for their image tags: each takes a call. */
export const MAX_COPIES = 5;

/**
 * Finds the originals of the newest likely copies; what may not be read is left out. The likely originals are read at
 * the same time: one of them may be the target, which then need not be waited for.
 */
async function readOriginals(past: readonly PastDeployment[], { ecs, signal }: PastReading): Promise<Originals> {
  const likely = [...findLikelyCopies(past)].slice(-MAX_COPIES);
  const read = async (arn: string) => (await optional(ecs.describeTaskDefinition(arn, signal))).value;
  const [copies] = await Promise.all([
    Promise.all(likely.map(async ([arn]) => originalOf(parseTaskDefinitionArn(arn), await read(arn)))),
    ...new Set(likely.map(([, original]) => original)).values().map(read),
  ]);
  return new Map(copies.flat());
}

function originalOf(copy: Revision, definition: TaskDefinition | undefined): [copy: string, original: string][] {
  const number = definition && copiedFrom(definition.raw, copy.family);
  return number === undefined ? [] : [[copy.arn, inFull({ revision: number }, copy).arn]];
}

/**
 * The images of a revision that was left. It may have been left before its first task started: where a copy of it runs
 * now, the images without a digest are known to be other ones than the copy's.
 */
async function readLeftImages(
  from: Revision,
  past: readonly PastDeployment[],
  { running, ecs, signal }: PastReading,
): Promise<readonly ContainerImage[] | undefined> {
  const images = newestFirst(past).find(({ taskDefinition }) => taskDefinition === from.arn)?.revision?.images;
  if (images === undefined || images.every(({ digest }) => digest !== undefined)) return images;
  const { value: definition } = await optional(ecs.describeTaskDefinition(running.arn, signal));
  const isCopy = definition !== undefined && copiedFrom(definition.raw, from.family) === from.revision;
  return images.map((image) => ({ ...image, ...(isCopy && image.digest === undefined && { isGone: true }) }));
}
