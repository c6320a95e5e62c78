import { setImmediate } from "node:timers";
import type { Clock } from "../src/host.ts";
import { TIME_IS_UP } from "./virtual_clock.ts";

/** How long the machine has been up at the start, in milliseconds. */
const STARTED_MS = 5_000;

interface Due {
  readonly atMs: number;
  readonly act: () => void;
  isOver: boolean;
}

/**
 * A clock for many tasks that sleep side by side: time passes only while all of them sleep, up to the moment at which
 * the first one wakes. No real time passes.
 */
export class FleetClock implements Clock {
  /** What is due, the earliest last. Only sleepers make time pass. */
  readonly #sleepers: Due[] = [];
  readonly #deadlines: Due[] = [];
  #passedMs = 0;
  #isPassing = false;
  /** How often the clock was used: while that grows, somebody is awake. */
  #asked = 0;

  /**
   * @param onAdvance gets how many milliseconds have passed, before anybody wakes
   * @param isQuiet whether nobody waits for anything but this clock
   */
  constructor(
    private readonly startAtMs: number,
    private readonly onAdvance: (ms: number) => void = () => {},
    private readonly isQuiet: () => boolean = () => true,
  ) {}

  now(): number {
    return this.startAtMs + this.#passedMs;
  }

  elapsed(): number {
    return STARTED_MS + this.#passedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        due.isOver = true;
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const due = this.#add(this.#sleepers, ms, wake);
      signal?.addEventListener("abort", wake);
      if (!this.#isPassing) this.#pass();
    });
  }

  deadline(ms: number): AbortSignal {
    const controller = new AbortController();
    this.#add(this.#deadlines, ms, () => controller.abort(TIME_IS_UP));
    return controller.signal;
  }

  #add(list: Due[], ms: number, act: () => void): Due {
    this.#asked++;
    const due = { atMs: this.#passedMs + Math.max(0, ms), act, isOver: false };
    let [from, to] = [0, list.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (list[middle]!.atMs > due.atMs) from = middle + 1;
      else to = middle;
    }
    list.splice(from, 0, due);
    return due;
  }

  async #pass(): Promise<void> {
    this.#isPassing = true;
    for (;;) {
      await this.#allAsleep();
      const next = this.#sleepers.pop();
      if (next === undefined) break;
      if (next.isOver) continue;
      const deadline = this.#deadlines.at(-1);
      if (deadline !== undefined && deadline.atMs <= next.atMs) {
        this.#sleepers.push(next);
        this.#deadlines.pop();
        this.#moveTo(deadline.atMs);
        deadline.act();
      } else {
        this.#moveTo(next.atMs);
        next.act();
      }
    }
    this.#isPassing = false;
  }

  async #allAsleep(): Promise<void> {
    let asked: number;
    do {
      asked = this.#asked;
      for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    } while (this.#asked !== asked || !this.isQuiet());
  }

  #moveTo(atMs: number): void {
    const ms = atMs - this.#passedMs;
    this.#passedMs = atMs;
    if (ms > 0) this.onAdvance(ms);
  }
}
