import { parseTaskDefinitionArn } from "./arn.ts";
import { ranTheSame } from "./images.ts";
import {
  hasBeenRolledBack,
  hasEnded,
  isBeingRolledBack,
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

/** `leftByRollback`: it succeeded, and later the service went back to what had run before it. */
export type HistoryOutcome =
  | "successful"
  | "leftByRollback"
  | "rolledBack"
  | "rollbackFailed"
  | "stopped"
  | "inProgress";

/** What a deployment shipped. The revision's number alone does not say it, because image tags can move. */
type Deployed = Pick<PastDeployment, "taskDefinition" | "revision">;

/** The ARN of each copied task definition, with the ARN of its original. */
export type Originals = ReadonlyMap<string, string>;

/** Whether two deployments shipped the same images of the same task definition. A copy counts as its original. */
export function deployedTheSame(one: Deployed, other: Deployed, originals: Originals = new Map()): boolean {
  const originalOf = ({ taskDefinition = "" }: Deployed) => originals.get(taskDefinition) ?? taskDefinition;
  return originalOf(one) === originalOf(other) && ranTheSame(one.revision?.images, other.revision?.images);
}

/**
 * What really ran, newest first, from ECS's records of the service's deployments, in any order. Pure.
 *
 * A deployment serves from its completion until the next one that will complete begins. A deployment that ECS rolled
 * back, or that was stopped, never served: the one before it went on.
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
  if (hasBeenRolledBack(deployment)) return "rolledBack";
  if (deployment.status === "ROLLBACK_FAILED") return "rollbackFailed";
  if (!hasEnded(deployment) || isBeingRolledBack(deployment)) return "inProgress";
  if (deployment.status !== "SUCCESSFUL") return "stopped";
  return left.has(deployment) ? "leftByRollback" : "successful";
}

/**
 * The deployments that led to what runs now, oldest first, and those that rollbacks have left. Deploying again what ran
 * before is a rollback, and leaves all in between: after 3, 4, 3 the 4 was left; another 4 is a new deploy. Pure.
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
 * The ARN of each task definition that may be a copy, with the ARN of its likely original: the lowest revision that ran
 * exactly the same images before. A copy is registered to start those images by digest again.
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
    const [own, other] = [taskDefinition, original].map((arn) => parseTaskDefinitionArn(arn).revision);
    if (own! > other!) likely.set(taskDefinition, original);
    else lowest.set(key, taskDefinition);
  }
  return likely;
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
 * How long each task definition has served in all, in milliseconds, by its ARN: in the deployments on record, and
 * before them, where that is known. Those that never served are left out. Pure.
 *
 * @param earliest what ran before the first deployment on record, and since when
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
