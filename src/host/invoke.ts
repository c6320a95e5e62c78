import type { Invocation, InvocationResult } from "../host.ts";
import { abortOf, sleep } from "./sleep.ts";
import { LARGEST_FILE_BYTES } from "./bounds.ts";
import { type Family, groupOf, onlyOne, treeOf } from "./program_family.ts";
import { decodeAndFree, Gathered } from "./read_bounded.ts";

/** How long a program that is asked to end may tidy up: whatever stops us waits for that, too. */
const TIDY_UP_MS = 700;
const LOOK_EVERY_MS = 20;
/** How long, after a program's end, its children may hold its outputs open. */
const LINGER_MS = 1_000;

const running = new Set<{ readonly family: Family; readonly end: () => Promise<void> }>();

/**
 * Runs a program to its end; `undefined` when there is none of that name. When the signal is aborted, the program and all
 * that it has started are asked to end, and killed where they do not.
 *
 * @throws TooLarge when it writes too much, the system's error when it cannot be started
 */
export async function invoke(invocation: Invocation): Promise<InvocationResult | undefined> {
  const staysInTerminal = invocation.asksOnTerminal === true && hasTerminal();
  const child = spawn(invocation, !staysInTerminal);
  if (child === undefined) return undefined;
  const family = Deno.build.os === "windows" ? onlyOne(child) : staysInTerminal ? treeOf(child) : groupOf(child);
  const ended = new AbortController();
  let ending: Promise<void> | undefined;
  const end = () => ending ??= endInOrder(family).finally(() => ended.abort());
  const entry = { family, end };
  running.add(entry);
  if (invocation.signal.aborted) void end();
  invocation.signal.addEventListener("abort", end);
  const over = new AbortController();
  try {
    // A program that does not read to the end closes the pipe: what it answers is what counts.
    const fed = new Blob([invocation.stdin]).stream().pipeTo(child.stdin, { signal: over.signal }).catch(() => {});
    const stdout = new Reading(child.stdout, end);
    const stderr = new Reading(child.stderr, end);
    const { code } = await Promise.race([child.status, giveUpOn(ended.signal, over.signal)]);
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

/** Ends what still runs, in order. */
export async function endPrograms(): Promise<void> {
  await Promise.all([...running].map(({ end }) => end()));
}

/** Ends what still runs, at once. */
export function killPrograms(): void {
  for (const { family } of running) family.kill();
}

function spawn(
  { program, args, env = {}, directory }: Invocation,
  detached: boolean,
): Deno.ChildProcess | undefined {
  refuseRelativePath(program, directory);
  try {
    return new Deno.Command(program, {
      args: [...args],
      env: { ...env },
      cwd: directory,
      detached,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function hasTerminal(): boolean {
  try {
    Deno.openSync("/dev/tty").close();
    return true;
  } catch {
    return false;
  }
}

async function endInOrder(family: Family): Promise<void> {
  family.ask();
  for (let waitedMs = 0; waitedMs < TIDY_UP_MS && family.isAlive(); waitedMs += LOOK_EVERY_MS) {
    await sleep(LOOK_EVERY_MS);
  }
  family.kill();
}

/** Once all are killed: the system may not get rid of one that waits for a disk or a network. */
async function giveUpOn(ended: AbortSignal, over: AbortSignal): Promise<{ readonly code: number }> {
  await abortOf(ended);
  await sleep(TIDY_UP_MS, over);
  return { code: -1 };
}

/** Something is left that holds the outputs open: what has come is all, unless nothing has. */
async function linger(stdout: Reading, ended: AbortSignal, over: AbortSignal): Promise<void> {
  const isOver = AbortSignal.any([ended, over]);
  await sleep(LINGER_MS, isOver);
  if (stdout.isEmpty) await abortOf(isOver);
}

class Reading {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  readonly #gathered = new Gathered(LARGEST_FILE_BYTES);
  #tooLarge: unknown;
  readonly end: Promise<void>;

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>, onTooLarge: () => void) {
    this.#reader = stream.getReader();
    this.end = this.#read(onTooLarge);
  }

  get isEmpty(): boolean {
    return this.#gathered.bytes.length === 0;
  }

  /** What has come, as text. Reads no further. Throws `TooLarge`. */
  async finish(): Promise<string> {
    await this.#reader.cancel().catch(() => {});
    if (this.#tooLarge !== undefined) throw this.#tooLarge;
    return decodeAndFree(this.#gathered.bytes);
  }

  async #read(onTooLarge: () => void): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      try {
        this.#gathered.add(value);
      } catch (error) {
        this.#tooLarge = error;
        return onTooLarge();
      }
    }
  }
}

const IS_WINDOWS = Deno.build.os === "windows";
const ABSOLUTE = IS_WINDOWS ? /^(?:[A-Za-z]:)?[\\/]/ : /^\//;

/**
 * Refuses a program that `PATH` finds by an entry that is empty, or no absolute path: a stranger may have put it into the
 * working directory. So do programs in Go, such as Kayac's ecspresso: https://pkg.go.dev/os/exec#hdr-Executables_in_the_current_directory
 *
 * @throws Error with the file that would be run
 */
export function refuseRelativePath(program: string, directory: string, path = Deno.env.get("PATH") ?? ""): void {
  const endings = IS_WINDOWS ? (Deno.env.get("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").split(";") : [""];
  for (const entry of path.split(IS_WINDOWS ? ";" : ":")) {
    // Deno looks in our working directory, and the system in the program's.
    const folders = ABSOLUTE.test(entry) ? [entry] : [`${directory}/${entry}`, `./${entry}`];
    const found = folders.flatMap((folder) => endings.map((ending) => `${folder}/${program}${ending}`))
      .find(isExecutable);
    if (found === undefined) continue;
    if (ABSOLUTE.test(entry)) return;
    const named = found.replaceAll(/\/(?:\.?\/)+/g, "/");
    throw new Error(`it would be ${named}, by an entry of PATH that is no absolute path (take that entry out of PATH)`);
  }
}

function isExecutable(file: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(file);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}
