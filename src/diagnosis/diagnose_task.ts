import type { StoppedContainer, StoppedTask } from "../model/service.ts";
import { type Cause, type CauseCode, causeCodes } from "./cause.ts";
import { withoutFiller } from "./clean_text.ts";
import { describeSubject, findSubject, type TaskFinding } from "./find_subject.ts";
import { findCauseCode } from "./find_cause_code.ts";
import type { ContainerFacts, DefinitionFacts } from "./definition_facts.ts";

export function diagnoseTask(task: StoppedTask, definition: DefinitionFacts): Cause {
  const finding = findCause(task, definition);
  return {
    ...finding,
    count: 1,
    about: describeSubject(finding, task, definition),
    taskArn: task.arn,
    atMs: task.stoppedAtMs,
  };
}

function findCause(task: StoppedTask, definition: DefinitionFacts): TaskFinding {
  const ofTask = withoutFiller(task.stoppedReason ?? "");
  const byStopCode = BY_STOP_CODE.get(task.stopCode ?? "");
  if (byStopCode !== undefined) {
    const code = findCauseCode(ofTask);
    return { code: code !== undefined && BY_PLATFORM.has(code) ? code : byStopCode, ...AS_A_WHOLE, said: ofTask };
  }
  const ended = firstEnded(task, definition.containers);
  const ofContainer = withoutFiller(ended?.reason ?? "");
  const said = ofContainer || ofTask;
  // A container's reason says more than its task's.
  for (const text of [ofContainer, ofTask]) {
    const code = findCauseCode(text);
    if (code === undefined) continue;
    return { code, said: text, ...whichContainer(code, task, definition, text === ofContainer) };
  }
  const blocking = findBlocking(task, definition.containers);
  if (blocking !== undefined) {
    // ECS stops a container that never became healthy: its exit code says no more than that.
    const exitCode = blocking.healthStatus === "UNHEALTHY" ? undefined : blocking.exitCode;
    return { code: "dependencyFailed", container: blocking.name, exitCode, said };
  }
  if (task.stopCode === "EssentialContainerExited" && ended?.exitCode !== undefined) {
    const { name: container, exitCode } = ended;
    return { code: CRASHES.has(exitCode) ? "crashed" : EXITS.get(exitCode) ?? "exited", container, exitCode, said };
  }
  return { code: "unknown", container: ofContainer === "" ? undefined : ended?.name, exitCode: undefined, said };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html, stopCode */
const BY_STOP_CODE: ReadonlyMap<string, CauseCode> = new Map([
  ["SpotInterruption", "spotInterrupted"],
  ["TerminationNotice", "spotInterrupted"],
  ["InfrastructureHealth", "hostLost"],
  ["UserInitiated", "stoppedByUser"],
]);
const AS_A_WHOLE = { container: undefined, exitCode: undefined };
/** What the text may name more exactly than such a stop code. */
const BY_PLATFORM = causeCodes("spotInterrupted", "hostLost", "hostMaintenance");

/**
 * Which container a text is about. Where ECS stopped the task, the exit codes show how its containers took the SIGTERM,
 * not why it was sent: they are left out.
 *
 * @param isOfContainer whether the text is a container's, and not the task's
 */
function whichContainer(
  code: CauseCode,
  task: StoppedTask,
  { containers }: DefinitionFacts,
  isOfContainer: boolean,
): Pick<TaskFinding, "container" | "exitCode"> {
  const ended = firstEnded(task, containers);
  if (code === "dependencyFailed") return whichDependency(task, containers, ended?.reason ?? "");
  if (code === "outOfMemory") return { container: ended?.name, exitCode: ended?.exitCode };
  if (code === "containerUnhealthy") return { container: findUnhealthy(task, containers)?.name, exitCode: undefined };
  if (isOfContainer) return { container: ended?.name, exitCode: undefined };
  const { image, secret, key } = findSubject(withoutFiller(task.stoppedReason ?? ""));
  const wants = (valueFrom: string) =>
    secret !== undefined && valueFrom.includes(secret) || key !== undefined && valueFrom.includes(`:${key}:`);
  const named = [
    ...task.containers.filter((container) => image !== undefined && container.image === image),
    ...containers.filter(({ secrets }) => secrets.some(wants)),
  ];
  const candidates = named.length > 0 ? named : OF_ONE_CONTAINER.has(code) ? task.containers : [];
  return { container: candidates.length === 1 ? candidates[0]!.name : undefined, exitCode: undefined };
}

/** ECS's agent: `... ordering dependency [migrate(IMAGE) (STOPPED->RUNNING) - Exit: 1] for target [app ...]`. */
function whichDependency(task: StoppedTask, definition: readonly ContainerFacts[], said: string) {
  const name = /\bdependency \[\{?([\w-]+)/.exec(said)?.[1];
  const found = task.containers.find((container) => container.name === name) ?? findBlocking(task, definition);
  return { container: found?.name, exitCode: found?.exitCode };
}

/** Causes that concern one container: where the task has only one, it is that one. */
const OF_ONE_CONTAINER = causeCodes(
  ...["imageNotFound", "repositoryNotFound", "registryLoginNeeded", "imagePlatform"] as const,
  ...["imageNameInvalid", "imageBroken", "imageNotPulled", "commandNotFound", "commandNotExecutable"] as const,
  ...["containerNotStarted", "mountInvalid", "workingDirectory", "userMissing"] as const,
);

/** 128 plus the signal's number; 126 and 127 come from a shell, or from Docker where it cannot run the command. */
const EXITS: ReadonlyMap<number, CauseCode> = new Map([
  [0, "exitedCleanly"],
  [126, "commandNotExecutable"],
  [127, "commandNotFound"],
  [137, "killed"],
  [143, "terminated"],
  [255, "entrypointFailed"],
]);
/** SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV; an access violation and a failed assertion on Windows. */
const CRASHES: ReadonlySet<number> = new Set([132, 134, 135, 136, 139, 3221225477, 3221226505]);

const DEFAULT_STOP_TIMEOUT_MS = 30_000;
const ROUNDING_MS = 1_000;
const SIGKILL = 137;
const SIGTERM = 143;

/**
 * The container that ended first, and took the task with it. DescribeTasks has no times of single containers: when an
 * essential one ends, ECS stops the others, which then exit with 143 (SIGTERM), with 137 (SIGKILL, once `stopTimeout`
 * has passed), or as they please. So a container with a reason of its own comes first, then one with an exit code that
 * stopping does not cause, then one that exited with 0. A container that is not essential did not stop the task.
 *
 * @param definition the containers of the task definition; empty where it was not read
 */
function firstEnded(task: StoppedTask, definition: readonly ContainerFacts[]): StoppedContainer | undefined {
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

/** Whether the stop took as long as ECS waits before a SIGKILL. If unknown, a 137 counts as the container's own. */
function wasKilledByEcs(
  { stoppingAtMs, executionStoppedAtMs }: StoppedTask,
  definition: readonly ContainerFacts[],
): boolean {
  if (stoppingAtMs === undefined || executionStoppedAtMs === undefined) return false;
  const stopTimeoutMs = Math.min(DEFAULT_STOP_TIMEOUT_MS, ...definition.map((container) => container.stopTimeoutMs));
  return executionStoppedAtMs - stoppingAtMs >= stopTimeoutMs - ROUNDING_MS;
}

/** The container whose health check failed; of several, an essential one. */
function findUnhealthy(task: StoppedTask, definition: readonly ContainerFacts[]): StoppedContainer | undefined {
  const unhealthy = task.containers.filter(({ healthStatus }) => healthStatus === "UNHEALTHY");
  const checked = definition.filter(({ about }) => about.healthCheckSeconds !== undefined).map(({ name }) => name);
  const withCheck = task.containers.filter(({ name }) => checked.includes(name));
  const known = unhealthy.length > 0 ? unhealthy : withCheck.length === 1 ? withCheck : task.containers;
  return known.length === 1 ? known[0] : unhealthy.find((one) => isEssential(one, definition)) ?? unhealthy[0];
}

/**
 * The container that kept others from starting, where the task failed to start: it ended, or never became healthy.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definition_dependson
 */
function findBlocking(task: StoppedTask, definition: readonly ContainerFacts[]): StoppedContainer | undefined {
  if (task.stopCode !== "TaskFailedToStart") return undefined;
  const candidates = task.containers.filter(({ exitCode, healthStatus }) =>
    healthStatus === "UNHEALTHY" || (exitCode !== undefined && exitCode !== 0)
  );
  const waitedFor = candidates.filter(({ name }) => definition.some(({ dependsOn }) => dependsOn.includes(name)));
  return firstEnded({ ...task, containers: definition.length === 0 ? candidates : waitedFor }, definition);
}
