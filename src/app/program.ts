import { Command, CommanderError } from "@commander-js/extra-typings";
import type { ConnectionOptions } from "../aws/connection.ts";
import type { Host } from "../host.ts";
import { HiddenValues, maskAll } from "../secrets/hidden_values.ts";
import { onOneLine } from "../report/log.ts";
import { addCommands, termOf } from "./add_commands.ts";
import { gatherAudience } from "../session/audience.ts";
import { type Context, newContext } from "../session/context.ts";
import { EXIT, exitCodeOfError } from "../report/exit_code.ts";
import { ALL_ENDINGS, renderExitCodes } from "../report/exit_code_table.ts";
import { finishOutputs } from "./finish_outputs.ts";
import { addGlobalOptions, type Program } from "../session/global_options.ts";
import { hidingHost } from "../session/hiding_host.ts";
import { peekArguments } from "./peek_arguments.ts";
import { tellWithoutLog } from "../session/tell_without_log.ts";
import { VERSION } from "../session/version.ts";

/** Runs the command that the command line names. Every error ends here, as one line and an exit code. */
export async function runProgram(
  machine: Host,
  requestHandler: ConnectionOptions["requestHandler"],
): Promise<number> {
  const hidden = new HiddenValues();
  const host = hidingHost(machine, hidden.mask);
  const wholeStdout = machine.stdout;
  let context: Context = { ...newContext(host), hidden, wholeStdout, requestHandler };
  let code: number;
  try {
    const peeked = peekArguments(host);
    const audience = await gatherAudience(host, peeked, { mask: hidden.mask, wholeStdout });
    context = { ...context, audience, logFormat: peeked.logFormat === "json" ? "json" : "text" };
    code = await parseAndRun(context);
  } catch (error) {
    code = await reportError(error, context);
  }
  await host.endPrograms();
  return await finishOutputs(code, context);
}

async function parseAndRun(context: Context): Promise<number> {
  try {
    const { args } = context.host;
    // These two are about commands that are not typed themselves.
    const program = await buildProgram(context, args.includes("help") || args.includes("completion"));
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // Help that was asked for is no error.
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    context.exitCode = await reportError(error, context);
  }
  for (const problem of await context.audience.finish(context.exitCode)) {
    if (context.log === undefined) tellWithoutLog("warn", [problem], context);
    else context.log.warn(problem);
  }
  return context.exitCode;
}

/**
 * The command line's grammar; an action is run by parsing.
 *
 * @param definesAll whether it has what each command takes; else a command's part is added when that one is parsed
 */
export async function buildProgram(context: Context, definesAll: boolean): Promise<Program> {
  const { host: { stdout }, audience: { stderr }, logFormat } = context;
  const command = new Command("ecspresso")
    .description("Deploys Amazon ECS services, and rolls them back to a task definition that worked.")
    .version(`ecspresso ${VERSION}`, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .configureHelp({ showGlobalOptions: true, subcommandTerm: termOf })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      // It repeats what was typed. Whoever reads JSON is told the error in JSON, and by `reportError`.
      writeErr: (text) => {
        if (logFormat === "text") stderr.write(text.split("\n").map(onOneLine).join("\n"));
      },
      getOutHasColors: () => stdout.isTerminal && !context.host.env.get("NO_COLOR"),
      getErrHasColors: () => stderr.isTerminal && !context.host.env.get("NO_COLOR"),
    })
    .showHelpAfterError("(see ecspresso --help)")
    .exitOverride();
  const program = addGlobalOptions(command).addHelpText("after", `\n${renderExitCodes(ALL_ENDINGS)}`);
  await addCommands(program, context, definesAll);
  return program;
}

/** Tells an error that has ended the program. Answers with the exit code. */
async function reportError(error: unknown, context: Context): Promise<number> {
  const { log, region, audience, logFormat, hidden } = context;
  // Most runs have none to tell.
  const { describeFailure } = await import("./describe_failure.ts");
  const failure = maskAll(describeFailure(error, region), hidden.mask);
  audience.tell({ kind: "failed", failure });
  // Commander has printed its message by now.
  if (error instanceof CommanderError && logFormat === "text") return EXIT.usage;
  const lines = [failure.message, ...failure.advice];
  if (log === undefined) tellWithoutLog("error", lines, context);
  else for (const line of lines) log.error(line);
  return error instanceof CommanderError ? EXIT.usage : exitCodeOfError(error);
}
