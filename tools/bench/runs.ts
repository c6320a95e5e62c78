import type { Emulator } from "../../tests/emulator/emulator.ts";
import { SERVICE } from "../../tests/emulator/myservice.ts";
import { isRead } from "../../tests/emulator/operations.ts";
import { startEmulatorServer } from "../../tests/emulator/server.ts";
import { awsEnvironment, myserviceNow } from "../../tests/interop/emulated.ts";

/** A program as the start of a command line. */
export type Program = readonly [command: string, ...args: string[]];

/** When a process was started and when it had ended, in the milliseconds of `performance.now()`. */
interface Lifetime {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/**
 * Runs a program to its end, in an environment of nothing but `env`: a profile or a proxy would be measured with it.
 *
 * @throws Error when it fails, with what it printed
 */
export async function runProcess(commandLine: readonly string[], env: Record<string, string> = {}): Promise<Lifetime> {
  const [name, ...args] = commandLine;
  const path = Deno.env.get("PATH") ?? "";
  const command = new Deno.Command(name!, {
    args,
    clearEnv: true,
    env: { PATH: path, ...env },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  const startedAtMs = performance.now();
  const { success, stderr } = await command.output();
  const endedAtMs = performance.now();
  if (!success) throw new Error(`${commandLine.join(" ")} failed: ${new TextDecoder().decode(stderr)}`);
  return { startedAtMs, endedAtMs };
}

/** What the emulator saw of a program that has changed `myservice`. */
export interface ObservedRun {
  /** From the start of the program to the arrival of its first write: what somebody waits for whose service is down. */
  readonly firstWriteMs: number;
  readonly callsBeforeFirstWrite: number;
  readonly calls: number;
  /** From the end of the deployment to that of the program; `NaN` when the program did not wait for it. */
  readonly noticedAfterMs: number;
}

/**
 * Runs a program on a service of its own, at the pace of the wall's clock.
 *
 * @param home a folder without files of the user's
 * @param latencyMs how long each answer is held back
 * @throws Error when the program fails, or changes nothing
 */
export async function observeRun(commandLine: readonly string[], home: string, latencyMs = 0): Promise<ObservedRun> {
  // Kayac's tool reads the type of the controller from every service, also where ECS leaves it out.
  const emulator = myserviceNow({ service: { deploymentController: { type: "ECS" } } });
  let firstWrite: { atMs: number; callsBefore: number } | undefined;
  const server = await startEmulatorServer(emulator, {
    async beforeAnswer() {
      const { length } = emulator.calls;
      if (!isRead(emulator.calls[length - 1]!.operation)) {
        firstWrite ??= { atMs: performance.now(), callsBefore: length - 1 };
      }
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    },
  });
  const worldAheadMs = emulator.now() - performance.now();
  try {
    const { startedAtMs, endedAtMs } = await runProcess(commandLine, awsEnvironment(server.url, home));
    if (firstWrite === undefined) throw new Error(`${commandLine.join(" ")} changed nothing`);
    return {
      firstWriteMs: firstWrite.atMs - startedAtMs,
      callsBeforeFirstWrite: firstWrite.callsBefore,
      calls: emulator.calls.length,
      noticedAfterMs: endedAtMs + worldAheadMs - completionOf(emulator),
    };
  } finally {
    await server.close();
  }
}

/** When the newest deployment was completed, in the emulator's milliseconds; `NaN` while it was not. */
function completionOf(emulator: Emulator): number {
  const { serviceDeployments } = emulator.call("AmazonEC2ContainerServiceV20141113.ListServiceDeployments", {
    service: SERVICE,
    cluster: "default",
  });
  const [newest] = serviceDeployments as { finishedAt?: number }[];
  return (newest?.finishedAt ?? NaN) * 1_000;
}

/** GNU time, the one that knows `-f`. */
const TIME = ["/usr/bin/time", "-f", "%M"];

/**
 * Runs a process so many times, and measures the most memory that each run had, in MiB.
 *
 * @param run runs the process to its end; what it is given has to stand before the command line
 * @returns what the runs returned, and their peaks, `undefined` on a machine without GNU time
 */
export async function withPeaks<Result>(
  count: number,
  run: (prefix: readonly string[]) => Promise<Result>,
): Promise<{ readonly results: readonly Result[]; readonly peaks: readonly number[] | undefined }> {
  const canMeasure = await runProcess([...TIME, "true"]).then(() => true, () => false);
  const runs = await Promise.all(Array.from({ length: count }, async () => {
    if (!canMeasure) return { result: await run([]), peak: NaN };
    const file = await Deno.makeTempFile();
    try {
      const result = await run([...TIME, "-o", file]);
      return { result, peak: Number(await Deno.readTextFile(file)) / 1_024 };
    } finally {
      await Deno.remove(file);
    }
  }));
  return {
    results: runs.map(({ result }) => result),
    peaks: canMeasure ? runs.map(({ peak }) => peak) : undefined,
  };
}
