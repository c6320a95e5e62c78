/**
 * Runs the tests: `deno task test`, or `deno task test [arguments of deno test]` for some of them.
 *
 * All of them together must cover as many of the lines of `src` as deno.json says. The last line is always
 * `N passed, N failed`, which is what CI reads.
 *
 * (Not called test.ts, for `deno test` would take it for one of the tests.)
 */

import { pathToFileURL } from "node:url";
import { createSandbox, type Sandbox, testPermissions } from "./sandbox.ts";
import { findTestRuns, type TestRun } from "./test_runs.ts";
import { makeTestedProgram } from "./tested_program.ts";

/** Less than CI's own limit. Fuzzing (`FC_RUNS`) takes ten times as long, and nobody waits for it. */
const timeLimitMs = (Deno.env.has("FC_RUNS") ? 60 : 14) * 60_000;
const rawCoverage = "coverage/raw";

/** Much is made and thrown away again: with more room for what is new, V8 collects garbage less often. */
const V8_FLAGS = "--v8-flags=--min-semi-space-size=64,--max-semi-space-size=64";

const cores = navigator.hardwareConcurrency;
/** More runs at a time than there are cores: tests that start the program mostly wait for it. */
const jobs = cores + 2;

/**
 * Makes node_modules complete, which the first test run on a machine would otherwise do: in the sandbox it could not
 * see the settings of the user's proxy.
 */
async function install(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["install", "--frozen", "--quiet"] }).spawn()
    .status;
  if (!success) throw new Error("deno install failed");
}

interface Ended {
  readonly success: boolean;
  /** What the run has printed. */
  readonly output: string;
}

/** The folders whose tests start the program. */
const STARTS_PROGRAM = /chaos|e2e/;

/**
 * Runs all tests, several files at a time, and prints what each run says in the order of their start.
 *
 * @param program is awaited by the runs that start it; the others need not wait until it is made
 */
async function runAll(sandbox: Sandbox, program: Promise<void>, signal: AbortSignal): Promise<readonly Ended[]> {
  await Deno.remove(rawCoverage, { recursive: true }).catch(() => {});
  const waiting = [...await findTestRuns()];
  const startsProgram = ({ name }: TestRun) => STARTS_PROGRAM.test(name);
  let computing = 0;
  /** As many runs as there are cores compute, and a few others wait: no core is idle, and none has much more to do. */
  const next = () => {
    const place = waiting.findIndex((run) => startsProgram(run) === computing >= cores);
    return waiting.splice(Math.max(place, 0), 1)[0];
  };
  const ended: Ended[] = [];
  let shown: Promise<void> = Promise.resolve();
  const work = async () => {
    for (let run = next(); run !== undefined && !signal.aborted; run = next()) {
      const computes = !startsProgram(run);
      if (computes) computing++;
      else await program;
      const coverage = run.isMeasured ? [`--coverage=${rawCoverage}`, "--coverage-raw-data-only"] : [];
      const child = startTests([V8_FLAGS, ...coverage, await entryOf(run, sandbox)], sandbox, signal);
      const [toShow, kept] = child.stdout.tee();
      shown = shown.then(() => toShow.pipeTo(Deno.stdout.writable, { preventClose: true }));
      const [{ success }, output] = await Promise.all([child.status, new Response(kept).text()]);
      if (computes) computing--;
      if (!success) console.error(`failed: deno task test ${run.name}`);
      ended.push({ success, output });
    }
  };
  await Promise.all([program, ...Array.from({ length: jobs }, work)]);
  await shown;
  return ended;
}

/** The file to run: that of the run, or one that imports all of them. */
async function entryOf({ files }: TestRun, { temporary }: Sandbox): Promise<string> {
  if (files.length === 1) return files[0]!;
  const entry = `${temporary}/${files[0]!.replaceAll("/", "_")}`;
  await Deno.writeTextFile(entry, files.map((file) => `import "${pathToFileURL(file)}";\n`).join(""));
  return entry;
}

/** Runs `deno test` with these arguments, and prints what it says as it comes. */
async function runSelection(args: readonly string[], sandbox: Sandbox, signal: AbortSignal): Promise<Ended> {
  const child = startTests(["--parallel", ...args], sandbox, signal);
  const [toShow, kept] = child.stdout.tee();
  const shown = toShow.pipeTo(Deno.stdout.writable, { preventClose: true });
  const [{ success }, output] = await Promise.all([child.status, new Response(kept).text(), shown]);
  return { success, output };
}

async function runTests(args: readonly string[], signal: AbortSignal): Promise<readonly Ended[]> {
  const sandbox = await createSandbox();
  try {
    const makeProgram = async () => {
      sandbox.env.CLI_BUNDLE = await makeTestedProgram(`${sandbox.temporary}/program`, sandbox.env.HOME!);
    };
    if (args.length === 0) return await runAll(sandbox, makeProgram(), signal);
    if (args.some((arg) => STARTS_PROGRAM.test(arg))) await makeProgram();
    return [await runSelection(args, sandbox, signal)];
  } finally {
    await sandbox.remove();
  }
}

function startTests(args: readonly string[], { env, temporary }: Sandbox, signal: AbortSignal): Deno.ChildProcess {
  // Where the emulator puts on record what it was asked (tests/emulator/recording.ts).
  const recording = [env.EMULATOR_RECORDING ?? []].flat();
  const permissions = testPermissions([temporary, "tests/transcripts", ...recording]);
  return new Deno.Command(Deno.execPath(), {
    // Everything has been installed; without --cached-only Deno asks the registry all the same.
    // Types are for `deno task check`: a line that is not finished yet need not keep the tests from running.
    args: ["test", "--cached-only", "--no-check", ...permissions, ...args],
    env: { ...env, DENO_JOBS: String(jobs) },
    clearEnv: true,
    stdout: "piped",
    signal,
  }).spawn();
}

/** Prints the coverage of `src`; false when deno.json asks for more. */
async function checkCoverage(): Promise<boolean> {
  const args = ["coverage", "--quiet", "--include=/src/", rawCoverage];
  return (await new Deno.Command(Deno.execPath(), { args }).spawn().status).success;
}

/**
 * How many tests of all runs had which end, as `4 passed, 0 failed` or `4 passed, 0 failed, 1 skipped`, by Deno's
 * closing lines: `ok | 4 passed (1 step) | 0 failed | 1 ignored (333ms)`. A run's last one counts, for a test may have
 * printed one of its own. Without any, the run ended early (a syntax error, for instance) and nothing passed.
 */
export function totalsOf(outputs: readonly string[]): string {
  const closings = outputs.map((output) =>
    // deno-lint-ignore no-control-regex
    output.replace(/\x1b\[[0-9;]*m/g, "").split("\n").findLast((line) => /^(?:ok|FAILED) \| \d+ passed/.test(line)) ??
      ""
  );
  const count = (end: string) =>
    closings.reduce((sum, line) => sum + Number(new RegExp(`\\| (\\d+) ${end}`).exec(line)?.[1] ?? 0), 0);
  const skipped = count("ignored");
  return `${count("passed")} passed, ${count("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** Aborted when the user or CI stops the run: the sandbox still has to be removed. */
function stopSignal(): AbortSignal {
  const stopped = new AbortController();
  // Deno on Windows cannot listen for SIGTERM.
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, () => stopped.abort());
  return stopped.signal;
}

async function main(args: string[]): Promise<boolean> {
  await install();
  const timeout = AbortSignal.timeout(timeLimitMs);
  const ended = await runTests(args, AbortSignal.any([timeout, stopSignal()]));
  if (timeout.aborted) console.error(`the tests were stopped: they took more than ${timeLimitMs / 60_000} minutes`);

  const success = ended.every((run) => run.success) && !timeout.aborted;
  const isCovered = args.length > 0 || !success || await checkCoverage();
  const totals = totalsOf(ended.map(({ output }) => output));
  console.log(totals);
  return success && isCovered && !totals.startsWith("0 passed");
}

if (import.meta.main) Deno.exit(await main(Deno.args) ? 0 : 1);
