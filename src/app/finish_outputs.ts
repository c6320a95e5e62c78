import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import type { Context } from "../session/context.ts";
import type { Reporter } from "../session/reporter.ts";

/** So long a reader may take for what is left when nobody is waited for any more: one that reads at all needs less. */
const LAST_WORDS_WITHIN_MS = 250;

type Outputs = Pick<Context, "host" | "patience" | "cutOffBy"> & { readonly reporter: Reporter | undefined };

/**
 * Waits until somebody has taken what was written, in vain no longer than until `patience` is aborted, and a moment more.
 * Returns the exit code: that of a result that nobody has got is not the command's own.
 */
export async function finishOutputs(code: number, outputs: Outputs): Promise<number> {
  const { host, patience } = outputs;
  const soonAfter = () => soonAfterAbort(patience, (ms) => host.clock.deadline(ms));
  await host.stdout.finish(soonAfter());
  const final = reportLostOutput(code, outputs);
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

/**
 * Says that what stdout was to get is lost, where it is. Returns the exit code: nobody may take half a result for a
 * whole one, and an earlier failure keeps its own code. Where a stop signal has cut off what a command shows that changes
 * nothing, it is that signal's.
 *
 * @param code the exit code of a command that has come to its end
 */
function reportLostOutput(code: number, { host: { stdout, stderr }, reporter, cutOffBy }: Outputs): number {
  if (stdout.failure === undefined) return code;
  const message = `the result could not be written to stdout: ${stdout.failure}`;
  if (reporter?.logSettings.subject === undefined) stderr.write(`error: ${message}\n`);
  else reporter.log.error(message);
  if (code !== EXIT.ok && code !== EXIT.differences) return code;
  const signal = cutOffBy();
  return signal === undefined ? EXIT.incomplete : exitCodeOfSignal(signal);
}
