import {
  choicesOf,
  type CommandGrammar,
  type OptionGrammar,
  type ProgramGrammar,
  type ValueGrammar,
} from "./grammar.ts";

/** The completion of a program for zsh: to be sourced, or a file `_NAME` in a folder of `$fpath`. */
export function writeZsh({ name, globalOptions, commands }: ProgramGrammar): string {
  return `#compdef ${name}
# Completion of ${name} for zsh: source this after compinit, or keep it as _${name} in a folder of $fpath.

_${name}() {
  local curcontext="$curcontext" context state state_descr line ret=1
  local -A opt_args
  local -a commands global_options own
  global_options=(
${globalOptions.map((option) => `    ${specOf(option)}`).join("\n")}
  )
  # (-): what follows the command, options too, is left to the command's own part.
  _arguments -C -S "$global_options[@]" '(-)1:command:->command' '(-)*::argument:->argument' && ret=0
  case $state in
    command)
      commands=(
${commands.map(({ name, description }) => `        ${quote(`${name}:${escapeColons(description)}`)}`).join("\n")}
      )
      _describe -t commands command commands && ret=0
      ;;
    argument)
      case $words[1] in
${commands.map(branchOf).join("\n")}
        *) return 1 ;;
      esac
      _arguments -S "$global_options[@]" "$own[@]" && ret=0
      ;;
  esac
  return ret
}

if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function branchOf({ name, options, operands }: CommandGrammar): string {
  const specs = [
    ...options.map(specOf),
    ...operands.map(({ value, isRepeatable }, at) => quote(`${isRepeatable ? "*" : at + 1}:${valueSpecOf(value)}`)),
  ];
  return `        ${name})
          own=(
${specs.map((spec) => `            ${spec}`).join("\n")}
          )
          ;;`;
}

/** An option for `_arguments`, quoted: its names, its description and its value. */
function specOf({ short, long, description, value, isRepeatable }: OptionGrammar): string {
  const text = `[${description.replace(/[\\[\]]/g, "\\$&")}]`;
  if (value !== undefined) {
    // With "=" the value may be the next word, too.
    return quote(`${isRepeatable ? "*" : ""}${long}=${text}:${valueSpecOf(value)}`);
  }
  return short === undefined ? quote(`${long}${text}`) : `'(${short} ${long})'{${short},${long}}${quote(text)}`;
}

/** The value's name, and how to complete it. */
function valueSpecOf(value: ValueGrammar): string {
  const choices = choicesOf(value);
  const action = {
    text: "",
    file: "_files",
    choice: `(${choices})`,
    list: `_values -s , ${value.name} ${choices}`,
  }[value.kind];
  return `${escapeColons(value.name)}:${action}`;
}

function escapeColons(text: string): string {
  return text.replace(/[\\:]/g, "\\$&");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
