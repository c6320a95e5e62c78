import { onOneLine } from "../log.ts";
import { Excerpt } from "./excerpt.ts";
import type { FilePosition } from "../../errors.ts";
import type { Output } from "../../host.ts";

/** GitHub shows 10 annotations of a kind for a step; the last one is for saying how many more there are. */
const MOST_WARNINGS = 9;
const KEPT_WARNINGS = { first: 10, last: 5, lineLength: 1_500 };

/** Groups and annotations in the log of a step. Groups are never within each other. */
export class StepLog {
  readonly #output: CommandOutput;
  readonly #warnings = new Excerpt(KEPT_WARNINGS);
  #lastWarning = "";
  #warningCount = 0;
  #isInGroup = false;

  constructor(output: CommandOutput) {
    this.#output = output;
  }

  command(line: string): void {
    this.#output.command(line);
  }

  /** Folds what is written from now on, below `lines`. */
  startGroup(title: string, lines: readonly string[]): void {
    this.endGroup();
    this.command(groupStart(title));
    this.#isInGroup = true;
    for (const line of lines) this.#output.plain.write(`${onOneLine(line)}\n`);
  }

  endGroup(): void {
    if (this.#isInGroup) this.command(GROUP_END);
    this.#isInGroup = false;
  }

  /** One annotation for all of `lines`, where there is room for one more. */
  warn(lines: readonly string[]): void {
    const warning = lines.join("; ");
    if (warning === this.#lastWarning) return;
    this.#lastWarning = warning;
    this.#warnings.add(warning);
    this.#warningCount++;
    if (this.#warningCount <= MOST_WARNINGS) this.command(annotation("warning", "ecspresso", lines));
  }

  /** What there was no room for is counted. */
  endWarnings(): void {
    const more = this.#warningCount - MOST_WARNINGS;
    if (more > 0) this.command(annotation("warning", "ecspresso", [`and ${more} more, in the log and in the summary`]));
  }

  /** What was warned of. */
  warnings(): string[] {
    return this.#warnings.lines();
  }
}

/**
 * Lines that GitHub's runner takes as commands: `::name key=value,...::data`. It takes them from both outputs of a step.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */

/**
 * A message at the step, in its log and on the run's page, as one line of text.
 *
 * @param lines what it says
 * @param place where in a file of the repository; shown there, too, where a pull request changes it. The runner takes a
 * relative path for one from the root of the repository
 */
export function annotation(
  kind: "error" | "warning",
  title: string,
  lines: readonly string[],
  place?: FilePosition,
): string {
  const { file, line, column } = place ?? {};
  const properties = Object.entries({ file, line, col: column, title })
    .flatMap(([name, value]) => value === undefined ? [] : [`${name}=${escapeProperty(onOneLine(String(value)))}`]);
  return `::${kind} ${properties.join(",")}::${escapeData(lines.map(onOneLine).join("\n"))}`;
}

/** What follows, up to `GROUP_END`, is folded in the step's log. Groups cannot hold groups. */
export function groupStart(title: string): string {
  return `::group::${escapeData(onOneLine(title))}`;
}

const GROUP_END = "::endgroup::";

/** The runner shows the lines of a message one by one, where one of the old form would look like a message of its own. */
function escapeData(text: string): string {
  return breakOldForm(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** `##[name key=value;...]data`: the runner still takes it, and does so anywhere in a line. */
function breakOldForm(text: string): string {
  return text.replaceAll("##[", "## [");
}

/** An output that GitHub's runner reads. */
export interface CommandOutput {
  /** For everything else: nothing that is written here is a command. */
  readonly plain: Output;
  /** Writes a command, on a line of its own. */
  command(line: string): void;
}

/**
 * Separates the program's own commands from all the other text, which may hold words of others. `::stop-commands::`
 * would do that too, but leaves commands stopped for the rest of the step when the program is killed, and holds for
 * stdout and stderr together, whose order nobody guarantees.
 */
export function openCommandOutput(output: Output): CommandOutput {
  let isWithinLine = false;
  const write = (text: string) => {
    if (text === "") return;
    output.write(text);
    isWithinLine = !/[\r\n]$/.test(text);
  };
  return {
    plain: {
      isTerminal: output.isTerminal,
      get failure() {
        return output.failure;
      },
      write(text) {
        const harmless = text.split(/(\r\n|\r|\n)/).map(withoutCommand).join("");
        // Two writes must not make a command that neither of them holds.
        write(isWithinLine && /^[:#[]/.test(harmless) ? ` ${harmless}` : harmless);
      },
    },
    command: (line) => write(`${isWithinLine ? "\n" : ""}${line}\n`),
  };
}

/**
 * The line with a space where it would be a command. The runner (ActionCommand.cs in actions/runner) wants `::` at the
 * beginning, behind what .NET takes for white space, and `##[` anywhere.
 */
function withoutCommand(line: string): string {
  return breakOldForm(line.replace(/^([\s\x85]*):(?=:)/, "$1: "));
}
