import type { OptionGrammar, ProgramGrammar } from "../src/completion/grammar.ts";

/** What the tables are called in the markers: a command, or this. */
const GLOBAL = "global";

const BLOCK = /^(<!-- options: ([\w-]+) -->)\n[^]*?^(<!-- end of options -->)$/gm;

/**
 * A text in Markdown with its tables of options as the command line has them. A table is between two lines,
 * `<!-- options: COMMAND -->` (or `global`) and `<!-- end of options -->`; the rest of the text is left alone.
 *
 * @throws Error when a table is for no command, or a command that has options has no table
 */
export function writeOptionTables(text: string, program: ProgramGrammar): string {
  const tables = new Map([
    [GLOBAL, program.globalOptions],
    ...program.commands.map(({ name, options }) => [name, options] as const),
  ]);
  const written = new Set<string>();
  const result = text.replace(BLOCK, (_, start: string, name: string, end: string) => {
    const options = tables.get(name) ?? [];
    if (options.length === 0) throw new Error(`there are no options of ${name}`);
    written.add(name);
    return `${start}\n\n${formatTable(options)}\n\n${end}`;
  });
  const missing = [...tables].filter(([name, options]) => options.length > 0 && !written.has(name));
  if (missing.length > 0) {
    throw new Error(`these tables are missing: ${missing.map(([name]) => `<!-- options: ${name} -->`).join(", ")}`);
  }
  return result;
}

/** The table in the form that `deno fmt` gives it. */
function formatTable(options: readonly OptionGrammar[]): string {
  const rows = options.map((option) => [nameOf(option), meaningOf(option)].map((cell) => cell.replaceAll("|", "\\|")));
  const [names, meanings] = [["option", "meaning"], ...rows].reduce(
    ([left, right], [name, meaning]) => [Math.max(left!, name!.length), Math.max(right!, meaning!.length)],
    [0, 0],
  );
  return [["option", "meaning"], ["-".repeat(names!), "-".repeat(meanings!)], ...rows]
    .map(([name, meaning]) => `| ${name!.padEnd(names!)} | ${meaning!.padEnd(meanings!)} |`)
    .join("\n");
}

function nameOf({ term }: OptionGrammar): string {
  return term.split(/, (?=--)/).map((name) => `\`${name}\``).join(", ");
}

/** The description, its choices and its default; what is typed is set as code. */
function meaningOf({ description, value, byDefault }: OptionGrammar): string {
  const choices = value !== undefined && "choices" in value ? value.choices : [];
  const typed = [
    ...choices.map((choice) => `(?<![\\w-])${choice}(?![\\w-])`),
    "--[a-z][a-z-]*",
    "\\b[A-Z]+(?:_[A-Z]+)+\\b",
  ];
  const text = description.replace(new RegExp(typed.join("|"), "g"), "`$&`");
  const isNamed = choices.every((choice) => text.includes(`\`${choice}\``));
  const listed = isNamed ? "" : `: ${choices.map((choice) => `\`${choice}\``).join(", ")}`;
  return `${text}${listed}${byDefault === undefined ? "" : ` (default: \`${byDefault}\`)`}`;
}
