import { cutToWidth, displayWidth } from "./live/display_width.ts";
import { onOneLine } from "./log.ts";

/**
 * Lays rows out in columns, a page after the other, each as it comes. The first page decides how wide the columns are, and
 * what is longer later on moves its own line only.
 */
export class TableLayout {
  #widths: number[] | undefined;

  /** @param columns their headings */
  constructor(private readonly columns: readonly string[]) {}

  /** The lines of one page; the first has the heading before it. */
  add(page: readonly (readonly string[])[]): string[] {
    const isFirst = this.#widths === undefined;
    const rows = page.map((row) => row.map(onOneLine));
    this.#widths ??= this.columns.map((heading, column) =>
      Math.max(heading.length, ...rows.map((row) => displayWidth(row[column] ?? "")))
    );
    return [...(isFirst ? [this.columns] : []), ...rows].map((row) => this.#align(row));
  }

  #align(row: readonly string[]): string {
    const pad = (text: string, width: number) => text + " ".repeat(Math.max(0, width - displayWidth(text)));
    return row.map((text, column) => pad(text, this.#widths?.[column] ?? 0)).join("  ").trimEnd();
  }
}

/** The lines as far as a terminal has room for them; `columns` 0: wholly. */
export function fitColumns(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => columns === 0 ? line : cutToWidth(line, columns));
}

/** A row as tab-separated values; a tab within a value would be taken for the next column. */
export function renderTsv(row: readonly string[]): string {
  return row.map(onOneLine).join("\t");
}
