/**
 * Runs the tests: `deno task test`, or `deno task test [arguments of deno test]` for some of them.
 *
 * All of them together must cover at least 90 % of the lines of `src`. The last line is always
 * `N passed, N failed`, which is what CI reads.
 *
 * (Not called test.ts, for `deno test` would take it for one of the tests.)
 */

import { coverageOf, formatCoverage, linePercentage } from "./coverage.ts";
import { createSandbox, testPermissions } from "./sandbox.ts";
import { formatTotals, parseTotals } from "./totals.ts";

const requiredPercentage = 90;
/** Less than what CI gives the whole suite. Fuzzing (`FC_RUNS`) takes ten times as long, and nobody waits for it. */
const timeLimitMs = (Deno.env.has("FC_RUNS") ? 60 : 14) * 60_000;
const rawCoverage = "coverage/raw";

/**
 * Makes node_modules complete, which the first test run on a machine would otherwise do: in the sandbox it could not
 * see the settings of the user's proxy.
 */
async function install(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["install", "--frozen", "--quiet"] }).spawn()
    .status;
  if (!success) throw new Error("deno install failed");
}

/** Runs `deno test`, passing its output on as it comes. */
async function runTests(args: string[], signal: AbortSignal): Promise<{ success: boolean; output: string }> {
  const sandbox = await createSandbox();
  // Where the emulator puts on record what it was asked (tests/emulator/recording.ts).
  const recording = [sandbox.env.EMULATOR_RECORDING ?? []].flat();
  try {
    const child = new Deno.Command(Deno.execPath(), {
      // Everything has been installed; without --cached-only Deno asks the registry all the same.
      // Types are for `deno task check`: a line that is not finished yet need not keep the tests from running.
      args: [
        "test",
        "--cached-only",
        "--no-check",
        "--parallel",
        ...testPermissions([sandbox.temporary, "tests/transcripts", ...recording]),
        ...args,
      ],
      env: sandbox.env,
      clearEnv: true,
      stdout: "piped",
      signal,
    }).spawn();
    const [shown, kept] = child.stdout.tee();
    const [{ success }, output] = await Promise.all([
      child.status,
      new Response(kept).text(),
      shown.pipeTo(Deno.stdout.writable, { preventClose: true }),
    ]);
    return { success, output };
  } finally {
    await sandbox.remove();
  }
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
  const coverage = [`--coverage=${rawCoverage}`, "--coverage-raw-data-only", "--clean"];

  const timeout = AbortSignal.timeout(timeLimitMs);
  const { success, output } = await runTests(
    isSelection ? args : coverage,
    AbortSignal.any([timeout, stopSignal()]),
  );
  if (timeout.aborted) console.error(`the tests were stopped: they took more than ${timeLimitMs / 60_000} minutes`);

  const totals = parseTotals(output);
  const isCovered = isSelection || !success || await checkCoverage();
  console.log(formatTotals(totals));
  return success && isCovered && totals.passed > 0;
}

Deno.exit(await main(Deno.args) ? 0 : 1);
