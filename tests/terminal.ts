/** A terminal in memory: it carries out escape codes, and shows what a person would see. */

/** `joined`: an emoji of several code points is one character; `apart`: each code point is drawn by itself. */
type EmojiStyle = "joined" | "apart";

interface Row {
  /** One character in each cell; a wide one is followed by an empty cell. */
  cells: string[];
  /** The line goes on in the next row because it was too long. */
  goesOn: boolean;
}

const segmenter = new Intl.Segmenter();
const ESCAPE = /^\x1b\[(\d*)([AKm])/;

export class Terminal {
  /** All rows; those that have scrolled off the top come first. */
  #rows: Row[] = [emptyRow()];
  #cursor = { row: 0, column: 0 };
  #top = 0;
  /** How many writes it has received. */
  writes = 0;

  constructor(
    private columns: number,
    private height: number,
    private readonly emoji: EmojiStyle = "joined",
  ) {}

  readonly size = () => ({ columns: this.columns, rows: this.height });

  /** The terminal as one of the program's outputs. */
  readonly output = {
    isTerminal: true,
    failure: undefined,
    isStalled: false,
    write: (text: string) => this.write(text),
  };

  get cursorColumn(): number {
    return this.#cursor.column;
  }

  /** The visible rows, without the empty ones below. */
  get screen(): string[] {
    return withoutEmptyEnd(this.#rows.slice(this.#top).map(textOf));
  }

  /** All lines since the beginning, each as long as it was written, without the empty ones below. */
  get lines(): string[] {
    return withoutEmptyEnd(this.#logicalLines().map(textOf));
  }

  write(text: string): void {
    this.writes++;
    for (let rest = text; rest !== "";) {
      const escape = ESCAPE.exec(rest);
      if (escape !== null) this.#obey(escape[2]!, Number(escape[1] || 1));
      else if (rest.startsWith("\x1b")) {
        throw new Error(`unknown escape sequence: ${JSON.stringify(rest.slice(0, 10))}`);
      }
      const part = escape?.[0] ?? this.#firstCharacter(rest);
      if (escape === null) this.#put(part);
      rest = rest.slice(part.length);
    }
  }

  /** Wraps long lines anew, as most terminals do; what does not fit scrolls off the top. */
  resize(columns: number, height: number): void {
    const below = this.#rows.slice(this.#cursor.row);
    if (this.#cursor.column > 0 || below.some((row) => textOf(row) !== "")) {
      throw new Error("this terminal can be resized only while its cursor is on an empty row at the end");
    }
    this.#rows.length = this.#cursor.row + 1;
    const lines = this.#logicalLines();
    this.columns = columns;
    this.height = height;
    this.#rows = lines.slice(0, -1).flatMap((line) => this.#breakLine(line.cells));
    this.#rows.push(emptyRow());
    this.#cursor = { row: this.#rows.length - 1, column: 0 };
    this.#top = Math.max(0, this.#rows.length - height);
  }

  #firstCharacter(text: string): string {
    if (this.emoji === "apart") return String.fromCodePoint(text.codePointAt(0)!);
    // Enough for any character: a long text is not segmented again and again.
    return [...segmenter.segment(text.slice(0, 40))][0]!.segment;
  }

  #obey(command: string, count: number): void {
    if (command === "A") this.#cursor.row = Math.max(this.#top, this.#cursor.row - count);
    if (command === "K") {
      if (count !== 2) throw new Error("this terminal clears whole rows only");
      this.#rows[this.#cursor.row] = emptyRow();
    }
  }

  #put(character: string): void {
    if (character === "\r") this.#cursor.column = 0;
    else if (character === "\n" || character === "\r\n") this.#goDown();
    else {
      const width = this.#widthOf(character);
      if (width === 0) return this.#combine(character);
      if (this.#cursor.column > 0 && this.#cursor.column + width > this.columns) {
        this.#rows[this.#cursor.row]!.goesOn = true;
        this.#goDown();
      }
      const { cells } = this.#rows[this.#cursor.row]!;
      while (cells.length < this.#cursor.column) cells.push(" ");
      cells.splice(this.#cursor.column, width, character, ...Array(width - 1).fill(""));
      this.#cursor.column += width;
    }
  }

  /** Adds a mark that has no width of its own to the character before it. */
  #combine(mark: string): void {
    const { cells } = this.#rows[this.#cursor.row]!;
    const last = cells.findLastIndex((cell, column) => column < this.#cursor.column && cell !== "");
    if (last >= 0) cells[last] += mark;
  }

  #widthOf(character: string): number {
    return cellsOf(this.emoji === "apart" ? String.fromCodePoint(character.codePointAt(0)!) : character);
  }

  #goDown(): void {
    this.#cursor = { row: this.#cursor.row + 1, column: 0 };
    if (this.#cursor.row === this.#rows.length) this.#rows.push(emptyRow());
    this.#top = Math.max(this.#top, this.#cursor.row - this.height + 1);
  }

  #logicalLines(): Row[] {
    const lines: Row[] = [];
    let isNext = true;
    for (const { cells, goesOn } of this.#rows) {
      if (isNext) lines.push(emptyRow());
      lines.at(-1)!.cells.push(...cells);
      isNext = !goesOn;
    }
    return lines;
  }

  #breakLine(cells: readonly string[]): Row[] {
    const rows = [emptyRow()];
    for (const character of cells.filter((cell) => cell !== "")) {
      const width = this.#widthOf(character);
      if (rows.at(-1)!.cells.length > 0 && rows.at(-1)!.cells.length + width > this.columns) {
        rows.at(-1)!.goesOn = true;
        rows.push(emptyRow());
      }
      rows.at(-1)!.cells.push(character, ...Array(width - 1).fill(""));
    }
    return rows;
  }
}

function emptyRow(): Row {
  return { cells: [], goesOn: false };
}

function textOf({ cells }: Row): string {
  return cells.join("").trimEnd();
}

function withoutEmptyEnd(lines: readonly string[]): string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}

/** How many cells a character takes: for those that tests use, and on purpose not by the program's own code. */
function cellsOf(character: string): number {
  if (/^[\u0300-\u036f\u200d\ufe0f]$/.test(character)) return 0;
  if (/^.\ufe0f/u.test(character)) return 2;
  return /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(character)
    ? 2
    : 1;
}
