import type { Host, StopSignal } from "../host.ts";
import { exitCodeOfSignal } from "./exit_code.ts";

/** The first signal stops in good order, the second at once: then `beforeExit` says what is left behind. */
export function listenForStop(
  host: Host,
  signals: readonly StopSignal[],
  beforeExit: (exitCode: number) => void,
): { stop: AbortSignal; stoppedBy: () => StopSignal | undefined } {
  const controller = new AbortController();
  let stoppedBy: StopSignal | undefined;
  let isLeaving = false;
  host.onStopSignal(signals, (signal) => {
    if (isLeaving) return;
    if (stoppedBy !== undefined) {
      isLeaving = true;
      const exitCode = exitCodeOfSignal(signal);
      beforeExit(exitCode);
      host.exit(exitCode);
    }
    stoppedBy ??= signal;
    controller.abort();
  });
  return { stop: controller.signal, stoppedBy: () => stoppedBy };
}
