import {
  choicesOf,
  type CommandGrammar,
  operandsWithChoices,
  type OptionGrammar,
  type ProgramGrammar,
  type ValueGrammar,
} from "./grammar.ts";

/** The completion of a program for fish, from 3.0 on: to be sourced, or a file of its completions folder. */
export function writeFish({ name, globalOptions, commands }: ProgramGrammar): string {
  const withValues = [
    ...globalOptions.filter(({ value }) => value !== undefined).map(({ long }) => long),
    ...commands.flatMap(({ name, options }) =>
      options.filter(({ value }) => value !== undefined).map(({ long }) => quote(`${name} ${long}`))
    ),
  ];
  const complete = (...parts: readonly string[]) => ["complete -c", name, ...parts].join(" ");
  const commandNames = commands.map((command) =>
    complete("-n", quote(`__${name}_at ''`), "-a", command.name, "-d", quote(command.description))
  );
  return `# Completion of ${name} for fish: source this.

${helpers(name, withValues)}
${complete("-f")}
${globalOptions.map((option) => complete(specOf(name, option))).join("\n")}

${commandNames.join("\n")}

${commands.map((command) => specsOf(name, command).map((spec) => complete(spec)).join("\n")).join("\n\n")}
`;
}

function helpers(name: string, withValues: readonly string[]): string {
  return `\
# The words that are neither an option nor the value of one.
function __${name}_operands
    set -l with_values ${withValues.join(" ")}
    set -l operands
    set -l is_value no
    set -l options_ended no
    for word in (commandline -opc)[2..-1]
        if test $is_value = yes
            set is_value no
        else if test "$word" = --
            set options_ended yes
        else if test $options_ended = no; and string match -q -- '-*' $word
            if contains -- $word $with_values; or contains -- "$operands[1] $word" $with_values
                set is_value yes
            end
        else
            set -a operands $word
        end
    end
    printf '%s\\n' $operands
end

# Whether the command is this one, and so many operands have been typed, its name among them.
function __${name}_at
    set -l operands (__${name}_operands)
    test "$operands[1]" = "$argv[1]"; or return 1
    test (count $argv) -lt 2; or test (count $operands) -eq $argv[2]
end

# The choices of a comma-separated list, after what has been typed of it.
function __${name}_list
    set -l typed (commandline -ct | string replace -r -- '^--[^=]*=' '')
    set -l before (string match -r -- '^.*,' $typed; or echo)
    printf '%s\\n' $before$argv
end
`;
}

function specsOf(program: string, command: CommandGrammar): string[] {
  const condition = (more: string) => `-n ${quote(`__${program}_at ${command.name}${more}`)}`;
  return [
    ...command.options.map((option) => `${condition("")} ${specOf(program, option)}`),
    ...operandsWithChoices(command).map(({ choices, before }) =>
      `${condition(before === "any" ? "" : ` ${before + 1}`)} -a ${quote(choices)}`
    ),
  ];
}

function specOf(program: string, { short, long, description, value }: OptionGrammar): string {
  const names = short === undefined ? [] : [`-s ${short.slice(1)}`];
  const takes = value === undefined ? [] : [valueSpecOf(program, value)];
  return [...names, `-l ${long.slice(2)}`, ...takes, `-d ${quote(description)}`].join(" ");
}

function valueSpecOf(program: string, value: ValueGrammar): string {
  const choices = choicesOf(value);
  return {
    text: "-x",
    file: "-r -F",
    choice: `-x -a ${quote(choices)}`,
    list: `-x -a ${quote(`(__${program}_list ${choices})`)}`,
  }[value.kind];
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
