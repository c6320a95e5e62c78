import type { Clock } from "../../host.ts";
import type { RunContext } from "../run_context.ts";

/** Restoring must not be cut short by the very timeout that made it necessary; with what else comes last, 5 s are allowed. */
const RESTORE_WITHIN_MS = 3_500;
/** Ctrl-C ends the program within 2 s. */
const RESTORE_AFTER_STOP_WITHIN_MS = 1_500;

/** Restoring has all of the command's time, and a little more when that is up or the user stops. */
export function restoreDeadline({ signal, clock, stop }: RunContext): AbortSignal {
  const graceMs = () => stop.aborted ? RESTORE_AFTER_STOP_WITHIN_MS : RESTORE_WITHIN_MS;
  // The time may be up first, and the user stop then.
  return AbortSignal.any([signal, stop].map((limit) => delayed(limit, graceMs, clock)));
}

/** Aborted a little after `signal` is: for a call whose answer decides what is to be restored. */
export function delayed(signal: AbortSignal, graceMs: () => number, clock: Clock): AbortSignal {
  const controller = new AbortController();
  const onAbort = () => clock.deadline(graceMs()).addEventListener("abort", () => controller.abort());
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort);
  return controller.signal;
}
