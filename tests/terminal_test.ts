import assert from "node:assert/strict";
import { Terminal } from "./terminal.ts";

Deno.test("a terminal wraps what is too long, and lets leave at the top what does not fit", () => {
  const terminal = new Terminal(4, 3);
  terminal.write("one\nabcdefgh\n");
  assert.deepEqual(terminal.screen, ["abcd", "efgh"]);
  assert.deepEqual(terminal.lines, ["one", "abcdefgh"]);
  terminal.write("寿司寿\n");
  assert.deepEqual(terminal.screen, ["寿司", "寿"]);
});

Deno.test("a terminal goes up and clears, no further than to its top", () => {
  const terminal = new Terminal(10, 3);
  terminal.write("a\nb\nc\nd\n");
  terminal.write("\x1b[9A\r\x1b[2Knew\n");
  assert.deepEqual(terminal.lines, ["a", "b", "new", "d"]);
  assert.throws(() => terminal.write("\x1b[?25l"), /unknown escape sequence/);
});

Deno.test("a terminal breaks its lines anew when it is resized", () => {
  const terminal = new Terminal(20, 5);
  terminal.write("a line of twenty col\nshort\n");
  terminal.resize(8, 5);
  assert.deepEqual(terminal.screen, ["a line o", "f twenty", " col", "short"]);
  terminal.resize(20, 5);
  assert.deepEqual(terminal.screen, ["a line of twenty col", "short"]);
});

Deno.test("a terminal draws an emoji of several code points as one, or apart", () => {
  const family = "👨‍👩‍👧";
  const rows = (emoji: "joined" | "apart") => {
    const terminal = new Terminal(4, 5, emoji);
    terminal.write(`${family}x\n`);
    return terminal.screen.length;
  };
  assert.deepEqual([rows("joined"), rows("apart")], [1, 2]);
});
