import { CommanderError } from "@commander-js/extra-typings";
import type { ConnectionOptions } from "../aws/connection.ts";
import type { Host } from "../host.ts";
import { onOneLine } from "../report/log.ts";
import type { Printer } from "../report/state.ts";
import { type Context, newContext } from "../session/context.ts";
import { CommandLine } from "./command_line.ts";
import { finishOutputs } from "./finish_outputs.ts";

/** Runs the command that the command line names. Every error ends here, as one line and an exit code. */
export async function runCommand(
  machine: Host,
  requestHandler: ConnectionOptions["requestHandler"],
  printer?: Printer,
): Promise<number> {
  const context = newContext(machine, requestHandler, printer);
  const commandLine = new CommandLine(context);
  try {
    await commandLine.parse();
  } catch (error) {
    // If the reporter cannot be opened, that is the error to report.
    await commandLine.openReporter().catch(() => {});
    context.exitCode = await reportError(error, commandLine.said, context);
  }
  for (const problem of await context.reporter.finish(context.exitCode)) context.reporter.log.warn(problem);
  await machine.endPrograms();
  return await finishOutputs(context.exitCode, context);
}

/** Reports an error that has ended the program. Returns the exit code. */
async function reportError(error: unknown, said: string, { reporter, region }: Context): Promise<number> {
  // Most runs have none to report.
  const { toFailure } = await import("./to_failure.ts");
  const failure = toFailure(error);
  await reporter.openLog();
  reporter.emit({ kind: "failed", failure, region });
  if (error instanceof CommanderError && reporter.logSettings.format === "text") {
    // They repeat what was typed.
    reporter.stderr.write(said.split("\n").map(onOneLine).join("\n"));
  }
  return failure.exitCode;
}
