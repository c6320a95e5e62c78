import assert from "node:assert/strict";
import { crashLoop } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { myservice } from "../emulator/myservice.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { type CliOptions, runCli, type ServedWorld, withServer } from "./cli_process.ts";

const MYSERVICE = "default/myservice";
const RESOURCE = "service/default/myservice";

function writes(emulator: Emulator): string[] {
  return emulator.calls.map(({ operation }) => operation).filter((name) => !/^(Describe|List)/.test(name));
}

async function rollBack({ url }: ServedWorld, commandLine: string, options?: CliOptions) {
  const [program, ...args] = commandLine.split(" ");
  assert.equal(program, "ecspresso");
  return await runCli(url, args, options);
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
    const update = world.emulator.calls.find(({ operation }) => operation === "UpdateService");
    assert.deepEqual(update?.input, {
      cluster: "default",
      service: "myservice",
      taskDefinition: "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:3",
    });
  }));

Deno.test("a deployment that is still crashing is stopped, and the service goes back to where it came from", () =>
  withServer(createScenario("crash_loop"), async (world) => {
    const { code, stderr } = await rollBack(world, "ecspresso rollback --config ecspresso.yml --revision 3");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Service is stable now\. Completed!\n$/);
    const { taskDefinition, runningCount } = world.emulator.state().services[MYSERVICE]!;
    assert.deepEqual([taskDefinition, runningCount], ["myservice:3", 2]);
    assert.deepEqual(writes(world.emulator), ["StopServiceDeployment"]);
  }));

Deno.test("the reference's dry run changes nothing and prints the plan", () =>
  withServer(createScenario("crash_loop"), async (world) => {
    const before = world.emulator.state().services[MYSERVICE]!.taskDefinition;
    const { code, stdout } = await rollBack(
      world,
      "ecspresso rollback --config ecspresso.yml --revision 3 --dry-run",
    );
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^Plan of the rollback of myservice\/default\n {2}from myservice:4 .*\n {2}to {3}myservice:3 /,
    );
    assert.deepEqual(writes(world.emulator), []);
    assert.equal(world.emulator.state().services[MYSERVICE]!.taskDefinition, before);
  }));

Deno.test("the reference's --deregister deregisters what was current", () =>
  withServer(createScenario("crash_loop"), async (world) => {
    const { code, stderr } = await rollBack(
      world,
      "ecspresso rollback --config ecspresso.yml --revision 3 --deregister",
    );
    assert.equal(code, 0, stderr);
    const { taskDefinitions } = world.emulator.state();
    assert.deepEqual([taskDefinitions["myservice:3"], taskDefinitions["myservice:4"]], ["ACTIVE", "INACTIVE"]);
  }));

Deno.test("the reference's suspending and resuming leaves the flags as they were", () => {
  const emulator = createScenario("crash_loop");
  const suspended = {
    DynamicScalingInSuspended: false,
    DynamicScalingOutSuspended: false,
    ScheduledScalingSuspended: true,
  };
  emulator.registerScalableTarget({ ResourceId: RESOURCE, SuspendedState: suspended });
  const before = emulator.state().scalableTargets[RESOURCE];
  return withServer(emulator, async (world) => {
    const { code, stderr } = await rollBack(
      world,
      "ecspresso rollback --config ecspresso.yml --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    );
    assert.equal(code, 0, stderr);
    assert.deepEqual(world.emulator.state().scalableTargets[RESOURCE], before);
    const sent = world.emulator.calls.filter(({ operation }) => operation === "RegisterScalableTarget");
    assert.deepEqual(sent.map(({ input }) => input?.SuspendedState), [
      { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true },
      suspended,
    ]);
    for (const { input } of sent) assert.ok(!("MinCapacity" in input!) && !("MaxCapacity" in input!));
  });
});

Deno.test("a target that fails exits with 6, scaling restored and nothing deregistered", () =>
  withServer(createScenario("circuit_breaker_rollback"), async (world) => {
    const { code, stderr } = await rollBack(
      world,
      "ecspresso rollback --revision 3 --deregister --suspend-auto-scaling --resume-auto-scaling",
    );
    assert.equal(code, 6, stderr);
    assert.match(stderr, /\[error\] myservice\/default The rollback failed and ECS has turned the service back/);
    assert.deepEqual(new Set(Object.values(world.emulator.state().taskDefinitions)), new Set(["ACTIVE"]));
    assert.deepEqual(Object.values(world.emulator.state().scalableTargets[RESOURCE]!.suspendedState), [
      false,
      false,
      false,
    ]);
  }));

Deno.test("a rollback that takes too long exits with 7", () =>
  withServer(myservice({ history: [2, 4], behaviours: { 3: crashLoop() } }), async (world) => {
    const { code, stderr, tookMs } = await rollBack(world, "ecspresso rollback --revision 3 --timeout 3s");
    assert.equal(code, 7, stderr);
    assert.match(stderr, /Timed out: the rollback was not completed within 3s/);
    assert.ok(tookMs < 10_000, `took ${tookMs} ms`);
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
        assert.match(ended.stderr, /Interrupted: no longer watching/);
        const { suspendedState } = emulator.state().scalableTargets[RESOURCE]!;
        assert.deepEqual(Object.values(suspendedState), [false, false, false]);
      })
    ),
  );
});

Deno.test("broken connections are survived, and the order whose answer was lost is sent once", () =>
  withServer(createScenario("dropped_connections"), async (world) => {
    const { code, stderr } = await rollBack(world, "ecspresso rollback --revision 3 --debug");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /UpdateService failed: .*; looking whether ECS has begun/);
    assert.match(stderr, /Service is stable now\. Completed!\n$/);
    assert.deepEqual(writes(world.emulator), ["UpdateService"]);
    assert.ok(world.emulator.calls.some(({ outcome }) => outcome === "halfSent"));
  }));
