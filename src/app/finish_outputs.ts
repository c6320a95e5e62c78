import type { Context } from "../session/context.ts";
import { reportLostOutput } from "./report_lost_output.ts";

/** So long a reader may take for what is left when nobody is waited for any more: one that reads at all needs less. */
const LAST_WORDS_WITHIN_MS = 250;

/**
 * Waits until somebody has taken what was written, in vain no longer than until `patience` is aborted, and a moment more.
 * Answers with the exit code: that of a result that nobody has got is not the command's own.
 */
export async function finishOutputs(
  code: number,
  { host, log, patience, cutOffBy }: Pick<Context, "host" | "log" | "patience" | "cutOffBy">,
): Promise<number> {
  const soonAfter = () => soonAfterAbort(patience, (ms) => host.clock.deadline(ms));
  await host.stdout.finish(soonAfter());
  const final = reportLostOutput(code, { ...host, log, cutOffBy });
  await host.stderr.finish(soonAfter());
  return final;
}

function soonAfterAbort(signal: AbortSignal, deadline: (ms: number) => AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abortSoon = () => deadline(LAST_WORDS_WITHIN_MS).addEventListener("abort", () => controller.abort());
  if (signal.aborted) abortSoon();
  else signal.addEventListener("abort", abortSoon, { once: true });
  return controller.signal;
}
