import assert from "node:assert/strict";
import { createScenario } from "../emulator/scenarios.ts";
import { programUnderTest, quoteWords, runScript, type ServedWorld, withServer } from "./cli_process.ts";

/**
 * Signals that were ignored when the program started. From source, `deno run` itself listens for them at times before the
 * program begins, so this is about the executable; `tests/unit/host/system_host_test.ts` has the same of the host alone.
 */

const ignore = Deno.build.os === "windows" || !Deno.env.get("CLI_UNDER_TEST");
const LOOK_EVERY_MS = 20;
const { command, args } = programUnderTest();
const PROGRAM = quoteWords([command, ...args]);
const ROLLBACK = "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling";

/** Runs a script that becomes the program, which gets the signal while the rollback is watched, and goes on watching. */
async function sendWhileWatching({ url, emulator }: ServedWorld, script: string, signals: readonly Deno.Signal[]) {
  let callsWhenSent = Infinity;
  const ended = await runScript(url, script, {}, (child) => {
    const timer = setInterval(() => {
      // The first look comes a second after the order; the deployment may have ended by then.
      if (!emulator.calls.some(({ operation }) => operation === "UpdateService")) return;
      clearInterval(timer);
      callsWhenSent = emulator.calls.length;
      for (const signal of signals) child.kill(signal);
    }, LOOK_EVERY_MS);
  });
  return { ...ended, callsAfter: emulator.calls.length - callsWhenSent };
}

for (
  const [name, script, signals] of [
    ["SIGHUP after nohup", `exec nohup ${PROGRAM} ${ROLLBACK}`, ["SIGHUP"]],
    ["SIGHUP after trap", `trap '' HUP; ecspresso_exec ${ROLLBACK}`, ["SIGHUP"]],
    [
      "SIGINT and SIGQUIT of a background job of a script",
      `trap 'kill -s INT $job; kill -s QUIT $job' USR1; ${PROGRAM} ${ROLLBACK} & job=$!; wait $job; wait $job`,
      ["SIGUSR1"],
    ],
    ["every signal", `trap '' HUP INT QUIT TERM; ecspresso_exec ${ROLLBACK}`, [
      "SIGHUP",
      "SIGINT",
      "SIGQUIT",
      "SIGTERM",
    ]],
  ] as const
) {
  Deno.test({
    name: `what is ignored at the start stays ignored: ${name}`,
    ignore,
    fn: () =>
      withServer(createScenario("healthy"), async (world) => {
        const { code, stderr, callsAfter } = await sendWhileWatching(world, script, signals);
        assert.equal(code, 0, stderr);
        assert.match(stderr, /Service is stable now\. Completed!\n$/);
        assert.ok(callsAfter > 0, "it was still watching when the signal came");
      }),
  });
}
