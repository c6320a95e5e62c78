import type { Output } from "../../host.ts";
import { onOneLine } from "../messages/log.ts";
import { annotation, breakOldForm, Excerpt, GROUP_END, groupStart, MAX_ANNOTATIONS } from "./texts.ts";

const KEPT_WARNINGS = { first: 10, last: 5, lineLength: 1_500 };

/** Groups and annotations in the log of a step. Groups are never nested. */
export class StepLog {
  readonly #warnings = new Excerpt(KEPT_WARNINGS);
  #lastWarning = "";
  #warningCount = 0;
  #isInGroup = false;

  constructor(private readonly output: CommandOutput) {}

  command(line: string): void {
    this.output.command(line);
  }

  /** Starts a group: `lines`, and all that is written from now on, are folded below the title. */
  startGroup(title: string, lines: readonly string[]): void {
    this.endGroup();
    this.command(groupStart(title));
    this.#isInGroup = true;
    for (const line of lines) this.output.plain.write(`${onOneLine(line)}\n`);
  }

  endGroup(): void {
    if (this.#isInGroup) this.command(GROUP_END);
    this.#isInGroup = false;
  }

  /** One annotation for all `lines`, unless GitHub's limit is reached. */
  warn(lines: readonly string[]): void {
    const warning = lines.join("; ");
    if (warning === this.#lastWarning) return;
    this.#lastWarning = warning;
    this.#warnings.add(warning);
    this.#warningCount++;
    if (this.#warningCount <= MAX_ANNOTATIONS) this.command(annotation("warning", "ecspresso", lines));
  }

  /** Says how many warnings got no annotation. */
  endWarnings(): void {
    const more = this.#warningCount - MAX_ANNOTATIONS;
    if (more > 0) this.command(annotation("warning", "ecspresso", [`and ${more} more, in the log and in the summary`]));
  }

  /** The warnings that were given. */
  warnings(): string[] {
    return this.#warnings.lines();
  }
}

/** An output that GitHub's runner reads. */
interface CommandOutput {
  /** For all other output: nothing that is written here is taken for a command. */
  readonly plain: Output;
  /** Writes a command, on a line of its own. */
  command(line: string): void;
}

/**
 * Separates the program's own commands from all other text, which may quote others. `::stop-commands::` would do that,
 * too, but if the program is killed, commands stay stopped for the rest of the step; and it holds for stdout and stderr
 * together, whose order nobody guarantees.
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
      write(text) {
        const harmless = text.split(/(\r\n|\r|\n)/).map(withoutCommand).join("");
        // Two writes must not join into a command that neither of them holds.
        write(isWithinLine && /^[:#[]/.test(harmless) ? ` ${harmless}` : harmless);
      },
    },
    command: (line) => write(`${isWithinLine ? "\n" : ""}${line}\n`),
  };
}

/**
 * Puts a space into whatever would be a command: GitHub's runner (ActionCommand.cs in actions/runner) looks for `::` at
 * the beginning of a line, after what .NET takes for white space, and for `##[` anywhere.
 */
function withoutCommand(line: string): string {
  return breakOldForm(line.replace(/^([\s\x85]*):(?=:)/, "$1: "));
}
