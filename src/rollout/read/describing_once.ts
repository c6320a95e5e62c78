import { shortName } from "../../model/arn.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";

/** ECS, with the task definitions that have been read. */
interface DescribingOnce extends EcsReader {
  /** The task definition of this ARN where it has been read; no call is made for it. */
  readonly described: (arn: string) => TaskDefinition | undefined;
}

/**
 * A reader for one plan, which reads each task definition once: what runs is often also the newest of its family, or
 * the revision to leave.
 */
export function describingOnce(ecs: EcsReader): DescribingOnce {
  const byName = new Map<string, Promise<TaskDefinition | undefined>>();
  const byArn = new Map<string, TaskDefinition>();
  return {
    ...ecs,
    described: (arn) => byArn.get(arn),
    async describeTaskDefinition(name, signal) {
      const reading = byName.get(name) ?? ecs.describeTaskDefinition(name, signal);
      byName.set(name, reading);
      const found = await reading;
      if (found !== undefined) {
        byArn.set(found.arn, found);
        for (const other of [found.arn, shortName(found)]) byName.set(other, reading);
      }
      return found;
    },
  };
}
