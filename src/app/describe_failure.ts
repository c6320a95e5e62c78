import { CommanderError } from "@commander-js/extra-typings";
import { AwsError, ConfigError, UsageError } from "../errors.ts";
import { NotText } from "../host/variables.ts";
import { adviseOn } from "../report/aws_error_text.ts";
import { isOutOfFiles, RAISE_OPEN_FILES } from "../report/connection_advice.ts";
import type { Failure } from "../report/run_event.ts";

/**
 * What an error that has ended the program says, and what to do about it.
 *
 * @param region where AWS was asked, as far as it is known
 */
export function describeFailure(error: unknown, region: string | undefined): Failure {
  const message = error instanceof Error ? error.message : String(error);
  // Its message is no message: it has printed help, for nothing has told it what to do.
  if (error instanceof CommanderError && error.code === "commander.help") {
    return { kind: "usage", message: "no command is named", advice: ["(see ecspresso --help)"] };
  }
  // `error: unknown option '--revison'`, and on a line of its own what may have been meant.
  if (error instanceof CommanderError) {
    const [said = "", ...advice] = message.replace(/^error: /, "").split("\n");
    return { kind: "usage", message: said, advice };
  }
  if (error instanceof UsageError) return { kind: "usage", message, advice: error.hint?.split("\n") ?? [] };
  if (error instanceof ConfigError) return { kind: "config", message, advice: [], position: error.position };
  if (error instanceof NotText) return { kind: "config", message, advice: [] };
  if (error instanceof AwsError) return { kind: "aws", message, advice: adviseOn(error, region) };
  if (isOutOfFiles(message)) return { kind: "unforeseen", message, advice: [RAISE_OPEN_FILES] };
  return { kind: "unforeseen", message: `unforeseen: ${message} (this is a defect of ecspresso)`, advice: [] };
}
