import type { WorldState } from "../emulator/emulator.ts";
import { RESOURCE_ID, SERVICE } from "../emulator/myservice.ts";
import type { Cell } from "./matrix.ts";
import type { Observed } from "./observe.ts";

/** A run of a cell, and what its world is asked. */
export interface Tried extends Observed {
  readonly cell: Cell;
  /** The same scene, undisturbed. */
  readonly calm: Observed;
}

const RECORD_TAG = "ecspresso:auto-scaling-suspended";

export function serviceOf(world: WorldState) {
  return world.services[`default/${SERVICE}`]!;
}

/** The flags of the scalable target, and the record of what they were. */
export function scalingOf(world: WorldState) {
  const { suspendedState, tags } = world.scalableTargets[RESOURCE_ID]!;
  return { suspendedState, record: tags[RECORD_TAG] };
}

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether the service runs what an undisturbed run brings, to its end. */
export function isCompleted({ after, scene }: Tried): boolean {
  const { taskDefinition, deployments, runningCount, desiredCount } = serviceOf(after);
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  return taskDefinition === scene.target && primary?.taskDefinition === scene.target &&
    primary.rolloutState === "COMPLETED" && runningCount === desiredCount;
}

/** The calls of an operation that were carried out. */
export function appliedCalls({ calls }: Tried, operation: string) {
  return calls.filter((call) => call.applied && call.operation === operation);
}
