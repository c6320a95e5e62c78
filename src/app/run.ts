import { CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { ConnectionOptions } from "../aws/connection.ts";
import { type FailureData, failureOf } from "../errors.ts";
import type { Host } from "../host.ts";
import { soonAfterAbort } from "../host/sleep.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import { onOneLine } from "../report/log.ts";
import { describeGap, describeReasonOf } from "../report/messages/machine_problem_text.ts";
import type { Printer } from "../report/printer.ts";
import { type Context, newContext, openReporter } from "../session/context.ts";
import { Mistakes } from "./mistakes.ts";
import { buildUndefined, type UndefinedProgram } from "./program.ts";

/**
 * The program: takes the command line from `host` and returns the exit code. Throws nothing: every error ends here, as one line
 * and an exit code.
 *
 * @param requestHandler stands in for the network when AWS is called; the real one when left out.
 * @param printer gets the events of the run, too.
 */
export async function run(
  host: Host,
  requestHandler?: ConnectionOptions["requestHandler"],
  printer?: Printer,
): Promise<number> {
  // Of stderr alone: a result with a line more would be another result, and what is lost of it shows in `failure`.
  host.stderr.describeGap = describeGap;
  const context = newContext(host, requestHandler, printer);
  const commandLine = new CommandLine(context);
  try {
    await commandLine.parse();
  } catch (error) {
    // If the reporter cannot be opened, that is the error to report.
    await commandLine.openReporter().catch(() => {});
    context.exitCode = await reportError(error, commandLine.said, context);
  }
  for (const problem of await context.reporter.finish(context.exitCode)) context.reporter.log.warn(problem);
  await host.endPrograms();
  return await finishOutputs(context);
}

type TypedOption = Context["typed"][number];

/** The command line, which is parsed once: an action is run by parsing. */
class CommandLine {
  /** What the parser has to say: help, or what it refuses. */
  said = "";
  readonly #grammar: UndefinedProgram;
  readonly #mistakes: Mistakes;
  readonly #options: TypedOption[] = [];
  #typed: CommandUnknownOpts | undefined;
  #reporter: Promise<void> | undefined;

  constructor(private readonly context: Context) {
    this.#grammar = buildUndefined(context, (text) => this.said += text);
    const { program } = this.#grammar;
    this.#mistakes = new Mistakes(context.host.args);
    this.#watch(program);
    program.hook("preSubcommand", (_, command) => this.#take(command));
    program.hook("preAction", async () => {
      this.#mistakes.refuse();
      this.context.typed = this.#inTypedOrder();
      await this.openReporter();
    });
  }

  async parse(): Promise<void> {
    const { args, stdout } = this.context.host;
    const { program, define } = this.#grammar;
    try {
      // These two are about the options of other commands: of one that is named, and of all.
      if (args.includes("help") || args.includes("completion")) {
        const isAsked = (command: CommandUnknownOpts) => args.includes("completion") || args.includes(command.name());
        await Promise.all(program.commands.filter(isAsked).map(define));
      }
      await program.parseAsync(args, { from: "user" });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      const { said } = this;
      this.said = "";
      this.#mistakes.refuse();
      this.said = said;
      // Help that was asked for is no error.
      if (error.exitCode !== 0) throw error;
      stdout.write(said);
    }
  }

  openReporter(): Promise<void> {
    return this.#reporter ??= this.#openReporter();
  }

  async #openReporter(): Promise<void> {
    const { context } = this;
    if (this.#typed === undefined) await this.#readMisplaced();
    context.reporter = await openReporter(context, this.#typed, this.#grammar.program.opts());
  }

  async #take(command: CommandUnknownOpts): Promise<void> {
    this.#typed = command;
    await this.#grammar.define(command);
    this.#watch(command);
  }

  #watch(command: CommandUnknownOpts): void {
    this.#mistakes.watch(command);
    for (const option of command.options) {
      command.on(`option:${option.name()}`, (value?: string) => this.#options.push([option.long!, value]));
    }
  }

  /** The parser reads the options of all commands first. No value is called as an option is: `Mistakes` refuses those. */
  #inTypedOrder(): TypedOption[] {
    const byName = Map.groupBy(this.#options, ([name]) => name);
    return this.context.host.args.flatMap((arg) => byName.get(arg.replace(/=[^]*/, ""))?.splice(0, 1) ?? []);
  }

  /** Reads the options of a command whose name comes too late: an option of its own before the name has ended the parsing. */
  async #readMisplaced(): Promise<void> {
    const { args, commands } = this.#grammar.program;
    // What comes before it may be that option's value.
    const named = args.map((arg) => commands.find((command) => command.name() === arg)).findLast((one) => one);
    if (named === undefined) return;
    await this.#take(named);
    named.parseOptions(args);
  }
}

/** Reports an error that has ended the program. Returns the exit code. */
async function reportError(error: unknown, said: string, { reporter, region }: Context): Promise<number> {
  const failure = toFailure(error);
  await reporter.openLog();
  reporter.emit({ kind: "failed", failure, region });
  if (error instanceof CommanderError && reporter.logSettings.format === "text") {
    // They repeat what was typed.
    reporter.stderr.write(said.split("\n").map(onOneLine).join("\n"));
  }
  return failure.exitCode;
}

const USAGE = { kind: "usage", exitCode: EXIT.usage, isShown: true } as const;

/** What is known of an error that has ended the program, those of the command line's parser among them. */
export function toFailure(error: unknown): FailureData {
  // Its message is no message: it has printed help, for nothing has said what to do.
  if (error instanceof CommanderError && error.code === "commander.help") {
    return { ...USAGE, message: "no command is named", hint: "(see ecspresso --help)" };
  }
  // `error: unknown option '--revison'`, and on a line of its own what may have been meant.
  if (error instanceof CommanderError) {
    const [message = "", ...advice] = error.message.replace(/^error: /, "").split("\n");
    return { ...USAGE, message, ...(advice.length > 0 && { hint: advice.join("\n") }) };
  }
  return failureOf(error);
}

/** How long a reader may still take for the rest once the run waits for nothing else; one that reads at all needs less. */
const LAST_WORDS_WITHIN_MS = 250;

type Ended = Pick<Context, "host" | "exitCode"> & Partial<Pick<Context, "patience" | "cutOffBy" | "reporter">>;

/**
 * Waits until what was written has been read, or until shortly after `patience` is aborted. Returns the exit code: a result
 * that could not be written has one of its own.
 */
export async function finishOutputs(ended: Ended): Promise<number> {
  const { host: { stdout, stderr, clock }, patience = new AbortController().signal } = ended;
  const soonAfter = () => soonAfterAbort(patience, () => LAST_WORDS_WITHIN_MS, clock);
  await stdout.finish(soonAfter());
  const exitCode = reportLostOutput(ended);
  await stderr.finish(soonAfter());
  return exitCode;
}

/**
 * Reports a result that could not be written to stdout. Returns the exit code, so that half a result never passes for a
 * whole one; an earlier failure keeps its own code. A command that changes nothing and was cut off by a stop signal has
 * that signal's.
 */
function reportLostOutput({ host: { stdout, stderr }, exitCode, reporter, cutOffBy }: Ended): number {
  if (stdout.failure === undefined) return exitCode;
  const message = `the result could not be written to stdout: ${describeReasonOf(stdout.failure)}`;
  if (reporter?.logSettings.subject === undefined) stderr.write(`error: ${message}\n`);
  else reporter.log.error(message);
  if (exitCode !== EXIT.ok && exitCode !== EXIT.differences) return exitCode;
  const signal = cutOffBy?.();
  return signal === undefined ? EXIT.incomplete : exitCodeOfSignal(signal);
}
