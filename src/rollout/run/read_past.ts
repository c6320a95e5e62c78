import { unlessFails } from "../../errors.ts";
import type { AlarmChange } from "../../model/alarms.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceRef } from "../../model/service.ts";
import { hasEnded, hasFailed } from "../../model/service_deployment.ts";
import type { JudgedDeployment } from "../judge/judge_bake.ts";

// Reads what AWS keeps of the time before a completed deployment, for users who ask afterwards whether it has helped.

/**
 * When the newest deployment was completed, and when the release before it was deployed. Where ECS's record does not
 * show when it was completed, it counts as completed now: nothing from before is taken for what came after.
 *
 * @param orderedAtMs when the PRIMARY deployment began
 */
export async function readInPlace(
  ref: ServiceRef,
  orderedAtMs: number,
  ecs: Pick<EcsReader, "findNewestServiceDeployment" | "describeServiceRevisions" | "now">,
  signal: AbortSignal,
): Promise<JudgedDeployment> {
  const unknown = { orderedAtMs, completedAtMs: ecs.now() };
  const record = await unlessFails(ecs.findNewestServiceDeployment(ref, signal));
  if (record === undefined || !hasEnded(record)) return unknown;
  const { finishedAtMs, createdAtMs, sourceRevisionArns } = record;
  if (finishedAtMs === undefined || finishedAtMs < orderedAtMs) return unknown;
  const completed = { orderedAtMs, completedAtMs: finishedAtMs };
  // ECS went back: the release that was left is what this deployment had brought.
  if (hasFailed(record)) return { ...completed, deployedAtMs: createdAtMs };
  const [source, ...others] = sourceRevisionArns;
  if (source === undefined || others.length > 0) return completed;
  const left = await unlessFails(ecs.describeServiceRevisions([source], signal));
  return left === undefined ? completed : { ...completed, deployedAtMs: left[0]?.createdAtMs };
}

/**
 * The state that an alarm had at a moment.
 *
 * @param changes those since that moment, or an earlier one, oldest first
 * @param now its state after the last of them
 */
export function stateAt(atMs: number, changes: readonly AlarmChange[], now: string | undefined): string | undefined {
  const next = changes.find((change) => change.atMs > atMs);
  return next === undefined ? now : next.from;
}
