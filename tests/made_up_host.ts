import { posix } from "node:path";
import type { Clock, Host, Invocation, InvocationResult, StopSignal } from "../src/host.ts";

export interface MadeUp {
  readonly args: readonly string[];
  readonly clock: Clock;
  readonly env?: Readonly<Record<string, string>>;
  /** The files' texts by path; what the program writes is added. */
  readonly files?: Readonly<Record<string, string>>;
  /** Paths that lead elsewhere: to another file, or out of `/work`, the working directory. */
  readonly links?: Readonly<Record<string, string>>;
  /** Paths that cannot be written to. */
  readonly unwritable?: readonly string[];
  /** Whether both outputs and the input are a terminal, or which of them are. */
  readonly isTerminal?: boolean | readonly ("stdin" | "stdout" | "stderr")[];
  /** The width of the terminal; when left out, it is not known. */
  readonly columns?: number;
  /** Why stdout cannot be written to. */
  readonly stdoutFailure?: string;
  /** The lines that the user types. */
  readonly typed?: readonly string[];
  /** Runs other programs; when left out, there are none. */
  readonly invoke?: (invocation: Invocation) => Promise<InvocationResult | undefined>;
  /** Called when the program ends itself at once; a test of an orderly end fails there. */
  readonly exit: (code: number) => void;
}

/** The working directory. */
const FOLDER = "/work";

/** A host that exists in memory only, with what the program did to it. */
interface MadeUpHost {
  readonly host: Host;
  readonly written: { stdout: string; stderr: string };
  /** The files as they are now. */
  readonly files: Map<string, string>;
  send(signal: StopSignal): void;
}

export function madeUpHost(made: MadeUp): MadeUpHost {
  const { args, clock, isTerminal = [], typed = [], invoke = () => Promise.resolve(undefined), exit } = made;
  const env = new Map(Object.entries(made.env ?? {}));
  const files = new Map(Object.entries(made.files ?? {}));
  const lines = [...typed];
  const written = { stdout: "", stderr: "" };
  const listeners = new Set<(signal: StopSignal) => void>();
  const isOne = (name: "stdin" | "stdout" | "stderr") =>
    typeof isTerminal === "boolean" ? isTerminal : isTerminal.includes(name);
  let mask = (text: string) => text;
  const output = (name: "stdout" | "stderr") => {
    const lost = name === "stdout" ? made.stdoutFailure : undefined;
    return outputOf(isOne(name), lost, (text) => mask(text), (text) => written[name] += text);
  };
  const host: Host = {
    args,
    env: {
      get: (name) => env.get(name),
      set: (name, value) => void env.set(name, value),
    },
    files: filesOf(made, files, (text) => mask(text)),
    clock,
    stdout: output("stdout"),
    stderr: output("stderr"),
    maskWrites: (withWhat) => mask = withWhat,
    stdin: { isTerminal: isOne("stdin"), readLine: () => Promise.resolve(lines.shift()) },
    terminalSize: () => ({ columns: made.columns ?? 0, rows: 0 }),
    random: () => 0.5,
    invoke,
    fetchOptions: () => ({}),
    findStopSignals: () => Promise.resolve(["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"]),
    onContinue: () => () => {},
    onStopSignal: (_signals, listener) => void listeners.add(listener),
    endPrograms: () => Promise.resolve(),
    giveUp: () => {},
    exit,
  };
  return { host, written, files, send: (signal) => listeners.forEach((listener) => listener(signal)) };
}

type Mask = (text: string) => string;

/** An output, or one that cannot be written to. */
function outputOf(
  isTerminal: boolean,
  lost: string | undefined,
  mask: Mask,
  take: (text: string) => void,
): Host["stdout"] {
  let failure: string | undefined;
  return {
    isTerminal,
    isStalled: false,
    finish: () => Promise.resolve(),
    get failure() {
      return failure;
    },
    write(text: string) {
      this.writeWhole(mask(text));
    },
    writeWhole(text: string) {
      if (lost === undefined) take(text);
      else failure = lost;
    },
  };
}

function filesOf({ links, unwritable }: MadeUp, files: Map<string, string>, mask: Mask): Host["files"] {
  const write = (path: string, text: string) =>
    unwritable?.includes(path)
      ? Promise.reject(new Error("No such file or directory (os error 2)"))
      : Promise.resolve(void files.set(path, mask(text)));
  const isFolder = (path: string) => path === "." || [...files.keys()].some((one) => one.startsWith(`${path}/`));
  const isFile = (path: string) => files.has(path) || links?.[path] !== undefined;
  return {
    readText: (path) => Promise.resolve(files.get(path) ?? files.get(posix.relative(FOLDER, path))),
    kindOf: (path) => Promise.resolve(isFolder(path) ? "folder" : isFile(path) ? "file" : undefined),
    createText: (path, text) =>
      files.has(path) ? Promise.reject(new Error("File exists (os error 17)")) : write(path, text),
    writeText: write,
    appendText: (path, text) => write(path, (files.get(path) ?? "") + text),
    realPath: (path) => {
      const isThere = isFile(path) || isFolder(path);
      return Promise.resolve(isThere ? posix.resolve(FOLDER, links?.[path] ?? path) : undefined);
    },
    glob: (pattern) => Promise.resolve([...files.keys()].filter((path) => posix.matchesGlob(path, pattern))),
    hold: (path) => files.has(path) && !unwritable?.includes(path),
  };
}
