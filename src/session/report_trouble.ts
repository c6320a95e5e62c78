import { type AwsError, NOT_FROM_AWS } from "../errors.ts";
import type { Clock } from "../host.ts";
import { formatDuration } from "../report/format_duration.ts";

/** What lasts shorter needs no explanation. */
const SAID_AFTER_MS = 3_000;
const SAID_EVERY_MS = 60_000;

/**
 * Explains why nothing happens while AWS throttles or is in trouble: soon, then once a minute.
 *
 * @returns the callback for each failure that may pass
 */
export function reportTrouble(
  clock: Clock,
  warn: (line: string) => void,
): (error: AwsError, failingForMs: number) => void {
  let nextAtMs = -Infinity;
  return (error, failingForMs) => {
    if (failingForMs < SAID_AFTER_MS || clock.elapsed() < nextAtMs) return;
    nextAtMs = clock.elapsed() + SAID_EVERY_MS;
    const busy = error.kind === "throttled" && error.code !== NOT_FROM_AWS ? "AWS is throttling: " : "";
    warn(`${busy}${error.message}; still trying after ${formatDuration(failingForMs)}`);
  };
}
