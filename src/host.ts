/**
 * The outside world as the rest of the program sees it: the only file that touches `Deno.*`. Tests hand in a host of
 * their own, with a clock that they move and files that they made up.
 */

/** Signals that end the program in an orderly way; each is told to the running command first. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** Time as the program experiences it. All values are milliseconds. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once, without an error, when `signal` is or becomes aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A signal that is aborted once `ms` have passed. */
  deadline(ms: number): AbortSignal;
}

/** One of the program's two outputs. */
export interface Output {
  /** Never throws: what cannot be written is lost. */
  write(text: string): void;
  readonly isTerminal: boolean;
}

/** Environment variables; `set` is there for `--envfile`, whose variables the AWS SDK must see too. */
export interface Environment {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/** Reading of the user's files. */
export interface Files {
  /** The file's text, or `undefined` when there is no such file. Throws the system's error for anything else. */
  readText(path: string): Promise<string | undefined>;
}

export interface FetchOptions {
  /** PEM text of certificate authorities to trust besides the ones that the machine trusts. */
  readonly certificateAuthorities: string | undefined;
  /**
   * Whether a connection may serve several requests. Deno's fetch (2.9) sends a request again, unasked, when a
   * connection that has served before is closed without an answer: what must be sent once needs a connection of its own.
   */
  readonly keepsConnections: boolean;
}

export interface Host {
  readonly args: readonly string[];
  readonly env: Environment;
  readonly files: Files;
  readonly clock: Clock;
  readonly stdout: Output;
  readonly stderr: Output;
  /** A number in [0, 1), for jitter. */
  random(): number;
  /** Options for `fetch` that a plain call of it does not have. */
  fetchOptions(wanted: FetchOptions): object;
  /** Calls `listener` on every stop signal until the returned function is called. */
  onStopSignal(listener: (signal: StopSignal) => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** Timers count in 32 bits: 24 days, after which no deployment is waited for. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The real machine. */
export function systemHost(): Host {
  return {
    args: Deno.args,
    env: { get: (name) => Deno.env.get(name), set: (name, value) => Deno.env.set(name, value) },
    files: { readText: readTextIfPresent },
    clock: { now: () => Date.now(), sleep, deadline: (ms) => AbortSignal.timeout(Math.min(ms, LONGEST_TIMER_MS)) },
    stdout: systemOutput(Deno.stdout),
    stderr: systemOutput(Deno.stderr),
    random: () => Math.random(),
    fetchOptions,
    onStopSignal,
    exit: (code) => Deno.exit(code),
  };
}

function fetchOptions({ certificateAuthorities, keepsConnections }: FetchOptions): object {
  const caCerts = certificateAuthorities === undefined ? {} : { caCerts: [certificateAuthorities] };
  const pool = keepsConnections ? {} : { poolMaxIdlePerHost: 0 };
  return { client: Deno.createHttpClient({ ...caCerts, ...pool }) };
}

async function readTextIfPresent(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}

function systemOutput(stream: typeof Deno.stdout): Output {
  const encoder = new TextEncoder();
  return {
    isTerminal: stream.isTerminal(),
    write(text) {
      const bytes = encoder.encode(text);
      try {
        for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
      } catch {
        // The reader of a pipe has gone, the terminal is closed, the disk is full: a rollback under way must not end for
        // that, nor auto scaling stay suspended, and there is nowhere to say it.
      }
    },
  };
}

function onStopSignal(listener: (signal: StopSignal) => void): () => void {
  // Deno on Windows can listen for these two only; SIGHUP there is the console window being closed.
  const signals: StopSignal[] = Deno.build.os === "windows" ? ["SIGINT", "SIGHUP"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  const removals = signals.map((signal) => {
    const handler = () => listener(signal);
    Deno.addSignalListener(signal, handler);
    return () => Deno.removeSignalListener(signal, handler);
  });
  return () => removals.forEach((remove) => remove());
}
