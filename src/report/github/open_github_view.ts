import { firstLineOf } from "../../errors.ts";
import type { Clock, Environment, Files, Output } from "../../host.ts";
import type { Intent } from "../../rollout/plan/plan.ts";
import type { Printer, RunState } from "../state.ts";
import { GithubPrinter } from "./github_printer.ts";
import { openCommandOutput } from "./workflow_commands.ts";
import { renderSummary } from "./render_summary.ts";
import { StepLog } from "./step_log.ts";
import { type Revision, shortName } from "../../model/arn.ts";
import { onOneLine } from "../log.ts";
import { publicName } from "../json.ts";
import { endingOf, ranBefore, targetOf } from "../ending.ts";

export interface GithubViewOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Pick<Environment, "get">;
  readonly files: Pick<Files, "appendText">;
  readonly clock: Pick<Clock, "elapsed">;
  /** The command as it was typed, so that also one that ends before it has started has its summary. */
  readonly command: Intent | undefined;
}

export interface GithubView {
  readonly printer: Printer;
  /** What the log and everything else for people is written through: none of it is a command to the runner. */
  readonly stderr: Output;
  /** What results for people are written through, for the runner looks for commands there, too. */
  readonly stdout: Output;
  /** The files that `close` writes to. */
  readonly writes: readonly string[];
  /**
   * Writes the job summary and the step's outputs, once the run has ended. Returns what did not work, a line each; never
   * rejects.
   */
  close(): Promise<string[]>;
}

/**
 * Shows a run as GitHub Actions can: folded groups and annotations in the step's log, and in the end a job summary and
 * the step's outputs (where `GITHUB_STEP_SUMMARY` and `GITHUB_OUTPUT` name files for them).
 */
export function openGithubView(
  { stdout, stderr, env, files, clock, command }: GithubViewOptions,
): GithubView {
  const output = openCommandOutput(stderr);
  // The shell of the step says where it is.
  const printer = new GithubPrinter(new StepLog(output), command, env.get("PWD"), clock);
  // Before any envfile is read: the runner says where this goes, and no file of the user's.
  const summaryFile = env.get("GITHUB_STEP_SUMMARY");
  const outputFile = env.get("GITHUB_OUTPUT");
  return {
    printer,
    stderr: output.plain,
    stdout: openCommandOutput(stdout).plain,
    writes: [summaryFile, outputFile].flatMap((path) => path ? [path] : []),
    async close() {
      const ended = printer.end();
      if (ended === undefined) return [];
      const summary = renderSummary(ended);
      const problems = [
        await append("GITHUB_STEP_SUMMARY", summaryFile, summary, files),
        await append("GITHUB_OUTPUT", outputFile, renderOutputs(ended.state), files),
      ];
      return problems.filter((problem) => problem !== undefined);
    },
  };
}

async function append(
  variable: string,
  path: string | undefined,
  text: string,
  files: Pick<Files, "appendText">,
): Promise<string | undefined> {
  if (!path) return undefined;
  try {
    await files.appendText(path, text);
    return undefined;
  } catch (error) {
    return `cannot write to the file that ${variable} names: ${firstLineOf(error)}`;
  }
}

/** The step's outputs as the lines of `$GITHUB_OUTPUT`; a task definition that is not known is empty. */
export function renderOutputs(state: RunState): string {
  const [service] = state.services;
  const main = service?.main;
  const ending = endingOf(state, service);
  const outputs = {
    from: nameOf(main && ranBefore(main.plan)),
    to: nameOf(main && targetOf(main)),
    outcome: ending === undefined ? "" : publicName(ending),
  };
  return Object.entries(outputs).map(([name, value]) => `${name}=${onOneLine(value)}\n`).join("");
}

function nameOf(revision: Revision | undefined): string {
  return revision === undefined ? "" : shortName(revision);
}
