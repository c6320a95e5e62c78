import type { EcsReader } from "../ecs/ports.ts";
import { primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../ecs/service.ts";
import { AwsError } from "../errors.ts";

/** What of a family is in use, as far as one cluster shows. */
export interface Uses {
  /** By task definition ARN: what uses it, in words that follow "in use by". The most lasting use is named. */
  readonly byArn: ReadonlyMap<string, string>;
  /** What could not be looked at, a line each. */
  readonly notices: readonly string[];
}

/**
 * Finds what uses the family's task definitions: the service, its deployments and task sets, where ECS would go back to if
 * the deployment under way failed, and the tasks of the family in the service's cluster. Other clusters are not looked at.
 *
 * Two calls at the least; one more for each page of tasks, and two while a deployment is under way.
 *
 * @throws AwsError when one of them is refused; only where ECS would go back to may go unread
 */
export async function findUses(
  ref: ServiceRef,
  family: string,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<Uses> {
  const [service, ofTasks] = await Promise.all([
    ecs.describeService(ref, signal),
    ecs.listTaskDefinitionsInUse(ref.cluster, family, signal),
  ]);
  const byArn = new Map<string, string>();
  const add = (arn: string | undefined, user: string) => {
    if (arn !== undefined && !byArn.has(arn)) byArn.set(arn, user);
  };
  const notices: string[] = [];
  if (service !== undefined) {
    add(service.taskDefinition, `the service ${service.name}`);
    for (const { id, taskDefinition } of service.deployments) add(taskDefinition, `deployment ${id}`);
    for (const { id, taskDefinition } of service.taskSets) add(taskDefinition, `task set ${id}`);
    try {
      for (const arn of await findWaysBack(service, ecs, signal)) {
        add(arn, "the deployment under way: ECS goes back to it if that fails");
      }
    } catch (error) {
      if (!(error instanceof AwsError) || error.kind !== "denied") throw error;
      notices.push(`${error.message}; where ECS would go back to, if the deployment under way failed, is not known`);
    }
  }
  for (const arn of ofTasks) add(arn, `a running task of the family ${family}`);
  return { byArn, notices };
}

/** ECS's circuit breaker goes back to where the deployment came from, also when nothing of that runs any more. */
async function findWaysBack(
  service: ServiceSnapshot,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { currentServiceDeployment } = service;
  const isUnderWay = primaryDeployment(service)?.rolloutState === "IN_PROGRESS";
  if (!isUnderWay || currentServiceDeployment === undefined) return [];
  const deployment = await ecs.describeServiceDeployment(currentServiceDeployment, signal);
  const sources = deployment?.sourceRevisionArns ?? [];
  const found = await Promise.all(sources.map((arn) => ecs.describeServiceRevision(arn, signal)));
  return found.filter((arn) => arn !== undefined);
}
