/**
 * What an event of a service is about. `routine`: counts of tasks, or the end of the deployment, which its own record says
 * as well. `stoppedTask`: a task that is about to be stopped, which will say why itself.
 */
export type EventKind = "routine" | "stoppedTask" | "other";

/**
 * By AWS's own sentences, without the names in brackets, which may be anything.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
const KINDS: readonly (readonly [EventKind, RegExp])[] = [
  ["routine", /^(?:has )?(?:started|stopped) \d+ (?:running |pending )?tasks?\b/],
  ["routine", /^(?:de)?registered \d+ targets? in\b/],
  ["routine", /^has begun draining connections on \d+ tasks?\b/],
  ["routine", /^is (?:not )?AZ balanced\b/],
  ["routine", /^has reached a steady state\b/],
  ["routine", /^deployment (?:completed|failed: (?:tasks failed to start|alarm detected))\b/],
  ["routine", /^rolling back to deployment ecs-svc\/\d+/],
  ["stoppedTask", /^failed container health checks\b/],
  ["stoppedTask", /^is unhealthy in\b/],
];

/** What an event's message is about. */
export function kindOfEvent(message: string): EventKind {
  const text = message.replace(/^(?:\((?:service|deployment|task|instance|port|taskSet) [^()]*\)\s*)+/, "");
  return KINDS.find(([, pattern]) => pattern.test(text))?.[0] ?? "other";
}
