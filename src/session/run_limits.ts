import { DEFAULT_TIMEOUT_MS } from "../config/load_config.ts";
import type { Host, StopSignal } from "../host.ts";
import { Deadline } from "./deadline.ts";
import { listenForStop } from "./listen_for_stop.ts";

/** What ends a run early, from its very start: reading files and evaluating Jsonnet may stall, too. */
export interface RunLimits {
  readonly deadline: Deadline;
  /** Aborted by the first stop signal. */
  readonly stop: AbortSignal;
  /** The stop signal that has come, if one has. */
  readonly stoppedBy: () => StopSignal | undefined;
  /** Resolves once stop signals are listened for, milliseconds after the start. */
  readonly isListening: Promise<void>;
  /** Aborted by either of the limits. */
  readonly signal: AbortSignal;
}

/**
 * Starts to count and to listen.
 *
 * @param timeoutMs milliseconds for the whole command; 0: no limit; `undefined`: the default until the config says otherwise
 * @param beforeExit says what is left behind when a second stop signal ends the program
 */
export function startLimits(
  host: Host,
  timeoutMs: number | undefined,
  beforeExit: (exitCode: number) => void,
): RunLimits {
  const { stop, stoppedBy, isListening } = listenForStop(host, beforeExit);
  const deadline = new Deadline(host.clock, timeoutMs ?? DEFAULT_TIMEOUT_MS);
  return { deadline, stop, stoppedBy, isListening, signal: AbortSignal.any([deadline.signal, stop]) };
}
