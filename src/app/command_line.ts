import { CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { openReporter } from "../session/reporter.ts";
import type { Context } from "../session/context.ts";
import { chooseReporting } from "../session/global_options.ts";
import { Mistakes } from "./mistakes.ts";
import { buildUndefined, type UndefinedProgram } from "./program.ts";

/** The command line, which is parsed once: an action is run by parsing. */
export class CommandLine {
  said = "";
  readonly #program: UndefinedProgram["program"];
  readonly #define: UndefinedProgram["define"];
  readonly #mistakes: Mistakes;
  #typed: CommandUnknownOpts | undefined;
  #reporter: Promise<void> | undefined;

  constructor(private readonly context: Context) {
    const { program, define } = buildUndefined(context, (text) => this.said += text);
    this.#program = program;
    this.#define = define;
    this.#mistakes = new Mistakes(context.host.args);
    this.#mistakes.watch(program);
    program.hook("preSubcommand", (_, command) => this.#take(command));
    program.hook("preAction", async () => {
      this.#mistakes.refuse();
      await this.openReporter();
    });
  }

  async parse(): Promise<void> {
    const { args, stdout } = this.context.host;
    try {
      // These two are about the options of other commands: of one that is named, and of all.
      if (args.includes("help") || args.includes("completion")) {
        const isAsked = (command: CommandUnknownOpts) => args.includes("completion") || args.includes(command.name());
        await Promise.all(this.#program.commands.filter(isAsked).map(this.#define));
      }
      await this.#program.parseAsync(args, { from: "user" });
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
    const { host, hidden, wholeStdout, printer } = context;
    if (this.#typed === undefined) await this.#readMisplaced();
    const reporting = chooseReporting(this.#typed, this.#program.opts(), host.env);
    context.reporter = await openReporter(host, reporting, { mask: hidden.mask, wholeStdout, printer });
  }

  async #take(command: CommandUnknownOpts): Promise<void> {
    this.#typed = command;
    await this.#define(command);
    this.#mistakes.watch(command);
  }

  /** Reads the options of a command whose name comes too late: an option of its own before the name has ended the parsing. */
  async #readMisplaced(): Promise<void> {
    const { args, commands } = this.#program;
    // What comes before it may be that option's value.
    const named = args.map((arg) => commands.find((command) => command.name() === arg)).findLast((one) => one);
    if (named === undefined) return;
    await this.#take(named);
    named.parseOptions(args);
  }
}
