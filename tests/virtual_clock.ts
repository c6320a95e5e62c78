import type { Clock } from "../src/host.ts";

/** How long the machine has been up. */
const STARTED_MS = 5_000;

/** A clock that a test owns: sleeping moves it on and takes no time. */
export class VirtualClock implements Clock {
  readonly #deadlines: { atMs: number; controller: AbortController }[] = [];
  #nowMs: number;
  #setByMs = 0;

  /** @param onAdvance gets how many milliseconds have passed, before sleepers go on. */
  constructor(private readonly startAtMs: number, private readonly onAdvance: (ms: number) => void = () => {}) {
    this.#nowMs = startAtMs;
  }

  now(): number {
    return this.#nowMs + this.#setByMs;
  }

  /** Begins elsewhere than `now()`, as on a real machine: the two are not to be compared. */
  elapsed(): number {
    return this.#nowMs - this.startAtMs + STARTED_MS;
  }

  /** Sets the wall clock on, or back where `ms` is negative. No time passes by that. */
  setBy(ms: number): void {
    this.#setByMs += ms;
  }

  deadline(ms: number): AbortSignal {
    const controller = new AbortController();
    this.#deadlines.push({ atMs: this.#nowMs + ms, controller });
    return controller.signal;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.advance(ms, signal);
    return Promise.resolve();
  }

  /** Moves on by `ms`, stopping at each deadline; no further than the one that aborts `signal`. */
  advance(ms: number, signal?: AbortSignal): void {
    const untilMs = this.#nowMs + ms;
    while (!signal?.aborted) {
      const due = this.#deadlines.filter(({ atMs, controller }) => atMs <= untilMs && !controller.signal.aborted);
      const next = due.sort((a, b) => a.atMs - b.atMs)[0];
      this.#moveTo(next?.atMs ?? untilMs);
      if (next === undefined) return;
      next.controller.abort();
    }
  }

  #moveTo(atMs: number): void {
    const passedMs = Math.max(0, atMs - this.#nowMs);
    this.#nowMs += passedMs;
    if (passedMs > 0) this.onAdvance(passedMs);
  }
}
