/** Runs of commands over definition files. */
import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess } from "../../in_process.ts";

type Files = Readonly<Record<string, string>>;

export const TASK = JSON.parse(DEFINITION_FILES["ecs-task-def.json"]!.replace("{{ env `TAG` `1.3.0` }}", "1.3.0"));
export const SERVICE = JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!);

export function filesOf({ task = TASK, service = SERVICE }: { task?: unknown; service?: unknown }): Files {
  return {
    ...DEFINITION_FILES,
    "ecs-task-def.json": JSON.stringify(task),
    "ecs-service-def.json": JSON.stringify(service),
  };
}

export async function run(emulator: Emulator, command: string, files: Files) {
  const before = emulator.calls.length;
  const { code, stdout, stderr } = await runInProcess(emulator, command.split(" "), { files });
  const calls = emulator.calls.slice(before);
  const writes = calls.filter(({ operation }) => !isRead(operation));
  return { code, stdout, stderr, writes: writes.map(({ operation }) => operation), calls };
}

/** Everything that a command sent of one operation. */
export function sent(calls: Emulator["calls"], operation: string): JsonObject {
  return calls.find((call) => call.operation === operation)!.input!;
}

/** An unchanged file is no reason to write, and shows no difference. */
export async function assertUnchanged(emulator: Emulator, files: Files): Promise<void> {
  const diff = await run(emulator, "diff --exit-code", files);
  assert.deepEqual([diff.code, diff.stdout], [0, ""], diff.stderr);
  const again = await run(emulator, "deploy", files);
  assert.deepEqual([again.code, again.writes], [0, []], again.stderr);
}
