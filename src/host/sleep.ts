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

/** Aborted `graceMs` after `signal`, to give what is under way that time. `graceMs` is called at the first abort. */
export function soonAfterAbort(signal: AbortSignal, graceMs: () => number, clock: Clock): AbortSignal {
  const controller = new AbortController();
  const onAbort = () => clock.deadline(graceMs()).addEventListener("abort", () => controller.abort());
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return controller.signal;
}

/**
 * The result of `work`, or an `AbortError` as soon as `signal` is aborted. Leaves no listener on the signal, which
 * lives longer than most work.
 */
export function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new DOMException("Request aborted", "AbortError"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
