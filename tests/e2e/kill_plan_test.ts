import assert from "node:assert/strict";
import type { Emulator } from "../emulator/emulator.ts";
import { fleet, fleetService } from "../emulator/fleet.ts";
import { readPlan } from "../plan_schema.ts";
import { type Ended, runCli } from "./cli_process.ts";
import { serveHeld } from "./kill_server.ts";
import { type Point, tryAll } from "./kill_table.ts";

/**
 * The program itself is killed (`kill -9`) in the middle of a rollback of five services, and `rollback --plan FILE` goes on
 * with it. The unit test of the same tries every call, without a process.
 */

const SERVICES = [1, 2, 3, 4, 5].map(fleetService);
const ARGS = [
  "rollback",
  ...SERVICES.flatMap((service) => ["--service", service]),
  ...["--region", "ap-northeast-1", "--revision", "previous"],
  ...["--suspend-auto-scaling", "--resume-auto-scaling", "--debug"],
];
const POINTS: readonly Point[] = [
  { call: "DescribeServices#1", moment: "after" },
  { call: "TagResource#1", moment: "after" },
  { call: "RegisterScalableTarget#3", moment: "after" },
  { call: "UpdateService#1", moment: "before" },
  { call: "UpdateService#3", moment: "after" },
  { call: "UpdateService#5", moment: "after" },
  { call: "RegisterScalableTarget#6", moment: "before" },
  { call: "UntagResource#2", moment: "after" },
];

function world(): Emulator {
  const emulator = fleet({ services: SERVICES.length, deployed: 3 });
  for (const service of SERVICES) {
    const target = { ResourceId: `service/default/${service}`, MinCapacity: 1, MaxCapacity: 4 };
    emulator.registerScalableTarget(target);
  }
  return emulator;
}

/** ECS is a step further each time that somebody looks at what was ordered. */
function run(emulator: Emulator, args: readonly string[], killAt?: Point): Promise<Ended> {
  let child: Deno.ChildProcess;
  return serveHeld(emulator, async ({ name }, moment) => {
    if (moment === "before" && name.startsWith("DescribeServices#") && ordersOf(emulator) > 0) {
      emulator.advance(300_000);
    }
    if (name !== killAt?.call || moment !== killAt.moment) return true;
    child.kill("SIGKILL");
    await child.status;
    return false;
  }, (url) => runCli(url, args, { files: {} }, (started) => child = started));
}

function ordersOf(emulator: Emulator, service?: string): number {
  return emulator.calls.filter(({ operation, applied, input }) =>
    operation === "UpdateService" && applied && (service === undefined || input?.service === service)
  ).length;
}

async function killAndGoOn(point: Point) {
  const emulator = world();
  const { scalableTargets } = emulator.state();
  const folder = await Deno.makeTempDir();
  try {
    const plan = `${folder}/plan.json`;
    const killed = await run(emulator, [...ARGS, "--plan-out", plan], point);
    assert.notEqual(killed.code, 0, killed.stderr);
    const text = await Deno.readTextFile(plan).catch(() => undefined);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.deepEqual(names, text === undefined ? [] : ["plan.json"], "no half of a file is left");
    if (text !== undefined) readPlan(text);
    assert.equal(text === undefined, point.call.startsWith("Describe"));
    const args = text === undefined ? [...ARGS, "--plan-out", plan] : ["rollback", "--plan", plan];
    const again = await run(emulator, args);
    assert.equal(again.code, 0, again.stderr);
    for (const service of SERVICES) {
      assert.equal(emulator.state().services[`default/${service}`]!.taskDefinition, `${service}:2`);
      assert.equal(ordersOf(emulator, service), 1, `one order for ${service}`);
    }
    assert.deepEqual(emulator.state().scalableTargets, scalableTargets);
    return { ...again, afterMs: 0 };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("before anything is changed, the plan is kept and the permission to write is given up", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // Not killed, for the last lines are lost with a process.
    const { code, stderr } = await run(world(), [...ARGS, "--plan-out", `${folder}/plan.json`]);
    assert.equal(code, 0, stderr);
    const log = /Plan of 5 services is written[^]*\[debug\] .*permissions given up: .*write[^]*TagResource attempt 1: /;
    assert.match(stderr, log);
    assert.doesNotMatch(
      stderr.split("permissions given up: ").slice(0, -1).join(),
      / (?:Tag|Update|Register)\w* attempt/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: "killed in the middle of many services, a rollback is gone on with by its plan file",
  ignore: Deno.build.os === "windows",
  fn: () => tryAll([{ name: "SIGKILL, then --plan", points: POINTS, attempt: killAndGoOn }]),
});
