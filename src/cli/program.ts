import { Command, CommanderError } from "@commander-js/extra-typings";
import type { ConnectionOptions } from "../aws/connection.ts";
import { AwsError, UsageError } from "../errors.ts";
import type { Host } from "../host.ts";
import { adviseOn } from "../ui/aws_error_text.ts";
import { onOneLine } from "../ui/log.ts";
import { addCompletionCommand } from "./commands/completion.ts";
import { addDeployCommand } from "./commands/deploy.ts";
import { addDeregisterCommand } from "./commands/deregister.ts";
import { addDiffCommand } from "./commands/diff.ts";
import { addRegisterCommand } from "./commands/register.ts";
import { addRenderCommand } from "./commands/render.ts";
import { addRevisionsCommand } from "./commands/revisions.ts";
import { addRollbackCommand } from "./commands/rollback.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addVerifyCommand } from "./commands/verify.ts";
import { addWaitCommand } from "./commands/wait.ts";
import type { Context } from "./context.ts";
import { EXIT, exitCodeOfError } from "./exit_code.ts";
import { addGlobalOptions, type Program } from "./global_options.ts";
import { VERSION } from "./version.ts";

/** Runs the command that the command line names. Every error ends here, as one line and an exit code. */
export async function runProgram(host: Host, requestHandler: ConnectionOptions["requestHandler"]): Promise<number> {
  const context: Context = { host, requestHandler, log: undefined, exitCode: EXIT.ok };
  try {
    await buildProgram(context).parseAsync(host.args, { from: "user" });
    return context.exitCode;
  } catch (error) {
    // Commander has printed its message by now; help that was asked for is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    reportError(error, context);
    return exitCodeOfError(error);
  }
}

/** The command line's grammar; an action is run by parsing. */
export function buildProgram(context: Context): Program {
  const { stdout, stderr } = context.host;
  const command = new Command("ecspresso")
    .description("Deploys Amazon ECS services, and rolls them back to a task definition that worked.")
    .version(`ecspresso ${VERSION}`, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      // It repeats what was typed.
      writeErr: (text) => stderr.write(text.split("\n").map(onOneLine).join("\n")),
      getOutHasColors: () => stdout.isTerminal && !context.host.env.get("NO_COLOR"),
      getErrHasColors: () => stderr.isTerminal && !context.host.env.get("NO_COLOR"),
    })
    .showHelpAfterError("(see ecspresso --help)")
    .exitOverride();
  const program = addGlobalOptions(command);
  addDeployCommand(program, context);
  addRollbackCommand(program, context);
  addWaitCommand(program, context);
  addStatusCommand(program, context);
  addDiffCommand(program, context);
  addVerifyCommand(program, context);
  addRegisterCommand(program, context);
  addRevisionsCommand(program, context);
  addDeregisterCommand(program, context);
  addRenderCommand(program, context);
  addCompletionCommand(program, context);
  return program;
}

function reportError(error: unknown, { log, host }: Context): void {
  const lines = [error instanceof Error ? error.message : String(error)];
  if (error instanceof UsageError && error.hint !== undefined) lines.push(...error.hint.split("\n"));
  if (error instanceof AwsError) lines.push(...adviseOn(error));
  if (exitCodeOfError(error) === EXIT.unforeseen) lines[0] = `unforeseen: ${lines[0]} (this is a defect of ecspresso)`;
  if (log !== undefined) return lines.forEach((line) => log.error(line));
  lines.forEach((line, index) => host.stderr.write(`${index === 0 ? "error: " : "  "}${onOneLine(line)}\n`));
}
