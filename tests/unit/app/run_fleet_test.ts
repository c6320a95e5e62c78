import assert from "node:assert/strict";
import { run } from "../../../src/app/run.ts";
import { crashLoop, healthy } from "../../emulator/behaviours.ts";
import { accessDenied, actAfter } from "../../emulator/faults.ts";
import { fleet } from "../../emulator/fleet.ts";
import { FleetClock } from "../../fleet_clock.ts";
import { CREDENTIALS, emulatorHandler, runInProcess } from "../../in_process.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { CONFIGS, definitionOf, filesOf, NAMES, running, runOn } from "./fleet_runs.ts";

Deno.test("one service that is refused refuses all, unless it is to be skipped", async () => {
  const emulator = fleet({ services: 3 });
  emulator.deleteService({ service: NAMES[1]!, force: true });
  const refused = await runOn(emulator, "rollback --revision previous");
  assert.deepEqual([refused.code, refused.writes], [4, []], refused.stderr);
  const skipped = await runOn(emulator, "rollback --revision previous --skip-refused");
  assert.deepEqual([skipped.code, skipped.writes], [8, ["UpdateService", "UpdateService"]], skipped.stderr);
});

Deno.test("one that AWS does not let be read is left out like one that is refused, where those are to be skipped", async () => {
  const denied = { operation: "DescribeTaskDefinition", effect: accessDenied() };
  for (const [command, code, writes] of [["", 5, 0], [" --skip-refused", 8, 2]] as const) {
    const emulator = fleet({ services: 3 });
    emulator.inject(denied);
    const result = await runOn(emulator, `rollback --revision previous${command}`);
    assert.deepEqual([result.code, result.writes.length], [code, writes], result.stderr);
    if (code === 8) assert.match(result.stderr, /^service-000\d\/default {2}refused .* not authorized to perform/m);
  }
  const emulator = fleet({ services: 3 });
  emulator.inject({ ...denied, times: Infinity });
  const { code, stderr } = await runOn(emulator, "rollback --revision previous --skip-refused");
  assert.equal(code, 5, stderr);
});

Deno.test("a service that another run has begun meanwhile is given up for its failures as the others are", async () => {
  const emulator = fleet({ services: 3 });
  emulator.setBehaviour(`${NAMES[1]}:1`, crashLoop());
  const others = actAfter((later) => later.updateService({ service: NAMES[1]!, taskDefinition: `${NAMES[1]}:1` }));
  emulator.inject({ operation: "UpdateService", nth: 1, effect: others });
  const { code, stderr } = await runOn(emulator, "rollback --revision previous --parallel 1");
  assert.equal(code, 6, stderr);
  assert.match(stderr, /service-0002\/default: .*following its deployment[^]*ecspresso gave up on it/);
});

Deno.test("what the services of a release have in common is looked up once for all", async () => {
  const emulator = fleet({ services: 3 });
  const from = emulator.calls.length;
  const { code, stderr } = await runOn(emulator, "rollback --revision previous");
  assert.equal(code, 0, stderr);
  const lookUps = emulator.calls.slice(from).filter(({ service }) => service === "ecr" || service === "iam");
  // The role, and the image of either side.
  assert.deepEqual(lookUps.map(({ operation }) => operation).sort(), ["DescribeImages", "DescribeImages", "GetRole"]);
});

Deno.test("a number is one service's: many are not rolled back to it", async () => {
  const { code, writes, stderr } = await runOn(fleet({ services: 3 }), "rollback --revision 1");
  assert.deepEqual([code, writes], [2, []], stderr);
  assert.match(stderr, /--revision previous/);
});

Deno.test("many deploys register all before they update one", async () => {
  const emulator = fleet({ services: 3 });
  const { code, writes, stderr } = await runOn(emulator, "deploy");
  assert.equal(code, 0, stderr);
  assert.deepEqual(writes, [...Array(3).fill("RegisterTaskDefinition"), ...Array(3).fill("UpdateService")]);
  assert.deepEqual(running(emulator), [3, 3, 3]);
});

Deno.test("a wait says of which services nothing was under way, and what they run", async () => {
  const emulator = fleet({ services: 3 });
  const [name = ""] = NAMES;
  const begun = await runInProcess(
    emulator,
    ["rollback", "--config", `${name}/ecspresso.yml`, "--revision", "previous", "--no-wait"],
    { files: filesOf(), isFleet: true },
  );
  assert.equal(begun.code, 0, begun.stderr);
  const first = await runOn(emulator, "wait");
  assert.equal(first.code, 0);
  assert.match(first.stderr, /Plan: wait for 1 service, within 10m in all\. 2 have none under way\./);
  const none =
    "2 have none under way \\(service-0002/default runs service-0002:2, service-0003/default runs service-0003:2\\)";
  assert.match(first.stderr, new RegExp(`1 deployment ended well, after \\S+\\. ${none}\\.`));
  const second = await runOn(emulator, "wait");
  assert.match(
    second.stderr,
    /Nothing to wait for: 3 have none under way \(service-0001\/default runs service-0001:1, /,
  );
  assert.doesNotMatch(first.stderr + second.stderr, /are live|there already/);
});

Deno.test("where all are back, no command takes one of them away from the others", async () => {
  const emulator = fleet({ services: 3 });
  await runOn(emulator, "rollback --revision previous");
  const { code, stderr } = await runOn(emulator, "rollback --revision previous");
  assert.deepEqual([code, stderr.trimEnd().split("\n").at(-1)!.split(": ").slice(1, 2)], [0, [
    "Nothing to do for 3 services",
  ]], stderr);
  const dry = await runOn(emulator, "rollback --revision previous --dry-run");
  assert.doesNotMatch(dry.stderr + dry.stdout, /to carry it out/);
});

Deno.test("those that have not ended well are looked at again with one call, and the outage is as long as it is then", async () => {
  const emulator = fleet({ services: 3 });
  for (const name of NAMES.slice(0, 2)) {
    emulator.setBehaviour(`${name}:1`, crashLoop({ exitCode: 1, afterMs: 2_000, startMs: 5_000 }));
  }
  emulator.setBehaviour(`${NAMES[2]}:1`, healthy({ startMs: 240_000 }));
  const { code, stderr } = await runOn(emulator, "rollback --revision previous --fail-after 2");
  assert.equal(code, 6);
  const [last] = emulator.calls.slice(-1);
  assert.deepEqual([last!.operation, last!.input?.services], ["DescribeServices", NAMES.slice(0, 2)], stderr);
  const [closing] = /OUTAGE of .*/.exec(stderr.slice(stderr.lastIndexOf("SERVICE  "))) ?? [];
  assert.match(closing!, /^OUTAGE of service-0001\/default (since|from) .*: no task (ran|has run) for /, stderr);
  assert.match(closing!, /; ECS keeps trying\. The same of service-0002\/default\. 2 of 3 rollbacks failed:/);
  const [, command] =
    /to end the outage of service-0002\S+, with the release that was to be left: ecspresso (.*)/.exec(stderr) ?? [];
  const ended = await runInProcess(emulator, command!.split(" "), { files: filesOf(), isFleet: true });
  assert.deepEqual([ended.code, running(emulator)], [0, [1, 2, 1]], ended.stderr);
});

Deno.test("after Ctrl-C ECS goes on with the orders that have gone out; those that have no answer yet are only perhaps begun", async () => {
  const emulator = fleet({ services: 60 });
  const args =
    "rollback --service service-* --region ap-northeast-1 --revision previous --parallel 60 --max-services 60";
  // Of 60 orders AWS's bucket has room for 40 at once, and 19 of those are answered.
  const stopAfterCalls = { calls: 223, signal: "SIGINT" } as const;
  const { code, stderr } = await runInProcess(emulator, args.split(" "), { files: {}, isFleet: true, stopAfterCalls });
  assert.equal(code, 130, stderr);
  const orders = emulator.calls.filter(({ operation, applied }) => operation === "UpdateService" && applied).length;
  const certain = Number(/ECS goes on with (\d+) rollbacks/.exec(stderr)?.[1] ?? 0);
  const unknown = Number(/may have accepted (\d+)/.exec(stderr)?.[1] ?? 0);
  assert.ok(certain > 0 && certain <= orders, `${certain} of ${orders}: ${stderr}`);
  assert.ok(certain + unknown >= orders, stderr);
  const rows = stderr.slice(stderr.lastIndexOf("SERVICE  ")).split("\n").filter((row) => row.startsWith("service-"));
  assert.equal(rows.filter((row) => row.includes(" perhaps begun ")).length, unknown, stderr);
  const [, rest] = /to go on with all \d+: ecspresso (.*)/.exec(stderr) ?? [];
  const again = await runInProcess(emulator, rest!.replaceAll("'", "").split(" "), {
    files: {},
    isFleet: true,
  });
  assert.equal(again.code, 0, again.stderr);
  const services = Object.values(emulator.state().services);
  assert.ok(services.every(({ taskDefinition }) => taskDefinition!.endsWith(":1")));
});

Deno.test("where a definition of many cannot be registered, no service is changed", async () => {
  const emulator = fleet({ services: 3 });
  const files = filesOf();
  const broken = { ...definitionOf(NAMES[2]!), cpu: "1" };
  files[`${NAMES[2]}/ecs-task-def.json`] = JSON.stringify(broken);
  const { code, writes, stderr } = await runOn(emulator, "deploy", files);
  assert.notEqual(code, 0);
  assert.ok(!writes.includes("UpdateService"), stderr);
  assert.deepEqual(running(emulator), [2, 2, 2]);
  assert.match(stderr, new RegExp(`${NAMES[0]}:3 stays registered`), "what is left is not said");
});

Deno.test("services of two regions are asked for where they are, each over one connection", async () => {
  for (const [name, value] of Object.entries(CREDENTIALS)) Deno.env.set(name, value);
  const emulator = fleet({ services: 3 });
  const handler = emulatorHandler(emulator);
  const asked: string[] = [];
  const { host, written } = madeUpHost({
    args: ["rollback", ...CONFIGS, "--revision", "previous", "--dry-run"],
    files: filesOf(["ap-northeast-1", "us-east-1", "us-east-1"]),
    clock: new FleetClock(emulator.now()),
    exit: () => {},
  });
  const code = await run(host, {
    ...handler,
    handle(request, options) {
      const { hostname, body } = request as unknown as { hostname: string; body: Uint8Array };
      const { services } = JSON.parse(new TextDecoder().decode(body));
      if (services?.length > 0 && hostname.startsWith("ecs.")) asked.push(`${hostname} ${services}`);
      return handler.handle(request, options);
    },
  });
  assert.equal(code, 0, written.stderr);
  const [first, second, third] = NAMES;
  assert.deepEqual(asked.toSorted(), [
    `ecs.ap-northeast-1.amazonaws.com ${first}`,
    `ecs.us-east-1.amazonaws.com ${second},${third}`,
  ]);
});
