import { ranTheSame } from "./images.ts";
import { hasEnded, hasGoneBack, isGoingBack, type PastDeployment } from "./service_deployment.ts";

/** A deployment of the past, and when what it brought served. Times are milliseconds by AWS's clock. */
export interface HistoryEntry extends PastDeployment {
  /** When it was completed; `undefined` where it never was. */
  readonly servedFromMs: number | undefined;
  /** When the next completed deployment began to replace it; `undefined` while it serves, or where it never has. */
  readonly servedUntilMs: number | undefined;
  readonly isLive: boolean;
  readonly outcome: HistoryOutcome;
}

/** `leftByRollback`: it succeeded, and what had run before it was brought back. */
export type HistoryOutcome =
  | "successful"
  | "leftByRollback"
  | "rolledBack"
  | "rollbackFailed"
  | "stopped"
  | "inProgress";

/** What a deployment brought: numbers alone do not say it, for tags can move. */
type Brought = Pick<PastDeployment, "taskDefinition" | "revision">;

/** Whether two deployments brought the same images of the same task definition. */
export function broughtTheSame(one: Brought, other: Brought): boolean {
  return one.taskDefinition === other.taskDefinition && ranTheSame(one.revision?.images, other.revision?.images);
}

/**
 * What really ran, newest first: from ECS's record of the service's deployments, in any order. Pure.
 *
 * A deployment serves from when it is completed until the next one that will be completed begins. One that ECS has turned
 * back, or that was stopped, has never served; what it came from has gone on.
 */
export function readHistory(past: readonly PastDeployment[]): HistoryEntry[] {
  const ordered = past.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  const completed = ordered.filter(({ status }) => status === "SUCCESSFUL");
  return ordered.map((deployment) => {
    const hasServed = deployment.status === "SUCCESSFUL";
    const next = hasServed ? completed[completed.indexOf(deployment) - 1] : undefined;
    return {
      ...deployment,
      servedFromMs: hasServed ? deployment.finishedAtMs ?? deployment.createdAtMs : undefined,
      servedUntilMs: next?.createdAtMs,
      isLive: hasServed && next === undefined,
      outcome: outcomeOf(deployment, completed),
    };
  });
}

function outcomeOf(deployment: PastDeployment, completed: readonly PastDeployment[]): HistoryOutcome {
  if (hasGoneBack(deployment)) return "rolledBack";
  if (deployment.status === "ROLLBACK_FAILED") return "rollbackFailed";
  if (!hasEnded(deployment) || isGoingBack(deployment)) return "inProgress";
  if (deployment.status !== "SUCCESSFUL") return "stopped";
  return wasLeft(deployment, completed) ? "leftByRollback" : "successful";
}

/** Whether a later deployment brought back what had been completed before it. */
function wasLeft(deployment: PastDeployment, completed: readonly PastDeployment[]): boolean {
  const position = completed.indexOf(deployment);
  const earlier = completed.slice(position + 1).filter((other) => !broughtTheSame(other, deployment));
  const later = completed.slice(0, position);
  return later.some((after) =>
    !broughtTheSame(after, deployment) && earlier.some((before) => broughtTheSame(before, after))
  );
}

/** How long it has served, in milliseconds; 0 where it never has. */
export function servedMs({ servedFromMs, servedUntilMs }: HistoryEntry, nowMs: number): number {
  return servedFromMs === undefined ? 0 : Math.max(0, (servedUntilMs ?? nowMs) - servedFromMs);
}

/** What served at a moment: the newest deployment that was completed by then. */
export function servingAt(history: readonly HistoryEntry[], atMs: number): HistoryEntry | undefined {
  return history.find(({ servedFromMs = Infinity }) => servedFromMs <= atMs);
}
