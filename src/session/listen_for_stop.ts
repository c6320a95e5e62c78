import { ConfigError, firstLineOf } from "../errors.ts";
import type { Host, StopSignal } from "../host.ts";
import { RAISE_OPEN_FILES } from "../report/connection_advice.ts";
import { exitCodeOfSignal } from "../report/exit_code.ts";

/**
 * The first signal stops in good order, the second at once: then `beforeExit` says what is left behind. Which signals are
 * to stop is found out first; `isListening` resolves then. It rejects with a ConfigError where too few files can be opened.
 */
export function listenForStop(
  host: Host,
  beforeExit: (exitCode: number) => void,
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
