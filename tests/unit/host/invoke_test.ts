import assert from "node:assert/strict";
import { LARGEST_FILE_BYTES, TooLarge } from "../../../src/host/read_bounded.ts";
import { endPrograms, invoke, killPrograms, processTreeOf, refuseRelativePath } from "../../../src/host/invoke.ts";
import { wordsOf } from "../../in_words.ts";

const HAS_PS = await new Deno.Command("ps", { stdout: "null", stderr: "null" }).output().then(() => true, () => {
  console.log("there is no ps: whether programs end is not tested");
  return false;
});
const CAN_TEST = Deno.build.os !== "windows" && HAS_PS;
/** Far more than a loaded machine takes, and far less than any of the programs would run. */
const SOON_MS = 20_000;

function run(script: string, options: { stdin?: string; signal?: AbortSignal } = {}) {
  const { stdin = "", signal = new AbortController().signal } = options;
  return invoke({ program: "sh", args: ["-c", script], stdin, directory: ".", signal });
}

/** A dead one that nobody has asked after is a process, too: a zombie. */
function isAlive(pid: number): boolean {
  const { stdout } = new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)], stderr: "null" }).outputSync();
  return /^[^Z\s]/.test(new TextDecoder().decode(stdout).trim());
}

async function untilGone(pids: readonly number[]): Promise<void> {
  for (let tries = 0; pids.some(isAlive) && tries < 500; tries++) await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(pids.filter(isAlive), []);
}

/** Runs a script that writes the IDs of its processes to the file `$PIDS`, until there are `count`; then `end` ends it. */
async function endWhileRunning(
  script: string,
  count: number,
  end: (controller: AbortController) => void | Promise<void> = (controller) => controller.abort(),
  options: { stdin?: string } = {},
): Promise<{ tookMs: number }> {
  const file = await Deno.makeTempFile();
  const controller = new AbortController();
  const running = run(`PIDS='${file}'; ${script}`, { ...options, signal: controller.signal });
  const read = async () => (await Deno.readTextFile(file)).trim().split("\n").filter(Boolean).map(Number);
  let pids = await read();
  for (let tries = 0; pids.length < count && tries < 1_000; tries++) {
    await new Promise((done) => setTimeout(done, 10));
    pids = await read();
  }
  assert.equal(pids.length, count, "all of them run");
  const startedAtMs = performance.now();
  await end(controller);
  const result = await running;
  const tookMs = performance.now() - startedAtMs;
  assert.notEqual(result, undefined);
  await untilGone(pids);
  await Deno.remove(file);
  return { tookMs };
}

Deno.test({
  name: "invoke() hands in stdin and returns both outputs and the exit code",
  ignore: !CAN_TEST,
  fn: async () => {
    assert.deepEqual(await run("cat; echo said >&2; exit 3", { stdin: "text" }), {
      code: 3,
      stdout: "text",
      stderr: "said\n",
    });
    assert.equal(
      await invoke({
        program: "no-such-program",
        args: [],
        stdin: "",
        directory: ".",
        signal: new AbortController().signal,
      }),
      undefined,
    );
  },
});

/** By what each does when it is asked to end; each writes as many process IDs as the number says. */
const STUBBORN: readonly (readonly [string, string, number])[] = [
  ["sleeps", "echo $$ >>$PIDS; sleep 600", 1],
  ["ignores TERM", `trap "" TERM; echo $$ >>$PIDS; sleep 600`, 1],
  [
    "waits in a grandchild that ignores TERM",
    `(trap "" TERM; exec sleep 600) & echo $! >>$PIDS; echo $$ >>$PIDS; wait`,
    2,
  ],
  ["has ended, with a grandchild that holds the outputs", `trap "" TERM; sleep 600 & echo $! >>$PIDS`, 1],
  ["stops itself", "echo $$ >>$PIDS; kill -STOP $$", 1],
  ["writes for ever", `trap "" TERM; echo $$ >>$PIDS; while :; do echo >&2; sleep 0.01; done`, 1],
  ["ignores HUP and INT, too", `trap "" TERM HUP INT; echo $$ >>$PIDS; while :; do sleep 600; done`, 1],
];

Deno.test({
  name: "a program is gone soon after the signal, with all that it has started, whatever it does",
  ignore: !CAN_TEST,
  fn: async () => {
    await Promise.all(STUBBORN.map(async ([what, script, count]) => {
      const { tookMs } = await endWhileRunning(script, count, undefined, { stdin: "x".repeat(300_000) });
      assert.ok(tookMs < SOON_MS, `${what}: took ${tookMs} ms`);
    }));
  },
});

Deno.test({
  name: "processTreeOf() ends a program and what is below it, without a group of its own",
  ignore: !CAN_TEST,
  fn: async () => {
    const script = `trap "" TERM; (sh -c 'echo $$; sleep 600' & echo $!; wait) & echo $!; echo $$; wait`;
    const child = new Deno.Command("sh", { args: ["-c", script], stdout: "piped" }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let written = "";
    while (written.split("\n").length < 5) written += (await reader.read()).value ?? assert.fail("it has ended");
    const pids = written.trim().split("\n").map(Number);
    const family = processTreeOf(child);
    family.ask();
    assert.ok(family.isAlive());
    family.kill();
    await child.status;
    await untilGone(pids);
    await reader.cancel();
  },
});

Deno.test({
  name: "endPrograms() ends what nobody waits for any more, and killPrograms() does it at once",
  ignore: !CAN_TEST,
  fn: async () => {
    const script = `trap "" TERM; echo $$ >>$PIDS; sleep 600`;
    await endWhileRunning(script, 1, () => endPrograms());
    await endWhileRunning(script, 1, () => killPrograms());
  },
});

Deno.test({
  name: "a program that tidies up when it is asked to end has the time for it",
  ignore: !CAN_TEST,
  fn: async () => {
    const file = await Deno.makeTempFile();
    await endWhileRunning(`trap 'echo tidied >${file}; exit 1' TERM; echo $$ >>$PIDS; sleep 600 & wait`, 1);
    assert.equal(await Deno.readTextFile(file), "tidied\n");
    await Deno.remove(file);
  },
});

Deno.test({
  name: "a program that has ended is not waited for, although what it has started holds its outputs open",
  ignore: !CAN_TEST,
  fn: async () => {
    const startedAtMs = performance.now();
    const result = await run("sleep 300 & echo $!");
    assert.ok(performance.now() - startedAtMs < SOON_MS);
    assert.equal(result?.code, 0);
    const left = Number(result.stdout);
    assert.ok(isAlive(left), "it has not been asked to end");
    Deno.kill(left, "SIGKILL");
  },
});

Deno.test({
  name: "a program that does not read, or closes its input, answers all the same",
  ignore: !CAN_TEST,
  fn: async () => {
    for (
      const script of ["exec <&-; echo done", "echo done", "sleep 300 <&0 >/dev/null 2>&1 & echo done; echo $! >&2"]
    ) {
      const result = await run(script, { stdin: "x".repeat(1_000_000) });
      assert.deepEqual([result?.code, result?.stdout], [0, "done\n"]);
      if (result?.stderr) Deno.kill(Number(result.stderr), "SIGKILL");
    }
  },
});

Deno.test({
  name: "a program that writes without end is ended, and refused",
  ignore: !CAN_TEST,
  fn: async () => {
    assert.ok(LARGEST_FILE_BYTES <= 64 * 1_048_576);
    await assert.rejects(run(`trap "" TERM; exec cat /dev/zero`), TooLarge);
    await assert.rejects(run(`trap "" TERM; exec cat /dev/zero >&2`), TooLarge);
  },
});

const ignore = Deno.build.os === "windows";

async function withPrograms(test: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const path of ["here", "sub/there", "safe/there", "plain/there", "plain/plain"]) {
      await Deno.mkdir(`${folder}/${path.split("/").slice(0, -1).join("/")}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, "#!/bin/sh\n");
      await Deno.chmod(`${folder}/${path}`, path.startsWith("plain") ? 0o644 : 0o755);
    }
    test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "refuseRelativePath() names what an entry of PATH would lead to that is no absolute path",
  ignore,
  fn: async () => {
    await withPrograms((folder) => {
      for (const path of ["", ".", ":/nowhere", "/nowhere:", "/nowhere::/bin", "./", "./.", "missing:."]) {
        const problem = { code: "relativePath", program: `${folder}/here` };
        assert.throws(() => refuseRelativePath("here", folder, path), { problem }, path);
      }
      const up = Deno.cwd().split("/").map(() => "..").join("/");
      const isThere = (error: unknown) => wordsOf(error).includes("/sub/there, by an entry of PATH");
      const fromHere = `${up}${folder}/sub`;
      assert.throws(() => refuseRelativePath("there", "/nowhere", fromHere), isThere);
      assert.throws(
        () => refuseRelativePath("there", folder, `sub:${folder}/safe`),
        isThere,
      );
    });
  },
});

Deno.test({
  name: "refuseRelativePath() lets what an absolute entry finds first be, and what nothing finds",
  ignore,
  fn: async () => {
    await withPrograms((folder) => {
      refuseRelativePath("there", folder, `${folder}/safe:sub`);
      refuseRelativePath("there", folder, `plain:missing:${folder}/safe:sub`);
      refuseRelativePath("plain", folder, "plain");
      refuseRelativePath("missing", folder, ".:sub");
    });
  },
});
