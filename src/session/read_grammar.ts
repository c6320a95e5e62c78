import type { Argument, CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type {
  CommandGrammar,
  OperandGrammar,
  OptionGrammar,
  ProgramGrammar,
  ValueGrammar,
} from "../completion/grammar.ts";

/**
 * What the framework knows of the command line, as data of our own. The texts of the definitions have these meanings: a
 * value called `<file>` is a path, `<x,...>` a comma-separated list, and an option whose description says "repeatable"
 * may be given more than once.
 */
export function readGrammar(program: CommandUnknownOpts): ProgramGrammar {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const names = commands.map((command) => command.name());
  return {
    name: program.name(),
    globalOptions: help.visibleOptions(program).map(readOption),
    commands: commands.map((command): CommandGrammar => ({
      name: command.name(),
      description: command.description(),
      options: command.options.filter(({ hidden }) => !hidden).map(readOption),
      operands: command.registeredArguments.map((argument) => readOperand(argument, names)),
    })),
  };
}

/** One option. */
export function readOption(option: Option): OptionGrammar {
  const { flags, short, long, description, argChoices, defaultValue } = option;
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

/** `commands` are what the framework's own help takes. */
function readOperand(argument: Argument, commands: readonly string[]): OperandGrammar {
  const choices = argument.name() === "command" ? commands : argument.argChoices;
  return { value: readValue(argument.name(), false, choices), isRepeatable: argument.variadic };
}

function readValue(name: string, isList: boolean, choices: readonly string[] | undefined): ValueGrammar {
  if (choices !== undefined) return { kind: isList ? "list" : "choice", name, choices };
  return { kind: name === "file" ? "file" : "text", name };
}
