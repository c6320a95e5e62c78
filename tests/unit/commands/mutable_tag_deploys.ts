import assert from "node:assert/strict";
import { ask } from "../../emulator/asking.ts";
import { Emulator } from "../../emulator/emulator.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess } from "../../in_process.ts";

/** `deploy` of files that name tags which are pushed again, against the emulator. */

const FOLDER = new URL("../../corpus/32_mutable_tag/", import.meta.url);
const NAMES = ["ecspresso.yml", "ecs-service-def.json", "ecs-task-def.json"];
const FILES = Object.fromEntries(NAMES.map((name) => [name, Deno.readTextFileSync(new URL(name, FOLDER))]));
export const REPOSITORY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/myservice";
export const LATEST = `${REPOSITORY}:latest`;
export const SIDECAR = `${REPOSITORY}-proxy:stable`;

type Files = Readonly<Record<string, string>>;

/** The files with other containers. */
export function withContainers(...containers: JsonObject[]): Files {
  const { containerDefinitions: [app], ...others } = JSON.parse(FILES["ecs-task-def.json"]!);
  const containerDefinitions = containers.map((container) => ({ ...app, ...container }));
  return { ...FILES, "ecs-task-def.json": JSON.stringify({ ...others, containerDefinitions }) };
}

/** A service that these files have been deployed to. */
export async function deployed(files: Files = FILES): Promise<Emulator> {
  const emulator = new Emulator();
  for (const role of ["ecsTaskExecutionRole", "myservice-task"]) {
    emulator.setRole(`arn:aws:iam::123456789012:role/${role}`);
  }
  for (const name of ["database_url", "api_key"]) emulator.setSecret(`myservice/${name}`);
  for (const image of [LATEST, SIDECAR]) emulator.setImage(image);
  assert.equal((await run(emulator, "deploy", files)).code, 0);
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

export async function run(emulator: Emulator, args: string, files: Files = FILES) {
  const before = emulator.calls.length;
  const ran = await runInProcess(emulator, args.split(" "), { files });
  const operations = emulator.calls.slice(before).map(({ operation }) => operation);
  return { ...ran, operations, writes: operations.filter((name) => !isRead(name)) };
}

/** The digests that the service's tasks run, sorted. */
export function runningDigests(emulator: Emulator): string[] {
  const { taskArns: tasks } = ask(emulator, "ListTasks", { serviceName: "myservice" }).output;
  const { tasks: described } = ask(emulator, "DescribeTasks", { tasks }).output;
  const containers = (described as { containers: { imageDigest: string }[] }[]).flatMap((task) => task.containers);
  return [...new Set(containers.map(({ imageDigest }) => imageDigest))].sort();
}

export function forced(stderr: string): boolean {
  return /\[warn\] .*\. This forces a new deployment/.test(stderr);
}
