import type { ServiceEvent } from "../model/service.ts";
import { normalizeMessage } from "./clean_text.ts";

/**
 * The service events since a time (milliseconds since the epoch) that speak of failure, oldest first. Of events that
 * differ in ids only, the last one. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export function findFailureEvents(events: readonly ServiceEvent[], sinceMs: number): ServiceEvent[] {
  const last = new Map<string, ServiceEvent>();
  for (const event of events.toSorted((a, b) => a.createdAtMs - b.createdAtMs)) {
    if (event.createdAtMs <= sinceMs || !speaksOfFailure(event)) continue;
    const text = normalizeMessage(event.message);
    last.delete(text);
    last.set(text, event);
  }
  return [...last.values()];
}

/** Whether ECS says that something went wrong. */
export function speaksOfFailure({ message }: ServiceEvent): boolean {
  // What is in brackets are names, which may be anything: `(service retry-failed) has reached a steady state.`
  return /\bunable to\b|\bfailed\b|\bunhealthy\b|\bthrottled\b/i.test(message.replace(/\([^()]*\)/g, ""));
}
