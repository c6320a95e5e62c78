import { type Invocation, type InvocationResult, MachineError } from "../host.ts";
import { ByteBuffer, decodeAndFree, LARGEST_FILE_BYTES } from "./read_bounded.ts";
import { attempt } from "./attempt.ts";
import { abortOf, sleep } from "./sleep.ts";

const IS_WINDOWS = Deno.build.os === "windows";
/** How long a program may take between SIGTERM and SIGKILL: the end of this program waits for that, too. */
const TERMINATION_GRACE_MS = 700;
const LOOK_EVERY_MS = 20;
/** How long, after a program's end, its children may hold its outputs open. */
const LINGER_MS = 1_000;

const running = new Set<{ readonly family: ProcessGroup; readonly end: () => Promise<void> }>();

/** As `Host.invoke`. Throws also the system's error when the program cannot be started. */
export async function invoke(invocation: Invocation): Promise<InvocationResult | undefined> {
  const staysInTerminal = invocation.asksOnTerminal === true && hasTerminal();
  const child = spawn(invocation, !staysInTerminal);
  if (child === undefined) return undefined;
  // `detached` makes it the leader of a process group, which has all that it starts, even after it has ended itself.
  const family = IS_WINDOWS
    ? onlyOne(child)
    : staysInTerminal
    ? processTreeOf(child)
    : signalledProcesses(-child.pid, (ids) => ids);
  const ended = new AbortController();
  let ending: Promise<void> | undefined;
  const end = () => ending ??= endInOrder(family).finally(() => ended.abort());
  const entry = { family, end };
  running.add(entry);
  if (invocation.signal.aborted) void end();
  invocation.signal.addEventListener("abort", end);
  const over = new AbortController();
  try {
    // A program that does not read to the end closes the pipe: only its answer counts.
    const fed = new Blob([invocation.stdin]).stream().pipeTo(child.stdin, { signal: over.signal }).catch(() => {});
    const stdout = new OutputReader(child.stdout, over.signal, end);
    const stderr = new OutputReader(child.stderr, over.signal, end);
    const { code } = await Promise.race([child.status, giveUpAfterKill(ended.signal, over.signal)]);
    const lingering = linger(stdout, ended.signal, over.signal);
    await Promise.race([Promise.all([stdout.end, stderr.end]), lingering]);
    over.abort();
    await Promise.all([fed, lingering, ending]);
    return { code, stdout: await stdout.finish(), stderr: await stderr.finish() };
  } finally {
    over.abort();
    invocation.signal.removeEventListener("abort", end);
    running.delete(entry);
  }
}

/** Asks the programs that still run to end, then kills those that do not. */
export async function endPrograms(): Promise<void> {
  await Promise.all([...running].map(({ end }) => end()));
}

export function killPrograms(): void {
  for (const { family } of running) family.kill();
}

function spawn({ program, args, env = {}, directory }: Invocation, detached: boolean): Deno.ChildProcess | undefined {
  refuseRelativePath(program, directory);
  try {
    const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    return new Deno.Command(program, { args: [...args], env: { ...env }, cwd: directory, detached, ...pipes }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function hasTerminal(): boolean {
  const terminal = attempt(() => Deno.openSync("/dev/tty"));
  terminal?.close();
  return terminal !== undefined;
}

async function endInOrder(family: ProcessGroup): Promise<void> {
  family.ask();
  for (let waitedMs = 0; waitedMs < TERMINATION_GRACE_MS && family.isAlive(); waitedMs += LOOK_EVERY_MS) {
    await sleep(LOOK_EVERY_MS);
  }
  family.kill();
}

/** After all were killed: the system may not get rid of a process that waits for a disk or a network. */
async function giveUpAfterKill(ended: AbortSignal, over: AbortSignal): Promise<{ readonly code: number }> {
  await abortOf(ended);
  await sleep(TERMINATION_GRACE_MS, over);
  return { code: -1 };
}

/** If something still holds the outputs open, what was read so far counts as all, unless it is nothing. */
async function linger(stdout: OutputReader, ended: AbortSignal, over: AbortSignal): Promise<void> {
  const isOver = AbortSignal.any([ended, over]);
  await sleep(LINGER_MS, isOver);
  if (stdout.isEmpty) await abortOf(isOver);
}

/** The output of a program, until the signal is aborted. */
class OutputReader {
  readonly #gathered = new ByteBuffer(LARGEST_FILE_BYTES);
  #error: unknown;
  readonly end: Promise<void>;

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>, over: AbortSignal, onError: () => void) {
    const sink = new WritableStream<Uint8Array>({ write: (chunk) => this.#gathered.add(chunk) });
    this.end = stream.pipeTo(sink, { signal: over }).catch((error) => {
      if (over.aborted) return;
      this.#error = error;
      onError();
    });
  }

  get isEmpty(): boolean {
    return this.#gathered.bytes.length === 0;
  }

  /** The output so far, as text. Throws `TooLarge`. */
  async finish(): Promise<string> {
    await this.end;
    if (this.#error !== undefined) throw this.#error;
    return decodeAndFree(this.#gathered.bytes);
  }
}

const ABSOLUTE = IS_WINDOWS ? /^(?:[A-Za-z]:)?[\\/]/ : /^\//;

/**
 * Refuses a program that `PATH` finds by an empty or a relative entry: a stranger may have put it into the working
 * directory. Go does so, too: https://pkg.go.dev/os/exec#hdr-Executables_in_the_current_directory
 *
 * @throws MachineError with the file that would be run
 */
export function refuseRelativePath(program: string, directory: string, path = Deno.env.get("PATH") ?? ""): void {
  const endings = IS_WINDOWS ? (Deno.env.get("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").split(";") : [""];
  for (const entry of path.split(IS_WINDOWS ? ";" : ":")) {
    // Deno searches our working directory, and the system searches the program's.
    const folders = ABSOLUTE.test(entry) ? [entry] : [`${directory}/${entry}`, `./${entry}`];
    const found = folders.flatMap((folder) => endings.map((ending) => `${folder}/${program}${ending}`))
      .find(isExecutable);
    if (found === undefined) continue;
    if (ABSOLUTE.test(entry)) return;
    const named = found.replaceAll(/\/(?:\.?\/)+/g, "/");
    throw new MachineError({ code: "relativePath", program: named });
  }
}

function isExecutable(file: string): boolean {
  const { isFile = false, mode = null } = attempt(() => Deno.statSync(file)) ?? {};
  return isFile && (mode === null || (mode & 0o111) !== 0);
}

/** A program, with all that it has started. */
interface ProcessGroup {
  ask(): void;
  isAlive(): boolean;
  kill(): void;
}

/** Windows has no process groups and no signals: only the program itself is ended. */
function onlyOne(child: Deno.ChildProcess): ProcessGroup {
  let hasEnded = false;
  void child.status.then(() => hasEnded = true);
  const end = () => {
    if (!hasEnded) child.kill("SIGKILL");
  };
  return { ask: end, isAlive: () => !hasEnded, kill: end };
}

/**
 * A program in our own process group, where it may ask on the terminal. A signal to that group would hit us, too, so
 * the family is found by `ps`.
 */
export function processTreeOf({ pid }: Deno.ChildProcess): ProcessGroup {
  return signalledProcesses(pid, findBelow);
}

function signalledProcesses(id: number, findAll: (ids: readonly number[]) => readonly number[]): ProcessGroup {
  let ids: readonly number[] = [id];
  const sendAll = (signal: Deno.Signal) => ids.map((one) => send(one, signal)).includes(true);
  const findAndSend = (signal: Deno.Signal) => {
    // Before one of them ends: after that, its children have another parent.
    ids = findAll(ids);
    sendAll(signal);
  };
  return {
    ask: () => findAndSend("SIGTERM"),
    // A process that was stopped gets the signal only when it goes on.
    isAlive: () => sendAll("SIGCONT"),
    kill: () => findAndSend("SIGKILL"),
  };
}

function send(pid: number, signal: Deno.Signal): boolean {
  try {
    Deno.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

function findBelow(pids: readonly number[]): readonly number[] {
  const family = new Set(pids);
  const parents = readParents();
  // A set can grow while it is being walked: the new members are visited too.
  for (const parent of family) {
    for (const [pid, ppid] of parents) if (ppid === parent) family.add(pid);
  }
  return [...family];
}

/** Process and parent; nothing if there is no `ps`. */
function readParents(): readonly (readonly [number, number])[] {
  try {
    const { stdout } = new Deno.Command("ps", { args: ["-A", "-o", "pid=,ppid="], stderr: "null" }).outputSync();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    return lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  } catch {
    return [];
  }
}
