import type { Clock, HostOutput, Output, TerminalSize } from "../../host.ts";
import { EMPTY_STATE, type RunState } from "../state.ts";
import { type PrintedEvent, type Printer } from "../printer.ts";
import { countRows, cutToWidth, displayWidth } from "./display_width.ts";
import { isWaiting, renderFleetFrame, renderFrame, type Row, type Span } from "./render_frame.ts";

/** Where a terminal does not say how big it is: what they have been for fifty years. */
const USUAL = { columns: 80, rows: 24 };

const COLORS: Readonly<Record<NonNullable<Span["color"]>, string>> = {
  green: "\x1b[32m",
  yellow: "\x1b[33m",
  red: "\x1b[31m",
  dim: "\x1b[2m",
};
const RESET = "\x1b[0m";
const ROW_UP = "\x1b[A";
const CLEAR_ROW = "\x1b[2K";

/**
 * Lines at the lower end of what was written to a terminal, drawn anew where they stand. The cursor waits on the row below
 * them and is never hidden: whenever the program ends, the next output begins on a fresh row. Each change is one write.
 */
export class Region {
  /** The lines that are to be seen now, without colours. */
  #shown: readonly string[] = [];
  #isAtLineStart = true;

  constructor(
    private readonly output: Pick<HostOutput, "write" | "isStalled">,
    private readonly size: () => TerminalSize,
    private readonly hasColors: boolean,
  ) {}

  /** As it is now; what the terminal does not say is what is usual. */
  get columns(): number {
    return this.size().columns || USUAL.columns;
  }

  /**
   * Draws the rows in place of those before: cut where the terminal ends, as many as it has room for. In the middle of a
   * line that somebody has begun above, or while nobody takes it, nothing is drawn.
   */
  draw(rows: readonly Row[]): void {
    if (!this.#isAtLineStart || this.output.isStalled) return;
    // The last column stays free: some terminals go to the next row as soon as it is written to.
    const columns = this.columns - 1;
    const cut = rows.slice(0, (this.size().rows || USUAL.rows) - 1).map((row) => cutRow(row, columns));
    this.output.write(this.#eraser() + cut.map((row) => `${row.map((span) => this.#paint(span)).join("")}\n`).join(""));
    this.#shown = cut.map((row) => row.map(({ text }) => text).join(""));
  }

  /** Takes the region away and writes `text` where it was. */
  writeAbove(text: string): void {
    this.output.write(this.#eraser() + text);
    this.#shown = [];
    if (text !== "") this.#isAtLineStart = text.endsWith("\n");
  }

  /** Leaves the region where it stands, for good: somebody else has written below it. */
  forget(): void {
    this.#shown = [];
    this.#isAtLineStart = true;
  }

  erase(): void {
    if (this.#shown.length > 0) this.writeAbove("");
  }

  /**
   * Empties row by row, from below: tmux takes clearing down from its first row for clearing the screen, and keeps what was
   * there. Lines that were written on a wider terminal may take several rows by now.
   */
  #eraser(): string {
    if (this.#shown.length === 0) return "";
    const rows = this.#shown.reduce((sum, line) => sum + countRows(line, this.columns), 0);
    // On the cursor's own row may be the `^C` that the terminal shows.
    return `\r${CLEAR_ROW}${`${ROW_UP}${CLEAR_ROW}`.repeat(rows)}`;
  }

  #paint({ text, color }: Span): string {
    return this.hasColors && color !== undefined && text !== "" ? COLORS[color] + text + RESET : text;
  }
}

function cutRow(row: Row, columns: number): Row {
  let left = columns;
  return row.map((span) => {
    const text = cutToWidth(span.text, left);
    // Behind what is cut off nothing follows, however narrow it is.
    left = text === span.text ? left - displayWidth(text) : 0;
    return { ...span, text };
  });
}

interface LiveDisplayOptions {
  /** A terminal. */
  readonly stderr: Pick<HostOutput, "write" | "failure" | "isTerminal" | "isStalled">;
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

  print(event: PrintedEvent, state: RunState): void {
    if (this.#isClosed) return;
    // An automatic rollback has a time limit of its own.
    const isOfOne = state.services.length <= 1;
    if (event.kind === "started" || (event.kind === "rollbackDecided" && isOfOne)) {
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
    const render = this.#state.services.length > 1 ? renderFleetFrame : renderFrame;
    this.#region.draw(render(this.#state, nowMs - this.#sinceMs, this.#region.columns));
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
