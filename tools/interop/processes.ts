/** A program to run: its name and arguments, as they are. */
export interface Invocation {
  readonly command: readonly string[];
  /** Its whole environment; this process's own when left out. */
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** Killed after that many milliseconds. */
  readonly timeoutMs: number;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long a process may take to end once it has been asked to. */
const ENDING_MS = 3_000;

/** The child processes of the run: whoever leaves it, on whichever way, calls `endAll`. */
export class Processes {
  readonly #running = new Set<Deno.ChildProcess>();
  #isEnding = false;

  /** Whether `endAll` has been called: nothing is started any more. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Runs a program to its end. Throws `Deno.errors.NotFound` when there is none of that name, an Error when it takes too long. */
  async run({ timeoutMs, ...invocation }: Invocation): Promise<Ended> {
    const child = this.#spawn(invocation, "piped");
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        kill(child, "SIGKILL");
        reject(new Error(`${invocation.command.join(" ")} did not end within ${timeoutMs / 1_000} s`));
      }, timeoutMs);
    });
    try {
      const { code, stdout, stderr } = await Promise.race([child.output(), late]);
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: text(stdout), stderr: text(stderr) };
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Starts a server and returns the first part of its standard error that matches `ready`. It runs until `endAll`.
   * Throws an Error when it ends, or `timeoutMs` have passed, without such a part.
   */
  async serve({ timeoutMs, ...invocation }: Invocation, ready: RegExp): Promise<string> {
    const child = this.#spawn(invocation, "null");
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const name = invocation.command[0];
    const timer = setTimeout(() => reject(new Error(`${name} was not ready after ${timeoutMs / 1_000} s`)), timeoutMs);
    const read = async () => {
      let last = "";
      // To the end: with nobody reading, the server would one day wait for room in the pipe.
      for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
        last = (last + part).slice(-2_000);
        const match = ready.exec(last);
        if (match) resolve(match[0]);
      }
      reject(new Error(`${name} has ended: ${last.trim()}`));
    };
    read();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes charge of a process that somebody else has started. */
  adopt(child: Deno.ChildProcess): void {
    this.#running.add(child);
    child.status.then(() => this.#running.delete(child));
    if (this.#isEnding) kill(child, "SIGKILL");
  }

  /** Ends every process that is still running, and returns when none is. */
  async endAll(): Promise<void> {
    this.#isEnding = true;
    const children = [...this.#running];
    for (const child of children) kill(child, "SIGTERM");
    const timer = setTimeout(() => children.forEach((child) => kill(child, "SIGKILL")), ENDING_MS);
    await Promise.all(children.map(({ status }) => status));
    clearTimeout(timer);
  }

  #spawn({ command, env, directory }: Omit<Invocation, "timeoutMs">, stdout: "piped" | "null"): Deno.ChildProcess {
    const [program = "", ...args] = command;
    if (this.#isEnding) throw new Error(`${program} is not started: the run is being ended`);
    const child = new Deno.Command(program, {
      args,
      ...(env ? { env, clearEnv: true } : {}),
      ...(directory === undefined ? {} : { cwd: directory }),
      stdin: "null",
      stdout,
      stderr: "piped",
    }).spawn();
    this.adopt(child);
    return child;
  }
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended by itself.
  }
}
