import { DEFAULT_TIMEOUT_MS } from "../config/load_config.ts";
import { ConfigError, reasonOf, StoppedError } from "../errors.ts";
import type { Clock, Files, StopSignal } from "../host.ts";
import { exitCodeOfSignal } from "../report/exit_code.ts";
import type { Limits } from "../rollout/run_context.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";

/** What ends a run early. It applies from the very start: reading files and evaluating Jsonnet may stall, too. */
export interface RunLimits extends Limits {
  readonly timeLimit: TimeLimit;
  readonly stoppedBy: () => StopSignal | undefined;
  /** Resolves once stop signals are listened for, within milliseconds. ConfigError: too few files can be opened. */
  readonly isListening: Promise<void>;
}

/**
 * Starts the time limit (the default one, until the config gives another) and listens for stop signals. The first
 * signal stops the run in good order; the second stops it at once, and the log says what is left behind.
 */
export function startRun({ host, reporter }: Context, { timeoutMs }: GlobalOptions): RunLimits {
  const controller = new AbortController();
  let stoppedBy: StopSignal | undefined;
  let isExiting = false;
  const onSignal = (signal: StopSignal) => {
    if (stoppedBy === undefined) {
      stoppedBy = signal;
      reporter.emit({ kind: "stopSignal", signal });
      controller.abort();
    } else if (!isExiting) {
      isExiting = true;
      reporter.emit({ kind: "stopSignal", signal });
      const exitCode = exitCodeOfSignal(signal);
      // Nothing is waited for any more, so what was to be written to files is lost.
      void reporter.finish(exitCode);
      host.exit(exitCode);
    }
  };
  const isListening = host.findStopSignals().then((signals) => {
    try {
      host.onStopSignal(signals, onSignal);
    } catch (error) {
      throw new ConfigError({ code: "noSignals", reason: reasonOf(error) });
    }
  });
  // A run may fail for another reason before it waits for this.
  isListening.catch(() => {});
  const timeLimit = new TimeLimit(host.clock, timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const { signal: deadline } = timeLimit;
  const { signal: stop } = controller;
  const signal = AbortSignal.any([deadline, stop]);
  return { deadline, stop, signal, timeLimit, stoppedBy: () => stoppedBy, isListening };
}

/** The command's time limit, which is paused while the user is asked something. */
export class TimeLimit {
  readonly #controller = new AbortController();
  readonly #startedAtMs: number;
  #pausedMs = 0;
  #isAsking = false;
  #hasFired = false;

  constructor(private readonly clock: Clock, private limitMs: number) {
    this.#startedAtMs = clock.elapsed();
    this.#arm();
  }

  /** 0: none. */
  get ms(): number {
    return this.limitMs;
  }

  /** A new limit also counts from the start. */
  set ms(limitMs: number) {
    if (limitMs === this.limitMs) return;
    this.limitMs = limitMs;
    this.#arm();
  }

  /** Aborted when the time is up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Pauses the time limit until `question` is answered. */
  async pauseFor<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    const beganAtMs = this.clock.elapsed();
    this.#isAsking = true;
    try {
      return await question();
    } finally {
      this.#isAsking = false;
      this.#pausedMs += this.clock.elapsed() - beganAtMs;
      if (this.#hasFired) this.#arm();
    }
  }

  #arm(): void {
    this.#hasFired = false;
    if (this.limitMs === 0) return;
    const leftMs = this.#startedAtMs + this.limitMs + this.#pausedMs - this.clock.elapsed();
    if (leftMs <= 0) return this.#controller.abort();
    this.clock.deadline(leftMs).addEventListener("abort", () => {
      if (this.#isAsking) this.#hasFired = true;
      else this.#arm();
    });
  }
}

/** Files that the limits stop reading, with a StoppedError: a pipe may never end. */
export function stoppableFiles(files: Files, { signal, isListening }: RunLimits): Files {
  return {
    ...files,
    async readText(path) {
      if (await files.kindOf(path) === "stream") await isListening;
      try {
        return await files.readText(path, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new StoppedError({ code: "stream", path });
      }
    },
  };
}
