import type { ServiceRef } from "../model/service.ts";
import type { RunEvent } from "../rollout/events.ts";
import type { Level, Line } from "./messages/log.ts";
import type { RunState } from "./state.ts";

/** What happens in a run, or a log line that belongs to no event; `service`: the one that it is about. */
export type PrintedEvent =
  | RunEvent
  | Readonly<{ kind: "logged"; level: Level; message: string; service?: ServiceRef }>;

/** Shows a run, or makes a file of it. A printer reads nothing and decides nothing. */
export interface Printer {
  /**
   * Must not throw: no rollback may fail because of how it is shown.
   *
   * @param state after the event
   * @param atMs milliseconds since the epoch
   * @param lines what a log has of the event
   */
  print(event: PrintedEvent, state: RunState, atMs: number, lines: readonly Line[]): void;
}
