import { CommanderError, type CommandUnknownOpts, type Option } from "@commander-js/extra-typings";
import { readOption } from "../completion/grammar.ts";
import { UsageError } from "../errors.ts";
import { type Context, openReporter } from "../session/context.ts";
import { buildLazyProgram, type LazyProgram } from "./program.ts";

type TypedOption = Context["typed"][number];

/**
 * Parses the command line once, which also runs the command. Mistakes in the values of options are reported only after
 * everything is read, because later options may say how errors are reported. Commander alone would accept some of them:
 * an option in place of another one's value, an empty value (a shell variable that is not set), and a second value for
 * an option that takes one.
 *
 * Commander reports neither what it found in place of a missing value nor whether a value followed `=`: only for these,
 * the arguments themselves are searched.
 */
export class CommandLine {
  /** What the parser prints: help, or why it refuses the command line. */
  parserOutput = "";
  readonly #grammar: LazyProgram;
  readonly #options: TypedOption[] = [];
  /** Throws the error for the first mistake; `undefined` if there is none. */
  #throwFirstMistake: (() => never) | undefined;
  #typed: CommandUnknownOpts | undefined;
  #reporter: Promise<void> | undefined;

  constructor(private readonly context: Context) {
    this.#grammar = buildLazyProgram(context, (text) => this.parserOutput += text);
    const { program } = this.#grammar;
    this.#watch(program);
    program.hook("preSubcommand", (_, command) => this.#selectCommand(command));
    program.hook("preAction", async () => {
      this.#throwFirstMistake?.();
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
      const { parserOutput } = this;
      this.parserOutput = "";
      this.#throwFirstMistake?.();
      this.parserOutput = parserOutput;
      // Help that was asked for is not an error.
      if (error.exitCode !== 0) throw error;
      stdout.write(parserOutput);
    }
  }

  openReporter(): Promise<void> {
    return this.#reporter ??= this.#openReporter();
  }

  async #openReporter(): Promise<void> {
    const { context } = this;
    if (this.#typed === undefined) await this.#readOptionsBeforeCommand();
    context.reporter = await openReporter(context, this.#typed, this.#grammar.program.opts());
  }

  async #selectCommand(command: CommandUnknownOpts): Promise<void> {
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

  /** Commander reads global options first. No value equals an option's name: that was refused. */
  #inTypedOrder(): TypedOption[] {
    const byName = Map.groupBy(this.#options, ([name]) => name);
    return this.context.host.args.flatMap((arg) => byName.get(arg.replace(/=[^]*/, ""))?.splice(0, 1) ?? []);
  }

  /** Reads the options of a command that was typed after one of its options, at which commander has stopped. */
  async #readOptionsBeforeCommand(): Promise<void> {
    const { args, commands } = this.#grammar.program;
    // The last name is the command: earlier words may be that option's value.
    const named = args.map((arg) => commands.find((command) => command.name() === arg)).findLast((one) => one);
    if (named === undefined) return;
    await this.#selectCommand(named);
    named.parseOptions(args);
  }

  #recordMistake(mistake: () => never): void {
    this.#throwFirstMistake ??= mistake;
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
      if (value === null) this.#recordMistake(() => this.#refuseMissingValue(option, command));
      if (value === "") {
        this.#recordMistake(mistake(`${long} is given an empty value`, "give it a value, or leave it out"));
      }
      if (isGiven && !isRepeatable) this.#recordMistake(mistake(`${long} is given twice`, "give it once"));
      isGiven = true;
    });
  }

  /** Makes the option's own parser record its errors instead of throwing them. */
  #deferErrors(option: Option, command: CommandUnknownOpts, isMoment: boolean): void {
    const { parseArg, flags, long } = option;
    if (parseArg === undefined) return;
    const { args } = this.context.host;
    option.parseArg = <Value>(value: string, previous: Value): Value => {
      if (value === "") return previous;
      if (isMoment && /^-\D/.test(value) && args.some((arg, at) => arg === value && args[at - 1] === long)) {
        this.#recordMistake(() => this.#refuseMissingValue(option, command));
        return previous;
      }
      try {
        return parseArg.call(option, value, previous) as Value;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#recordMistake(() => {
          if (error instanceof UsageError) throw error;
          command.error(`error: option '${flags}' argument '${value}' is invalid. ${reason}`);
        });
        return previous;
      }
    };
  }

  #refuseMissingValue(option: Option, command: CommandUnknownOpts): never {
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

function mistake(problem: string, hint: string): () => never {
  return () => {
    throw new UsageError(problem, hint);
  };
}
