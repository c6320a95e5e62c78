import assert from "node:assert/strict";
import { LiveDisplay } from "../../../../src/report/live/live_display.ts";
import { Terminal } from "../../../terminal.ts";
import { VirtualClock } from "../../../virtual_clock.ts";
import { deployment, serviceDeployment } from "../../made_up.ts";
import { AWAIT, FINISHED, HALFWAY, PLANNED, progress, rollout, started } from "./made_up_run.ts";
import type { RunEvent } from "../../../../src/rollout/events.ts";
import { EMPTY_STATE } from "../../../../src/report/state.ts";
import { reduce } from "../../../../src/report/reduce.ts";

/** Has a display print events. */
function seer(display: LiveDisplay): (...events: RunEvent[]) => void {
  let state = EMPTY_STATE;
  return (...events) => {
    for (const event of events) {
      state = reduce(state, event, 0);
      display.print(event, state);
    }
  };
}

function open({ columns = 80, rows = 24, color = false, timeoutMs = 600_000 } = {}) {
  const clock = new VirtualClock(1_000_000);
  const terminal = new Terminal(columns, rows);
  const display = new LiveDisplay({ stderr: terminal.output, size: terminal.size, clock, color });
  const see = seer(display);
  see(started(timeoutMs), PLANNED);
  return { clock, terminal, display, see };
}

const WAITING = rollout({ kind: "stepStarted", step: AWAIT });
const HEADER = /^\d+s elapsed, [0-9ms]+ until the timeout: rollback of myservice\/default$/;
const BARS = [
  "new [######+++++++-------] 1 of 3 running, 1 starting  myservice:3",
  "old [######              ] 1 still running  myservice:4",
];

Deno.test("the region comes with the wait, stays below the log, and goes with the wait", () => {
  const { clock, terminal, display, see } = open();
  display.stderr.write("first\n");
  assert.deepEqual(terminal.screen, ["first"]);
  see(WAITING);
  assert.deepEqual(terminal.screen, ["first", "0s elapsed, 10m until the timeout: rollback of myservice/default"]);
  clock.advance(200);
  display.stderr.write("second\n");
  see(progress({ deployments: HALFWAY }));
  clock.advance(200);
  assert.match(terminal.screen[2]!, HEADER);
  assert.deepEqual([terminal.screen.slice(0, 2), terminal.screen.slice(3)], [["first", "second"], BARS]);
  see(FINISHED);
  assert.deepEqual(terminal.screen, ["first", "second"]);
  display.stderr.write("third\n");
  clock.advance(5_000);
  assert.deepEqual(terminal.screen, ["first", "second", "third"]);
  assert.equal(terminal.cursorColumn, 0);
});

Deno.test("the seconds are counted while nothing happens", () => {
  const { clock, terminal, see } = open({ timeoutMs: 60_000 });
  see(WAITING);
  for (let second = 1; second <= 3; second++) {
    clock.advance(1_000);
    assert.deepEqual(terminal.screen, [
      `${second}s elapsed, ${60 - second}s until the timeout: rollback of myservice/default`,
    ]);
  }
  assert.equal(terminal.writes, 4);
});

Deno.test("the region is drawn ten times a second at most, the last state before long", () => {
  const { clock, terminal, display, see } = open();
  see(WAITING);
  const before = terminal.writes;
  let drawn = 0;
  let last = terminal.screen.join();
  for (let ms = 0; ms < 1_000; ms++) {
    clock.advance(1);
    see(progress({ deployments: [deployment({ runningCount: ms })] }));
    if (terminal.screen.join() !== last) drawn++;
    last = terminal.screen.join();
  }
  assert.equal(drawn, 10);
  assert.equal(terminal.writes - before, 10);
  clock.advance(100);
  assert.match(terminal.screen[1]!, /999 of 2 running/);
  for (let line = 0; line < 20; line++) display.stderr.write(`line ${line}\n`);
  assert.equal(terminal.lines.some((line) => HEADER.test(line)), false, "lines in a burst are not waited for");
  clock.advance(100);
  assert.deepEqual(terminal.lines.map((line) => HEADER.test(line)).indexOf(true), 20);
});

Deno.test("close() leaves a clean screen at once, may be called again, and nothing is drawn any more", () => {
  const { clock, terminal, display, see } = open();
  display.stderr.write("log\n");
  see(WAITING, progress({ deployments: HALFWAY }));
  clock.advance(100);
  assert.equal(terminal.screen.length, 4);
  display.close();
  assert.deepEqual([terminal.screen, terminal.cursorColumn], [["log"], 0]);
  const { writes } = terminal;
  display.close();
  see(progress({ deployments: [] }), WAITING);
  clock.advance(10_000);
  assert.equal(terminal.writes, writes);
  display.stderr.write("last words\n");
  assert.deepEqual(terminal.screen, ["log", "last words"]);
});

Deno.test("after Ctrl-C, which the terminal shows, the screen is clean all the same", () => {
  const { clock, terminal, display, see } = open();
  display.stderr.write("log\n");
  see(WAITING);
  terminal.write("^C");
  clock.advance(300);
  display.stderr.write("interrupted\n");
  assert.deepEqual(terminal.screen.slice(0, 2), ["log", "interrupted"]);
  see(FINISHED);
  assert.deepEqual(terminal.screen, ["log", "interrupted"]);
});

Deno.test("the region survives that the terminal becomes narrower, and wider again", () => {
  const { clock, terminal, display, see } = open();
  display.stderr.write(`${"a long line ".repeat(10)}\n`);
  see(WAITING, progress({ deployments: HALFWAY, serviceDeployment: serviceDeployment() }));
  clock.advance(100);
  const log = terminal.lines[0];
  for (const columns of [79, 40, 25, 13, 60, 200]) {
    terminal.resize(columns, 50);
    clock.advance(1_000);
    // Time and stage take two rows each where they do not fit into one.
    assert.ok([5, 6, 7].includes(terminal.lines.length), `${columns} columns: ${terminal.lines.join("\n")}`);
    assert.match(terminal.lines.at(-1)!, /^old \[/);
    assert.equal(terminal.lines[0], log);
    for (const line of terminal.lines.slice(1)) assert.ok(line.length < columns);
  }
  see(FINISHED);
  assert.deepEqual(terminal.lines, [log]);
});

Deno.test("a terminal that does not know its size is taken for one of 80 columns and 24 rows", () => {
  const clock = new VirtualClock(1_000_000);
  const terminal = new Terminal(80, 24);
  const size = () => ({ columns: 0, rows: 0 });
  const display = new LiveDisplay({ stderr: terminal.output, size, clock, color: false });
  seer(display)(started(), PLANNED, WAITING, progress({ deployments: Array(30).fill(deployment()) }));
  clock.advance(100);
  assert.equal(terminal.screen.length, 23);
  assert.equal(terminal.screen[1]!.length, 5 + 20 + "] 2 of 2 running  myservice:4".length);
});

Deno.test("only a low terminal's own rows are drawn on: nothing leaves at the top", () => {
  const { clock, terminal, see } = open({ rows: 3 });
  see(WAITING, progress({ deployments: HALFWAY, serviceDeployment: serviceDeployment() }));
  for (let second = 0; second < 5; second++) clock.advance(1_000);
  assert.deepEqual(terminal.lines.slice(1), ["service deployment IN_PROGRESS"]);
});

Deno.test("a line that was begun is not drawn into", () => {
  const { clock, terminal, display, see } = open();
  see(WAITING);
  display.stderr.write("Sure? [y/N] ");
  clock.advance(2_000);
  assert.deepEqual(terminal.screen, ["Sure? [y/N]"]);
  display.stderr.write("y\n");
  assert.equal(terminal.screen.length, 2);
});

Deno.test("colours are for the bars, where they are wanted", () => {
  for (const color of [true, false]) {
    let written = "";
    const clock = new VirtualClock(1_000_000);
    const stderr = {
      isTerminal: true,
      failure: undefined,
      isStalled: false,
      write: (text: string) => void (written += text),
    };
    const display = new LiveDisplay({ stderr, size: () => ({ columns: 80, rows: 24 }), clock, color });
    seer(display)(started(), PLANNED, WAITING, progress({ deployments: HALFWAY }));
    clock.advance(100);
    assert.equal(
      written.includes("new [\x1b[32m######\x1b[0m\x1b[33m+++++++\x1b[0m\x1b[2m-------\x1b[0m] 1 of"),
      color,
    );
    assert.equal(/\x1b\[\d*m/.test(written), color);
    assert.equal(written.includes("\x1b[?"), false, "the cursor is left alone");
  }
});

Deno.test("after the program was stopped, the region is drawn below what others have written", () => {
  const { clock, terminal, display, see } = open();
  see(WAITING);
  terminal.write("\n[1]+ Stopped\n$ fg\n");
  const before = terminal.screen;
  display.redraw();
  assert.deepEqual(terminal.screen.slice(0, -1), before);
  assert.match(terminal.screen.at(-1)!, HEADER);
  clock.advance(1_000);
  assert.equal(terminal.screen.length, before.length + 1, "from then on it is drawn where it stands");
  display.close();
  display.redraw();
  assert.deepEqual(terminal.screen, before);
});

Deno.test("a clock that is set back or on changes nothing in the region", () => {
  const { clock, terminal, see } = open({ timeoutMs: 60_000 });
  see(WAITING);
  for (const [second, ms] of [[1, -3_600_000], [2, 7_200_000], [3, -1_800_000]] as const) {
    clock.setBy(ms);
    clock.advance(1_000);
    assert.deepEqual(terminal.screen, [
      `${second}s elapsed, ${60 - second}s until the timeout: rollback of myservice/default`,
    ]);
  }
});
