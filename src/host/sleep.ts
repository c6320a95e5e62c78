import type { Clock } from "../host.ts";

/** Resolves after `ms`, or at once, without an error, when `signal` is or becomes aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}

/** Resolves once the signal is aborted. */
export function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Aborted so long after `signal` is: what is under way by then is given that time. `graceMs` is asked at that moment. */
export function soonAfterAbort(signal: AbortSignal, graceMs: () => number, clock: Clock): AbortSignal {
  const controller = new AbortController();
  const onAbort = () => clock.deadline(graceMs()).addEventListener("abort", () => controller.abort());
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return controller.signal;
}

/**
 * What `work` comes to, or at once an `AbortError` when `signal` is aborted. Signals live longer than most work: nothing of
 * it stays behind at them.
 */
export function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new DOMException("Request aborted", "AbortError"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
