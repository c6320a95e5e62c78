/** A program to run: its name and arguments, as they are. */
export interface Invocation {
  readonly command: readonly string[];
  /** Its whole environment; this process's own when left out. */
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** Stopped after that many milliseconds. */
  readonly timeoutMs: number;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<Deno.ChildProcess>();
let isEnding = false;

/** Ends every process that is still running, and returns when none is; none is started any more. */
export async function endAll(): Promise<void> {
  isEnding = true;
  for (const child of running) end(child);
  await Promise.all([...running].map(({ status }) => status));
}

/** Has `endAll()` end a process, too. */
export function adopt(child: Deno.ChildProcess): void {
  running.add(child);
  child.status.then(() => running.delete(child));
  if (isEnding) end(child);
}

/** Runs a program to its end. Throws `Deno.errors.NotFound` when there is none of that name, an Error when it takes too long. */
export async function run(invocation: Invocation): Promise<Ended> {
  const late = AbortSignal.timeout(invocation.timeoutMs);
  const { code, stdout, stderr } = await spawn(invocation, late).output();
  if (late.aborted) {
    throw new Error(`${invocation.command.join(" ")} did not end within ${invocation.timeoutMs / 1_000} s`);
  }
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/**
 * Starts a server and returns the first part of its standard error that matches `ready`. It runs until `endAll()`.
 * Throws an Error when it ends, or `timeoutMs` have passed, without such a part.
 */
export async function serve(invocation: Invocation, ready: RegExp): Promise<string> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), invocation.timeoutMs);
  const child = spawn(invocation, late.signal);
  child.stdout.pipeTo(new WritableStream());
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const read = async () => {
    let last = "";
    // To the end: with nobody reading, the server would one day wait for room in the pipe.
    for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
      last = (last + part).slice(-2_000);
      const match = ready.exec(last);
      if (match) resolve(match[0]);
    }
    reject(new Error(`${invocation.command[0]} has ended, or was not ready in time: ${last.trim()}`));
  };
  read();
  return await promise.finally(() => clearTimeout(timer));
}

function spawn({ command, env, directory }: Invocation, signal: AbortSignal): Deno.ChildProcess {
  const [program = "", ...args] = command;
  if (isEnding) throw new Error(`${program} is not started: the run is being ended`);
  const child = new Deno.Command(program, {
    args,
    ...(env ? { env, clearEnv: true } : {}),
    ...(directory === undefined ? {} : { cwd: directory }),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  adopt(child);
  return child;
}

function end(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
