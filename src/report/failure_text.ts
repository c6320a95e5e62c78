import type { FailureData } from "../errors.ts";
import { adviseOn } from "./aws_error_text.ts";
import { isOutOfFiles, RAISE_OPEN_FILES } from "./connection_advice.ts";

/** What an error that has ended a run says, and what to do about it. */
export interface FailureText {
  /** One line. */
  readonly message: string;
  /** A line each. */
  readonly advice: readonly string[];
}

/**
 * Puts a failure into words.
 *
 * @param region where AWS was asked, as far as it is known
 */
export function wordFailure(failure: FailureData, region: string | undefined): FailureText {
  const { kind, message } = failure;
  switch (kind) {
    case "usage":
      return { message, advice: failure.hint?.split("\n") ?? [] };
    case "config":
      return { message, advice: [] };
    case "aws":
      return { message, advice: adviseOn(failure.aws, region) };
    case "unforeseen":
      if (isOutOfFiles(message)) return { message, advice: [RAISE_OPEN_FILES] };
      return { message: `unforeseen: ${message} (this is a defect of ecspresso)`, advice: [] };
  }
}

/** All lines of a failure, the advice last. */
export function describeFailure(failure: FailureData, region: string | undefined): string[] {
  const { message, advice } = wordFailure(failure, region);
  return [message, ...advice];
}
