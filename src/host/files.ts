import { MachineError, type PathKind } from "../host.ts";
import { decodeAndFree, LARGEST_FILE_BYTES, readBounded, TooLarge } from "./read_bounded.ts";
import { invoke } from "./invoke.ts";

/** How long the reader of a pipe may take for a few lines. */
const LONGEST_WRITE_MS = 1_000;

const NEVER = new AbortController().signal;

/** What was read from streams, by path: a stream can be read only once. */
const read = new Map<string, Promise<string>>();

/** As `FileReader.readText`. Throws the reason of `signal` if that ends the reading of a stream. */
export async function readText(path: string, signal: AbortSignal = NEVER): Promise<string | undefined> {
  const kind = await lookAt(path);
  if (kind === undefined) return undefined;
  if (kind !== "stream") return await readFile(path);
  const reading = read.get(path) ?? readStream(path, signal);
  read.set(path, reading);
  try {
    return await reading;
  } catch (error) {
    read.delete(path);
    throw error;
  }
}

/** As `Files.writeText`, or with `append` as `Files.appendText`. Throws also for a pipe without a reader. */
export async function writeText(
  path: string,
  text: string,
  options: { readonly append: boolean },
  held: HeldFiles,
): Promise<void> {
  if (await lookAt(path) !== "stream") return await held.write(path, text, options);
  const signal = AbortSignal.timeout(LONGEST_WRITE_MS);
  // Opening the device or the pipe may block.
  await runOnFile("tee", path, text, signal);
  if (signal.aborted) throw new MachineError({ code: "notTaken", withinMs: LONGEST_WRITE_MS });
}

/** As `Files.createText`. */
export async function createText(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await Deno.writeTextFile(unfinished, text, { createNew: true });
    {
      using file = await Deno.open(unfinished, { write: true });
      await file.syncData();
    }
    await nameFile(unfinished, path);
  } finally {
    await Deno.remove(unfinished).catch(() => {});
  }
}

/** Unlike a rename, a link never replaces a file; but not every file system has links. */
async function nameFile(unfinished: string, path: string): Promise<void> {
  try {
    await Deno.link(unfinished, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists || await lookAt(path) !== undefined) throw error;
    await Deno.rename(unfinished, path);
  }
}

async function readFile(path: string): Promise<string | undefined> {
  using file = await Deno.open(path).catch(undefinedIfMissing);
  if (file === undefined) return undefined;
  const { size } = await file.stat();
  if (size > LARGEST_FILE_BYTES) throw new TooLarge(LARGEST_FILE_BYTES, size);
  return decodeAndFree(await readBounded(file.readable, LARGEST_FILE_BYTES));
}

function undefinedIfMissing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

// Opening a pipe blocks until it has a writer, and in Deno 2.6 it blocks everything else, too: stop signals and time
// limits. So it is opened by another program, which can be ended.
async function readStream(path: string, signal: AbortSignal): Promise<string> {
  if (standardStreamOf(path) === 0) {
    const stdin = Deno.stdin.readable.pipeThrough(new TransformStream(), { signal });
    return decodeAndFree(await readBounded(stdin, LARGEST_FILE_BYTES));
  }
  const text = await runOnFile("cat", path, "", signal);
  signal.throwIfAborted();
  return text;
}

/** Returns what the program writes. Throws what it reports, and if there is no such program. */
async function runOnFile(program: string, path: string, stdin: string, signal: AbortSignal): Promise<string> {
  const [args, env] = [["--", path], { LC_ALL: "C" }];
  const result = await invoke({ program, args, env, stdin, directory: ".", asksOnTerminal: true, signal })
    .catch((error) => {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      throw new MachineError({ code: "streamTakes", program, isThere: true });
    });
  if (result === undefined) throw new MachineError({ code: "streamTakes", program, isThere: false });
  if (signal.aborted || result.code === 0) return result.stdout;
  const [line = ""] = result.stderr.split("\n");
  const words = line.split(": ").at(-1);
  throw words ? new Error(words) : new MachineError({ code: "programEnded", program, exitCode: result.code });
}

// Looks without opening; `undefined` when there is nothing. Throws the system's error when it cannot be looked at.
//
// Deno keeps files below /dev and /proc from a program without all permissions; 2.9 does not even look at them.
async function lookAt(path: string): Promise<PathKind | undefined> {
  if (standardStreamOf(path) !== undefined) return "stream";
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    if (isDirectory) return "folder";
    // Windows has kinds of its own, which open like files.
    if (Deno.build.os === "windows") return "file";
    return isFile && !/^\/(?:dev|proc)\//.test(path) ? "file" : "stream";
  } catch (error) {
    return error instanceof Deno.errors.NotCapable ? "stream" : undefinedIfMissing(error);
  }
}

/** The same, but `undefined` also for what cannot be looked at. */
export function kindOf(path: string): Promise<PathKind | undefined> {
  return lookAt(path).catch(() => undefined);
}

/** As `Files.realPath`. */
export function realPath(path: string): Promise<string | undefined> {
  return Deno.realPath(path).catch(undefinedIfMissing);
}

/** As `Files.glob`. */
export async function glob(pattern: string): Promise<readonly string[]> {
  // The code that matches patterns is loaded only when there is a pattern.
  const { glob } = await import("node:fs/promises");
  return await Array.fromAsync(glob(pattern));
}

/** The number of the standard stream that a path stands for; `undefined` for any other. */
export function standardStreamOf(path: string): 0 | 1 | 2 | undefined {
  const found = STANDARD_STREAMS.findIndex((names) => names.includes(path));
  return found === -1 ? undefined : found as 0 | 1 | 2;
}

const STANDARD_STREAMS: readonly (readonly string[])[] = ["stdin", "stdout", "stderr"].map((name, number) => [
  `/dev/${name}`,
  `/dev/fd/${number}`,
  `/proc/self/fd/${number}`,
]);

/** Files that stay open, so that they can be written to after `write` is given up. */
export class HeldFiles {
  readonly #files = new Map<string, Deno.FsFile>();

  /** As `Files.hold`: opening a pipe would block until it has a reader. */
  hold(path: string): boolean {
    if (this.#files.has(path)) return true;
    try {
      if (!Deno.statSync(path).isFile) return false;
      this.#files.set(path, Deno.openSync(path, { write: true }));
      return true;
    } catch {
      return false;
    }
  }

  /** Replaces what is in the file, or adds to it. Throws the system's error when that does not work. */
  async write(path: string, text: string, { append }: { readonly append: boolean }): Promise<void> {
    const file = this.#files.get(path);
    if (file === undefined) return await Deno.writeTextFile(path, text, { append });
    if (append) await file.seek(0, Deno.SeekMode.End);
    else {
      await file.truncate(0);
      await file.seek(0, Deno.SeekMode.Start);
    }
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
  }
}
