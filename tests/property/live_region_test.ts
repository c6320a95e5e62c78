import fc from "fast-check";
import assert from "node:assert/strict";
import { Region } from "../../src/report/live/live_display.ts";
import { Terminal } from "../terminal.ts";
import { RUNS, tries } from "./how_often.ts";

/** Whatever is drawn, written above and resized: a terminal shows the log, the rows below it, and nothing else. */

const settings = tries(RUNS / 4);

const FAMILY = "👨‍👩‍👧";
/** Every terminal is of one mind about these. */
const PLAIN = ["a", "Z", "9", "-", ":", " ", "寿", "司", "ア", "한", "🍣", "é", "e\u0301"];
const ODD = [...PLAIN, FAMILY, "❤️"];

const textOf = (characters: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...characters), { maxLength }).map((chosen) => chosen.join(""));

const rowsOf = (characters: readonly string[]) =>
  fc.array(
    fc.tuple(textOf(characters, 60), textOf(characters, 60)).map(([one, two]) => [
      { text: `>${one}`, color: "green" as const },
      { text: two },
    ]),
    { minLength: 1, maxLength: 4 },
  );

const lineOf = (characters: readonly string[]) => textOf(characters, 100).map((text) => `=${text}`);

const sizeOf = (atLeast: { columns: number; rows: number }) =>
  fc.record({
    columns: fc.integer({ min: atLeast.columns, max: 100 }),
    rows: fc.integer({ min: atLeast.rows, max: atLeast.rows + 10 }),
  });

const stepOf = (characters: readonly string[]) =>
  fc.oneof(
    rowsOf(characters).map((rows) => ({ kind: "draw" as const, rows })),
    lineOf(characters).map((line) => ({ kind: "write" as const, line })),
    fc.constant({ kind: "erase" as const }),
  );

/** The log's lines as they have to be seen; rows of the region begin with `>`. */
function check(terminal: Terminal, log: readonly string[], drawn: number, columns: number): void {
  const region = terminal.lines.filter((line) => line.startsWith(">"));
  assert.deepEqual(terminal.lines.slice(0, log.length), log.map((line) => line.trimEnd()));
  assert.deepEqual(terminal.lines.slice(log.length), region);
  assert.equal(region.length, columns > 1 ? drawn : 0);
  assert.deepEqual(
    region,
    region.length === 0 ? [] : terminal.screen.slice(-region.length),
    "wrapped, or scrolled away",
  );
  assert.equal(terminal.cursorColumn, 0);
}

for (const emoji of ["joined", "apart"] as const) {
  Deno.test(`on terminals of any size the region never wraps nor scrolls, and leaves nothing (emoji ${emoji})`, () => {
    fc.assert(
      fc.property(
        sizeOf({ columns: 1, rows: 1 }),
        fc.array(stepOf(ODD), { maxLength: 12 }),
        fc.boolean(),
        ({ columns, rows }, steps, hasColors) => {
          const terminal = new Terminal(columns, rows, emoji);
          const region = new Region(terminal.output, terminal.size, hasColors);
          const log: string[] = [];
          let drawn = 0;
          for (const step of steps) {
            const { writes } = terminal;
            if (step.kind === "draw") {
              region.draw(step.rows);
              drawn = Math.min(step.rows.length, rows - 1);
            } else if (step.kind === "write") {
              region.writeAbove(`${step.line}\n`);
              log.push(step.line);
              drawn = 0;
            } else {
              region.erase();
              drawn = 0;
            }
            assert.ok(terminal.writes <= writes + 1, "more than one write");
            check(terminal, log, drawn, columns);
          }
          region.erase();
          check(terminal, log, 0, columns);
        },
      ),
      settings,
    );
  });
}

Deno.test("however a terminal is resized, the next change finds the region and leaves nothing else", () => {
  fc.assert(
    fc.property(
      sizeOf({ columns: 12, rows: 50 }),
      fc.array(fc.tuple(stepOf(PLAIN), fc.option(sizeOf({ columns: 12, rows: 50 }))), { maxLength: 12 }),
      (size, steps) => {
        const terminal = new Terminal(size.columns, size.rows);
        const region = new Region(terminal.output, terminal.size, false);
        const log: string[] = [];
        for (const [step, newSize] of steps) {
          if (newSize !== null) terminal.resize(newSize.columns, newSize.rows);
          if (step.kind === "draw") region.draw(step.rows);
          else if (step.kind === "erase") region.erase();
          else {
            region.writeAbove(`${step.line}\n`);
            log.push(step.line);
          }
          check(terminal, log, step.kind === "draw" ? step.rows.length : 0, terminal.size().columns);
        }
      },
    ),
    settings,
  );
});
