import { UsageError } from "../errors.ts";
import type { Host } from "../host.ts";
import { onOneLine } from "../report/log.ts";

/**
 * Asks on a terminal. Where stdin is no terminal the answer is yes, so that scripts go on.
 *
 * @throws UsageError, which names `--force`, where stdin is a terminal and the question could not be seen
 */
export async function confirm(
  question: string,
  { stdin, stderr, onContinue }: Pick<Host, "stdin" | "stderr" | "onContinue">,
  stop: AbortSignal,
): Promise<boolean> {
  if (!stdin.isTerminal) return true;
  if (!stderr.isTerminal) {
    throw new UsageError(
      `nobody would see the question "${question}": stdin is a terminal, but stderr is not`,
      "add --force to go on without a question, or leave stderr on the terminal",
    );
  }
  const ask = () => stderr.write(`${onOneLine(question)} [y/N] `);
  ask();
  // After Ctrl-Z and `fg`, what the shell has written stands between the question and its answer.
  const stopAskingAgain = onContinue(ask);
  const answer = await stdin.readLine(stop).finally(stopAskingAgain);
  if (answer === undefined) stderr.write("\n");
  return /^y(?:es)?$/i.test(answer?.trim() ?? "");
}
