import type { Emulator } from "../../emulator/emulator.ts";
import { fleetService } from "../../emulator/fleet.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess } from "../../in_process.ts";

/** Commands on many services, against the emulator. */

export const NAMES = [1, 2, 3].map(fleetService);
export const CONFIGS = NAMES.flatMap((name) => ["--config", `${name}/ecspresso.yml`]);

/** A config and a task definition with another variable than what runs, for each service. */
export function filesOf(regions: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(NAMES.flatMap((name, index) => [
    [
      `${name}/ecspresso.yml`,
      `region: ${regions[index] ?? "ap-northeast-1"}\ncluster: default\nservice: ${name}\n` +
      "task_definition: ecs-task-def.json\n",
    ],
    [`${name}/ecs-task-def.json`, JSON.stringify(definitionOf(name))],
  ]));
}

export function definitionOf(family: string) {
  return {
    ...{ family, requiresCompatibilities: ["FARGATE"], networkMode: "awsvpc", cpu: "256", memory: "512" },
    executionRoleArn: "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
    containerDefinitions: [{
      ...{ name: "app", image: "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/myservice:1.2.0", essential: true },
      environment: [{ name: "RELEASE", value: "3" }],
    }],
  };
}

export async function runOn(emulator: Emulator, command: string, files = filesOf()) {
  const from = emulator.calls.length;
  const [name = "", ...options] = command.split(" ");
  const result = await runInProcess(emulator, [name, ...CONFIGS, ...options], { files, isFleet: true });
  const writes = emulator.calls.slice(from).filter(({ applied, operation }) => applied && !isRead(operation));
  return { ...result, writes: writes.map(({ operation }) => operation) };
}

/** The number that each service runs. */
export function running(emulator: Emulator): number[] {
  return NAMES.map((name) => Number(emulator.state().services[`default/${name}`]!.taskDefinition!.split(":").at(-1)));
}
