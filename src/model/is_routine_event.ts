/**
 * AWS's own sentences, behind the names in brackets, which may be anything.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
const ROUTINE: readonly RegExp[] = [
  /^(?:has )?(?:started|stopped) \d+ (?:running |pending )?tasks?\b/,
  /^(?:de)?registered \d+ targets? in\b/,
  /^has begun draining connections on \d+ tasks?\b/,
  /^is (?:not )?AZ balanced\b/,
  /^has reached a steady state\b/,
  /^deployment (?:completed|failed: (?:tasks failed to start|alarm detected))\b/,
  /^rolling back to deployment ecs-svc\/\d+/,
];

/** Whether an event of a service is about counts of tasks, or the end of a deployment, which its own record says as well. */
export function isRoutineEvent(message: string): boolean {
  const text = message.replace(/^(?:\((?:service|deployment|task|instance|port|taskSet) [^()]*\)\s*)+/, "");
  return ROUTINE.some((pattern) => pattern.test(text));
}
