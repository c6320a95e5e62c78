/** Real shells: what they offer when Tab is pressed at the end of a line. */

interface Offered {
  readonly word: string;
  /** The description that the shell shows beside the word; bash shows none. */
  readonly text: string;
}

const LONGEST_RUN_MS = 30_000;

export const SHELLS = ["bash", "zsh", "fish"] as const;
type ShellName = (typeof SHELLS)[number];

/** Whether this machine has the shell. If not, prints that its tests are left out. */
export async function hasShell(shell: ShellName): Promise<boolean> {
  try {
    await new Deno.Command(shell, { args: ["--version"], stdin: "null", stdout: "null", stderr: "null" }).output();
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log(`${shell} is missing here: its completion is not tested`);
    return false;
  }
}

/**
 * What the shell offers at the end of each line, in a folder with these files, once it has sourced the script.
 *
 * @throws Error when the shell complains
 */
export async function completeIn(
  shell: ShellName,
  script: string,
  lines: readonly string[],
  files: readonly string[] = [],
): Promise<Offered[][]> {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-shell-" });
  const work = `${folder}/work`;
  try {
    await Deno.mkdir(work);
    await Promise.all(files.map((file) => Deno.writeTextFile(`${work}/${file}`, "")));
    await Deno.writeTextFile(`${folder}/completion`, script);
    await Deno.writeTextFile(`${folder}/driver`, DRIVERS[shell]);
    const { code, stdout, stderr } = await new Deno.Command(shell, {
      args: [...QUIET[shell], `${folder}/driver`, `${folder}/completion`, ...lines],
      cwd: work,
      env: {
        PATH: Deno.env.get("PATH") ?? "",
        HOME: folder,
        TERM: "dumb",
        LC_ALL: "C.UTF-8",
        CAPTURE: `${folder}/out`,
      },
      clearEnv: true,
      stdin: "null",
      signal: AbortSignal.timeout(LONGEST_RUN_MS),
    }).output();
    const [said, complaints] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    if (code !== 0 || complaints !== "") throw new Error(`${shell} ended with ${code}: ${complaints}`);
    const answers = said!.split("== end\n").slice(0, -1);
    if (answers.length !== lines.length) throw new Error(`${shell} answered ${answers.length} lines: ${said}`);
    return answers.map(readAnswer);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function readAnswer(answer: string): Offered[] {
  return answer.split("\n").filter((line) => line !== "").map((line) => {
    const [word = "", text = ""] = line.split("\t");
    return { word, text };
  });
}

/** Arguments that keep a shell from reading its user's settings. */
const QUIET: Readonly<Record<ShellName, readonly string[]>> = {
  bash: ["--norc", "--noprofile"],
  zsh: ["-f"],
  fish: ["--no-config"],
};

/** Programs of each shell: the script and the lines in, for each line `WORD<tab>TEXT` lines and an end mark out. */
const DRIVERS: Readonly<Record<ShellName, string>> = {
  // As readline does it: the words apart, with those of COMP_WORDBREAKS between them.
  bash: `source "$1"
shift
for line; do
  COMP_LINE=$line COMP_POINT=\${#line} COMP_WORDS=()
  while IFS= read -r word; do COMP_WORDS+=("$word"); done < <(grep -oE '[=:]+|[^ =:]+' <<<"$line")
  if [[ $line == *" " ]]; then COMP_WORDS+=(""); fi
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  function=$(complete -p "\${COMP_WORDS[0]}" | sed -E 's/.*-F ([^ ]+).*/\\1/')
  "$function" "\${COMP_WORDS[0]}" "\${COMP_WORDS[COMP_CWORD]}" ""
  ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"
  echo "== end"
done
`,
  // A terminal of its own, in which every line is typed; what is offered is noted on the way to the screen.
  zsh: `zmodload zsh/zpty
script=$1
shift
cat > $CAPTURE.rc <<'END'
stty columns 1000
setopt no_beep no_prompt_cr
unset zle_bracketed_paste
LISTMAX=10000 PS1='READY>'
autoload -Uz compinit
compinit -D -u
compadd() {
  if [[ \${@[1,(i)(-|--)]} != *-(O|A|D)\\ * ]]; then
    local -a words texts
    local given=\${@[(i)-(d|ld|*d)]}
    (( given < $# )) && texts=("\${(@P)@[given+1]}")
    builtin compadd -A words -D texts "$@"
    local i
    for ((i = 1; i <= $#words; i++)); do print -r -- "$words[i]"$'\\t'"$texts[i]" >> $CAPTURE; done
  fi
  builtin compadd "$@"
}
end-line() { print -r -- "== end" >> $CAPTURE; zle kill-whole-line }
zle -N end-line
bindkey '^I' complete-word
bindkey '^T' end-line
END
print -r -- "source \${(q)script}" >> $CAPTURE.rc
zpty shell "zsh -f -i"
zpty -w shell "source $CAPTURE.rc"
zpty -r -m shell ignored '*READY>*'
for line; do zpty -w -n shell "$line"$'\\t\\C-t'; done
zpty -w shell exit
while zpty -r shell ignored; do :; done
cat $CAPTURE
`,
  fish: `source $argv[1]
for line in $argv[2..]
    complete -C $line
    echo "== end"
end
`,
};
