import type { EcsReader } from "../../model/ports.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";

/**
 * ECS, of which a plan reads each task definition once: what runs is often also the newest of its family, or what is to be
 * left.
 */
export function describingOnce(ecs: EcsReader): EcsReader {
  const byName = new Map<string, Promise<TaskDefinition | undefined>>();
  return {
    ...ecs,
    async describeTaskDefinition(name, signal) {
      const reading = byName.get(name) ?? ecs.describeTaskDefinition(name, signal);
      byName.set(name, reading);
      const found = await reading;
      if (found !== undefined) byName.set(found.arn, reading);
      return found;
    },
  };
}
