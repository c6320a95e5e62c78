import { CallError } from "../src/config/template/template_functions.ts";
import { AwsError, ConfigError } from "../src/errors.ts";
import { MachineError } from "../src/host.ts";
import { describeCall } from "../src/report/messages/aws_failure_text.ts";
import { describeProblem } from "../src/report/messages/config_problem_text.ts";

/** The words that a user reads for an error that has its problem as a code; for any other error its own message. */
export function wordsOf(error: unknown): string {
  if (error instanceof ConfigError) return describeProblem(error.problem, error.position);
  if (error instanceof MachineError) return describeProblem(error.problem);
  if (error instanceof AwsError) return describeCall(error.failure);
  if (error instanceof CallError) {
    const { problem, address } = error;
    return describeProblem({ code: "noValue", call: "", problem, ...(address !== undefined && { address }) }).slice(2);
  }
  return error instanceof Error ? error.message : String(error);
}

/** The same run, but its error has the user's words as its message: for `assert.rejects()` and `assert.throws()`. */
export function inWords<Run extends Promise<unknown> | (() => unknown)>(run: Run): Run {
  const reword = (error: unknown): never => {
    const { name } = error as Error;
    throw ["AwsError", "ConfigError", "MachineError", "CallError"].includes(name)
      ? Object.assign(new Error(wordsOf(error)), { name })
      : error;
  };
  if (run instanceof Promise) return run.catch(reword) as Run;
  return (() => {
    try {
      return run();
    } catch (error) {
      return reword(error);
    }
  }) as Run;
}
