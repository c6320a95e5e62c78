/** The events of a service, newest first and at most a hundred, in AWS's words. */
import { newUuid } from "./identifiers.ts";
import type { Service, World } from "./model.ts";

const KEPT_EVENTS = 100;
const LEFT_OUT_FOR_MS = 6 * 3_600_000;

/** Records `(service NAME) <message>`. */
export function record(world: World, service: Service, message: string): void {
  const event = { id: newUuid(world), createdAtMs: world.nowMs, message: `(service ${service.name}) ${message}` };
  if (world.settings.leavesOutRepeatedEvents && isRepeated(world, service, event.message)) return;
  service.events.unshift(event);
  service.events.length = Math.min(service.events.length, KEPT_EVENTS);
}

function isRepeated(world: World, service: Service, message: string): boolean {
  return service.events.some((event) => event.message === message && event.createdAtMs + LEFT_OUT_FOR_MS > world.nowMs);
}

/** `(task A) (task B)` */
export function taskList(tasks: readonly { id: string }[]): string {
  return tasks.map((task) => `(task ${task.id})`).join(" ");
}
