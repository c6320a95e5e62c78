import assert from "node:assert/strict";
import { CONFIG, type Ended, runScript } from "./cli_process.ts";
import { NOWHERE } from "./nowhere.ts";

/** Programs that the run starts, and that do not end by themselves. */

const IS_UNIX = Deno.build.os !== "windows";
const SOON_MS = 30_000;

/** What stands on the PATH as `jsonnet`; each writes the IDs of its processes to `pids`. */
const WRAPPERS = {
  "ignores TERM": `trap "" TERM HUP INT; echo $$ >>"$PIDS"; sleep 600`,
  "has a child that ignores TERM": `(trap "" TERM; exec sleep 600) & echo $! $$ >>"$PIDS"; wait`,
  "has stopped": `echo $$ >>"$PIDS"; kill -STOP $$`,
} as const;

const PREPARE = `PIDS="$PWD/pids"; export PIDS; PATH="$PWD:$PATH"; chmod +x jsonnet`;
/** Fails where one of the processes is left; one that is dead may not be asked after yet. */
const NONE_LEFT = `for pid in $(cat pids); do
  for try in 1 2 3 4 5 6 7 8 9 10; do
    case "$(ps -o stat= -p "$pid")" in ""|Z*) continue 2;; esac
    sleep 0.2
  done
  echo "left: $pid"; kill -9 $pid
done`;

function run(wrapper: string, script: string): Promise<Ended> {
  const files = { ...CONFIG, "config.jsonnet": "{}", jsonnet: `#!/bin/sh\n${wrapper}\n` };
  return runScript(NOWHERE, `${PREPARE}; ${script}; code=$?; ${NONE_LEFT}; exit $code`, { files });
}

function assertEnded(ended: Ended, code: number, said: RegExp): void {
  assert.equal(ended.code, code, ended.stderr);
  assert.match(ended.stderr, said);
  assert.doesNotMatch(ended.stdout, /left/);
  assert.ok(ended.tookMs < SOON_MS, `took ${ended.tookMs} ms`);
}

Deno.test({
  name: "the time limit holds from the start, whatever evaluates a .jsonnet config",
  ignore: !IS_UNIX,
  fn: () =>
    Promise.all(
      Object.values(WRAPPERS).map(async (wrapper) => {
        const ended = await run(wrapper, "ecspresso rollback --revision 3 --config config.jsonnet --timeout 1");
        assertEnded(
          ended,
          7,
          /^error: Timed out after 1s: nothing has been changed; jsonnet was evaluating config.jsonnet$/m,
        );
      }),
    ).then(() => {}),
});

Deno.test({
  name: "a stop signal ends the evaluation of a .jsonnet config, with all that it has started",
  ignore: !IS_UNIX,
  fn: () =>
    Promise.all(
      Object.values(WRAPPERS).map(async (wrapper, index) => {
        const begin = "ecspresso_exec rollback --revision 3 --config config.jsonnet & pid=$!";
        const untilBegun = "while ! [ -s pids ]; do sleep 0.05; done";
        const ended = await run(wrapper, `${begin}; ${untilBegun}; kill -TERM $pid; wait $pid`);
        assertEnded(ended, 143, /^warning: Interrupted: nothing has been changed; jsonnet was evaluating/m);
        // A second one at once.
        if (index > 0) return;
        const atOnce = await run(wrapper, `${begin}; ${untilBegun}; kill -TERM $pid; kill -INT $pid; wait $pid`);
        assert.doesNotMatch(atOnce.stdout, /left/);
      }),
    ).then(() => {}),
});

/** A run in which the profile's process is `jsonnet`, which stands for any program. */
function runWithProcess(wrapper: string, script: string): Promise<Ended> {
  const config = "[default]\ncredential_process = ./jsonnet --with 'a word'\n";
  const files = { ...CONFIG, config, jsonnet: `#!/bin/sh\n${wrapper}\n` };
  const env = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_CONFIG_FILE: "config" };
  return runScript(NOWHERE, `${PREPARE}; touch pids; ${script}; code=$?; ${NONE_LEFT}; exit $code`, { files, env });
}

Deno.test({
  name: "a credential_process is ended with the run, with all that it has started",
  ignore: !IS_UNIX,
  fn: () =>
    Promise.all(
      Object.values(WRAPPERS).map(async (wrapper) => {
        const ended = await runWithProcess(wrapper, "ecspresso rollback --revision 3 --timeout 2");
        assertEnded(ended, 7, /Timed out after 2s: nothing has been changed/);
      }),
    ).then(() => {}),
});

Deno.test({
  name:
    "a credential_process that fails is one line: its name, its exit code and what it says, never what it has written",
  ignore: !IS_UNIX,
  fn: async () => {
    const wrapper = "echo a-secret-access-key; echo; echo 'no such profile' >&2; echo more >&2; exit 3";
    const ended = await runWithProcess(wrapper, "ecspresso rollback --revision 3");
    assertEnded(ended, 5, /\[warn\] .* credential_process \.\/jsonnet ended with exit code 3: no such profile$/m);
    assert.doesNotMatch(ended.stdout + ended.stderr, /a-secret|a word|more/);
  },
});
