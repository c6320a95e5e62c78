import { onOneLine } from "../log.ts";
import { Excerpt } from "./excerpt.ts";
import { annotation, type CommandOutput, GROUP_END, groupStart } from "./workflow_commands.ts";

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
