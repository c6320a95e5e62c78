import { constants } from "node:os";
import type { StopSignal } from "../host.ts";
import { sleep } from "./sleep.ts";

const OF_POSIX = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGALRM", "SIGXCPU", "SIGUSR1", "SIGUSR2"] as const;
/** Deno on Windows can listen for no others; SIGHUP there is the console window being closed. */
const OF_WINDOWS = ["SIGHUP", "SIGINT", "SIGBREAK"] as const;

/** As on this system. A shell's exit code for a program that a signal has ended is 128 more. */
export const SIGNAL_NUMBERS: Readonly<Record<StopSignal, number>> = constants.signals;

/**
 * The signals that are to end this process: all but those that were ignored when it started. `nohup` makes a program
 * ignore SIGHUP; a shell without job control makes programs in the background (`&`) ignore SIGINT and SIGQUIT.
 *
 * Deno does not show whether a signal is ignored, and without all permissions it reads no `/proc/self/status`. But a
 * child inherits ignored signals, and a shell without a terminal cannot trap what was ignored before it started
 * (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html, `trap`): so a shell sends itself each
 * signal, and names those that it has trapped. Where there is no shell, or it does not answer, all are listened for, so
 * that auto scaling is restored.
 */
export async function findStopSignals(
  shellPath = "/bin/sh",
  askWithinMs = 5_000,
): Promise<readonly StopSignal[]> {
  if (Deno.build.os === "windows") return OF_WINDOWS;
  const tries = OF_POSIX.map((signal) => signal.slice(3)).map((name) =>
    `trap 'echo ${name}' ${name}; kill -s ${name} $$`
  );
  const isOver = new AbortController();
  try {
    const shell = new Deno.Command(shellPath, {
      args: ["-c", [...tries, "echo END"].join("\n")],
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const output = await Promise.race([shell.output(), sleep(askWithinMs, isOver.signal)]);
    if (output === undefined) shell.kill("SIGKILL");
    const trapped = new Set(new TextDecoder().decode(output?.stdout).split("\n"));
    return trapped.has("END") ? OF_POSIX.filter((signal) => trapped.has(signal.slice(3))) : OF_POSIX;
  } catch {
    return OF_POSIX;
  } finally {
    isOver.abort();
  }
}

/** As `Host.onContinue`. Windows has no such signal. */
export function onContinue(listener: () => void): () => void {
  if (Deno.build.os === "windows") return () => {};
  Deno.addSignalListener("SIGCONT", listener);
  return () => Deno.removeSignalListener("SIGCONT", listener);
}

// With the first listener of a process, for any signal, Deno (2.6 and 2.9) takes these over as well: each of them then
// ends the process unless it has a listener, even if it was ignored before.
const TAKEN_OVER_BY_DENO = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

// By default it ends a process; with a listener, only the write beyond the limit fails. A log that has reached the
// largest size of a file (`ulimit -f`) must not end a rollback.
const SURVIVED = ["SIGXFSZ"] as const;

/** As `Host.onStopSignal`. Signals that were ignored stay so. */
export function onStopSignal(signals: readonly StopSignal[], listener: (signal: StopSignal) => void): void {
  const isPosix = Deno.build.os !== "windows";
  if (isPosix) requireFiles();
  const ignored = isPosix ? TAKEN_OVER_BY_DENO.filter((signal) => !signals.includes(signal)) : [];
  for (const signal of signals) Deno.addSignalListener(signal, () => listener(signal));
  for (const signal of [...ignored, ...(isPosix ? SURVIVED : [])]) Deno.addSignalListener(signal, () => {});
}

/** Throws if what the first listener opens, and one more, cannot be opened: Deno panics if it can open none. */
function requireFiles(): void {
  const opened: Deno.FsFile[] = [];
  try {
    while (opened.length < 3) opened.push(Deno.openSync("/dev/null"));
  } catch (error) {
    if (/too many open files/i.test(String(error))) throw error;
  } finally {
    for (const file of opened) file.close();
  }
}
