import type { Clock } from "../../host.ts";
import { readWhile } from "../../host/retry.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";
import { type AwsError, isRefusal, optional, unlessDenied } from "../../errors.ts";
import type { JsonObject } from "../../model/json.ts";
import type { EcsReader, Priority, ScalingPort } from "../../model/ports.ts";
import { scalableResourceId, type ScalableTarget } from "../../model/scalable_target.ts";
import {
  type DescribedService,
  primaryDeployment,
  type ServiceRef,
  type ServiceSnapshot,
} from "../../model/service.ts";
import { hasEnded, hasFailed, newestFirst, type ServiceRevision } from "../../model/service_deployment.ts";
import { findWaitsRecord, type FoundWaitsRecord } from "../../model/waits.ts";
import { noteTo, type Unread } from "./unread.ts";
import type { NewestDeployment } from "./newest_deployment.ts";
import { readScalingRecord, type RecordRead } from "./scaling_record.ts";

// Reads the parts of a service that several plans need.

/** A service, and what it is read with. */
export interface ServiceReading {
  readonly ref: ServiceRef;
  readonly ecs: EcsReader;
  readonly signal: AbortSignal;
}

/**
 * Reads ECS's record of the newest deployment where it matters: one is in progress, or the strategy is not rolling. One
 * call, and one more for what ECS would go back to.
 */
export async function readNewestDeployment(
  service: ServiceSnapshot,
  { ref, ecs, signal }: ServiceReading,
): Promise<NewestDeployment | undefined> {
  const { currentServiceDeployment, deploymentStrategy } = service;
  const isRolling = deploymentStrategy === "ROLLING";
  if (isRolling && primaryDeployment(service)?.rolloutState !== "IN_PROGRESS") return undefined;
  const deployment = currentServiceDeployment === undefined
    ? await ecs.findNewestServiceDeployment(ref, signal)
    : await ecs.describeServiceDeployment(currentServiceDeployment, signal);
  if (deployment === undefined) return undefined;
  // ECS goes back to what was completed last. That is not the source of a deployment that replaced an unfinished one.
  const back = deployment.rollback?.revisionArn;
  const [source, ...others] = back === undefined ? deployment.sourceRevisionArns : [back];
  if (hasEnded(deployment) || source === undefined || others.length > 0) return { deployment, cameFrom: undefined };
  const [revision] = await ecs.describeServiceRevisions([source], signal);
  return { deployment, cameFrom: revision?.taskDefinition, source: revision };
}

/** What planning to wait needs to know. */
export interface WaitState {
  readonly ref: ServiceRef;
  readonly service: ServiceSnapshot | undefined;
  /** ECS's record of the newest deployment, whether it is under way or not. */
  readonly newest: NewestDeployment | undefined;
  /** The ARN of the newest deployment's task definition, where that deployment has failed. */
  readonly deployed: string | undefined;
  /** An earlier run's record of what deployments wait for, which is still to be restored. */
  readonly waitsRecord?: FoundWaitsRecord;
  /** Why ECS's record of the newest deployment may not be read: one denial for each part. */
  readonly denied: readonly AwsError[];
}

/** Reads what waiting is planned from: the service, and by one to three calls ECS's record of its newest deployment. */
export async function readWaitState(reading: ServiceReading): Promise<WaitState> {
  const { ref, ecs, signal } = reading;
  const denied: AwsError[] = [];
  const service = await ecs.describeService(ref, signal);
  // Not every partition of AWS has these records: where it has none, it rejects the call.
  const readRecord = <Part>(part: Promise<Part>) => unlessDenied(part, (denial) => denied.push(denial), isRefusal);
  const newest = service && await readRecord(readNewestOrLast(service, reading));
  const target = newest && hasFailed(newest.deployment) ? newest.deployment.targetRevisionArn : undefined;
  const revisions = target === undefined ? [] : await readRecord(ecs.describeServiceRevisions([target], signal));
  const waitsRecord = service && findWaitsRecord(service.raw);
  return { ref, service, newest, deployed: revisions?.[0]?.taskDefinition, waitsRecord, denied };
}

/** Reads the last deployment even where none is under way: only its record shows that ECS has rolled it back. */
async function readNewestOrLast(
  service: ServiceSnapshot,
  reading: ServiceReading,
): Promise<NewestDeployment | undefined> {
  const newest = await readNewestDeployment(service, reading);
  if (newest !== undefined || service.status !== "ACTIVE" || service.deploymentController !== "ECS") return newest;
  const deployment = await reading.ecs.findNewestServiceDeployment(reading.ref, reading.signal);
  return deployment && { deployment, cameFrom: undefined };
}

/** The service as a scalable target, with what an earlier run has suspended and not restored. */
export type ScalingState = RecordRead & { readonly target: ScalableTarget };

/**
 * Reads the service as a scalable target; `undefined` where it is none. That its tags are denied is part of the result.
 * Throws an AwsError where the target itself may not be read.
 */
export async function readScaling(
  ref: ServiceRef,
  scaling: ScalingPort,
  signal: AbortSignal,
): Promise<ScalingState | undefined> {
  const target = await scaling.describeScalableTarget(scalableResourceId(ref), signal);
  return target && { target, ...await readScalingRecord(target.arn, scaling, signal) };
}

/** What planning to scale needs to know. */
export interface ScaleState extends Pick<WaitState, "ref" | "service" | "newest" | "waitsRecord"> {
  readonly scaling: ScalingState | undefined;
  /** Why the scalable target may not be read, where the run changes nothing of it. */
  readonly scalingDenial?: AwsFailure | undefined;
  readonly denied: readonly Unread[];
}

/**
 * Reads what scaling is planned from: the service, its scalable target, and what is under way.
 *
 * @param changesScaling whether auto scaling is to be changed: then it must be known
 */
export async function readScaleState(
  reading: ServiceReading,
  scalingPort: ScalingPort,
  changesScaling: boolean,
): Promise<ScaleState> {
  const { ref, ecs, signal } = reading;
  const denied: Unread[] = [];
  const [service, scaling] = await Promise.all([
    ecs.describeService(ref, signal),
    changesScaling
      ? readScaling(ref, scalingPort, signal).then((value) => ({ value, denied: undefined }))
      : optional(readTarget(ref, scalingPort, signal), () => !signal.aborted),
  ]);
  const newest = service &&
    await unlessDenied(readNewestDeployment(service, reading), noteTo(denied, "underWay"));
  const scalingDenial = scaling.denied?.failure;
  const waitsRecord = service && findWaitsRecord(service.raw);
  return { ref, service, scaling: scaling.value, ...(scalingDenial && { scalingDenial }), newest, waitsRecord, denied };
}

/** Reads the scalable target alone: only its limits count where nothing of it is changed. */
async function readTarget(ref: ServiceRef, port: ScalingPort, signal: AbortSignal): Promise<ScalingState | undefined> {
  const target = await port.describeScalableTarget(scalableResourceId(ref), signal);
  return target && { target, record: undefined, unrecordable: undefined };
}

/** A service, to be compared with its definition. */
export interface WholeService {
  readonly service: DescribedService;
  /** Every member, including those that ECS shows in service revisions only. */
  readonly members: JsonObject;
  /** Members of the definition that may not be read, and why. */
  readonly unread: readonly string[];
  readonly denied: AwsError | undefined;
}

/**
 * Reads a service as a whole. What ECS shows in service revisions only is read where the definition has some of it,
 * because that takes one more call and permission.
 */
export async function readWholeService(
  definition: JsonObject,
  { ref, ecs, signal }: ServiceReading,
): Promise<WholeService | undefined> {
  const service = await ecs.describeService(ref, signal);
  if (service === undefined) return undefined;
  const { raw } = service;
  const { inRevisionOnly } = ecs.updatableMembers();
  const wanted = inRevisionOnly.filter((name) => (definition[name] ?? null) !== null);
  if (wanted.length === 0 || service.serviceRevisionArns.length === 0) {
    return { service, members: raw, unread: [], denied: undefined };
  }
  const reading = ecs.describeServiceRevisions(service.serviceRevisionArns, signal);
  const { value: revisions = [], denied } = await optional(reading);
  const shown = currentRevision(revisions, raw.taskDefinition)?.raw ?? {};
  const ofRevision = inRevisionOnly.flatMap((name) => name in shown ? [[name, shown[name]!] as const] : []);
  const members = { ...raw, ...Object.fromEntries(ofRevision) };
  return { service, members, unread: denied === undefined ? [] : wanted, denied };
}

/**
 * Picks the service revision that counts: while a deployment is under way, a service has several. It is the newest one
 * of the running task definition, so none that ECS has rolled back.
 */
export function currentRevision(revisions: readonly ServiceRevision[], running: unknown): ServiceRevision | undefined {
  const newest = newestFirst(revisions);
  return newest.find(({ taskDefinition }) => taskDefinition === running) ?? newest[0];
}

/** How many stale reads are repeated, half a minute in all; after that, what they show counts. */
const MAX_STALE_READS = 15;
const STALE_PAUSE_MS = 2_000;

/**
 * A reader that reads the service again while `isStale` says that the answer is older than what is known: ECS is
 * eventually consistent.
 */
export function retryStaleReads<Ecs extends EcsReader>(
  ecs: Ecs,
  isStale: (service: ServiceSnapshot) => boolean,
  clock: Pick<Clock, "sleep">,
): Ecs {
  let readsLeft = MAX_STALE_READS;
  const readFresh = <Read extends ServiceSnapshot>(
    read: (ref: ServiceRef, signal: AbortSignal, priority?: Priority) => Promise<Read | undefined>,
  ) =>
  async (ref: ServiceRef, signal: AbortSignal, priority?: Priority) => {
    const mayBeStale = (service: Read | undefined) => service !== undefined && isStale(service) && !signal.aborted;
    return await readWhile(
      // All calls share the reads that are left.
      (service) => mayBeStale(service) && readsLeft-- > 0,
      () => read(ref, signal, priority),
      { clock, maxReads: Infinity, everyMs: STALE_PAUSE_MS },
      signal,
    );
  };
  return { ...ecs, describeService: readFresh(ecs.describeService), readSnapshot: readFresh(ecs.readSnapshot) };
}
