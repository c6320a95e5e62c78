import { parseTaskDefinitionArn, type Revision, shortName } from "../../model/arn.ts";
import type { EcsReader, ScalingPort } from "../../model/ports.ts";
import { scalableResourceId, type ScalableTarget } from "../../model/scalable_target.ts";
import { primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../../model/service.ts";
import { hasEnded, hasFailed, type ServiceDeployment } from "../../model/service_deployment.ts";
import { copiedFrom, type TaskDefinition } from "../../model/task_definition.ts";
import { AwsError, optional } from "../../errors.ts";
import { chooseRevision, revisionNamed } from "./choose_revision.ts";
import type { Choosing, Chosen, LeftChoice, RevisionChoice } from "./revision_choice.ts";
import { type ListedRevisions, NO_REVISIONS, readListedRevisions } from "./listed_revisions.ts";
import { readScalingRecord, type ScalingRecord } from "../scaling_record.ts";

/** Everything that planning a rollback needs to know of the world. What was not needed to decide is left out. */
export interface CurrentState {
  readonly ref: ServiceRef;
  /** What the user asked for, and what it comes to; `undefined` when the service rules a rollback out. */
  readonly choice: RevisionChoice;
  readonly chosen: Chosen | undefined;
  /** What is to be left, and nothing else, where the user has said so. */
  readonly left?: Revision | undefined;
  readonly service: ServiceSnapshot | undefined;
  /** The service's task definition as of now; `undefined` when it has been deleted, or was not needed. */
  readonly current: TaskDefinition | undefined;
  readonly target: TaskDefinition | undefined;
  /**
   * The newest ACTIVE numbers of the family, newest first; read only when the target is not registered, and `undefined`
   * when they may not be read.
   */
  readonly newestRevisions: ListedRevisions | undefined;
  /** `undefined` when the service is no scalable target, or nobody asked for scaling. */
  readonly scaling: ScalingState | undefined;
  /** ECS's own record of the newest deployment, where it matters: one is in progress, or is no rolling one. */
  readonly newest: NewestDeployment | undefined;
  /** The optional things that may not be read, in AWS's words. */
  readonly denied: readonly string[];
}

/** The newest service deployment, and where it goes back to, or would. */
export interface NewestDeployment {
  readonly deployment: ServiceDeployment;
  /** The task definition of that, as an ARN: its source's, until ECS names another. `undefined` when there are several sources, or none. */
  readonly cameFrom: string | undefined;
}

/** The service as a scalable target. */
export interface ScalingState {
  readonly target: ScalableTarget;
  /** What an earlier run has suspended and not given back. */
  readonly record: ScalingRecord | undefined;
  /** Why no record can be kept, where none can. */
  readonly unrecordable: string | undefined;
}

/**
 * Reads what a rollback is planned from: three calls, two of them at the same time; those of `chooseRevision` where the
 * revision has to be found; two more when scaling is asked for, one more when the target is deregistered, and two or three
 * more while another deployment is in progress or the service deploys by another strategy than rolling.
 * Fewer when the service rules a rollback out. `scaling` is `undefined` when no scaling option was given.
 */
export async function readCurrentState(
  ref: ServiceRef,
  choice: RevisionChoice,
  reader: EcsReader,
  scaling: ScalingPort | undefined,
  signal: AbortSignal,
  leftChoice?: LeftChoice,
): Promise<CurrentState> {
  const ecs = describingOnce(reader);
  const denied: string[] = [];
  const [service, scalingState] = await Promise.all([
    ecs.describeService(ref, signal),
    scaling && readScaling(ref, scaling, signal),
  ]);
  const known = { ref, choice, service, scaling: scalingState, denied };
  const running = service && runningRevision(service);
  if (service === undefined || running === undefined) {
    const nothing = { chosen: undefined, current: undefined, target: undefined, newest: undefined };
    return { ...known, ...nothing, newestRevisions: NO_REVISIONS };
  }
  const left = leftChoice && revisionNamed(leftChoice, running);
  const [current, { chosen, target }, { value: newest, denied: denial }] = await Promise.all([
    ecs.describeTaskDefinition(running.arn, signal),
    readTarget({ choice, from: left, ref, service, running, ecs }, ecs, signal),
    optional(readNewestDeployment(ref, service, ecs, signal)),
  ]);
  if (denial !== undefined) denied.push(denial.message);
  if (chosen.kind === "chosen" && target?.status === "INACTIVE" && isCopy(current, target)) {
    const { arn, family, revision } = target;
    const reason = { code: "runsCopy", copy: running, of: { arn, family, revision } } as const;
    const copy = { ...chosen, revision: running.revision, reason };
    return { ...known, left, chosen: copy, current, target: current, newestRevisions: NO_REVISIONS, newest };
  }
  const isMissing = chosen.kind === "chosen" && target === undefined;
  const newestRevisions = isMissing ? await readListedRevisions(chosen.family, ref, ecs, signal) : NO_REVISIONS;
  return { ...known, left, chosen, current, target, newestRevisions, newest };
}

/**
 * Whether what runs is the copy that an earlier run has registered of a target that is deregistered: the command that has
 * brought it may be given again.
 */
function isCopy(current: TaskDefinition | undefined, target: TaskDefinition): boolean {
  if (current === undefined || target.arn === current.arn || target.family !== current.family) return false;
  return copiedFrom(current.raw, current.family) === target.revision;
}

async function readTarget(
  choosing: Choosing,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<{ readonly chosen: Chosen; readonly target: TaskDefinition | undefined }> {
  const chosen = await chooseRevision(choosing, signal);
  if (chosen.kind === "none") return { chosen, target: undefined };
  return { chosen, target: await ecs.describeTaskDefinition(shortName(chosen), signal) };
}

/**
 * ECS's record of the newest deployment where it matters: one is in progress, or the service is deployed by another
 * strategy than rolling. One call, and one more for where it came from.
 */
export async function readNewestDeployment(
  ref: ServiceRef,
  service: ServiceSnapshot,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<NewestDeployment | undefined> {
  const { currentServiceDeployment, deploymentStrategy } = service;
  const isRolling = deploymentStrategy === "ROLLING";
  if (isRolling && primaryDeployment(service)?.rolloutState !== "IN_PROGRESS") return undefined;
  const deployment = currentServiceDeployment === undefined
    ? await ecs.findNewestServiceDeployment(ref, signal)
    : await ecs.describeServiceDeployment(currentServiceDeployment, signal);
  if (deployment === undefined) return undefined;
  // ECS goes back to what was completed last, which a deployment that replaced an unfinished one did not come from.
  const back = deployment.rollback?.revisionArn;
  const [source, ...others] = back === undefined ? deployment.sourceRevisionArns : [back];
  if (hasEnded(deployment) || source === undefined || others.length > 0) return { deployment, cameFrom: undefined };
  const [revision] = await ecs.describeServiceRevisions([source], signal);
  return { deployment, cameFrom: revision?.taskDefinition };
}

/**
 * Reads the service as a scalable target, with what an earlier run has left on record; `undefined` when it is none. That
 * tags may not be read is part of the answer. Throws an AwsError when the target itself may not be read.
 */
export async function readScaling(
  ref: ServiceRef,
  scaling: ScalingPort,
  signal: AbortSignal,
): Promise<ScalingState | undefined> {
  const target = await scaling.describeScalableTarget(scalableResourceId(ref), signal);
  if (target === undefined) return undefined;
  if (target.arn === undefined) {
    return {
      target,
      record: undefined,
      unrecordable: "the scalable target is from before 2023-03-20 and takes no tags",
    };
  }
  return { target, ...await readScalingRecord(target.arn, scaling, signal) };
}

/** The revision that a service runs, when it is one that UpdateService could give another. */
export function runningRevision(service: ServiceSnapshot): Revision | undefined {
  const canBeUpdated = service.status === "ACTIVE" && service.deploymentController === "ECS";
  return canBeUpdated && service.taskDefinition !== undefined
    ? parseTaskDefinitionArn(service.taskDefinition)
    : undefined;
}

/** What planning to wait needs to know of the world. */
export interface WaitState {
  readonly ref: ServiceRef;
  readonly service: ServiceSnapshot | undefined;
  /** ECS's own record of the newest deployment, whether it is under way or not. */
  readonly newest: NewestDeployment | undefined;
  /** The ARN of what the newest deployment was to bring, where it has ended without success. */
  readonly brought: string | undefined;
  /** The optional things that may not be read, in AWS's words. */
  readonly denied: readonly string[];
}

/** Reads what waiting is planned from: the service, and by one to three calls more ECS's record of its newest deployment. */
export async function readWaitState(ref: ServiceRef, ecs: EcsReader, signal: AbortSignal): Promise<WaitState> {
  const service = await ecs.describeService(ref, signal);
  if (service === undefined) return { ref, service, newest: undefined, brought: undefined, denied: [] };
  let newest: NewestDeployment | undefined;
  try {
    newest = await readNewestDeployment(ref, service, ecs, signal) ?? await readIdle(ref, service, ecs, signal);
    const target = newest && hasFailed(newest.deployment) ? newest.deployment.targetRevisionArn : undefined;
    const [brought] = target === undefined ? [] : await ecs.describeServiceRevisions([target], signal);
    return { ref, service, newest, brought: brought?.taskDefinition, denied: [] };
  } catch (error) {
    // Not every partition of AWS has these records: what it does not know it rejects.
    if (!(error instanceof AwsError) || (error.kind !== "denied" && error.kind !== "rejected")) throw error;
    return { ref, service, newest, brought: undefined, denied: [error.message] };
  }
}

/** Nothing is under way: then by its record alone the newest deployment shows that ECS has turned it back. */
async function readIdle(
  ref: ServiceRef,
  service: ServiceSnapshot,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<NewestDeployment | undefined> {
  if (service.status !== "ACTIVE" || service.deploymentController !== "ECS") return undefined;
  const deployment = await ecs.findNewestServiceDeployment(ref, signal);
  return deployment && { deployment, cameFrom: undefined };
}

/**
 * ECS, of which a plan reads each task definition once: what runs is often also the newest of its family, or what is to be
 * left.
 */
export function describingOnce(ecs: EcsReader): EcsReader {
  const byName = new Map<string, Promise<TaskDefinition | undefined>>();
  return {
    ...ecs,
    async describeTaskDefinition(name, signal) {
      const reading = byName.get(name) ?? ecs.describeTaskDefinition(name, signal);
      byName.set(name, reading);
      const found = await reading;
      if (found !== undefined) byName.set(found.arn, reading);
      return found;
    },
  };
}
