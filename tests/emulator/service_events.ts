/** The events of a service, newest first and at most a hundred, in AWS's words. */
import { newUuid } from "./identifiers.ts";
import type { Service, World } from "./model.ts";

const KEPT_EVENTS = 100;

/** Records `(service NAME) <message>`. */
export function record(world: World, service: Service, message: string): void {
  service.events.unshift({
    id: newUuid(world),
    createdAtMs: world.nowMs,
    message: `(service ${service.name}) ${message}`,
  });
  service.events.length = Math.min(service.events.length, KEPT_EVENTS);
}

/** `(task A) (task B)` */
export function taskList(tasks: readonly { id: string }[]): string {
  return tasks.map((task) => `(task ${task.id})`).join(" ");
}
