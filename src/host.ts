// The outside world as the rest of the program sees it. `src/host` has the real one; tests hand in their own, with a clock
// that they move and files that they made up.
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
  /** Why something is lost; `undefined` also where a pipe's reader has had enough. */
  readonly failure: Reason | undefined;
  readonly isTerminal: boolean;
}

/** One of the outputs, as the process has it. */
export interface HostOutput extends Output {
  /** Takes nothing at the moment: the terminal is stopped by Ctrl-S, or the pipe's reader sleeps. */
  readonly isStalled: boolean;
  /** Resolves when all is written, or when `until` is aborted: then the rest is lost, and `failure` says so. */
  finish(until: AbortSignal): Promise<void>;
}

/** In characters; 0 where the terminal does not say, or is none. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

interface Input {
  readonly isTerminal: boolean;
  /** The next line without its end; `undefined` when there is none, or `signal` is aborted first. */
  readLine(signal: AbortSignal): Promise<string | undefined>;
}

/** The machine cannot do something, or the program does not let it; the system's own errors are others. */
export class MachineError extends Error {
  override readonly name = "MachineError";
  readonly exitCode: number;

  constructor(readonly problem: MachineProblem) {
    super(problem.code);
    this.exitCode = problem.code === "notText" ? 3 : 1;
  }
}

/** Environment variables; `set` is there for `--envfile`, whose variables the AWS SDK must see too. */
export interface Environment {
  /** Throws a `MachineError` for bytes that are no text. */
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  all(): Readonly<Record<string, string>>;
}

/** What a path leads to. `stream`: a pipe, a device or a socket; opening one may wait, and reading it may have no end. */
export type PathKind = "file" | "folder" | "stream";

export interface FileReader {
  /**
   * A file's text; `undefined` when there is none. A pipe or a device is read to its end, once, or until `signal` is
   * aborted. Throws `TooLarge`, or the system's error, for anything else.
   */
  readText(path: string, signal?: AbortSignal): Promise<string | undefined>;
}

export interface Files extends FileReader {
  /** What is there; `undefined` also for what cannot be looked at. */
  kindOf(path: string): Promise<PathKind | undefined>;
  /** Where a path leads, absolute, once all links are followed; `undefined` when nothing is there. */
  realPath(path: string): Promise<string | undefined>;
  /**
   * The paths of what is there by a pattern, as a shell has them: `*`, `?`, `[ab]`, `{a,b}`, and `**` for any folders, which
   * follows no links. In no order.
   */
  glob(pattern: string): Promise<readonly string[]>;
  /** Makes the file, or replaces what is in it. Throws the system's error. */
  writeText(path: string, text: string): Promise<void>;
  /**
   * Makes a file that is not there yet: whole, or not at all, also where the program is killed meanwhile. Throws the system's
   * error, also where there is something by that name.
   */
  createText(path: string, text: string): Promise<void>;
  /** Adds to the end of the file, or makes it. Throws the system's error. */
  appendText(path: string, text: string): Promise<void>;
  /** Opens a file for writes after `write` is given up. Returns whether that has worked: only with a plain file. */
  hold(path: string): boolean;
}

/** A program to run as it is: no shell reads its name or its arguments. */
export interface Invocation {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables besides those of this program. No secret is among the arguments, which every user of the machine can see. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly directory: string;
  /** Whether it may ask for something on the terminal: then it stays in that terminal's session. */
  readonly asksOnTerminal?: boolean;
  /** When aborted, ends it with all that it has started: those that do not end when they are asked are killed. */
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
 * Signals that end the program in an orderly way: what a person or a service manager sends (`SIGBREAK` is Ctrl-Break, which
 * GitHub's runner for Windows sends after Ctrl-C), and what a limit sets off: an alarm (`perl -e 'alarm 600; exec @ARGV'` is
 * what macOS has for timeout), CPU time (`ulimit -t`), and what a scheduler may be set up to send.
 */
export type StopSignal =
  | "SIGHUP"
  | "SIGINT"
  | "SIGQUIT"
  | "SIGTERM"
  | "SIGALRM"
  | "SIGXCPU"
  | "SIGUSR1"
  | "SIGUSR2"
  | "SIGBREAK";

export interface Authorities {
  readonly certificates: readonly string[];
  /** Whether those that the runtime and the system bring are trusted, too. */
  readonly besidesKnown: boolean;
}

/** The ways out of a network; `undefined` is the direct one. */
export interface Proxies {
  /** URLs of proxies, with what each wants as a login; secrets. */
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Names, IP addresses and CIDR blocks that are reached directly; a name stands for what is below it, too. */
  readonly direct: readonly string[];
}

export interface FetchOptions {
  /** Those of the first call hold for the whole process. */
  readonly authorities: Authorities;
  readonly proxies: Proxies;
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
  readonly stdout: HostOutput;
  readonly stderr: HostOutput;
  readonly stdin: Input;
  /** Of the terminal, as it is now. Never throws. */
  terminalSize(): TerminalSize;
  random(): number;
  /** Runs a program to its end; `undefined`: there is none of that name. Throws `TooLarge`, and ends it, for much output. */
  invoke(invocation: Invocation): Promise<InvocationResult | undefined>;
  /** Options for `fetch` that a plain call of it does not have. Throws the runtime's error for authorities. */
  fetchOptions(wanted: FetchOptions): object;
  /** The signals that are to end this process: what was ignored when it started stays so. Takes some milliseconds. */
  findStopSignals(): Promise<readonly StopSignal[]>;
  /** Throws where too few files can be opened. */
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
  /** Ends the process as soon as what was written is taken, within a moment, and the programs that still run at once. */
  exit(code: number): void;
}
