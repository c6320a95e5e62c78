import { CommanderError, type CommandUnknownOpts, type Option } from "@commander-js/extra-typings";
import { readOption } from "../completion/grammar.ts";
import { UsageError } from "../errors.ts";
import { type Context, openReporter } from "../session/context.ts";
import { buildUndefined, type UndefinedProgram } from "./program.ts";

type TypedOption = Context["typed"][number];

/**
 * Parses the command line, once: parsing it runs the command. Mistakes in the values of options are refused only when
 * all of it is read, because later options may say how errors are reported. The parser alone would accept some of them:
 * an option in the place of another one's value, an empty value (a shell variable that is not set), and a second value
 * for an option that takes one.
 *
 * The parser does not report what stands in the place of a missing value, nor whether a value stands alone or behind `=`:
 * only for that the arguments themselves are searched.
 */
export class CommandLine {
  /** What the parser prints: help, or why it refuses the command line. */
  said = "";
  readonly #grammar: UndefinedProgram;
  readonly #options: TypedOption[] = [];
  /** Refuses the first mistake. */
  #refuse: (() => never) | undefined;
  #typed: CommandUnknownOpts | undefined;
  #reporter: Promise<void> | undefined;

  constructor(private readonly context: Context) {
    this.#grammar = buildUndefined(context, (text) => this.said += text);
    const { program } = this.#grammar;
    this.#watch(program);
    program.hook("preSubcommand", (_, command) => this.#take(command));
    program.hook("preAction", async () => {
      this.#refuse?.();
      this.context.typed = this.#inTypedOrder();
      await this.openReporter();
    });
  }

  async parse(): Promise<void> {
    const { args, stdout } = this.context.host;
    const { program, define } = this.#grammar;
    try {
      // `help` needs the options of the command that it names, `completion` those of all.
      if (args.includes("help") || args.includes("completion")) {
        const isAsked = (command: CommandUnknownOpts) => args.includes("completion") || args.includes(command.name());
        await Promise.all(program.commands.filter(isAsked).map(define));
      }
      await program.parseAsync(args, { from: "user" });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      const { said } = this;
      this.said = "";
      this.#refuse?.();
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
    for (const option of command.options) {
      if (option.required) this.#watchValue(option, command);
      command.on(`option:${option.name()}`, (value?: string) => this.#options.push([option.long!, value]));
    }
  }

  /** The parser reads global options first. No value equals an option's name: that was refused. */
  #inTypedOrder(): TypedOption[] {
    const byName = Map.groupBy(this.#options, ([name]) => name);
    return this.context.host.args.flatMap((arg) => byName.get(arg.replace(/=[^]*/, ""))?.splice(0, 1) ?? []);
  }

  /** Reads the options of a command whose name follows one of its options: the parser has stopped at that option. */
  async #readMisplaced(): Promise<void> {
    const { args, commands } = this.#grammar.program;
    // The last name is the command: earlier words may be that option's value.
    const named = args.map((arg) => commands.find((command) => command.name() === arg)).findLast((one) => one);
    if (named === undefined) return;
    await this.#take(named);
    named.parseOptions(args);
  }

  #note(mistake: () => never): void {
    this.#refuse ??= mistake;
  }

  #watchValue(option: Option, command: CommandUnknownOpts): void {
    const { long, isRepeatable, value: taken } = readOption(option);
    // The parser never takes an option for an optional value. The value of a moment may look like an option: -2h.
    const isMoment = taken?.name === "moment";
    option.required = isMoment;
    option.optional = !isMoment;
    this.#deferErrors(option, command, isMoment);
    let isGiven = false;
    command.on(`option:${option.name()}`, (value: string | null) => {
      if (value === null) this.#note(() => this.#refuseWithout(option, command));
      if (value === "") this.#note(refusal(`${long} is given an empty value`, "give it a value, or leave it out"));
      if (isGiven && !isRepeatable) this.#note(refusal(`${long} is given twice`, "give it once"));
      isGiven = true;
    });
  }

  /** Makes the option's own parser note what it does not take, and no longer throw it. */
  #deferErrors(option: Option, command: CommandUnknownOpts, isMoment: boolean): void {
    const { parseArg, flags, long } = option;
    if (parseArg === undefined) return;
    const { args } = this.context.host;
    option.parseArg = <Value>(value: string, previous: Value): Value => {
      if (value === "") return previous;
      if (isMoment && /^-\D/.test(value) && args.some((arg, at) => arg === value && args[at - 1] === long)) {
        this.#note(() => this.#refuseWithout(option, command));
        return previous;
      }
      try {
        return parseArg.call(option, value, previous) as Value;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#note(() => {
          if (error instanceof UsageError) throw error;
          command.error(`error: option '${flags}' argument '${value}' is invalid. ${reason}`);
        });
        return previous;
      }
    };
  }

  #refuseWithout(option: Option, command: CommandUnknownOpts): never {
    const { long, value } = readOption(option);
    const { args } = this.context.host;
    const next = args.find((arg, at) => args[at - 1] === long && /^-./.test(arg));
    if (next === undefined) return command.error(`error: option '${option.flags}' argument missing`);
    const found = next.slice(0, 60);
    const joined = value?.kind === "file" ? `, or ${long}=${found} if that is the file's name` : "";
    throw new UsageError(
      `${long} takes a value, and ${found} looks like an option`,
      `write the value behind ${long}${joined}`,
    );
  }
}

function refusal(problem: string, hint: string): () => never {
  return () => {
    throw new UsageError(problem, hint);
  };
}
