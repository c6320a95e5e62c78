import assert from "node:assert/strict";
import { RESOURCE_ID } from "../emulator/myservice.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { CONFIG, programUnderTest, quoteWords, type ServedWorld, variables, withServer } from "./cli_process.ts";
import { HAS_TMUX, withPane } from "./tmux.ts";

/**
 * Nobody takes what the program writes: a pipe's reader sleeps, a terminal is stopped by Ctrl-S. Time limits and signals hold
 * all the same, and auto scaling is restored.
 */

const ROLLBACK = ["rollback", "--revision", "3", "--suspend-auto-scaling", "--resume-auto-scaling"];
const LIMITED = [...ROLLBACK, "--timeout", "3s"];
const AS_BEFORE = [false, false, false];
const LOOK_EVERY_MS = 20;
const QUIET_MS = 500;
/** The limit of 3 s and 5 s more, or 2 s after a signal, with air for a machine that has other things to do. */
const IN_TIME_MS = 20_000;
/** In the world outside: no deployment comes to its end within a test. */
const REAL_TIME = 1;

function flagsIn({ emulator }: ServedWorld): boolean[] {
  return Object.values(emulator.state().scalableTargets[RESOURCE_ID]!.suspendedState);
}

async function untilWatching({ emulator }: ServedWorld): Promise<void> {
  const isWatching = () => {
    const updatedAt = emulator.calls.findIndex(({ operation }) => operation === "UpdateService");
    return updatedAt !== -1 && emulator.calls.length >= updatedAt + 3;
  };
  for (const endMs = performance.now() + IN_TIME_MS; !isWatching();) {
    assert.ok(performance.now() < endMs, "it has not begun to watch");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Waits until the program has asked all that it wants to know. */
async function untilQuiet({ emulator: { calls } }: ServedWorld): Promise<void> {
  for (let before = 0; calls.length === 0 || calls.length > before;) {
    before = calls.length;
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
}

/** Runs the program with pipes that are full, or those of them; nobody reads them. Returns code and duration. */
async function runUnread(
  { url }: ServedWorld,
  args: readonly string[],
  full: readonly (1 | 2)[],
  whileRunning: (child: Deno.ChildProcess) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-e2e-" });
  try {
    const files = { ...CONFIG, "limited.yml": `${CONFIG["ecspresso.yml"]}timeout: 2s\n` };
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const program = programUnderTest();
    // As much as a pipe holds, a byte at a time for the end.
    const fill = full.map((fd) =>
      `perl -e 'use Fcntl; open(O, ">&=${fd}"); fcntl(O, F_SETFL, O_WRONLY | O_NONBLOCK); ` +
      `for my $size (4096, 1) { 1 while syswrite(O, "-" x $size) } fcntl(O, F_SETFL, O_WRONLY)'`
    );
    const child = new Deno.Command("sh", {
      args: ["-c", [...fill, `exec ${quoteWords([program.command, ...program.args, ...args])}`].join("\n")],
      cwd: folder,
      env: variables(url, folder),
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    // One that waits for its reader heeds no signal.
    const killing = setTimeout(() => child.kill("SIGKILL"), IN_TIME_MS);
    const [{ code }] = await Promise.all([child.status, whileRunning(child)]);
    clearTimeout(killing);
    await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
    return code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Those of the outputs that are full. */
const FULL = [[1], [2], [1, 2]] as const;

Deno.test({
  name: "into pipes that nobody reads: the time limit holds, and auto scaling is restored",
  ignore: Deno.build.os === "windows",
  async fn() {
    await Promise.all(FULL.map((full) =>
      withServer(createScenario("slow_drain"), async (world) => {
        assert.equal(await runUnread(world, [...LIMITED, "--output", "json"], full), 7, `full: ${full}`);
        assert.deepEqual(flagsIn(world), AS_BEFORE);
      }, REAL_TIME)
    ));
  },
});

Deno.test({
  name: "into pipes that nobody reads: a signal ends it, and auto scaling is restored",
  ignore: Deno.build.os === "windows",
  async fn() {
    await Promise.all(FULL.map((full) =>
      withServer(createScenario("slow_drain"), async (world) => {
        const code = await runUnread(world, [...ROLLBACK, "--output", "json"], full, async (child) => {
          await untilWatching(world);
          child.kill("SIGTERM");
        });
        assert.equal(code, 143, `full: ${full}`);
        assert.deepEqual(flagsIn(world), AS_BEFORE);
      }, REAL_TIME)
    ));
  },
});

Deno.test({
  name: "where something is changed, or refused, nobody is waited for beyond the time limit",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    for (const [revision, exitCode] of [["1", 0], ["99", 4]] as const) {
      await withServer(createScenario("healthy"), async (world) => {
        const deregister = ["deregister", "--revision", revision, "--force", "--config", "limited.yml"];
        const code = await runUnread(world, deregister, [2]);
        // On a loaded machine the time may be up before anything is done.
        assert.ok(code === exitCode || code === 7, `revision ${revision}: ${code}`);
      });
    }
  },
});

Deno.test({
  name: "a signal ends a command that only shows something, when nobody reads that",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withServer(createScenario("healthy"), async (world) => {
      const code = await runUnread(world, ["status"], [1], async (child) => {
        await untilQuiet(world);
        child.kill("SIGTERM");
      });
      assert.equal(code, 143);
    }),
});

Deno.test({
  name: "a second signal ends it at once, whether or not anybody reads",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withServer(createScenario("slow_drain"), async (world) => {
      const code = await runUnread(world, ROLLBACK, [1, 2], async (child) => {
        await untilWatching(world);
        child.kill("SIGTERM");
        child.kill("SIGINT");
      });
      assert.ok(code === 130 || code === 143, String(code));
    }, REAL_TIME),
});

function stoppedTerminal(
  what: string,
  args: readonly string[],
  exitCode: number,
  end: (press: (...keys: string[]) => Promise<void>) => Promise<void>,
): void {
  Deno.test({
    name: `on a terminal that Ctrl-S has stopped, ${what}`,
    ignore: !HAS_TMUX,
    fn: () =>
      withServer(
        createScenario("slow_drain"),
        (world) =>
          withPane(world.url, args, {}, async (pane) => {
            await untilWatching(world);
            await pane.press("C-s");
            await end(pane.press);
            assert.equal(await pane.exitCode(), exitCode);
            assert.deepEqual(flagsIn(world), AS_BEFORE);
          }),
        REAL_TIME,
      ),
  });
}

stoppedTerminal("the time limit holds, and auto scaling is restored", LIMITED, 7, () => Promise.resolve());
stoppedTerminal("Ctrl-C ends the watching, and auto scaling is restored", ROLLBACK, 130, (press) => press("C-c"));

Deno.test({
  name: "a terminal that goes on after Ctrl-S shows what was written meanwhile",
  ignore: !HAS_TMUX,
  fn: () =>
    withServer(createScenario("healthy"), (world) =>
      withPane(world.url, ROLLBACK, {}, async (pane) => {
        await untilWatching(world);
        await pane.press("C-s");
        const isOver = () => world.emulator.calls.some(({ operation }) => operation === "UntagResource");
        for (const endMs = performance.now() + IN_TIME_MS; !isOver() && performance.now() < endMs;) {
          await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        }
        assert.ok(isOver(), "the rollback goes on while the terminal stands still");
        await pane.press("C-q");
        const lines = await pane.until((seen) => seen.at(-1) === "exit=0");
        assert.match(lines.at(-2)!, /Service is stable now\. Completed!$/);
      })),
});

Deno.test({
  name: "a terminal that is closed ends nothing where SIGHUP is ignored",
  // From source, `deno run` itself may listen for SIGHUP.
  ignore: !HAS_TMUX || !Deno.env.get("CLI_UNDER_TEST"),
  fn: () =>
    withServer(
      createScenario("healthy"),
      (world) =>
        withPane(world.url, ROLLBACK, { ignoresHangUp: true }, async (pane) => {
          await untilWatching(world);
          await pane.close();
          assert.equal(await pane.exitCode(), 0);
          assert.deepEqual(flagsIn(world), AS_BEFORE);
        }),
    ),
});

Deno.test({
  name: "a terminal that is closed stops the watching, and auto scaling is restored",
  ignore: !HAS_TMUX,
  fn: () =>
    withServer(
      createScenario("slow_drain"),
      (world) =>
        withPane(world.url, ROLLBACK, {}, async (pane) => {
          await untilWatching(world);
          await pane.close();
          for (
            const endMs = performance.now() + IN_TIME_MS;
            performance.now() < endMs && flagsIn(world).includes(true);
          ) {
            await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
          }
          assert.deepEqual(flagsIn(world), AS_BEFORE);
        }),
      REAL_TIME,
    ),
});
