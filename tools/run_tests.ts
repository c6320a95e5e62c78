/**
 * Runs the tests: `deno task test`, or `deno task test [arguments of deno test]` for some of them.
 *
 * All of them together must cover at least 95 % of the lines of `src`. The last line is always
 * `N passed, N failed`, which is what CI reads.
 *
 * (Not called test.ts, for `deno test` would take it for one of the tests.)
 */

import { bundleForDeno } from "./bundle.ts";
import { coverageOf, formatCoverage, linePercentage } from "./coverage.ts";
import { createSandbox, type Sandbox, testPermissions } from "./sandbox.ts";
import { addTotals, formatTotals, parseTotals, type TestTotals } from "./totals.ts";

const requiredPercentage = 95;
/** Less than what CI gives the whole suite. Fuzzing (`FC_RUNS`) takes ten times as long, and nobody waits for it. */
const timeLimitMs = (Deno.env.has("FC_RUNS") ? 60 : 14) * 60_000;
const rawCoverage = "coverage/raw";

/** Tests of other processes, and those that run the same lines thousands of times: measuring would only slow them. */
const unmeasured = ["tests/chaos", "tests/e2e", "tests/property"];
/** What starts the program as a process of its own. */
const startsProgram = /chaos|e2e/;

/** One `deno test` with its arguments, and how many files it runs at a time. */
interface TestRun {
  readonly args: readonly string[];
  readonly jobs: number;
}

/** All tests as two runs side by side, of which the first measures what it covers. */
function allTests(): readonly TestRun[] {
  const coverage = [`--coverage=${rawCoverage}`, "--coverage-raw-data-only", "--clean"];
  const cores = navigator.hardwareConcurrency;
  return [
    { args: [...coverage, `--ignore=${unmeasured.join(",")}`], jobs: Math.ceil(cores / 2) },
    { args: unmeasured, jobs: cores },
  ];
}

/**
 * Makes node_modules complete, which the first test run on a machine would otherwise do: in the sandbox it could not
 * see the settings of the user's proxy.
 */
async function install(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["install", "--frozen", "--quiet"] }).spawn()
    .status;
  if (!success) throw new Error("deno install failed");
}

/** Runs `deno test` for each at the same time, and prints what they say one after the other. */
async function runTests(
  runs: readonly TestRun[],
  signal: AbortSignal,
): Promise<{ success: boolean; totals: TestTotals }> {
  const sandbox = await createSandbox();
  try {
    if (runs.some(({ args }) => args.some((arg) => startsProgram.test(arg)))) await bundleProgram(sandbox);
    let shown: Promise<void> = Promise.resolve();
    const ended = await Promise.all(runs.map(async (run) => {
      const child = startTests(run, sandbox, signal);
      const [toShow, kept] = child.stdout.tee();
      shown = shown.then(() => toShow.pipeTo(Deno.stdout.writable, { preventClose: true }));
      const [{ success }, output] = await Promise.all([child.status, new Response(kept).text(), shown]);
      return { success, totals: parseTotals(output) };
    }));
    return { success: ended.every(({ success }) => success), totals: addTotals(ended.map(({ totals }) => totals)) };
  } finally {
    await sandbox.remove();
  }
}

/** As a bundle the program starts in half the time that it takes from source: the end-to-end tests start it hundreds of times. */
async function bundleProgram({ env, temporary }: Sandbox): Promise<void> {
  await bundleForDeno(`${temporary}/program`);
  env.CLI_BUNDLE = `${temporary}/program/main.js`;
}

function startTests({ args, jobs }: TestRun, { env, temporary }: Sandbox, signal: AbortSignal): Deno.ChildProcess {
  // Where the emulator puts on record what it was asked (tests/emulator/recording.ts).
  const recording = [env.EMULATOR_RECORDING ?? []].flat();
  return new Deno.Command(Deno.execPath(), {
    // Everything has been installed; without --cached-only Deno asks the registry all the same.
    // Types are for `deno task check`: a line that is not finished yet need not keep the tests from running.
    args: [
      "test",
      "--cached-only",
      "--no-check",
      "--parallel",
      ...testPermissions([temporary, "tests/transcripts", ...recording]),
      ...args,
    ],
    env: { ...env, DENO_JOBS: String(jobs) },
    clearEnv: true,
    stdout: "piped",
    signal,
  }).spawn();
}

/** Prints the coverage of `src`; false when it is too low or a file was not loaded by any test. */
async function checkCoverage(): Promise<boolean> {
  const files = await coverageOf("src", rawCoverage);
  console.log(`\n${formatCoverage(files)}`);
  const problems = files.filter(({ isLoaded }) => !isLoaded).map(({ path }) => `no test loads ${path}`);
  const percentage = linePercentage(files);
  if (percentage < requiredPercentage) {
    problems.push(`${percentage.toFixed(1)} % of the lines of src are covered, ${requiredPercentage} % are required`);
  }
  for (const problem of problems) console.error(problem);
  return problems.length === 0;
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
  const isSelection = args.length > 0;
  // One file more at a time than there are cores: the end-to-end tests wait for what they have started.
  const runs = isSelection ? [{ args, jobs: navigator.hardwareConcurrency + 1 }] : allTests();
  const timeout = AbortSignal.timeout(timeLimitMs);
  const { success, totals } = await runTests(runs, AbortSignal.any([timeout, stopSignal()]));
  if (timeout.aborted) console.error(`the tests were stopped: they took more than ${timeLimitMs / 60_000} minutes`);

  const isCovered = isSelection || !success || await checkCoverage();
  console.log(formatTotals(totals));
  return success && isCovered && totals.passed > 0;
}

Deno.exit(await main(Deno.args) ? 0 : 1);
