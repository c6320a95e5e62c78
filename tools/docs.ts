/**
 * Writes what the pages in `docs` take from the program: `deno task docs`. Such a part stands between a line
 * `<!-- from the program: PART -->` and `<!-- end -->`; the rest of a page is written by hand.
 *
 * With `--check` nothing is written, and a page that is out of date is an error.
 */

import { parseArgs } from "node:util";
import { type OptionGrammar, type ProgramGrammar, readGrammar } from "../src/completion/grammar.ts";
import { newContext } from "../src/session/context.ts";
import { EXIT_CODES } from "../src/report/exit_code.ts";
import { buildProgram } from "../src/app/program.ts";
import { systemHost } from "../src/host/system_host.ts";
import { mergePolicy, readPermissions } from "../tests/iam/permissions.ts";

const PART = /^(<!-- from the program: (?<part>.+) -->)\n[^]*?^(<!-- end -->)$/gm;

/** The writers of the parts, by the first word of a part's name; each gets the other words. */
const writers: Readonly<Record<string, (program: ProgramGrammar, ...words: string[]) => string>> = {
  commands: ({ commands }) =>
    table(
      ["command", "what it does"],
      commands.map(({ name, description }) => [`[${name}](${pageOf(name)})`, description]),
    ),
  options: ({ globalOptions }) => optionTable(globalOptions),
  command: writeCommand,
  exit: () =>
    table(
      ["code", "meaning", "was anything changed?"],
      Object.values(EXIT_CODES).map((row) => [row.codes.join(", "), row.meaning, row.isAnythingChanged]),
    ),
  events: () => table(["event", "meaning"], readEvents()),
  policy: (_, ...words) => writePolicy(words.join(" ").split(", ")),
};

/** The section of a command, from docs/commands.md: there, or on the page of the companions. */
function pageOf(name: string): string {
  const isHere = Deno.readTextFileSync("docs/commands.md").includes(`\n## ${name}\n`);
  return `${isHere ? "" : "companions.md"}#${name}`;
}

/** @param transcript the session that is shown; none where it is left out */
function writeCommand({ commands }: ProgramGrammar, name = "", transcript?: string): string {
  const command = commands.find((one) => one.name === name);
  if (command === undefined) throw new Error(`there is no command ${name}`);
  const options = command.options.length > 0 ? [optionTable(command.options)] : [];
  const session = transcript === undefined ? [] : [readSession(transcript)];
  return [...options, ...session].join("\n\n");
}

/** What a transcript shows on stdout; on stderr where stdout is empty. */
function readSession(name: string): string {
  const text = Deno.readTextFileSync(`tests/transcripts/${name}.txt`);
  const [, command, stdout, stderr] = /^(\$ .*\n)--- stdout\n([^]*?)--- stderr\n([^]*?)--- exit code/.exec(text)!;
  return `\`\`\`console\n${command}${stdout === "" ? stderr : stdout}\`\`\``;
}

function readEvents(): string[][] {
  const { oneOf } = JSON.parse(Deno.readTextFileSync("docs/events.schema.json"));
  return oneOf.map((
    event: { description: string; properties: { event: { const: string } } },
  ) => [`\`${event.properties.event.const}\``, event.description]);
}

/** The policy that allows what the rows of docs/permissions.md do for these uses; what fits on a line stands on one. */
function writePolicy(uses: readonly string[]): string {
  const permissions = readPermissions(Deno.readTextFileSync("docs/permissions.md"));
  const { Statement } = mergePolicy(uses.flatMap((use) => {
    const rows = permissions.get(use);
    if (rows === undefined) throw new Error(`docs/permissions.md has no row for ${use}`);
    return rows;
  }));
  const statements = Statement.map((statement) => inLines("    ", statement)).join(",\n");
  return `\`\`\`json\n{\n  "Version": "2012-10-17",\n  "Statement": [\n${statements}\n  ]\n}\n\`\`\``;
}

/** Renders JSON after the beginning of its line, as `deno fmt` would. */
function inLines(start: string, value: unknown): string {
  const onOneLine = start + JSON.stringify(value, null, 1).replace(/\n */g, " ").replace(/\[ (.*?) \]/g, "[$1]");
  if (typeof value !== "object" || onOneLine.length < 120) return onOneLine;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const indent = /^ */.exec(start)![0];
  const parts = Object.entries(value!).map(([name, part]) =>
    inLines(`${indent}  ${Array.isArray(value) ? "" : `${JSON.stringify(name)}: `}`, part)
  );
  return `${start}${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

function optionTable(options: readonly OptionGrammar[]): string {
  return table(["option", "meaning"], options.map((option) => [nameOf(option), meaningOf(option)]));
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

/** Renders a table as `deno fmt` would. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(3, ...escaped.map((row) => row[column]!.length)));
  const [first, ...others] = escaped.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`);
  return [first, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...others].join("\n");
}

function writeParts(text: string, program: ProgramGrammar, written: Set<string>): string {
  return text.replace(PART, (_, start: string, part: string, end: string) => {
    const [kind, ...words] = part.split(" ");
    const write = writers[kind!];
    if (write === undefined) throw new Error(`nothing writes the part ${part}`);
    written.add([kind, words[0]].join(" "));
    return `${start}\n\n${write(program, ...words)}\n\n${end}`;
  });
}

async function main(): Promise<void> {
  const { values: { check } } = parseArgs({ options: { check: { type: "boolean" } } });
  const grammar = readGrammar(await buildProgram(newContext(systemHost())));
  // The framework's own `help` needs no explanation.
  const program = { ...grammar, commands: grammar.commands.filter(({ name }) => name !== "help") };
  const written = new Set<string>();
  for (const { name } of Deno.readDirSync("docs")) {
    if (!name.endsWith(".md")) continue;
    const text = Deno.readTextFileSync(`docs/${name}`);
    const current = writeParts(text, program, written);
    if (current === text) continue;
    if (check) throw new Error(`docs/${name} is out of date: run deno task docs`);
    Deno.writeTextFileSync(`docs/${name}`, current);
    console.log(`docs/${name}`);
  }
  const missing = program.commands.filter(({ name, options }) => options.length > 0 && !written.has(`command ${name}`));
  if (missing.length > 0) throw new Error(`no page has the part: command ${missing[0]!.name}`);
}

try {
  await main();
} catch (error) {
  console.error(`docs: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
