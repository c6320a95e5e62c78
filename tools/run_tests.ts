/**
 * Runs the tests: `deno task test`, or `deno task test [arguments of deno test]` for some of them.
 *
 * All of them together must cover as many of the lines of `src` as deno.json says. The last line is always
 * `N passed, N failed`, which is what CI reads.
 *
 * (Not called test.ts, for `deno test` would take it for one of the tests.)
 */

import { bundleProgram } from "./bundle.ts";
import { createSandbox, type Sandbox, testPermissions } from "./sandbox.ts";

/** Less than what CI gives the whole suite. Fuzzing (`FC_RUNS`) takes ten times as long, and nobody waits for it. */
const timeLimitMs = (Deno.env.has("FC_RUNS") ? 60 : 14) * 60_000;
const rawCoverage = "coverage/raw";

/** What has to cover `src`; measuring the others would only slow them. */
const measured = ["tests/unit", "tests/transcripts"];
/** One `deno test`. */
interface TestRun {
  readonly args: readonly string[];
  /** How many files it runs at a time. */
  readonly jobs: number;
  /** Whether its tests start the program as a process of its own. */
  readonly startsProgram: boolean;
}

/** One file more at a time than there are cores: the end-to-end tests wait for what they have started. */
const jobs = navigator.hardwareConcurrency + 1;

/** All tests as two runs side by side, of which the first measures what it covers. */
function allTests(): readonly TestRun[] {
  const coverage = [`--coverage=${rawCoverage}`, "--coverage-raw-data-only", "--clean"];
  return [
    { args: [...coverage, ...measured], jobs: jobs - 1, startsProgram: false },
    { args: [`--ignore=${measured.join(",")}`], jobs, startsProgram: true },
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
): Promise<{ success: boolean; outputs: readonly string[] }> {
  const sandbox = await createSandbox();
  try {
    if (runs.some(({ startsProgram }) => startsProgram)) {
      // The bundle starts in half the time that the source takes: the end-to-end tests start it hundreds of times.
      await bundleProgram(`${sandbox.temporary}/program`);
      sandbox.env.CLI_BUNDLE = `${sandbox.temporary}/program/main.js`;
    }
    let shown: Promise<void> = Promise.resolve();
    const ended = await Promise.all(runs.map(async (run) => {
      const child = startTests(run, sandbox, signal);
      const [toShow, kept] = child.stdout.tee();
      shown = shown.then(() => toShow.pipeTo(Deno.stdout.writable, { preventClose: true }));
      const [{ success }, output] = await Promise.all([child.status, new Response(kept).text(), shown]);
      return { success, output };
    }));
    return { success: ended.every(({ success }) => success), outputs: ended.map(({ output }) => output) };
  } finally {
    await sandbox.remove();
  }
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

/** Prints the coverage of `src`; false when deno.json asks for more. */
async function checkCoverage(): Promise<boolean> {
  const args = ["coverage", "--quiet", "--include=/src/", rawCoverage];
  return (await new Deno.Command(Deno.execPath(), { args }).spawn().status).success;
}

/**
 * How many tests of all runs had which end, as `4 passed, 0 failed` or `4 passed, 0 failed, 1 skipped`, by Deno's closing
 * lines: `ok | 4 passed (1 step) | 0 failed | 1 ignored (333ms)`. A run's last one counts, for a test may have printed
 * one of its own. Without any, the run ended early (a syntax error, for instance) and nothing passed.
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
  const isSelection = args.length > 0;
  const startsProgram = args.some((arg) => /chaos|e2e/.test(arg));
  const runs = isSelection ? [{ args, jobs, startsProgram }] : allTests();
  const timeout = AbortSignal.timeout(timeLimitMs);
  const { success, outputs } = await runTests(runs, AbortSignal.any([timeout, stopSignal()]));
  if (timeout.aborted) console.error(`the tests were stopped: they took more than ${timeLimitMs / 60_000} minutes`);

  const isCovered = isSelection || !success || await checkCoverage();
  const totals = totalsOf(outputs);
  console.log(totals);
  return success && isCovered && !totals.startsWith("0 passed");
}

if (import.meta.main) Deno.exit(await main(Deno.args) ? 0 : 1);
