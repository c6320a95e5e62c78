import type { RunEvent } from "../rollout/events.ts";
import type { RunState } from "./state.ts";

/** Shows a run, or makes something of it. A printer fetches nothing and decides nothing. */
export interface Printer {
  /**
   * Must not throw: a rollback does not end because of how it is shown.
   *
   * @param state after the event
   * @param atMs milliseconds since the epoch
   */
  print(event: RunEvent, state: RunState, atMs: number): void;
}
