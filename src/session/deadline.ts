import type { Clock } from "../host.ts";

/** The command's time limit, which stands still while the user is asked something. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #startedAtMs: number;
  #pausedMs = 0;
  #isAsking = false;
  #hasFired = false;

  constructor(private readonly clock: Clock, private limitMs: number) {
    this.#startedAtMs = clock.elapsed();
    if (limitMs > 0) this.#arm();
  }

  get ms(): number {
    return this.limitMs;
  }

  /** Sets another limit, which counts from the start, too; 0: none. */
  change(limitMs: number): void {
    if (limitMs === this.limitMs) return;
    this.limitMs = limitMs;
    if (limitMs > 0) this.#arm();
  }

  /** Aborted when the time is up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Lets no time pass until `question` is answered. */
  async pauseFor<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    const beganAtMs = this.clock.elapsed();
    this.#isAsking = true;
    try {
      return await question();
    } finally {
      this.#isAsking = false;
      this.#pausedMs += this.clock.elapsed() - beganAtMs;
      if (this.#hasFired) this.#arm();
    }
  }

  #arm(): void {
    this.#hasFired = false;
    if (this.limitMs === 0) return;
    const leftMs = this.#startedAtMs + this.limitMs + this.#pausedMs - this.clock.elapsed();
    if (leftMs <= 0) return this.#controller.abort();
    this.clock.deadline(leftMs).addEventListener("abort", () => {
      if (this.#isAsking) this.#hasFired = true;
      else this.#arm();
    });
  }
}
