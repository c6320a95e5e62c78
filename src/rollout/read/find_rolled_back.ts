import { type PastDeployment, wasTurnedBack } from "../../model/service_deployment.ts";

/**
 * The task definition that the service was just rolled back from, by ECS or by somebody: that of the newest deployment
 * where that was turned back, or of the one before it where the newest one has brought back what had been deployed before.
 * Pure.
 *
 * @param past in any order
 * @returns its ARN; `undefined` when the newest deployment was a step forward
 */
export function findRolledBackFrom(past: readonly PastDeployment[]): string | undefined {
  const [newest, ...earlier] = past.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  if (newest === undefined) return undefined;
  if (wasTurnedBack(newest)) return newest.taskDefinition;
  const [before, ...older] = earlier;
  // ECS may not know any more what a deployment was of.
  if (newest.taskDefinition === undefined) return undefined;
  const isBack = newest.taskDefinition !== before?.taskDefinition &&
    older.some(({ taskDefinition }) => taskDefinition === newest.taskDefinition);
  return isBack ? before?.taskDefinition : undefined;
}
