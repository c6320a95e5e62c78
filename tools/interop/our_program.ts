import assert from "node:assert/strict";
import { type CliOptions, type Ended, runCli } from "../../tests/e2e/cli_process.ts";
import type { Processes } from "./processes.ts";

/**
 * Runs our program, or the executable that CLI_UNDER_TEST names, as the end-to-end tests do.
 *
 * @param expected the exit code that it has to end with; any will do when left out. Throws an AssertionError otherwise
 */
export async function runOurs(
  processes: Processes,
  url: string,
  args: readonly string[],
  options: CliOptions,
  expected?: number,
): Promise<Ended> {
  const ended = await runCli(url, args, options, (child) => processes.adopt(child));
  if (expected !== undefined) {
    const { code, stderr } = ended;
    assert.equal(code, expected, `ecspresso ${args.join(" ")}: exit code ${code}, not ${expected}: ${stderr.trim()}`);
  }
  return ended;
}
