import type { Session } from "./session.ts";

/** Returns a function that logs the progress of something long, at most every `everyMs`. */
export function progressLogger({ host: { clock }, log }: Session, everyMs: number): (describe: () => string) => void {
  let nextAtMs = clock.elapsed() + everyMs;
  return (describe) => {
    if (clock.elapsed() < nextAtMs) return;
    nextAtMs = clock.elapsed() + everyMs;
    log.info(describe());
  };
}
