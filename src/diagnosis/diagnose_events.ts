import type { ServiceEvent } from "../model/service.ts";
import { type Cause, causeCodes } from "./cause.ts";
import { withoutFiller } from "./clean_text.ts";
import { findCauseCode } from "./find_cause_code.ts";
import { findSubject } from "./find_subject.ts";

/**
 * What went wrong since a time (milliseconds since the epoch), one cause an event of the service, oldest first.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export function diagnoseEvents(events: readonly ServiceEvent[], sinceMs: number): Cause[] {
  return events.filter(({ createdAtMs }) => createdAtMs > sinceMs)
    .toSorted((a, b) => a.createdAtMs - b.createdAtMs)
    .flatMap((event) => diagnoseEvent(event) ?? []);
}

function diagnoseEvent({ message, createdAtMs: atMs }: ServiceEvent): Cause | undefined {
  if (!reportsFailure({ message })) return undefined;
  const said = withoutFiller(message.replace(/^\(service [^)]*\) /, ""));
  // `was unable to place a task. Reason: WHY.`, `failed to launch a task with (error WHY)`: the words of a stopped task.
  const why = /\bReason: (.+?)\.?$/.exec(said)?.[1] ?? /\blaunch a task with \(error (.+)\)$/.exec(said)?.[1];
  // Where a task was placed and failed to start, the stopped task itself says why.
  const ofWhy = why === "Task failed to start" ? "tasksFailedToStart" : findCauseCode(why ?? "");
  const code = ofWhy ?? findCauseCode(said) ?? "unknown";
  if (NO_CAUSE.has(code)) return undefined;
  return {
    ...{ code, container: undefined, exitCode: undefined, count: 1, taskArn: undefined, atMs },
    said: why ?? said,
    about: findSubject(said),
  };
}

/** Codes that are no failure of the deployment. Whether it was stopped on request is in its own record. */
const NO_CAUSE = causeCodes("replaced", "stoppedByUser", "stopRequested");

/** Whether ECS says that something went wrong. */
export function reportsFailure({ message }: Pick<ServiceEvent, "message">): boolean {
  // Names are in brackets, and may be anything: `(service retry-failed) has reached a steady state.`
  return /\bunable to\b|\bfailed\b|\bunhealthy\b|\bthrottled\b/i.test(message.replace(/\([^()]*\)/g, ""));
}

/** AWS's own sentences, after the names in brackets. */
const ROUTINE: readonly RegExp[] = [
  /^(?:has )?(?:started|stopped) \d+ (?:running |pending )?tasks?\b/,
  /^(?:de)?registered \d+ targets? in\b/,
  /^has begun draining connections on \d+ tasks?\b/,
  /^is (?:not )?AZ balanced\b/,
  /^has reached a steady state\b/,
  /^deployment (?:completed|failed: (?:tasks failed to start|alarm detected))\b/,
  /^rolling back to deployment ecs-svc\/\d+/,
];

/** Whether an event is about counts of tasks, or about the end of a deployment, which its own record has as well. */
export function isRoutineEvent(message: string): boolean {
  const text = message.replace(/^(?:\((?:service|deployment|task|instance|port|taskSet) [^()]*\)\s*)+/, "");
  return ROUTINE.some((pattern) => pattern.test(text));
}
