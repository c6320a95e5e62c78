import assert from "node:assert/strict";
import { createScenario } from "../emulator/scenarios.ts";
import { type ServedWorld, withServer } from "./cli_process.ts";
import { HAS_TMUX, type Pane, type PaneOptions, withPane } from "./tmux.ts";

const ROLLBACK = ["rollback", "--revision", "3"];
const LOG_LINE = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\w+\] myservice\/default /;
const HEADER = /^[0-9hms]+ elapsed, [0-9hms]+ until the timeout: rollback of myservice\/default$/;
const NEW = /^new \[[#+-]* *\] \d of \d running(, \d starting)? {2}myservice:3$/;
const OLD = /^old \[[#+-]* *\] \d still running {2}myservice:4$/;
/** Fast enough to see the end, slow enough to see what comes before. */
const TO_THE_END = 20;
/** As in the world outside: no deployment comes to its end within a test. */
const REAL_TIME = 1;
/** Nothing moves in the service however busy the machine is: where its old tasks have gone, the region has a row less. */
const STANDING_STILL = 0.01;

function onTerminal(
  name: string,
  { scenario = "healthy", args = ROLLBACK, speed = TO_THE_END, ...options }:
    & { scenario?: string; args?: readonly string[]; speed?: number }
    & PaneOptions,
  test: (pane: Pane, world: ServedWorld) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: !HAS_TMUX,
    fn: () =>
      withServer(
        createScenario(scenario),
        (world) => withPane(world.url, args, options, (pane) => test(pane, world)),
        speed,
      ),
  });
}

const hasBothBars = (lines: readonly string[]) => OLD.test(lines.at(-1) ?? "");
/** When the old tasks have gone, so has their bar. */
const hasRegion = (lines: readonly string[]) => hasBothBars(lines) || NEW.test(lines.at(-1) ?? "");
const hasEnded = (lines: readonly string[]) => /^exit=\d+$/.test(lines.at(-1) ?? "");

/** The log is all that is left, and what came next began on a row of its own. */
function assertClean(lines: readonly string[], exitCode: number): void {
  assert.equal(lines.at(-1), `exit=${exitCode}`, lines.join("\n"));
  // The terminal itself shows which key was pressed, where no region stands that is removed with it at that moment.
  for (const line of lines.slice(0, -1)) assert.match(line.replace(/^\^C/, ""), LOG_LINE);
}

onTerminal(
  "while a rollback is waited for, time and tasks stand below the log; afterwards the log alone",
  {},
  async (pane) => {
    const during = await pane.until(hasBothBars);
    for (const line of during.slice(0, -3)) assert.match(line, LOG_LINE);
    assert.match(during.at(-3)!, HEADER);
    assert.match(during.at(-2)!, NEW);
    const after = await pane.until(hasEnded);
    assertClean(after, 0);
    assert.match(after.at(-2)!, /Service is stable now\. Completed!$/);
    const written = await pane.written();
    assert.match(written, /new \[\x1b\[3[23]m[#+]/, "bars have colours");
    assert.equal(written.includes("\x1b[?25l"), false, "the cursor is never hidden");
  },
);

onTerminal("the seconds go by while nothing happens", { speed: REAL_TIME }, async (pane) => {
  const elapsed = (lines: readonly string[]) => lines.find((line) => HEADER.test(line))?.split(" ")[0];
  const first = elapsed(await pane.until((lines) => elapsed(lines) !== undefined));
  const second = elapsed(await pane.until((lines) => elapsed(lines) !== undefined && elapsed(lines) !== first));
  assert.notEqual(elapsed(await pane.until((lines) => ![undefined, first, second].includes(elapsed(lines)))), second);
});

onTerminal("after Ctrl-C the screen is clean", { speed: REAL_TIME }, async (pane) => {
  await pane.until(hasRegion);
  await pane.press("C-c");
  const after = await pane.until(hasEnded);
  assertClean(after, 130);
  assert.ok(after.some((line) => line.includes("Interrupted: stopped watching")), after.join("\n"));
});

onTerminal("after a second Ctrl-C that does not wait the screen is clean", { speed: REAL_TIME }, async (pane) => {
  await pane.until(hasRegion);
  await pane.press("C-c", "C-c", "C-c");
  assertClean(await pane.until(hasEnded), 130);
});

onTerminal(
  "after a timeout the screen is clean",
  { speed: REAL_TIME, args: [...ROLLBACK, "--timeout", "4s"] },
  async (pane) => {
    await pane.until(hasRegion);
    assertClean(await pane.until(hasEnded), 7);
  },
);

onTerminal(
  "after a deployment that failed the screen is clean",
  { scenario: "circuit_breaker", args: [...ROLLBACK, "--preflight", "off"] },
  async (pane) => {
    await pane.until(hasRegion);
    assertClean(await pane.until(hasEnded), 6);
  },
);

onTerminal(
  "the region is as wide as the terminal, whenever that changes",
  { speed: STANDING_STILL, columns: 90 },
  async (pane) => {
    await pane.until(hasBothBars);
    const HEADER_AND_MORE = /\d+s elapsed/;
    for (const [columns, rows] of [[40, 30], [23, 30], [120, 40], [60, 12]] as const) {
      await pane.resize(columns, rows);
      const lines = await pane.until((seen) => {
        const start = seen.findIndex((line) => HEADER_AND_MORE.test(line));
        const region = seen.slice(start);
        // Where it does not fit into one row, the time takes two.
        return region.length === (columns < 75 ? 4 : 3) && seen.slice(0, start).every((line) => LOG_LINE.test(line)) &&
          region.every((line) => line.length < columns) && region.some((line) =>
            line.length > Math.min(columns, 50) - 3
          );
      });
      assert.match(lines[0]!, /Starting rollback$/, "the log is whole");
    }
    await pane.press("C-c");
    assertClean(await pane.until(hasEnded), 130);
  },
);

onTerminal(
  "a question is asked again after Ctrl-Z and fg",
  { args: ["deregister", "--revision", "1"], isJob: true },
  async (pane) => {
    const asks = (line: string) => /^Deregister myservice:1\? \[y\/N\]/.test(line);
    await pane.until((lines) => lines.some(asks));
    await pane.press("C-z");
    await pane.until((lines) => lines.at(-1) === "stopped");
    await pane.press("Enter");
    await pane.until((lines) => asks(lines.at(-1)!));
    await pane.press("n", "Enter");
    const lines = await pane.until(hasEnded);
    assert.match(lines.at(-2)!, /Not confirmed: nothing has been changed$/);
  },
);

onTerminal(
  "Ctrl-Z gives the terminal back as it is, and after fg the region stands below what was written meanwhile",
  { speed: REAL_TIME, isJob: true },
  async (pane) => {
    const before = await pane.until(hasBothBars);
    const elapsedIn = (lines: readonly string[]) => Number(lines.find((line) => HEADER.test(line))?.split("s ")[0]);
    await pane.press("C-z");
    const stopped = await pane.until((lines) => lines.includes("stopped"));
    assert.equal(stopped.filter((line) => HEADER.test(line)).length, 1, "nothing is drawn by a stopped program");
    // Longer than the region waits for its next second: then it could take what the shell has written for itself.
    await pane.press("e", "c", "h", "o");
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await pane.press("Enter");
    const after = await pane.until((lines) => hasBothBars(lines) && lines.lastIndexOf("stopped") < lines.length - 3);
    assert.ok(after.includes("echo"), `what was written meanwhile is still there:\n${after.join("\n")}`);
    assert.ok(elapsedIn(after.slice(-3)) >= elapsedIn(before) + 2, "the time that it was stopped counts");
    await pane.press("C-c");
    const end = await pane.until(hasEnded);
    assert.equal(end.at(-1), "exit=130");
  },
);

onTerminal("a low terminal is not scrolled by the region", { speed: REAL_TIME, rows: 3 }, async (pane) => {
  const during = await pane.until((lines) => NEW.test(lines.at(-1) ?? ""));
  assert.match(during.at(-2)!, HEADER);
  const later = await pane.until((lines) => lines.some((line) => HEADER.test(line)) && !lines.includes(during.at(-2)!));
  assert.equal(later.filter((line) => HEADER.test(line)).length, 1, later.join("\n"));
  await pane.press("C-c");
  assertClean(await pane.until(hasEnded), 130);
});

onTerminal("the stage of a blue/green deployment is shown", { scenario: "blue_green" }, async (pane) => {
  await pane.until((lines) =>
    lines.some((line, index) => HEADER.test(line) && /^service deployment \w+: \w+/.test(lines[index + 1] ?? ""))
  );
  assertClean(await pane.until(hasEnded), 0);
});

for (const [name, args, env] of [["NO_COLOR", [], { NO_COLOR: "1" }], ["--no-color", ["--no-color"], {}]] as const) {
  onTerminal(`with ${name} the region has no colours`, { args: [...ROLLBACK, ...args], env }, async (pane) => {
    await pane.until(hasRegion);
    assertClean(await pane.until(hasEnded), 0);
    assert.equal(/\x1b\[\d*m/.test(await pane.written()), false);
  });
}

onTerminal("with TERM=dumb there is the log and nothing else", { env: { TERM: "dumb" } }, async (pane) => {
  assertClean(await pane.until(hasEnded), 0);
  const written = await pane.written();
  assert.equal(/\x1b\[\d*A|elapsed/.test(written), false, JSON.stringify(written));
});

for (const [where, reader] of [["on the same terminal", undefined], ["read by what writes to it", "cat"]] as const) {
  onTerminal(`NDJSON ${where} is not disturbed`, { args: [...ROLLBACK, "--output", "json"], reader }, async (pane) => {
    const lines = await pane.until(hasEnded);
    for (const line of lines.slice(0, -1)) assert.match(line, /^\{.*\}$|^\d{4}\//);
    assert.ok(lines.filter((line) => line.includes('"event":"progress"')).length > 1);
    assert.equal((await pane.written()).includes("elapsed"), false);
  });
}
