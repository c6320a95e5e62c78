import { UsageError } from "../errors.ts";
import type { Host } from "../host.ts";
import { onOneLine } from "../report/log.ts";
import type { RunLimits } from "./run_limits.ts";

/** What a person at the terminal is asked, while the time limit stands still. */
export interface Questions {
  /** Asks for a line, where stdin and stderr are a terminal. `undefined`: Ctrl-D, or a stop signal. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /**
   * Whether the answer is yes. Where stdin is no terminal it is, so that scripts go on.
   *
   * @throws UsageError, which names `--force`, where stdin is a terminal and the question could not be seen
   */
  readonly confirm: (question: string) => Promise<boolean>;
}

type Terminal = Pick<Host, "stdin" | "stderr" | "onContinue">;

export function openQuestions(
  terminal: Terminal,
  { timeLimit, stop }: Pick<RunLimits, "timeLimit" | "stop">,
): Questions {
  return {
    ask: (question) => timeLimit.pauseFor(() => ask(question, terminal, stop)),
    confirm: (question) => timeLimit.pauseFor(() => confirm(question, terminal, stop)),
  };
}

async function ask(
  question: string,
  { stdin, stderr, onContinue }: Terminal,
  stop: AbortSignal,
): Promise<string | undefined> {
  const write = () => stderr.write(`${onOneLine(question)} `);
  write();
  // After Ctrl-Z and `fg`, what the shell has written stands between the question and its answer.
  const stopAskingAgain = onContinue(write);
  const answer = await stdin.readLine(stop).finally(stopAskingAgain);
  if (answer === undefined) stderr.write("\n");
  return answer;
}

async function confirm(question: string, terminal: Terminal, stop: AbortSignal): Promise<boolean> {
  const { stdin, stderr } = terminal;
  if (!stdin.isTerminal) return true;
  if (!stderr.isTerminal) {
    throw new UsageError(
      `cannot ask "${question}": stdin is a terminal, but stderr is not, so nobody would see it`,
      "add --force to go on without a question, or leave stderr on the terminal",
    );
  }
  const answer = await ask(`${question} [y/N]`, terminal, stop);
  return /^y(?:es)?$/i.test(answer?.trim() ?? "");
}
