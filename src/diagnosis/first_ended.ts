import type { StoppedContainer, StoppedTask } from "../model/service.ts";
import type { ContainerFacts } from "./read_definition.ts";

const DEFAULT_STOP_TIMEOUT_MS = 30_000;
const ROUNDING_MS = 1_000;
const SIGKILL = 137;
const SIGTERM = 143;

/**
 * The container that ended first, and took the task with it. DescribeTasks has no time for a single container: when an
 * essential one ends, ECS stops the others, which then exit with 143 (SIGTERM), with 137 (SIGKILL, once `stopTimeout` has
 * passed), or as they please. So what has a reason of its own leads, then a code that no stopping makes, then an exit with
 * 0; those that the task can do without did not stop it.
 *
 * @param definition its containers by the task definition; empty where that was not read
 */
export function firstEnded(task: StoppedTask, definition: readonly ContainerFacts[]): StoppedContainer | undefined {
  const isKilledByEcs = wasKilledByEcs(task, definition);
  const placeOf = ({ name }: StoppedContainer) => {
    const place = definition.findIndex((container) => container.name === name);
    return place < 0 ? definition.length : place;
  };
  const rankOf = (container: StoppedContainer) => rank(container, isEssential(container, definition), isKilledByEcs);
  const order = (a: StoppedContainer, b: StoppedContainer) =>
    rankOf(a) - rankOf(b) || placeOf(a) - placeOf(b) || Number(a.name > b.name) - Number(a.name < b.name);
  return task.containers.toSorted(order)[0];
}

function isEssential({ name }: StoppedContainer, definition: readonly ContainerFacts[]): boolean {
  return definition.find((container) => container.name === name)?.isEssential ?? true;
}

function rank({ reason, exitCode }: StoppedContainer, isEssential: boolean, isKilledByEcs: boolean): number {
  if (reason?.startsWith("OutOfMemory")) return isEssential ? 0 : 6;
  if (reason) return 1;
  if (exitCode === undefined) return 8;
  // An init container that has done its work.
  if (!isEssential) return exitCode === 0 ? 7 : 6;
  if (exitCode !== 0 && exitCode !== SIGKILL && exitCode !== SIGTERM) return 2;
  if (exitCode === 0) return 4;
  return exitCode === SIGKILL && !isKilledByEcs ? 3 : 5;
}

/** Whether ECS took as long as it does to send a SIGKILL. Where that is not known, a 137 is taken for the container's own. */
function wasKilledByEcs(
  { stoppingAtMs, executionStoppedAtMs }: StoppedTask,
  definition: readonly ContainerFacts[],
): boolean {
  if (stoppingAtMs === undefined || executionStoppedAtMs === undefined) return false;
  const stopTimeoutMs = Math.min(DEFAULT_STOP_TIMEOUT_MS, ...definition.map((container) => container.stopTimeoutMs));
  return executionStoppedAtMs - stoppingAtMs >= stopTimeoutMs - ROUNDING_MS;
}

/** The container whose health check has failed; of several, one that the task cannot do without. */
export function findUnhealthy(
  task: StoppedTask,
  definition: readonly ContainerFacts[],
): StoppedContainer | undefined {
  const unhealthy = task.containers.filter(({ healthStatus }) => healthStatus === "UNHEALTHY");
  const checked = definition.filter(({ about }) => about.healthCheckSeconds !== undefined).map(({ name }) => name);
  const withCheck = task.containers.filter(({ name }) => checked.includes(name));
  const known = unhealthy.length > 0 ? unhealthy : withCheck.length === 1 ? withCheck : task.containers;
  return known.length === 1 ? known[0] : unhealthy.find((one) => isEssential(one, definition)) ?? unhealthy[0];
}

/**
 * The container for which others waited in vain, where the task failed to start: one that ended, or never became healthy.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definition_dependson
 */
export function findBlocking(
  task: StoppedTask,
  definition: readonly ContainerFacts[],
): StoppedContainer | undefined {
  if (task.stopCode !== "TaskFailedToStart") return undefined;
  const candidates = task.containers.filter(({ exitCode, healthStatus }) =>
    healthStatus === "UNHEALTHY" || (exitCode !== undefined && exitCode !== 0)
  );
  const waitedFor = candidates.filter(({ name }) => definition.some(({ dependsOn }) => dependsOn.includes(name)));
  return firstEnded({ ...task, containers: definition.length === 0 ? candidates : waitedFor }, definition);
}
