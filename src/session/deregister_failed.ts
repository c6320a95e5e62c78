import { AwsError, mayHaveBeenApplied } from "../errors.ts";
import { deregisterUnused } from "../rollout/steps/deregister_unused.ts";
import type { PlanPorts } from "./carry_out.ts";
import type { Session } from "./session.ts";

/** The orders by which a service gets a task definition. */
const ORDERS: ReadonlySet<string> = new Set(["CreateService", "UpdateService"]);
/** What auto scaling is suspended by before any order: an error of these ends a run only there, for restoring throws none. */
const OF_SCALING: ReadonlySet<string> = new Set([
  "DescribeScalableTargets",
  "ListTagsForResource",
  "RegisterScalableTarget",
  "TagResource",
]);

export function isOfScaling(error: unknown): error is AwsError {
  return error instanceof AwsError && OF_SCALING.has(error.operation);
}

/** Deregisters what was registered for a deploy that AWS has then refused: nobody knows of it. */
export async function deregisterRefused(error: unknown, ports: PlanPorts, session: Session): Promise<void> {
  if (!(error instanceof AwsError)) return;
  const isRefused = ORDERS.has(error.operation) && !mayHaveBeenApplied(error);
  if (isRefused || isOfScaling(error)) await deregisterFailed(ports, session, session.signal);
}

/** What was registered for the deploy, and nothing else: whatever the service has run before is somebody else's. */
export async function deregisterFailed(
  { ecs }: PlanPorts,
  { ref, log, changes: { registered } }: Session,
  signal: AbortSignal,
): Promise<void> {
  if (registered === undefined) return;
  const { leftover, notices } = await deregisterUnused(registered, ref, ecs, signal);
  for (const notice of notices) log.warn(notice);
  if (leftover === undefined) log.info(`Task definition is deregistered: ${registered.arn}`);
  else log.error(`${leftover.problem}; still to do: ${leftover.command}`);
}
