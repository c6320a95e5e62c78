import type { Emulator } from "../../tests/emulator/emulator.ts";
import { SERVICE } from "../../tests/emulator/myservice.ts";
import { startEmulatorServer } from "../../tests/emulator/server.ts";
import { awsEnvironment } from "../interop/aws_environment.ts";
import { myserviceNow } from "../interop/emulated.ts";
import { runProcess } from "./start_process.ts";

/** What the emulator saw of a program that has changed `myservice`. */
export interface ObservedRun {
  /** From the start of the program to the arrival of its first write: what somebody waits for whose service is down. */
  readonly firstWriteMs: number;
  readonly callsBeforeFirstWrite: number;
  readonly calls: number;
  /** From the end of the deployment to that of the program; `undefined` when the program did not wait for it. */
  readonly noticedAfterMs: number | undefined;
}

export interface RunOptions {
  /** How long each answer is held back. */
  readonly latencyMs?: number;
  /** A folder without files of the user's. */
  readonly home: string;
}

/**
 * Runs a program on a service of its own, at the pace of the wall's clock.
 *
 * @throws Error when the program fails, or changes nothing
 */
export async function observeRun(
  commandLine: readonly string[],
  { latencyMs = 0, home }: RunOptions,
): Promise<ObservedRun> {
  // Kayac's tool reads the type of the controller from every service, also where ECS leaves it out.
  const emulator = myserviceNow({ service: { deploymentController: { type: "ECS" } } });
  let firstWrite: { atMs: number; callsBefore: number } | undefined;
  const server = await startEmulatorServer(emulator, {
    async beforeAnswer() {
      const { length } = emulator.calls;
      if (!/^(Describe|List|Get)/.test(emulator.calls[length - 1]!.operation)) {
        firstWrite ??= { atMs: performance.now(), callsBefore: length - 1 };
      }
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    },
  });
  const worldAheadMs = emulator.now() - performance.now();
  try {
    const { startedAtMs, endedAtMs } = await runProcess(commandLine, awsEnvironment(server.url, home));
    if (firstWrite === undefined) throw new Error(`${commandLine.join(" ")} changed nothing`);
    const completedAtMs = completionOf(emulator);
    return {
      firstWriteMs: firstWrite.atMs - startedAtMs,
      callsBeforeFirstWrite: firstWrite.callsBefore,
      calls: emulator.calls.length,
      noticedAfterMs: completedAtMs === undefined ? undefined : endedAtMs + worldAheadMs - completedAtMs,
    };
  } finally {
    await server.close();
  }
}

/** When the newest deployment was completed, in the emulator's milliseconds. */
function completionOf(emulator: Emulator): number | undefined {
  const { serviceDeployments } = emulator.call("AmazonEC2ContainerServiceV20141113.ListServiceDeployments", {
    service: SERVICE,
    cluster: "default",
  });
  const [newest] = serviceDeployments as { finishedAt?: number }[];
  return newest?.finishedAt === undefined ? undefined : newest.finishedAt * 1_000;
}
