import { type CommandUnknownOpts, Help, type Option } from "@commander-js/extra-typings";
import { HELP_COLUMNS, wrapWords } from "../report/exit_code.ts";

/** Commands to type in an outage, each with what it does. They stand at the top of a command's help. */
export type FirstExamples = Readonly<Record<string, string>>;

/** The parts of a command's help that commander does not know. */
interface OwnHelp {
  /** Shown below the description. */
  readonly examples: FirstExamples;
  /** The global options that this command refuses. */
  readonly refused?: readonly string[];
}

const ownHelp = new WeakMap<CommandUnknownOpts, OwnHelp>();

export function setHelp(command: CommandUnknownOpts, help: OwnHelp): void {
  ownHelp.set(command, help);
}

/** A command's own options, then the global ones that it takes, each group under its heading. */
export function visibleOptions(command: CommandUnknownOpts): Option[] {
  const own = Help.prototype.visibleOptions.call(new Help(), command);
  const refused = ["--version", ...ownHelp.get(command)?.refused ?? []];
  const ofAll = command.parent?.options.filter(({ hidden, long }) => !hidden && !refused.includes(long!)) ?? [];
  return [...own, ...ofAll];
}

/** Puts usage, a sentence and the examples first, then commands, then options: in an outage nobody scrolls. */
export function formatHelp(command: CommandUnknownOpts, helper: Help): string {
  const commands: string[] = [];
  const others: string[] = [];
  const formatItemList: Help["formatItemList"] = (heading, items) => {
    if (items.length > 0) (heading === "Commands:" ? commands : others).push([heading, ...items].join("\n"));
    return [];
  };
  const collector: Help = Object.assign(Object.create(helper), { formatItemList });
  const head = Help.prototype.formatHelp.call(collector, command, helper).trimEnd();
  return `${[head, ...renderExamples(command), ...commands, ...others].join("\n\n")}\n`;
}

function renderExamples(command: CommandUnknownOpts): string[] {
  const examples = Object.entries(ownHelp.get(command)?.examples ?? {});
  const width = Math.max(0, ...examples.map(([typed]) => typed.length));
  return examples.length === 0
    ? []
    : [examples.map(([typed, meaning]) => `  ${typed.padEnd(width)}  ${meaning}`).join("\n")];
}

/** Wraps paragraphs at 80 columns, as commander wraps options. Examples, which begin with spaces, keep their lines. */
export function wrapParagraphs(text: string): string {
  return text.split("\n\n").map((paragraph) => {
    if (/^ /m.test(paragraph)) return paragraph;
    const isFirst = paragraph.startsWith("\n");
    return `${isFirst ? "\n" : ""}${wrapWords(paragraph.trim().replaceAll("\n", " "), HELP_COLUMNS).join("\n")}`;
  }).join("\n\n");
}
