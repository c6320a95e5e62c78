import assert from "node:assert/strict";
import type { Emulator } from "../emulator/emulator.ts";
import { RESOURCE_ID } from "../emulator/myservice.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { isRead } from "../emulator/operations.ts";
import { runCli, type ServedWorld, withServer } from "./cli_process.ts";

const MYSERVICE = "default/myservice";

function writes(emulator: Emulator): string[] {
  return emulator.calls.map(({ operation }) => operation).filter((name) => !isRead(name));
}

async function rollBack({ url }: ServedWorld, commandLine: string) {
  const [program, ...args] = commandLine.split(" ");
  assert.equal(program, "ecspresso");
  return await runCli(url, args);
}

Deno.test("the reference's basic use rolls back", () =>
  withServer(createScenario("healthy"), async (world) => {
    const { code, stdout, stderr } = await rollBack(
      world,
      "ecspresso rollback --config ecspresso.yml --revision 3",
    );
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "");
    const lines = stderr.trimEnd().split("\n");
    const line = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[info\] myservice\/default /;
    for (const each of lines) assert.match(each, line);
    const messages = lines.map((each) => each.replace(line, ""));
    assert.equal(messages[0], "Starting rollback");
    assert.ok(
      messages.includes(
        "Rolling back to task definition: arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:3",
      ),
    );
    assert.equal(messages.at(-1), "Service is stable now. Completed!");
    const { taskDefinition, runningCount, deployments } = world.emulator.state().services[MYSERVICE]!;
    assert.deepEqual([taskDefinition, runningCount], ["myservice:3", 2]);
    assert.deepEqual(deployments.map(({ rolloutState }) => rolloutState), ["COMPLETED"]);
    assert.deepEqual(writes(world.emulator), ["UpdateService"]);
    for (const { userAgent = "" } of world.emulator.calls) {
      assert.match(userAgent, / ecspresso\/[\d.]+ run\/[0-9a-f]{8}$/);
    }
    const update = world.emulator.calls.find(({ operation }) => operation === "UpdateService");
    assert.deepEqual(update?.input, {
      cluster: "default",
      service: "myservice",
      taskDefinition: "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:3",
    });
  }));

Deno.test("exits with 2 to 4 leave the world as it was", async (test) => {
  const cases: [string, number, RegExp][] = [
    ["rollback", 2, /the newest revisions of myservice: 4 \(running\), 3 \(SUCCESSFUL\), 2 /],
    ["rollback --revision 3 --config missing.yml", 3, /missing\.yml/],
    ["rollback --revision 3 --config .", 3, /^error: \.: /],
    ["rollback --revision 9", 4, /the newest registered revision is myservice:4/],
  ];
  for (const [commandLine, code, message] of cases) {
    await test.step(commandLine, () =>
      withServer(createScenario("healthy"), async (world) => {
        const before = world.emulator.state();
        const ended = await rollBack(world, `ecspresso ${commandLine}`);
        assert.equal(ended.code, code, ended.stderr);
        assert.match(ended.stderr, message);
        assert.doesNotMatch(ended.stderr, /^\s+at /m, "no stack trace");
        assert.deepEqual(world.emulator.state(), before);
        assert.deepEqual(writes(world.emulator), []);
      }, 0));
  }
});

const ENDING_SIGNALS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
  ["SIGQUIT", 131],
  ["SIGALRM", 142],
  ["SIGXCPU", 152],
  ["SIGUSR1", Deno.build.os === "linux" ? 138 : 158],
] as const;

Deno.test("Ctrl-C and its kin end the watching, restore scaling and exit with 128 + the signal", async () => {
  await Promise.all(
    ENDING_SIGNALS.map(([signal, code]) =>
      withServer(createScenario("slow_drain"), async ({ url, emulator }) => {
        const args = ["rollback", "--revision", "3", "--suspend-auto-scaling", "--resume-auto-scaling"];
        const ended = await runCli(url, args, {}, (child) => {
          const timer = setInterval(() => {
            const updatedAt = emulator.calls.findIndex(({ operation }) => operation === "UpdateService");
            if (updatedAt === -1 || emulator.calls.length < updatedAt + 3) return;
            clearInterval(timer);
            child.kill(signal);
          }, 20);
        });
        assert.equal(ended.code, code, `${signal}: ${ended.stderr}`);
        assert.match(ended.stderr, /Interrupted: stopped watching/);
        const { suspendedState } = emulator.state().scalableTargets[RESOURCE_ID]!;
        assert.deepEqual(Object.values(suspendedState), [false, false, false]);
      })
    ),
  );
});

Deno.test("broken connections are survived, and the order whose answer was lost is sent once", () =>
  withServer(createScenario("dropped_connections"), async (world) => {
    const { code, stderr } = await rollBack(world, "ecspresso rollback --revision 3 --debug");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /UpdateService failed: .*; checking whether ECS has begun/);
    assert.match(stderr, /Service is stable now\. Completed!\n$/);
    assert.deepEqual(writes(world.emulator), ["UpdateService"]);
    assert.ok(world.emulator.calls.some(({ outcome }) => outcome === "halfSent"));
  }));
