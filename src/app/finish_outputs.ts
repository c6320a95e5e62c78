import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import type { Context } from "../session/context.ts";
import type { Reporter } from "../session/reporter.ts";

/** How long a reader may still take for the rest once the run waits for nothing else; one that reads at all needs less. */
const LAST_WORDS_WITHIN_MS = 250;

type Outputs = Pick<Context, "host" | "patience" | "cutOffBy"> & { readonly reporter: Reporter | undefined };

/**
 * Waits until what was written has been read, or until shortly after `patience` is aborted. Returns the exit code: a result
 * that could not be written has one of its own.
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
 * Reports a result that could not be written to stdout. Returns the exit code, so that half a result never passes for a
 * whole one; an earlier failure keeps its own code. A command that changes nothing and was cut off by a stop signal has
 * that signal's.
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
