import { createScenario } from "../../tests/emulator/scenarios.ts";
import { startEmulatorServer } from "../../tests/emulator/server.ts";
import type { Subject } from "./measure.ts";
import type { Program } from "./programs.ts";

/** The time from starting the program to its end. */
export function startUp(name: string, program: Program, ...args: string[]): Subject {
  return {
    name: [name, ...args].join(" "),
    async run() {
      const startedAt = performance.now();
      const { success, stderr } = await command([...program, ...args], {}).output();
      const time = performance.now() - startedAt;
      if (!success) throw new Error(`${name} failed: ${new TextDecoder().decode(stderr)}`);
      return time;
    },
  };
}

/**
 * The time from starting a rollback to the arrival of its UpdateService at the emulator: what somebody waits for whose
 * service is down.
 *
 * @param latencyMs how long each answer is held back
 */
export function firstWrite(name: string, program: Program, directory: string, latencyMs: number): Subject {
  return {
    name: `${name} rollback, first write, ${latencyMs} ms a call`,
    async run() {
      const emulator = createScenario("healthy");
      let arrivedAt: number | undefined;
      const server = await startEmulatorServer(emulator, {
        async beforeAnswer() {
          if (emulator.calls.at(-1)?.operation === "UpdateService") arrivedAt ??= performance.now();
          if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
        },
      });
      try {
        const startedAt = performance.now();
        const args = ["--config", `${directory}/ecspresso.yml`, "rollback", "--revision", "3", "--no-wait"];
        const { success, stderr } = await command([...program, ...args], {
          AWS_ENDPOINT_URL: server.url,
          AWS_ACCESS_KEY_ID: "emulator",
          AWS_SECRET_ACCESS_KEY: "emulator",
        }).output();
        if (!success || arrivedAt === undefined) {
          throw new Error(`${name} did not roll back: ${new TextDecoder().decode(stderr)}`);
        }
        return arrivedAt - startedAt;
      } finally {
        await server.close();
      }
    },
  };
}

/** Makes the config that `firstWrite` rolls back with. */
export async function writeConfig(directory: string): Promise<void> {
  await Deno.writeTextFile(
    `${directory}/ecspresso.yml`,
    "region: ap-northeast-1\ncluster: default\nservice: myservice\n",
  );
}

/** A command in an environment of nothing but `env`: a profile or a proxy would be measured with it. */
function command([name, ...args]: readonly string[], env: Record<string, string>): Deno.Command {
  const path = Deno.env.get("PATH") ?? "";
  return new Deno.Command(name!, {
    args,
    clearEnv: true,
    env: { PATH: path, ...env },
    stdout: "null",
    stderr: "piped",
  });
}
