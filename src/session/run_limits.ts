import { DEFAULT_TIMEOUT_MS } from "../config/load_config.ts";
import { ConfigError, firstLineOf, StoppedError } from "../errors.ts";
import type { Files, Host, StopSignal } from "../host.ts";
import { RAISE_OPEN_FILES } from "../report/failure_text.ts";
import { exitCodeOfSignal } from "../report/exit_code.ts";
import { ifAbandoned } from "../report/next_steps.ts";
import type { Context } from "./context.ts";
import { Deadline } from "./deadline.ts";
import type { GlobalOptions } from "./global_options.ts";

/** What ends a run early, from its very start: reading files and evaluating Jsonnet may stall, too. */
export interface RunLimits {
  readonly deadline: Deadline;
  /** Aborted by the first stop signal. */
  readonly stop: AbortSignal;
  readonly stoppedBy: () => StopSignal | undefined;
  /** Resolves once stop signals are listened for, milliseconds after the start. */
  readonly isListening: Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Starts to count the time, by the default limit until the config says otherwise, and to listen for stop signals. A second
 * one says what is left behind.
 */
export function startRun({ host, reporter }: Context, { timeoutMs }: GlobalOptions): RunLimits {
  const { stop, stoppedBy, isListening } = listenForStop(host, {
    onStop: (signal) => reporter.emit({ kind: "stopSignal", signal }),
    beforeExit: (exitCode) => {
      for (const line of ifAbandoned(reporter.state)) reporter.log.error(line);
      // What has to be written to files is lost: nothing is waited for any more.
      void reporter.finish(exitCode);
    },
  });
  const deadline = new Deadline(host.clock, timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = AbortSignal.any([deadline.signal, stop]);
  return { deadline, stop, stoppedBy, isListening, signal };
}

interface StopHooks {
  readonly onStop: (signal: StopSignal) => void;
  readonly beforeExit: (exitCode: number) => void;
}

// The first signal stops in good order, the second at once: then `beforeExit` says what is left behind. Which signals are
// to stop is found out first; `isListening` resolves then. It rejects with a ConfigError where too few files can be opened.
function listenForStop(
  host: Host,
  { onStop, beforeExit }: StopHooks,
): { stop: AbortSignal; stoppedBy: () => StopSignal | undefined; isListening: Promise<void> } {
  const controller = new AbortController();
  let stoppedBy: StopSignal | undefined;
  let isLeaving = false;
  const hear = (signal: StopSignal) => {
    if (isLeaving) return;
    if (stoppedBy !== undefined) {
      isLeaving = true;
      const exitCode = exitCodeOfSignal(signal);
      beforeExit(exitCode);
      host.exit(exitCode);
    }
    if (stoppedBy === undefined) onStop(signal);
    stoppedBy ??= signal;
    controller.abort();
  };
  const isListening = host.findStopSignals().then((signals) => {
    try {
      host.onStopSignal(signals, hear);
    } catch (error) {
      throw new ConfigError(`signals cannot be listened for: ${firstLineOf(error)} (${RAISE_OPEN_FILES})`);
    }
  });
  // A run may fail of something else before it waits for this.
  isListening.catch(() => {});
  return { stop: controller.signal, stoppedBy: () => stoppedBy, isListening };
}

/** Files whose reading the limits end: a pipe may never come to its end. Then a StoppedError is thrown. */
export function stoppableFiles(files: Files, { signal, isListening }: RunLimits): Files {
  return {
    ...files,
    async readText(path) {
      if (await files.kindOf(path) === "stream") await isListening;
      try {
        return await files.readText(path, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new StoppedError(`${path} was being read (a pipe ends when nobody writes to it any more)`);
      }
    },
  };
}
