import type { Clock, HostOutput, Output, TerminalSize } from "../../host.ts";
import { EMPTY_STATE, type RunState } from "../state.ts";
import { type PrintedEvent, type Printer } from "../printer.ts";
import { paint } from "../colors.ts";
import { countRows, cutToWidth, displayWidth } from "../display_width.ts";
import { isWaiting, renderFleetFrame, renderFrame, type Row } from "./render_frame.ts";

/** Used if the terminal does not report its size: the traditional one. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };

const ROW_UP = "\x1b[A";
const CLEAR_ROW = "\x1b[2K";

/**
 * Lines below everything that was written to a terminal, redrawn in place. The cursor waits on the row below them and
 * is never hidden: whenever the program ends, the next output begins on a fresh row. Each change is one write.
 */
export class Region {
  /** The lines that are on the screen now, without colours. */
  #shown: readonly string[] = [];
  #isAtLineStart = true;

  constructor(
    private readonly output: Pick<HostOutput, "write" | "isStalled">,
    private readonly size: () => TerminalSize,
    private readonly hasColors: boolean,
  ) {}

  /** The terminal's width now; the usual one if it reports none. */
  get columns(): number {
    return this.size().columns || DEFAULT_SIZE.columns;
  }

  /**
   * Replaces the rows on the screen, cut to the width and height of the terminal. Draws nothing while the line above is
   * unfinished, or while the terminal takes no output.
   */
  draw(rows: readonly Row[]): void {
    if (!this.#isAtLineStart || this.output.isStalled) return;
    // The last column stays free: some terminals wrap as soon as it is written to.
    const columns = this.columns - 1;
    const cut = rows.slice(0, (this.size().rows || DEFAULT_SIZE.rows) - 1).map((row) => cutRow(row, columns));
    this.output.write(
      this.#eraser() +
        cut.map((row) => `${row.map((span) => paint(span.text, this.hasColors ? span.color : undefined)).join("")}\n`)
          .join(""),
    );
    this.#shown = cut.map((row) => row.map(({ text }) => text).join(""));
  }

  /** Erases the region and writes `text` in its place. */
  writeAbove(text: string): void {
    this.output.write(this.#eraser() + text);
    this.#shown = [];
    if (text !== "") this.#isAtLineStart = text.endsWith("\n");
  }

  /** Leaves the rows on the screen for good: somebody else has written below them. */
  forget(): void {
    this.#shown = [];
    this.#isAtLineStart = true;
  }

  erase(): void {
    if (this.#shown.length > 0) this.writeAbove("");
  }

  /**
   * Erases row by row, from the bottom: tmux takes clearing everything from its first row on for clearing the screen,
   * and keeps the rows. A line may take several rows if the terminal is narrower now.
   */
  #eraser(): string {
    if (this.#shown.length === 0) return "";
    const rows = this.#shown.reduce((sum, line) => sum + countRows(line, this.columns), 0);
    // The cursor's own row may show the `^C` that somebody typed.
    return `\r${CLEAR_ROW}${`${ROW_UP}${CLEAR_ROW}`.repeat(rows)}`;
  }
}

function cutRow(row: Row, columns: number): Row {
  let left = columns;
  return row.map((span) => {
    const text = cutToWidth(span.text, left);
    // Once a span is cut, nothing follows it, even if it would fit.
    left = text === span.text ? left - displayWidth(text) : 0;
    return { ...span, text };
  });
}

interface LiveDisplayOptions {
  readonly stderr: Pick<HostOutput, "write" | "isTerminal" | "isStalled">;
  readonly size: () => TerminalSize;
  readonly clock: Pick<Clock, "elapsed" | "deadline">;
  readonly color: boolean;
}

const REDRAW_EVERY_MS = 1_000;
const LATE_MS = 500;
/** Redraws at most ten times a second. */
const SHORTEST_PAUSE_MS = 100;

/** Shows the progress of a rollout at the bottom of the terminal while the run waits for it, until `close`. */
export class LiveDisplay implements Printer {
  /** Whatever is written to it appears above the region. */
  readonly stderr: Output;
  readonly #region: Region;
  readonly #clock: LiveDisplayOptions["clock"];
  #state: RunState = EMPTY_STATE;
  /** When the time of the time limit began, by `Clock.elapsed()`. */
  #sinceMs = 0;
  #isClosed = false;
  #drawnAtMs = -Infinity;
  /** When the region is drawn next if nothing happens before. */
  #dueAtMs = Infinity;

  constructor({ stderr, size, clock, color }: LiveDisplayOptions) {
    this.#region = new Region(stderr, size, color);
    this.#clock = clock;
    this.stderr = {
      isTerminal: stderr.isTerminal,
      write: (text) => this.#writeAbove(text),
    };
  }

  print(event: PrintedEvent, state: RunState): void {
    if (this.#isClosed) return;
    // An automatic rollback has its own time limit.
    const isOneService = state.services.length <= 1;
    if (event.kind === "started" || (event.kind === "rollbackDecided" && isOneService)) {
      this.#sinceMs = this.#clock.elapsed();
    }
    const hasChanged = this.#state !== state;
    this.#state = state;
    if (hasChanged) this.#show();
  }

  #writeAbove(text: string): void {
    this.#region.writeAbove(text);
    if (!this.#isClosed) this.#show();
  }

  /** Draws the region again, below what somebody else wrote to the terminal while the program was stopped. */
  redraw(): void {
    if (this.#isClosed) return;
    this.#region.forget();
    this.#drawnAtMs = -Infinity;
    this.#show();
  }

  /** Erases the region at once; nothing is drawn from then on. May be called again. */
  close(): void {
    this.#isClosed = true;
    this.#region.erase();
  }

  /** Draws now, or once enough time has passed since the last drawing. */
  #show(): void {
    if (!this.#state.services.some(isWaiting)) return this.#region.erase();
    const nowMs = this.#clock.elapsed();
    const sinceMs = nowMs - this.#drawnAtMs;
    if (sinceMs < SHORTEST_PAUSE_MS) return this.#showIn(SHORTEST_PAUSE_MS - sinceMs);
    const render = this.#state.services.length > 1 ? renderFleetFrame : renderFrame;
    this.#region.draw(render(this.#state, nowMs - this.#sinceMs, this.#region.columns));
    this.#drawnAtMs = nowMs;
    this.#showIn(REDRAW_EVERY_MS);
  }

  #showIn(ms: number): void {
    const dueAtMs = this.#clock.elapsed() + ms;
    // The line before has asked for the same moment.
    if (this.#dueAtMs === dueAtMs) return;
    this.#dueAtMs = dueAtMs;
    this.#clock.deadline(ms).addEventListener("abort", () => {
      // A later call has asked for another moment.
      if (this.#dueAtMs !== dueAtMs) return;
      this.#dueAtMs = Infinity;
      if (this.#isClosed) return;
      // This late, the program was stopped and its SIGCONT is still to come: the rows above may be the shell's.
      if (this.#clock.elapsed() - dueAtMs >= LATE_MS) this.#showIn(SHORTEST_PAUSE_MS);
      else this.#show();
    });
  }
}
