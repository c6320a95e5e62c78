/** A program as the start of a command line. */
export type Program = readonly [command: string, ...args: string[]];

/** When a process was started and when it had ended, in the milliseconds of `performance.now()`. */
export interface Lifetime {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** A command in an environment of nothing but `env`: a profile or a proxy would be measured with it. */
function commandOf([name, ...args]: readonly string[], env: Record<string, string>): Deno.Command {
  const path = Deno.env.get("PATH") ?? "";
  return new Deno.Command(name!, {
    args,
    clearEnv: true,
    env: { PATH: path, ...env },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
}

/** Runs a program to its end. @throws Error when it fails, with what it printed */
export async function runProcess(
  commandLine: readonly string[],
  env: Record<string, string> = {},
): Promise<Lifetime> {
  const startedAtMs = performance.now();
  const { success, stderr } = await commandOf(commandLine, env).output();
  const endedAtMs = performance.now();
  if (!success) throw new Error(`${commandLine.join(" ")} failed: ${new TextDecoder().decode(stderr)}`);
  return { startedAtMs, endedAtMs };
}

/** GNU time, the one that knows `-f`. */
const TIME = "/usr/bin/time";

/** Whether this machine can tell how much memory a process has had at most. */
export async function canMeasurePeak(): Promise<boolean> {
  try {
    return (await commandOf([TIME, "-f", "%M", "true"], {}).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Measures the most memory that a process had, in MiB.
 *
 * @param run runs the process to its end; what it is given has to stand before the command line
 */
export async function measurePeak(run: (prefix: readonly string[]) => Promise<unknown>): Promise<number> {
  const file = await Deno.makeTempFile();
  try {
    await run([TIME, "-f", "%M", "-o", file]);
    return Number(await Deno.readTextFile(file)) / 1_024;
  } finally {
    await Deno.remove(file);
  }
}
