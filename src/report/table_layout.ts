import { cutToWidth, displayWidth } from "./display_width.ts";
import { onOneLine } from "./messages/log.ts";

/**
 * Aligns rows in columns, page by page. The first page sets the widths; a longer cell on a later page shifts only its
 * own line.
 */
export class TableLayout {
  #widths: number[] | undefined;

  /** @param columns their headings */
  constructor(private readonly columns: readonly string[]) {}

  /** The lines of one page; the first page starts with the headings. */
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

/** Cuts lines to the width of the terminal; `columns` 0: not at all. */
export function fitColumns(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => columns === 0 ? line : cutToWidth(line, columns));
}

/** A row as tab-separated values, with tabs in values escaped. */
export function renderTsv(row: readonly string[]): string {
  return row.map(onOneLine).join("\t");
}
