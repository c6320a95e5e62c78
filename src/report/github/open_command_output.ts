import type { Output } from "../../host.ts";
import { breakOldForm } from "./workflow_commands.ts";

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
