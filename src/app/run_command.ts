import { CommanderError } from "@commander-js/extra-typings";
import type { ConnectionOptions } from "../aws/connection.ts";
import type { Host } from "../host.ts";
import { exitCodeOf } from "../errors.ts";
import { EXIT } from "../report/exit_code.ts";
import { onOneLine } from "../report/log.ts";
import { maskAll } from "../secrets/hidden_values.ts";
import { type Context, newContext, printLines } from "../session/context.ts";
import { CommandLine } from "./command_line.ts";
import { finishOutputs } from "./finish_outputs.ts";

/** Runs the command that the command line names. Every error ends here, as one line and an exit code. */
export async function runCommand(
  machine: Host,
  requestHandler: ConnectionOptions["requestHandler"],
): Promise<number> {
  const context = newContext(machine, requestHandler);
  const commandLine = new CommandLine(context);
  try {
    await commandLine.parse();
  } catch (error) {
    // What keeps the reporter from being opened is itself the error to report.
    await commandLine.openReporter().catch(() => {});
    context.exitCode = await reportError(error, commandLine.said, context);
  }
  printLines("warn", await context.audience.finish(context.exitCode), context);
  await machine.endPrograms();
  return await finishOutputs(context.exitCode, context);
}

/**
 * Reports an error that has ended the program. Returns the exit code.
 *
 * @param said the parser's own words, where the error is one of its
 */
async function reportError(error: unknown, said: string, context: Context): Promise<number> {
  const { region, audience, logFormat, hidden } = context;
  // Most runs have none to report.
  const { describeFailure } = await import("./describe_failure.ts");
  const failure = maskAll(describeFailure(error, region), hidden.mask);
  audience.tell({ kind: "failed", failure });
  if (error instanceof CommanderError && logFormat === "text") {
    // They repeat what was typed.
    audience.stderr.write(said.split("\n").map(onOneLine).join("\n"));
  } else printLines("error", [failure.message, ...failure.advice], context);
  return error instanceof CommanderError ? EXIT.usage : exitCodeOf(error);
}
