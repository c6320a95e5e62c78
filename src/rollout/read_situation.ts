import { parseTaskDefinitionArn, type Revision, shortName } from "../ecs/arn.ts";
import type { EcsReader, ScalingPort } from "../ecs/ports.ts";
import { scalableResourceId, type ScalableTarget } from "../ecs/scalable_target.ts";
import type { ServiceRef, ServiceSnapshot } from "../ecs/service.ts";
import type { TaskDefinition } from "../ecs/task_definition.ts";

/** Everything that planning a rollback needs to know of the world. What was not needed to decide is left out. */
export interface Situation {
  readonly ref: ServiceRef;
  /** The revision number that the user asked for. */
  readonly revision: number;
  readonly service: ServiceSnapshot | undefined;
  /** The service's task definition as of now; `undefined` when it has been deleted, or was not needed. */
  readonly current: TaskDefinition | undefined;
  readonly target: TaskDefinition | undefined;
  /** The newest ACTIVE numbers of the family, newest first; read only when the target is not registered. */
  readonly newestRevisions: readonly number[];
  /** `undefined` when there is none, or nobody asked for scaling. */
  readonly scalableTarget: ScalableTarget | undefined;
}

/** How many registered revisions a message names. */
const NAMED_REVISIONS = 5;

/**
 * Reads what a rollback is planned from: three calls, two of them at the same time, and one more when scaling is asked
 * for; fewer when the service rules a rollback out. `scaling` is `undefined` when no scaling option was given.
 */
export async function readSituation(
  ref: ServiceRef,
  revision: number,
  ecs: EcsReader,
  scaling: ScalingPort | undefined,
  signal: AbortSignal,
): Promise<Situation> {
  const [service, scalableTarget] = await Promise.all([
    ecs.describeService(ref, signal),
    scaling?.describeScalableTarget(scalableResourceId(ref), signal),
  ]);
  const nothingMore = { current: undefined, target: undefined, newestRevisions: [] };
  const running = service && runningRevision(service);
  if (running === undefined) return { ref, revision, service, ...nothingMore, scalableTarget };
  const [current, target] = await Promise.all([
    ecs.describeTaskDefinition(running.arn, signal),
    ecs.describeTaskDefinition(shortName({ ...running, revision }), signal),
  ]);
  const newestRevisions = target === undefined
    ? await ecs.listNewestRevisions(running.family, NAMED_REVISIONS, signal)
    : [];
  return { ref, revision, service, current, target, newestRevisions, scalableTarget };
}

/** The revision that a service runs, when it is one that UpdateService could give another. */
export function runningRevision(service: ServiceSnapshot): Revision | undefined {
  const canBeUpdated = service.status === "ACTIVE" && service.deploymentController === "ECS";
  return canBeUpdated && service.taskDefinition !== undefined
    ? parseTaskDefinitionArn(service.taskDefinition)
    : undefined;
}
