import {
  choicesOf,
  type CommandGrammar,
  operandsWithChoices,
  type OptionGrammar,
  type ProgramGrammar,
} from "./grammar.ts";

/**
 * The completion of a program for bash 3.2 (which macOS has) and later, to be sourced. Bash shows no descriptions. No
 * shell gives the names and choices a special meaning.
 */
export function writeBash(program: ProgramGrammar): string {
  const { name, globalOptions, commands } = program;
  return `# Completion of ${name} for bash: source this.

# What follows an option: sets kind and candidates; fails for a switch.
_${name}_value() {
  candidates=""
  case "$1 $2" in
${[...valuesOf('*"', globalOptions), ...commands.flatMap((one) => valuesOf(`"${one.name}`, one.options))].join("\n")}
    *) return 1 ;;
  esac
}

_${name}() {
  local words=() rest=$COMP_LINE command="" option="" operands=0 options_ended="" prefix="" fragment kind candidates word i
  COMPREPLY=()

${JOIN_WORDS}
${readWords(name)}
${chooseCandidates(program)}
${REPLY}}

complete -F _${name} ${name}
`;
}

const JOIN_WORDS = `\
  # Bash makes several words of one that has a sign of COMP_WORDBREAKS in it (= and : are), and replaces the last of them.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $i -gt 0 && -n $word && $rest == "$word"* ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    rest=\${rest#*"$word"}
  done
  local current=\${words[\${#words[@]} - 1]}
  fragment=\${COMP_WORDS[COMP_CWORD]}
  if [[ $fragment != *[!=:]* ]]; then fragment=; fi
  local kept=\${current%"$fragment"}
`;

function readWords(name: string): string {
  return `\
  for ((i = 1; i < \${#words[@]} - 1; i++)); do
    word=\${words[i]}
    if [[ -n $option ]]; then
      option=
    elif [[ $word == -- ]]; then
      options_ended=1
    elif [[ $word == -* && -z $options_ended ]]; then
      if _${name}_value "$command" "$word"; then option=$word; fi
    elif [[ -z $command ]]; then
      command=$word
    else
      operands=$((operands + 1))
    fi
  done

  kind="" candidates=""

  if [[ -z $option$options_ended && $current == --*=* ]]; then
    option=\${current%%=*} prefix=\${current%%=*}= current=\${current#*=}
  fi
`;
}

function chooseCandidates({ name, globalOptions, commands }: ProgramGrammar): string {
  const ownOptions = commands.filter(({ options }) => options.length > 0)
    .map(({ name, options }) => `      ${name}) candidates+=" ${namesOf(options)}" ;;`);
  return `\
  if [[ -n $option ]]; then
    _${name}_value "$command" "$option" || return 0
  elif [[ $current == -* && -z $options_ended ]]; then
    candidates="${namesOf(globalOptions)}"
    case $command in
${ownOptions.join("\n")}
    esac
  elif [[ -z $command ]]; then
    candidates="${commands.map((command) => command.name).join(" ")}"
  else
    case "$command $operands" in
${commands.flatMap(operandsOf).join("\n")}
    esac
  fi
`;
}

const REPLY = `\
  case $kind in
    text) return 0 ;;
    # Bash 3.2 has no compopt, and does not add the slash to a folder's name then.
    file) compopt -o filenames 2>/dev/null ;;
    list) prefix+=\${current%"\${current##*,}"} current=\${current##*,} ;;
  esac
  while IFS= read -r word; do word=$prefix$word COMPREPLY+=("\${word#"$kept"}"); done < <(
    if [[ $kind == file ]]; then compgen -f -- "$current"; else compgen -W "$candidates" -- "$current"; fi
  )
`;

/** The branches of the options that take a value. `command`: the pattern before the option, with its quote open. */
function valuesOf(command: string, options: readonly OptionGrammar[]): string[] {
  return options.flatMap(({ long, value }) => {
    if (value === undefined) return [];
    const choices = choicesOf(value);
    return [`    ${command} ${long}") kind="${value.kind}"${choices && ` candidates="${choices}"`} ;;`];
  });
}

function operandsOf(command: CommandGrammar): string[] {
  return operandsWithChoices(command).map(({ choices, before }) => {
    const pattern = before === "any" ? `"${command.name} "*` : `"${command.name} ${before}"`;
    return `      ${pattern}) candidates="${choices}" ;;`;
  });
}

function namesOf(options: readonly OptionGrammar[]): string {
  return options.flatMap(({ short, long }) => short === undefined ? [long] : [short, long]).join(" ");
}
