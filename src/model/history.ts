import { ranTheSame } from "./images.ts";
import {
  hasEnded,
  hasGoneBack,
  isGoingBack,
  newestFirst,
  oldestFirst,
  type PastDeployment,
  type ServiceRevision,
} from "./service_deployment.ts";

/** A deployment of the past, and when it served. Times are milliseconds by AWS's clock. */
export interface HistoryEntry extends PastDeployment {
  /** When it was completed; `undefined` where it never was. */
  readonly servedFromMs: number | undefined;
  /** When the next completed deployment began to replace it; `undefined` while it serves, or where it never has. */
  readonly servedUntilMs: number | undefined;
  readonly isLive: boolean;
  readonly outcome: HistoryOutcome;
}

/** `leftByRollback`: it succeeded, and what had run before it was deployed again. */
export type HistoryOutcome =
  | "successful"
  | "leftByRollback"
  | "rolledBack"
  | "rollbackFailed"
  | "stopped"
  | "inProgress";

/** What a deployment was of: numbers alone do not say it, for tags can move. */
type Deployed = Pick<PastDeployment, "taskDefinition" | "revision">;

/** What each copy of a task definition is a copy of, by their ARNs. */
export type Originals = ReadonlyMap<string, string>;

/** Whether two deployments were of the same images of the same task definition. A copy is what it was copied from. */
export function deployedTheSame(one: Deployed, other: Deployed, originals: Originals = new Map()): boolean {
  const originalOf = ({ taskDefinition = "" }: Deployed) => originals.get(taskDefinition) ?? taskDefinition;
  return originalOf(one) === originalOf(other) && ranTheSame(one.revision?.images, other.revision?.images);
}

/**
 * What really ran, newest first: from ECS's record of the service's deployments, in any order. Pure.
 *
 * A deployment serves from when it is completed until the next one that will be completed begins. One that ECS has turned
 * back, or that was stopped, has never served; what it came from has gone on.
 */
export function readHistory(past: readonly PastDeployment[], originals?: Originals): HistoryEntry[] {
  const ordered = newestFirst(past);
  const completed = ordered.filter(({ status }) => status === "SUCCESSFUL");
  const { left } = findPath(completed.toReversed(), (one, other) => deployedTheSame(one, other, originals));
  let next: PastDeployment | undefined;
  return ordered.map((deployment) => {
    const hasServed = deployment.status === "SUCCESSFUL";
    const entry = {
      ...deployment,
      servedFromMs: hasServed ? deployment.finishedAtMs ?? deployment.createdAtMs : undefined,
      servedUntilMs: hasServed ? next?.createdAtMs : undefined,
      isLive: hasServed && next === undefined,
      outcome: outcomeOf(deployment, left),
    };
    if (hasServed) next = deployment;
    return entry;
  });
}

function outcomeOf(deployment: PastDeployment, left: ReadonlySet<PastDeployment>): HistoryOutcome {
  if (hasGoneBack(deployment)) return "rolledBack";
  if (deployment.status === "ROLLBACK_FAILED") return "rollbackFailed";
  if (!hasEnded(deployment) || isGoingBack(deployment)) return "inProgress";
  if (deployment.status !== "SUCCESSFUL") return "stopped";
  return left.has(deployment) ? "leftByRollback" : "successful";
}

/**
 * What led to what runs, oldest first, and what was left on the way: deploying anew what had run before is a way back, and
 * what lies between was left by it. After 3, 4, 3 the 4 was left; another 4 after that is a step forward. Pure.
 *
 * @param completed oldest first
 */
export function findPath<One>(
  completed: readonly One[],
  isSame: (one: One, other: One) => boolean,
): { readonly path: readonly One[]; readonly left: ReadonlySet<One> } {
  const path: One[] = [];
  const left = new Set<One>();
  for (const one of completed) {
    const earlier = path.findIndex((other) => isSame(other, one));
    if (earlier >= 0) {
      for (const between of path.slice(earlier + 1)) left.add(between);
      path.length = earlier;
    }
    path.push(one);
  }
  return { path, left };
}

/**
 * The ARNs of those task definitions that may be copies, each with that of what it may be a copy of: the lowest revision
 * that had run the very same images before. A copy is registered to bring that back by digest.
 */
export function findLikelyCopies(past: readonly PastDeployment[]): ReadonlyMap<string, string> {
  const likely = new Map<string, string>();
  const lowest = new Map<string, string>();
  for (const { taskDefinition, revision } of oldestFirst(past)) {
    if (taskDefinition === undefined || revision === undefined) continue;
    if (revision.images.length === 0 || revision.images.some(({ digest }) => digest === undefined)) continue;
    const digests = revision.images.map(({ container, digest }) => `${container}=${digest}`).toSorted();
    const key = [taskDefinition.replace(/:\d+$/, ""), ...digests].join(" ");
    const original = lowest.get(key) ?? taskDefinition;
    if (numberOf(taskDefinition) > numberOf(original)) likely.set(taskDefinition, original);
    else lowest.set(key, taskDefinition);
  }
  return likely;
}

function numberOf(taskDefinition: string): number {
  return Number(/\d+$/.exec(taskDefinition)?.[0]);
}

/** How long it has served, in milliseconds; 0 where it never has. */
export function servedMs({ servedFromMs, servedUntilMs }: HistoryEntry, nowMs: number): number {
  return servedFromMs === undefined ? 0 : Math.max(0, (servedUntilMs ?? nowMs) - servedFromMs);
}

/** What served at a moment: the newest deployment that was completed by then. */
export function servingAt(history: readonly HistoryEntry[], atMs: number): HistoryEntry | undefined {
  return history.find(({ servedFromMs = Infinity }) => servedFromMs <= atMs);
}

/**
 * How long each task definition has served in all, in milliseconds, by its ARN: that of what is on record, and of what ran
 * before, where that is known. Those that never have served are left out. Pure.
 *
 * @param earliest what ran before all of the deployments on record, and since when
 * @param nowMs AWS's time
 */
export function totalServedMs(
  past: readonly PastDeployment[],
  earliest: Pick<ServiceRevision, "taskDefinition" | "createdAtMs"> | undefined,
  nowMs: number,
): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  const add = (arn: string, ms: number) => totals.set(arn, (totals.get(arn) ?? 0) + Math.max(0, ms));
  const served = readHistory(past).filter(({ servedFromMs }) => servedFromMs !== undefined);
  for (const entry of served) {
    if (entry.taskDefinition !== undefined) add(entry.taskDefinition, servedMs(entry, nowMs));
  }
  const firstReplacedMs = served.at(-1)?.createdAtMs ?? nowMs;
  if (earliest !== undefined) add(earliest.taskDefinition, firstReplacedMs - earliest.createdAtMs);
  return totals;
}
