/** Finding what a request names, or failing as ECS does. */
import { clientException, clusterNotFound, invalidParameter, serviceNotFound } from "./failure.ts";
import { groupedBy } from "./grouped.ts";
import { nameOf } from "./identifiers.ts";
import type { Cluster, Service, Task, TaskDefinition, World } from "./model.ts";

const FAMILY_REVISION = /^(?:arn:[^/]*:task-definition\/)?([A-Za-z0-9_-]+)(?::(\d+))?$/;

/** A cluster by name or ARN; none named means `default`. @throws ClusterNotFoundException */
export function clusterOf(world: World, nameOrArn = "default"): Cluster {
  const found = world.clusters.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
  if (!found) throw clusterNotFound();
  return found;
}

const servicesOf = groupedBy(({ name }: Service) => name);

/** A service by name or ARN. An ARN must belong to the cluster; INACTIVE ones are found while nothing replaces them. */
export function findService(world: World, cluster: Cluster, nameOrArn: string): Service | undefined {
  const found = servicesOf(world.services, nameOf(nameOrArn)).filter(({ arn, clusterArn }) =>
    clusterArn === cluster.arn && (!nameOrArn.startsWith("arn:") || arn === nameOrArn)
  );
  return found.find(({ status }) => status !== "INACTIVE") ?? found[0];
}

/** The service that a task belongs to, while there is one. */
export function serviceOfTask(world: World, { clusterArn, serviceName }: Task): Service | undefined {
  return servicesOf(world.services, serviceName).find((one) =>
    one.clusterArn === clusterArn && one.status !== "INACTIVE"
  );
}

/** A service that must exist. @throws ServiceNotFoundException */
export function serviceOf(world: World, cluster: Cluster, nameOrArn: string): Service {
  const found = findService(world, cluster, nameOrArn);
  if (!found) throw serviceNotFound();
  return found;
}

/** The service that an ARN of a service, service deployment or service revision belongs to. */
export function serviceOfArn(world: World, serviceArn: string): Service | undefined {
  return world.services.findLast(({ arn }) => arn === serviceArn);
}

const definitionsOf = groupedBy(({ family }: TaskDefinition) => family);

/** A task definition by `family` (its latest ACTIVE revision), `family:revision` or ARN. */
export function findTaskDefinition(world: World, id: string): TaskDefinition | undefined {
  const [, family, revision] = FAMILY_REVISION.exec(id) ?? [];
  const ofFamily = definitionsOf(world.taskDefinitions, family ?? "");
  if (id.startsWith("arn:") && revision !== undefined) return ofFamily.find(({ arn }) => arn === id);
  return ofFamily.findLast((
    definition,
  ) => (revision === undefined ? definition.status === "ACTIVE" : definition.revision === Number(revision)));
}

/** A task definition that must exist. @throws ClientException as DescribeTaskDefinition and UpdateService do */
export function taskDefinitionOf(world: World, id: string): TaskDefinition {
  if (!FAMILY_REVISION.test(id)) throw invalidParameter(`Invalid task definition identifier: ${nameOf(id)}.`);
  const found = findTaskDefinition(world, id);
  if (!found) throw clientException("Unable to describe task definition.");
  return found;
}

/** How long the deletion of a task definition takes that nothing uses. */
const DELETION_MS = 60_000;

/** Forgets the task definitions that were to be deleted and that nothing uses any more. */
export function forgetDeleted(world: World): void {
  if (!world.taskDefinitions.some(({ status }) => status === "DELETE_IN_PROGRESS")) return;
  const isGone = ({ arn, status, deleteRequestedAtMs = 0 }: TaskDefinition) =>
    status === "DELETE_IN_PROGRESS" && world.nowMs >= deleteRequestedAtMs + DELETION_MS && !isReferenced(world, arn);
  const gone = world.taskDefinitions.filter(isGone);
  if (gone.length === 0) return;
  world.taskDefinitions = world.taskDefinitions.filter((definition) => !gone.includes(definition));
  for (const { arn } of gone) delete world.tags[arn];
}

/** Whether a service, a deployment or a task that has not stopped still uses a task definition. */
export function isReferenced(world: World, taskDefinitionArn: string): boolean {
  return world.services.some((service) =>
    service.status !== "INACTIVE" &&
    (service.taskDefinition === taskDefinitionArn ||
      service.deployments.some(({ taskDefinition }) => taskDefinition === taskDefinitionArn))
  ) || world.tasks.some((task) => task.taskDefinitionArn === taskDefinitionArn && task.lastStatus !== "STOPPED");
}
