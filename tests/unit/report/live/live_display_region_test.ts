import assert from "node:assert/strict";
import { Region } from "../../../../src/report/live/live_display.ts";
import { Terminal } from "../../../terminal.ts";

function open(columns: number) {
  const terminal = new Terminal(columns, 24);
  return { terminal, region: new Region(terminal.output, terminal.size, false) };
}

Deno.test("draw() takes the place of what was drawn before, in one write", () => {
  const { terminal, region } = open(80);
  region.draw([[{ text: "one" }], [{ text: "two" }], [{ text: "three" }]]);
  region.draw([[{ text: "four" }]]);
  assert.deepEqual([terminal.screen, terminal.writes], [["four"], 2]);
  region.writeAbove("log\n");
  assert.deepEqual([terminal.screen, terminal.writes], [["log"], 3]);
  region.erase();
  assert.equal(terminal.writes, 3, "there is nothing to take away");
});

Deno.test("draw() cuts a row where the terminal ends, and nothing comes behind the cut", () => {
  const { terminal, region } = open(8);
  region.draw([[{ text: "myser" }, { text: "寿司" }, { text: "x" }]]);
  assert.deepEqual(terminal.screen, ["myser寿"]);
  region.draw([[{ text: "myserv" }, { text: "寿司" }, { text: "x" }]]);
  assert.deepEqual(terminal.screen, ["myserv"]);
});

Deno.test("draw() goes up over rows that a narrower terminal has made of one line", () => {
  const { terminal, region } = open(20);
  region.writeAbove("log\n");
  region.draw([[{ text: "twelve signs" }], [{ text: "five!" }]]);
  terminal.resize(5, 24);
  assert.deepEqual(terminal.screen, ["log", "twelv", "e sig", "ns", "five!"]);
  region.draw([[{ text: "anew" }]]);
  assert.deepEqual(terminal.screen, ["log", "anew"]);
});
