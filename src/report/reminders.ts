import type { RunNotice } from "../rollout/events.ts";

/** Whether a notice is about how all is left, and to be read at the end. */
export function isReminder(notice: RunNotice): boolean {
  return isOfScaling(notice) || notice.code === "serviceUnchanged" || notice.code === "staysRegistered";
}

/** Whether it is about auto scaling that may stay suspended. */
export function isOfScaling({ code }: RunNotice): boolean {
  return code === "staysSuspended" || code === "suspensionRecordKept" || code === "restoredByOtherRun";
}
