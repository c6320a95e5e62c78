import { CommanderError } from "@commander-js/extra-typings";
import { type FailureData, failureOf } from "../errors.ts";
import { EXIT } from "../report/exit_code.ts";
import { NotText } from "../host.ts";

const USAGE = { kind: "usage", exitCode: EXIT.usage, isShown: true } as const;

/** What is known of an error that has ended the program, those of the command line's parser among them. */
export function toFailure(error: unknown): FailureData {
  // Its message is no message: it has printed help, for nothing has said what to do.
  if (error instanceof CommanderError && error.code === "commander.help") {
    return { ...USAGE, message: "no command is named", hint: "(see ecspresso --help)" };
  }
  // `error: unknown option '--revison'`, and on a line of its own what may have been meant.
  if (error instanceof CommanderError) {
    const [message = "", ...advice] = error.message.replace(/^error: /, "").split("\n");
    return { ...USAGE, message, ...(advice.length > 0 && { hint: advice.join("\n") }) };
  }
  if (error instanceof NotText) return { kind: "config", message: error.message, exitCode: error.exitCode };
  return failureOf(error);
}
