import type { Clock } from "../src/host.ts";

/** How long the machine has been up at the start, in milliseconds. */
const STARTED_MS = 5_000;

/** One reason for all deadlines: to make one with its stack takes longer than most of what happens in between. */
export const TIME_IS_UP = new DOMException("Signal timed out.", "TimeoutError");

/** A clock that a test controls: sleeping moves it on, and takes no real time. */
export class VirtualClock implements Clock {
  /** The earliest first. */
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

  /** Begins at another value than `now()`, as on a real machine: the two cannot be compared. */
  elapsed(): number {
    return this.#nowMs - this.startAtMs + STARTED_MS;
  }

  /** Sets the wall clock forward, or back where `ms` is negative. No time passes. */
  setBy(ms: number): void {
    this.#setByMs += ms;
  }

  deadline(ms: number): AbortSignal {
    const controller = new AbortController();
    const atMs = this.#nowMs + ms;
    const later = this.#deadlines.findIndex((other) => other.atMs > atMs);
    this.#deadlines.splice(later < 0 ? this.#deadlines.length : later, 0, { atMs, controller });
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
      const next = this.#deadlines[0];
      if (next === undefined || next.atMs > untilMs) return this.#moveTo(untilMs);
      this.#deadlines.shift();
      this.#moveTo(next.atMs);
      next.controller.abort(TIME_IS_UP);
    }
  }

  #moveTo(atMs: number): void {
    const passedMs = Math.max(0, atMs - this.#nowMs);
    this.#nowMs += passedMs;
    if (passedMs > 0) this.onAdvance(passedMs);
  }
}
