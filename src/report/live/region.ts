import type { HostOutput, TerminalSize } from "../../host.ts";
import { countRows, cutToWidth, displayWidth } from "./display_width.ts";
import type { Row, Span } from "./render_frame.ts";

/** Where a terminal does not say how big it is: what they have been for fifty years. */
const USUAL = { columns: 80, rows: 24 };

const COLORS: Readonly<Record<NonNullable<Span["color"]>, string>> = {
  green: "\x1b[32m",
  yellow: "\x1b[33m",
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

  /** Takes the region away. */
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
