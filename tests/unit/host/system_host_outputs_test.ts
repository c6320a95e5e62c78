import assert from "node:assert/strict";
import { findStopSignals } from "../../../src/host/stop_signals.ts";

Deno.test({
  name: "findStopSignals() finds all but those that were ignored at the start",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const all = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGALRM", "SIGXCPU", "SIGUSR1", "SIGUSR2"];
    const print = 'host.stdout.write((await host.findStopSignals()).join(" "));';
    for (
      const ignored of [[], ["HUP"], ["INT", "QUIT"], ["HUP", "INT", "QUIT", "TERM", "ALRM", "XCPU", "USR1", "USR2"]]
    ) {
      const { stdout } = await runHost("", print, `trap '' ${ignored.join(" ")};`.replace("trap '' ;", ""));
      assert.deepEqual(
        stdout.split(" "),
        all.filter((signal) => !ignored.includes(signal.slice(3))).join(" ").split(" "),
      );
    }
  },
});

Deno.test({
  name:
    "a signal that was ignored at the start ends nothing, nor does a file that is too large; any other reaches the listener",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const statements = `host.onStopSignal(await host.findStopSignals(), (signal) => host.stdout.write(signal + " "));
      for (const signal of ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGXFSZ"]) Deno.kill(Deno.pid, signal);
      await host.clock.sleep(200); host.stdout.write("end");`;
    const nohup = await runHost("", statements, "trap '' HUP INT;");
    assert.deepEqual([nohup.code, nohup.stdout.split(" ").toSorted()], [0, ["SIGQUIT", "SIGTERM", "end"]]);
    const all = await runHost("", statements, "trap '' HUP INT QUIT TERM;");
    assert.deepEqual([all.code, all.stdout], [0, "end"]);
  },
});

Deno.test({
  name: "where no shell says what was ignored, all stop signals are listened for",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    // What it has started holds its output open.
    const scripts = { slow: "sleep 20 & wait", silent: "exit 1", wordy: "echo HUP" };
    for (const [name, script] of Object.entries(scripts)) {
      await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    const startedAtMs = performance.now();
    for (const name of ["none", ...Object.keys(scripts)]) {
      const found = await findStopSignals(`${folder}/${name}`, name === "slow" ? 100 : 60_000);
      assert.equal(found.length, 8, name);
    }
    assert.ok(performance.now() - startedAtMs < 15_000, "it has not waited for the slow one");
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "what is lost of a log that nobody reads shows where it is missing",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const statements = `const mebibyte = "-".repeat(1_048_575) + "\\n";
      host.stderr.describeGap = (bytes) => "[" + bytes + " bytes lost]\\n";
      for (let count = 0; count < 70; count++) host.stderr.write(mebibyte);
      await host.stderr.finish(AbortSignal.timeout(60_000)); Deno.exit();`;
    const { stdout } = await runHost("2>&1 >/dev/null | tr -d -", statements);
    assert.equal(stdout, `${"\n".repeat(65)}[5242880 bytes lost]\n`);
  },
});

Deno.test({
  name: "whatever is written to outputs and files is masked, but for a result that is written whole",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const statements = `host.maskWrites((text) => text.replaceAll("s3cret", "(hidden)"));
      const folder = Deno.makeTempDirSync();
      await host.files.writeText(folder + "/a", "s3cret\\n");
      await host.files.appendText(folder + "/a", "more s3cret\\n");
      await host.files.createText(folder + "/b", "new s3cret\\n");
      await host.files.appendText("/dev/stdout", "s3cret as a file\\n");
      host.stdout.write("s3cret on stdout\\n");
      host.stderr.write("s3cret on stderr\\n");
      host.stdout.writeWhole(Deno.readTextFileSync(folder + "/a") + Deno.readTextFileSync(folder + "/b"));
      host.stdout.writeWhole("whole s3cret\\n");
      ${FINISH} Deno.removeSync(folder, { recursive: true });`;
    const { stdout, stderr } = await runHost("", statements);
    const masked = ["(hidden) as a file", "(hidden) on stdout", "(hidden)", "more (hidden)", "new (hidden)"];
    assert.equal(stdout, [...masked, "whole s3cret", ""].join("\n"));
    assert.equal(stderr, "(hidden) on stderr\n");
  },
});

function hostProgram(statements: string): string {
  return `import { systemHost } from "${new URL("../../../src/host/system_host.ts", import.meta.url)}";
    const host = systemHost(); ${statements}`;
}

/** Runs statements that know `host` as a process of their own, whose outputs go where the shell says. */
async function runHost(
  redirection: string,
  statements: string,
  before = "",
): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = hostProgram(statements);
  const { stdout, stderr, ...ended } = await new Deno.Command("bash", {
    args: ["-c", `${before} set -o pipefail; "$0" eval "$1" ${redirection}`, Deno.execPath(), program],
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: ended.code, stdout: text(stdout), stderr: text(stderr) };
}

/** Ends when all is written, or when nobody takes it. */
const FINISH = "await host.stdout.finish(new AbortController().signal);";
const GIVE_UP = "await host.stdout.finish(AbortSignal.timeout(300));";
const PRINT_FAILURE = "host.stderr.write(host.stdout.failure?.code ?? String(host.stdout.failure));";

Deno.test({
  name: "an output that cannot be written to ends nothing, and knows why",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const full = await runHost("2>/dev/full", 'host.stderr.write("lost"); host.stdout.write("still here");');
    assert.deepEqual([full.code, full.stdout], [0, "still here"]);
    const failing = await runHost(
      ">/dev/full",
      `host.stdout.write("lost"); host.stdout.write("too"); ${FINISH} ${PRINT_FAILURE}`,
    );
    assert.equal(failing.code, 0);
    assert.match(failing.stderr, /^No space left on device/);
  },
});

Deno.test({
  name: "a pipe that nobody reads on is no failure",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const lines = 'for (let n = 0; n < 9_000; n++) host.stdout.write("0123456789\\n");';
    const { code, stdout, stderr } = await runHost("| head -1", `${lines} ${FINISH} ${PRINT_FAILURE}`);
    assert.deepEqual([code, stdout, stderr], [0, "0123456789\n", "undefined"]);
  },
});

/** Numbered lines, and one that is longer than any pipe holds. */
const LINES =
  `const lines = Array.from({ length: 20_000 }, (_, n) => "line " + n + "\\n").join("") + "x".repeat(99_999) + "\\n";`;
/** What is set belongs to the pipe, for every program that writes to it. */
const NEVER_WAIT = `const perl = "use Fcntl; fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK) or die";
  new Deno.Command("perl", { args: ["-e", perl], stdout: "inherit" }).outputSync();`;

for (
  const [name, before] of [["", ""], [" whose waiting another program has switched off", NEVER_WAIT]] as const
) {
  Deno.test({
    name: `an output${name} is written whole and in order, however slow its reader is`,
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      const expected = Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`).join("") + `${"x".repeat(99_999)}\n`;
      const { code, stdout, stderr } = await runHost(
        "| (sleep 0.5; cat)",
        `${before} ${LINES} host.stdout.write(lines); ${FINISH} ${PRINT_FAILURE}`,
      );
      assert.deepEqual([code, stderr], [0, "undefined"]);
      assert.ok(stdout === expected, `${stdout.length} characters in place of ${expected.length}`);
    },
  });
}

Deno.test({
  name: "an output that nobody reads holds nothing up: not what is written to the other, not the end",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const program = hostProgram(`${LINES} host.stdout.write(lines); host.stderr.write("said ");
      await host.clock.sleep(1_000); host.stderr.write(host.stdout.isStalled + " "); ${GIVE_UP} ${PRINT_FAILURE}
      await host.stderr.finish(AbortSignal.timeout(5_000)); Deno.exit(3);`);
    const args = ["eval", program];
    const child = new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "piped", stderr: "piped" }).spawn();
    const [said, { code }] = await Promise.all([new Response(child.stderr).text(), child.status]);
    await child.stdout.cancel();
    assert.deepEqual([code, said], [3, "said true notTaken"]);
  },
});

Deno.test({
  name: "what is written to both outputs stands in its order where they are the same",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const statements = 'for (let n = 0; n < 100; n++) host[n % 3 === 0 ? "stdout" : "stderr"].write(n + "\\n");';
    const { stdout } = await runHost("2>&1 | cat", statements);
    assert.equal(stdout, Array.from({ length: 100 }, (_, n) => `${n}\n`).join(""));
  },
});
