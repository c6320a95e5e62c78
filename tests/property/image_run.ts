/** One rollback in a world of moving tags, and what has run before and after it, by digest. */
import { run } from "../../src/app/run.ts";
import { EMPTY_STATE } from "../../src/report/state.ts";
import type { Plan } from "../../src/rollout/plan/plan.ts";
import type { Outcome } from "../../src/rollout/outcome.ts";
import type { Emulator } from "../emulator/emulator.ts";
import type { JsonObject } from "../emulator/model.ts";
import { SERVICE } from "../emulator/myservice.ts";
import { isRead } from "../emulator/operations.ts";
import { CONFIG_FILES, CREDENTIALS, emulatorHandler } from "../in_process.ts";
import { madeUpHost } from "../made_up_host.ts";
import { VirtualClock } from "../virtual_clock.ts";
import { ECS } from "./rollback_worlds.ts";

export interface ImageRun {
  readonly code: number;
  readonly text: string;
  readonly plan: Plan | undefined;
  readonly outcome: Outcome | undefined;
  /** The operations that change something. */
  readonly writes: readonly string[];
}

Deno.env.set("TZ", "UTC");

export async function runRollback(emulator: Emulator, args: readonly string[]): Promise<ImageRun> {
  for (const [name, value] of Object.entries(CREDENTIALS)) Deno.env.set(name, value);
  const clock = new VirtualClock(emulator.now(), (ms) => emulator.advance(ms));
  const { host, written } = madeUpHost({
    args: ["rollback", ...args],
    files: CONFIG_FILES,
    clock,
    exit(code) {
      throw new Error(`the program ended itself with ${code}`);
    },
  });
  let state = EMPTY_STATE;
  const before = emulator.calls.length;
  const code = await run(host, emulatorHandler(emulator), { print: (_, shown) => void (state = shown) });
  const calls = emulator.calls.slice(before);
  const main = state.services[0]?.main;
  return {
    code,
    text: `$ ecspresso rollback ${args.join(" ")}\n${written.stdout}${written.stderr}exit ${code}`,
    plan: main?.plan,
    outcome: main?.outcome,
    writes: calls.map(({ operation }) => operation).filter((name) => !isRead(name)),
  };
}

/** Digests by container; `""` where there is none. */
type Digests = Readonly<Record<string, string>>;

/** What every task runs that is running: digests by container, each as often as it differs. */
export function runningDigests(emulator: Emulator): Digests[] {
  const { taskArns } = emulator.call(`${ECS}.ListTasks`, { serviceName: SERVICE, desiredStatus: "RUNNING" });
  if ((taskArns as string[]).length === 0) return [];
  const { tasks } = emulator.call(`${ECS}.DescribeTasks`, { tasks: taskArns });
  const running = (tasks as JsonObject[]).filter(({ lastStatus }) => lastStatus === "RUNNING");
  const all = running.map(({ containers }) =>
    JSON.stringify(digestsOf(containers as JsonObject[], ({ name }) => String(name)))
  );
  return [...new Set(all)].map((one) => JSON.parse(one));
}

function digestsOf(containers: readonly JsonObject[], nameOf: (container: JsonObject) => string): Digests {
  return Object.fromEntries(containers.map((one) => [nameOf(one), String(one.imageDigest ?? "")]));
}

/** A deployment as ECS has it on record. */
export interface OnRecord {
  readonly taskDefinition: string;
  readonly status: string;
  readonly digests: Digests;
}

/** Newest first. */
export function deploymentsOnRecord(emulator: Emulator): OnRecord[] {
  const { serviceDeployments } = emulator.call(`${ECS}.ListServiceDeployments`, { service: SERVICE, maxResults: 100 });
  const briefs = serviceDeployments as JsonObject[];
  const newestFirst = briefs.toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt));
  return newestFirst.map(({ targetServiceRevisionArn, status }) => {
    const asked = { serviceRevisionArns: [String(targetServiceRevisionArn)] };
    const [revision] = emulator.call(`${ECS}.DescribeServiceRevisions`, asked).serviceRevisions as JsonObject[];
    const images = (revision?.containerImages ?? []) as JsonObject[];
    return {
      taskDefinition: String(revision?.taskDefinition),
      status: String(status),
      digests: digestsOf(images, ({ containerName }) => String(containerName)),
    };
  });
}
