/** A world in brief: the part that clients can change and that tests compare before and after. */
import { familyRevision, nameOf } from "./identifiers.ts";
import type { Service, World } from "./model.ts";
import { liveTasks } from "./tasks.ts";

/** What clients can change about a world, and how far ECS is with it. */
export interface WorldState {
  /** Status by `family:revision`. */
  taskDefinitions: Record<string, string>;
  /** By `cluster/service`; task definitions as `family:revision`. */
  services: Record<
    string,
    {
      status: string;
      desiredCount: number;
      runningCount: number;
      taskDefinition: string;
      deployments: {
        id: string;
        status: string;
        taskDefinition: string;
        rolloutState: string;
        runningCount: number;
        /** Since when the oldest of its healthy tasks has been running; 0: none is healthy. */
        healthySinceMs: number;
      }[];
    }
  >;
  /** By resource id. */
  scalableTargets: Record<
    string,
    { minCapacity: number; maxCapacity: number; suspendedState: Record<string, boolean>; tags: Record<string, string> }
  >;
}

/** The world as it is now, copied. */
export function stateOf(world: World): WorldState {
  const { taskDefinitions, services, scalableTargets } = world;
  return {
    taskDefinitions: Object.fromEntries(taskDefinitions.map(({ arn, status }) => [familyRevision(arn), status])),
    services: Object.fromEntries(
      services.map((service) => [`${nameOf(service.clusterArn)}/${service.name}`, serviceState(world, service)]),
    ),
    scalableTargets: Object.fromEntries(
      scalableTargets.map(({ resourceId, minCapacity, maxCapacity, suspendedState, tags }) => [
        resourceId,
        { minCapacity, maxCapacity, suspendedState: { ...suspendedState }, tags: { ...tags } },
      ]),
    ),
  };
}

/**
 * The revisions of a family that the service of its name, that one's deployments, and tasks which are to run use, as
 * `family:revision`.
 */
export function revisionsInUse(world: World, family: string): Set<string> {
  const services = world.services.filter(({ name }) => name === family);
  const used = [
    ...services.flatMap((
      { taskDefinition, deployments },
    ) => [taskDefinition, ...deployments.map((one) => one.taskDefinition)]),
    ...world.tasks.filter(({ desiredStatus }) => desiredStatus === "RUNNING").map((task) => task.taskDefinitionArn),
  ].map(familyRevision);
  return new Set(used.filter((one) => one.startsWith(`${family}:`)));
}

function serviceState(world: World, service: Service): WorldState["services"][string] {
  const running = liveTasks(world, service).filter(({ lastStatus }) => lastStatus === "RUNNING");
  return {
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: running.length,
    taskDefinition: familyRevision(service.taskDefinition),
    deployments: service.deployments.map(({ id, status, taskDefinition, rolloutState }) => ({
      id,
      status,
      taskDefinition: familyRevision(taskDefinition),
      rolloutState,
      runningCount: running.filter(({ startedBy }) => startedBy === id).length,
      healthySinceMs: running.filter(({ startedBy, healthy }) => startedBy === id && healthy)
        .map(({ startedAtMs = 0 }) => startedAtMs).toSorted((a, b) => a - b)[0] ?? 0,
    })),
  };
}
