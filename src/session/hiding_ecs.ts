import type { Ecs } from "../aws/ecs.ts";
import { maskAll } from "../secrets/hidden_values.ts";

/**
 * ECS, whose reasons for stopping tasks are masked as they come: they repeat commands, and they are cut before they are
 * shown, so that a part of a value would be left.
 */
export function hidingEcs(ecs: Ecs, mask: (text: string) => string): Ecs {
  return {
    ...ecs,
    listStoppedTasks: async (ref, signal) => maskAll(await ecs.listStoppedTasks(ref, signal), mask),
  };
}
