import { type CommandUnknownOpts, Help, type Option } from "@commander-js/extra-typings";

/** What a person types in an outage, each with what it does: it stands at the top of a command's help. */
export type FirstExamples = Readonly<Record<string, string>>;

const examplesOf = new WeakMap<CommandUnknownOpts, FirstExamples>();

/** Puts examples below the description of a command. */
export function showFirst(command: CommandUnknownOpts, examples: FirstExamples): void {
  examplesOf.set(command, examples);
}

const refusedBy = new WeakMap<CommandUnknownOpts, readonly string[]>();

/** Leaves options of every command out of the help of one that refuses them. */
export function leaveOut(command: CommandUnknownOpts, options: readonly string[]): void {
  refusedBy.set(command, options);
}

/** A command's own options, and behind them those of every command that it takes, each under its heading. */
export function visibleOptions(command: CommandUnknownOpts): Option[] {
  const own = Help.prototype.visibleOptions.call(new Help(), command);
  const refused = ["--version", ...refusedBy.get(command) ?? []];
  const ofAll = command.parent?.options.filter(({ hidden, long }) => !hidden && !refused.includes(long!)) ?? [];
  return [...own, ...ofAll];
}

/** Usage, one sentence and the examples come first, then the commands, then the options: an outage has no time to scroll. */
export function formatHelp(command: CommandUnknownOpts, helper: Help): string {
  const usual = Help.prototype.formatHelp.call(helper, command, helper);
  // A section begins with its heading at the left edge.
  const [head = "", ...sections] = usual.trimEnd().split(/\n\n(?=\S.*:\n)/);
  const commands = sections.filter((section) => section.startsWith("Commands:"));
  const others = sections.filter((section) => !commands.includes(section));
  return `${[head.trimEnd(), ...renderExamples(command), ...commands, ...others].join("\n\n")}\n`;
}

function renderExamples(command: CommandUnknownOpts): string[] {
  const examples = Object.entries(examplesOf.get(command) ?? {});
  const width = Math.max(0, ...examples.map(([typed]) => typed.length));
  return examples.length === 0
    ? []
    : [examples.map(([typed, meaning]) => `  ${typed.padEnd(width)}  ${meaning}`).join("\n")];
}

const WIDTH = 80;
const ONE_LINE = new RegExp(`(.{1,${WIDTH}})(?: |$)`, "g");

/** Paragraphs at 80 columns, as commander has the options. Examples, which begin with spaces, stay on their line. */
export function wrapParagraphs(text: string): string {
  return text.split("\n\n").map((paragraph) => {
    if (/^ /m.test(paragraph)) return paragraph;
    const isFirst = paragraph.startsWith("\n");
    const lines = paragraph.trim().replaceAll("\n", " ").matchAll(ONE_LINE);
    return `${isFirst ? "\n" : ""}${Array.from(lines, ([, words]) => words).join("\n")}`;
  }).join("\n\n");
}
