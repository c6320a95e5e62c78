import assert from "node:assert/strict";
import {
  type Behaviour,
  cannotPullContainer,
  crashLoop,
  failingHealthCheck,
  healthy,
  slowDrain,
} from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { imageOf, myservice, SERVICE } from "../../emulator/myservice.ts";
import { readEvents } from "../../event_schema.ts";
import { runInProcess } from "../../in_process.ts";

/** How soon a user sees why tasks stop, and how many calls it takes. */

const ECS = "AmazonEC2ContainerServiceV20141113";
const LATEST_MS = 5_000;

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  deploy: ["deploy", "--revision", "3", "--preflight", "off", "--timeout", "2m"],
  rollback: ["rollback", "--revision", "3", "--preflight", "off", "--timeout", "2m"],
  wait: ["wait", "--timeout", "2m"],
};

/**
 * Revision 4 runs well, and 3 is deployed: by the command, or before somebody waits for that. Where it fails, tasks of 4 take
 * long to stop, so that the deployment is not completed before.
 */
function deploying(name: string, behaviour: Behaviour, secondsAgo = 0): Emulator {
  const isFine = behaviour.stops === undefined && behaviour.failsToStart === undefined;
  const emulator = myservice({ history: [2, 4], behaviours: { 3: behaviour, 4: isFine ? healthy() : slowDrain() } });
  if (name !== "wait") return emulator;
  emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:3` });
  emulator.advance(secondsAgo * 1_000);
  return emulator;
}

/** When ECS knew first of a task of revision 3 that it stops. */
function firstStopMs(emulator: Emulator): number {
  const { taskArns } = emulator.call(`${ECS}.ListTasks`, { serviceName: SERVICE, desiredStatus: "STOPPED" });
  const { tasks } = emulator.call(`${ECS}.DescribeTasks`, { tasks: taskArns });
  const stops = (tasks as JsonObject[])
    .filter(({ taskDefinitionArn }) => String(taskDefinitionArn).endsWith(`${SERVICE}:3`))
    .map(({ stoppingAt }) => Number(stoppingAt) * 1_000);
  return Math.min(...stops);
}

async function firstCauseMs(emulator: Emulator, name: string): Promise<number> {
  const { stdout } = await runInProcess(emulator, [...COMMANDS[name]!, "--output", "json"]);
  const cause = readEvents(stdout).find(({ event }) => event === "causes");
  assert.ok(cause !== undefined, "no cause was shown");
  return Date.parse(String(cause.time));
}

/** Tasks fail at any moment between two looks. */
const FAILURES: Readonly<Record<string, Behaviour>> = {
  "an image that is gone": cannotPullContainer(imageOf(3)),
  "a failing health check": failingHealthCheck({ healthCheckMs: 47_000 }),
  "a crash a second after the start, with a new task in another second": crashLoop({ afterMs: 1_000, startMs: 1_000 }),
  ...Object.fromEntries(
    [20, 46, 73].map((s) => [`a crash after ${s} s`, crashLoop({ afterMs: s * 1_000 })]),
  ),
};

for (const name of Object.keys(COMMANDS)) {
  Deno.test(`${name} shows why tasks stop within 5 s`, async (test) => {
    for (const [failure, behaviour] of Object.entries(FAILURES)) {
      await test.step(failure, async () => {
        const emulator = deploying(name, behaviour);
        const shownAtMs = await firstCauseMs(emulator, name);
        const afterMs = shownAtMs - firstStopMs(emulator);
        assert.ok(afterMs >= 0 && afterMs <= LATEST_MS, `after ${afterMs} ms`);
      });
    }
  });
}

Deno.test("wait shows at once why tasks have stopped before it began", async () => {
  for (const behaviour of [cannotPullContainer(imageOf(3)), crashLoop({ afterMs: 60_000 })]) {
    const emulator = deploying("wait", behaviour, 90);
    const beganAtMs = emulator.now();
    const afterMs = await firstCauseMs(emulator, "wait") - beganAtMs;
    assert.ok(afterMs <= LATEST_MS, `after ${afterMs} ms`);
  }
});

Deno.test("nobody asks why tasks stop while a rollout goes well", async () => {
  for (const [name, args] of Object.entries(COMMANDS)) {
    const emulator = deploying(name, healthy());
    const { code, stderr } = await runInProcess(emulator, args);
    assert.equal(code, 0, stderr);
    const count = (wanted: string) => emulator.calls.filter(({ operation }) => operation === wanted).length;
    assert.deepEqual([count("ListTasks"), count("DescribeTasks")], [0, 0]);
    assert.ok(count("DescribeServices") <= 24, `${name} has read the service ${count("DescribeServices")} times`);
  }
});
