import { type AwsError, isPassing } from "../../errors.ts";
import type { Clock } from "../../host.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/** The pauses between the attempts of an order that AWS has not carried out; the shortest first. */
export class Repetition {
  #pauseMs = FIRST_PAUSE_MS;

  constructor(private readonly options: { readonly clock: Clock; readonly random: () => number }) {}

  /** @throws the error where waiting does not help, or where `signal` is aborted meanwhile */
  async pauseAfter(error: AwsError, signal: AbortSignal): Promise<void> {
    if (!isPassing(error)) throw error;
    await this.options.clock.sleep(Math.round(this.#pauseMs * (0.5 + this.options.random())), signal);
    if (signal.aborted) throw error;
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
