import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";

/** The command line as plain data: what can be typed, whichever framework reads it. */
export interface ProgramGrammar {
  readonly name: string;
  /** The options of every command, before and after the command's name; `--help` is among them. */
  readonly globalOptions: readonly OptionGrammar[];
  readonly commands: readonly CommandGrammar[];
}

export interface CommandGrammar {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionGrammar[];
  /** The arguments without an option's name, in order. */
  readonly operands: readonly { readonly value: ValueGrammar; readonly isRepeatable: boolean }[];
}

export interface OptionGrammar {
  readonly term: string;
  readonly short: string | undefined;
  readonly long: string;
  readonly description: string;
  /** What follows the name; `undefined` for a switch. */
  readonly value: ValueGrammar | undefined;
  readonly isRepeatable: boolean;
  /** The value if nothing is typed; `undefined` if there is none. */
  readonly byDefault: string | undefined;
}

/** `list`: one or more of the choices, comma-separated. */
export type ValueGrammar =
  | { readonly kind: "text" | "file"; readonly name: string }
  | { readonly kind: "choice" | "list"; readonly name: string; readonly choices: readonly string[] };

/** The choices with spaces between; empty if any text will do. */
export function choicesOf(value: ValueGrammar): string {
  return "choices" in value ? value.choices.join(" ") : "";
}

/** The operands with choices, each with how many operands come before it: any number for a repeatable one. */
export function operandsWithChoices({ operands }: CommandGrammar): { choices: string; before: number | "any" }[] {
  return operands.map(({ value, isRepeatable }, index) => ({
    choices: choicesOf(value),
    before: isRepeatable ? "any" as const : index,
  })).filter(({ choices }) => choices !== "");
}

/**
 * Reads the command line from the framework. The texts of the definitions have these meanings: a value called `<file>`
 * is a path, `<x,...>` a comma-separated list, and an option whose description says "repeatable" may be given more than
 * once.
 */
export function readGrammar(program: CommandUnknownOpts): ProgramGrammar {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const names = commands.map((command) => command.name());
  return {
    name: program.name(),
    globalOptions: help.visibleOptions(program).map(readOption),
    commands: commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: command.options.filter(({ hidden }) => !hidden).map(readOption),
      operands: command.registeredArguments.map((argument) => {
        // The framework's own `help` takes the name of a command.
        const choices = argument.name() === "command" ? names : argument.argChoices;
        return { value: readValue(argument.name(), false, choices), isRepeatable: argument.variadic };
      }),
    })),
  };
}

/** An option for which a shell suggests words, and which takes others, too. */
interface Suggesting {
  readonly suggestions?: readonly string[];
}

/** Names words for a shell to suggest; the option takes others, too. */
export function suggesting<Of extends Option>(option: Of, suggestions: readonly string[]): Of & Suggesting {
  return Object.assign(option, { suggestions });
}

export function readOption(option: Option & Suggesting): OptionGrammar {
  const { flags, short, long, description, suggestions, argChoices = suggestions, defaultValue } = option;
  const name = /[<[](.+?)(?:,?\.\.\.)?[>\]]$/.exec(flags)?.[1];
  return {
    term: flags,
    short,
    long: long ?? "",
    description,
    value: name === undefined ? undefined : readValue(name, flags.includes(",..."), argChoices),
    isRepeatable: /\brepeatable\b/.test(description),
    byDefault: typeof defaultValue === "string" ? defaultValue : undefined,
  };
}

function readValue(name: string, isList: boolean, choices: readonly string[] | undefined): ValueGrammar {
  if (choices !== undefined) return { kind: isList ? "list" : "choice", name, choices };
  return { kind: name === "file" ? "file" : "text", name };
}
