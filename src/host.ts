// The outside world as the rest of the program sees it. `src/host` has the real one; tests have their own, with a clock
// that they move and made-up files.
import type { MachineProblem, Reason } from "./problems.ts";

/** All values are milliseconds. */
export interface Clock {
  /** Since the epoch. This clock may be set at any moment, so no limit and no pause is measured by it. */
  now(): number;
  /** Since a moment of its own, for how long something takes. Also passes while the process is stopped. */
  elapsed(): number;
  /** Resolves after `ms`, or at once, without an error, when `signal` is or becomes aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  deadline(ms: number): AbortSignal;
}

/** One of the program's two outputs. */
export interface Output {
  /** Never throws, and never waits for a reader: what cannot be written is lost. */
  write(text: string): void;
  readonly isTerminal: boolean;
}

/** One of the outputs, as the process has it. */
export interface HostOutput extends Output {
  /** Writes what `Host.maskWrites` leaves alone: a result that must not be masked, such as a rendered definition. */
  writeWhole(text: string): void;
  /** Why output was lost; `undefined` also if a pipe's reader has closed it. */
  readonly failure: Reason | undefined;
  /** Whether it takes nothing at the moment: the terminal is stopped by Ctrl-S, or the pipe's reader sleeps. */
  readonly isStalled: boolean;
  /** The text that replaces this many lost bytes; without this function, nothing does. */
  describeGap?: ((bytes: number) => string) | undefined;
  /** Resolves when all is written, or when `until` is aborted: then the rest is lost, and `failure` says so. */
  finish(until: AbortSignal): Promise<void>;
}

/** In characters; 0 if there is no terminal, or it does not say. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Something that the machine cannot do, or that this program refuses; not for the system's own errors. */
export class MachineError extends Error {
  override readonly name = "MachineError";

  constructor(readonly problem: MachineProblem) {
    super(problem.code);
  }
}

/** Environment variables; `set` is there for `--envfile`, whose variables the AWS SDK must see too. */
export interface Environment {
  /** Throws a `MachineError` for bytes that are not text. */
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/** What a path leads to. `stream`: a pipe, a device or a socket; opening one may wait, and reading may never end. */
export type PathKind = "file" | "folder" | "stream";

export interface FileReader {
  /**
   * A file's text; `undefined` when there is none. A pipe or a device is read to its end, once, or until `signal` is
   * aborted. Throws `TooLarge`, or the system's error if it cannot be read.
   */
  readText(path: string, signal?: AbortSignal): Promise<string | undefined>;
}

export interface Files extends FileReader {
  /** What is there; `undefined` also if it cannot be looked at. */
  kindOf(path: string): Promise<PathKind | undefined>;
  /** Where a path leads, absolute, once all links are followed; `undefined` when nothing is there. */
  realPath(path: string): Promise<string | undefined>;
  /**
   * The paths that match a pattern, as in a shell: `*`, `?`, `[ab]`, `{a,b}`, and `**` for any folders, without
   * following links. In no order.
   */
  glob(pattern: string): Promise<readonly string[]>;
  /** Makes the file, or replaces what is in it. Throws the system's error. */
  writeText(path: string, text: string): Promise<void>;
  /**
   * Makes a new file: whole or not at all, even if the program is killed meanwhile. Throws the system's error, also
   * where the name is taken.
   */
  createText(path: string, text: string): Promise<void>;
  /** Adds to the end of the file, or makes it. Throws the system's error. */
  appendText(path: string, text: string): Promise<void>;
  /** Opens a file for writes after `write` is given up. Returns whether that worked: it does only for a plain file. */
  hold(path: string): boolean;
}

/** A program to run as it is: no shell reads its name or its arguments. */
export interface Invocation {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables besides this program's own. Secrets go here: every user of the machine can see the arguments. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly directory: string;
  /** Whether the program may ask for something on the terminal: then it stays in that terminal's session. */
  readonly asksOnTerminal?: boolean;
  /** When aborted, the program ends, with all that it has started: what does not end when asked is killed. */
  readonly signal: AbortSignal;
}

export interface InvocationResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `run`: starting programs; `write`: making and changing files; `ffi`: loading native libraries. */
export type Permission = "run" | "write" | "ffi";

/**
 * Signals that end the program in an orderly way. A person or a service manager sends them (`SIGBREAK` is Ctrl-Break,
 * which GitHub's runner for Windows sends after Ctrl-C), or a limit does: an alarm (`perl -e 'alarm 600; exec @ARGV'`
 * is what macOS has for timeout), CPU time (`ulimit -t`), and what a scheduler may be set up to send.
 */
export type StopSignal = `SIG${"HUP" | "INT" | "QUIT" | "TERM" | "ALRM" | "XCPU" | "USR1" | "USR2" | "BREAK"}`;

export interface Authorities {
  readonly certificates: readonly string[];
  /** Whether the authorities of the runtime and the system are trusted, too. */
  readonly addsToDefaults: boolean;
}

/** The proxies by which requests leave the network; `undefined`: directly. */
export interface Proxies {
  /** URLs of proxies, with their logins: secrets. */
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Names, IP addresses and CIDR blocks that are reached directly; a name includes its subdomains. */
  readonly direct: readonly string[];
}

export interface FetchOptions {
  /** The authorities of the first call apply to the whole process. */
  readonly authorities: Authorities;
  readonly proxies: Proxies;
  /**
   * Whether a connection may serve several requests. Deno's fetch (2.9) sends a request again, unasked, when a
   * connection that has served before is closed without an answer. What must be sent once needs its own connection.
   */
  readonly keepsConnections: boolean;
}

export interface Host {
  readonly args: readonly string[];
  readonly env: Environment;
  readonly files: Files;
  readonly clock: Clock;
  readonly stdout: HostOutput;
  readonly stderr: Omit<HostOutput, "writeWhole">;
  /** From now on, whatever is written to the outputs and to files goes through `mask`. */
  maskWrites(mask: (text: string) => string): void;
  readonly stdin: {
    readonly isTerminal: boolean;
    /** The next line without its end; `undefined` when there is none, or `signal` is aborted first. */
    readLine(signal: AbortSignal): Promise<string | undefined>;
  };
  /** The terminal's size at this moment. Never throws. */
  terminalSize(): TerminalSize;
  random(): number;
  /** Runs a program to its end; `undefined`: there is none of that name. Throws `TooLarge` for much output. */
  invoke(invocation: Invocation): Promise<InvocationResult | undefined>;
  /** Options for `fetch` that a plain call does not have. Throws the runtime's error for authorities. */
  fetchOptions(wanted: FetchOptions): object;
  /** The signals that are to end this process: one that was ignored when it started stays so. Takes milliseconds. */
  findStopSignals(): Promise<readonly StopSignal[]>;
  /** Throws if too few files can be opened. */
  onStopSignal(signals: readonly StopSignal[], listener: (signal: StopSignal) => void): void;
  /**
   * Calls `listener` whenever the process goes on after it was stopped (Ctrl-Z, `fg`), until the returned function is
   * called. Only after `findStopSignals()`: with any listener Deno takes over signals that were ignored.
   */
  onContinue(listener: () => void): () => void;
  /** Gives up permissions of the process, for good. */
  giveUp(permissions: readonly Permission[]): void;
  /** Ends the programs that still run. Resolves within a second, when they are gone. */
  endPrograms(): Promise<void>;
  /** Ends the process as soon as its output is taken, or after a moment, and kills programs that still run. */
  exit(code: number): void;
}
