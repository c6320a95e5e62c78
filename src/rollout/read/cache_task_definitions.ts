import { shortName } from "../../model/arn.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";

/**
 * A reader for one plan, which reads each task definition once: what runs is often also the newest of its family, or
 * the revision to leave.
 */
export function cacheTaskDefinitions(ecs: EcsReader): EcsReader {
  const byName = new Map<string, Promise<TaskDefinition | undefined>>();
  return {
    ...ecs,
    async describeTaskDefinition(name, signal) {
      const reading = byName.get(name) ?? ecs.describeTaskDefinition(name, signal);
      byName.set(name, reading);
      const found = await reading;
      if (found !== undefined) {
        for (const other of [found.arn, shortName(found)]) byName.set(other, reading);
      }
      return found;
    },
  };
}
