import type { Clock, HostOutput, Output, TerminalSize } from "../../host.ts";
import type { RunEvent } from "../../rollout/events.ts";
import { EMPTY_STATE, type Printer, type RunState } from "../state.ts";
import { Region } from "./region.ts";
import { isWaiting, renderFrame } from "./render_frame.ts";

interface LiveDisplayOptions {
  /** A terminal. */
  readonly stderr: Pick<HostOutput, "write" | "failure" | "isTerminal" | "isStalled">;
  /** The terminal's size as it is now. */
  readonly size: () => TerminalSize;
  readonly clock: Pick<Clock, "elapsed" | "deadline">;
  readonly color: boolean;
}

const REDRAW_EVERY_MS = 1_000;
const LATE_MS = 500;
/** At most ten times a second. */
const SHORTEST_PAUSE_MS = 100;

/** How a rollout goes, at the lower end of the terminal while it is waited for: from now on, until it is closed. */
export class LiveDisplay implements Printer {
  /** What is written to it stands above the region. */
  readonly stderr: Output;
  readonly #region: Region;
  readonly #clock: LiveDisplayOptions["clock"];
  #state: RunState = EMPTY_STATE;
  /** When the time began that the limit is for, by `Clock.elapsed()`. */
  #sinceMs = 0;
  #isClosed = false;
  #drawnAtMs = -Infinity;
  /** When the region is drawn without anything happening. */
  #dueAtMs = Infinity;

  constructor({ stderr, size, clock, color }: LiveDisplayOptions) {
    this.#region = new Region(stderr, size, color);
    this.#clock = clock;
    this.stderr = {
      isTerminal: stderr.isTerminal,
      get failure() {
        return stderr.failure;
      },
      write: (text) => this.#writeAbove(text),
    };
  }

  print(event: RunEvent, state: RunState): void {
    if (this.#isClosed) return;
    // An automatic rollback has a time limit of its own.
    if (event.kind === "started" || event.kind === "rollbackDecided") this.#sinceMs = this.#clock.elapsed();
    const hasChanged = this.#state !== state;
    this.#state = state;
    if (hasChanged) this.#show();
  }

  #writeAbove(text: string): void {
    this.#region.writeAbove(text);
    if (!this.#isClosed) this.#show();
  }

  /** Draws the region anew, below what somebody else has written to the terminal while the program was stopped. */
  redraw(): void {
    if (this.#isClosed) return;
    this.#region.forget();
    this.#drawnAtMs = -Infinity;
    this.#show();
  }

  /** Leaves a clean screen, at once; from then on nothing is drawn. May be called again. */
  close(): void {
    this.#isClosed = true;
    this.#region.erase();
  }

  /** Now, or as soon as enough time has passed since the last time. */
  #show(): void {
    if (!this.#state.services.some(isWaiting)) return this.#region.erase();
    const nowMs = this.#clock.elapsed();
    const sinceMs = nowMs - this.#drawnAtMs;
    if (sinceMs < SHORTEST_PAUSE_MS) return this.#showIn(SHORTEST_PAUSE_MS - sinceMs);
    this.#region.draw(renderFrame(this.#state, nowMs - this.#sinceMs, this.#region.columns));
    this.#drawnAtMs = nowMs;
    this.#showIn(REDRAW_EVERY_MS);
  }

  #showIn(ms: number): void {
    const dueAtMs = this.#clock.elapsed() + ms;
    // Asked for already, by the line before.
    if (this.#dueAtMs === dueAtMs) return;
    this.#dueAtMs = dueAtMs;
    this.#clock.deadline(ms).addEventListener("abort", () => {
      // Another moment has been asked for since.
      if (this.#dueAtMs !== dueAtMs) return;
      this.#dueAtMs = Infinity;
      if (this.#isClosed) return;
      // So late, the program was stopped, and its SIGCONT is still to come: the rows above may be the shell's.
      if (this.#clock.elapsed() - dueAtMs >= LATE_MS) this.#showIn(SHORTEST_PAUSE_MS);
      else this.#show();
    });
  }
}
