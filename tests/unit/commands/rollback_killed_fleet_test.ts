import assert from "node:assert/strict";
import { serviceTags } from "../../emulator/asking.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { fleet, fleetService } from "../../emulator/fleet.ts";
import { isRead } from "../../emulator/operations.ts";
import { FleetClock } from "../../fleet_clock.ts";
import { type Death, runUntil } from "../../killed_run.ts";

/**
 * A rollback of three services, two at a time, dies at each of its calls, and the same command, or `rollback --plan FILE`, goes on with it, at
 * once or hours later: no service is lost, none is rolled back twice or further than it was to be, each is held, and auto
 * scaling is as before.
 */

const SERVICES = [1, 2, 3].map(fleetService);
const PLAN = "plan.json";
const NAMES = SERVICES.flatMap((service) => ["--service", service]);
const HOW = ["--suspend-auto-scaling", "--resume-auto-scaling", "--hold", "24h"];
const FIRST = ["rollback", ...NAMES, "--region", "ap-northeast-1", "--revision", "previous", "--parallel", "2"];
const TYPED = [...FIRST, ...HOW];
/** The last one comes later. */
const WAVES = SERVICES.map((service, index) =>
  `  - {service: ${service}, cluster: default, region: ap-northeast-1, wave: ${index < 2 ? 1 : 2}}\n`
);
const FILES = { "fleet.yml": `services:\n${WAVES.join("")}` };
const IN_WAVES = ["rollback", "--fleet", "fleet.yml", "--revision", "previous", "--parallel", "2", ...HOW];
const KEPT = [...IN_WAVES, "--plan-out", PLAN];
const AGAIN = ["rollback", "--plan", PLAN];
const PRIOR = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: true };
const MAX_RUNS = 3;
const HOURS_LATER_MS = 5 * 3_600_000;
/** In the sample, so many reads are left out after each one that is tried; changes are all tried. */
const SAMPLE = Deno.env.get("KILL_POINTS") === "all" ? 1 : 11;

/** Each service has run three revisions. */
function world(): Emulator {
  const emulator = fleet({ services: SERVICES.length, deployed: 3 });
  for (const service of SERVICES) {
    emulator.registerScalableTarget({
      ResourceId: `service/default/${service}`,
      ...{ MinCapacity: 1, MaxCapacity: 4, SuspendedState: PRIOR },
    });
  }
  return emulator;
}

function ordersOf(emulator: Emulator, from: number, service: string): number {
  return emulator.calls.slice(from)
    .filter(({ operation, applied, input }) => operation === "UpdateService" && applied && input?.service === service)
    .length;
}

function assertBack(emulator: Emulator, from: number, scaling: unknown): void {
  const { services, scalableTargets } = emulator.state();
  for (const service of SERVICES) {
    assert.equal(services[`default/${service}`]!.taskDefinition, `${service}:2`, "neither lost, nor too far back");
    assert.equal(ordersOf(emulator, from, service), 1, `one order for ${service}`);
    assert.ok("ecspresso:hold" in serviceTags(emulator, service), `${service} is held`);
  }
  assert.deepEqual(scalableTargets, scaling);
}

/** What is typed, and what goes on with it. */
interface Way {
  readonly typed: readonly string[];
  readonly again: readonly string[];
}

const WAYS: Readonly<Record<string, Way>> = {
  "its plan": { typed: KEPT, again: AGAIN },
  "the same command": { typed: TYPED, again: TYPED },
};

async function dieAndGoOn({ typed, again }: Way, death: Death, laterMs: number): Promise<void> {
  const emulator = world();
  const [{ scalableTargets }, from] = [emulator.state(), emulator.calls.length];
  const { code, files, stderr } = await runUntil(emulator, typed, FILES, death);
  assert.equal(code, undefined, stderr);
  emulator.advance(laterMs);
  const isPlanned = typed !== KEPT || files[PLAN] !== undefined;
  if (!isPlanned) {
    const writes = emulator.calls.slice(from).filter(({ operation, applied }) => applied && !isRead(operation));
    assert.deepEqual(writes.map(({ operation }) => operation), [], "no change before the plan is kept");
  }
  let ended: number | undefined;
  let said = "";
  for (let runs = 0; ended !== 0 && runs < MAX_RUNS; runs++) {
    const repeated = await runUntil(emulator, isPlanned ? again : typed, files);
    [ended, said] = [repeated.code, repeated.stderr];
  }
  assert.equal(ended, 0, said);
  assertBack(emulator, from, scalableTargets);
}

for (const [name, way] of Object.entries(WAYS)) {
  Deno.test(`killed at any call, a rollback of many is gone on with by ${name}: none lost, none twice`, async () => {
    await dieAtAnyCall(way);
  });
}

async function dieAtAnyCall(way: Way): Promise<void> {
  // To load the parts of the SDK takes the first run time, in which it may make a further call.
  await runUntil(world(), way.typed, FILES);
  const { code, calls, stderr } = await runUntil(world(), way.typed, FILES);
  assert.equal(code, 0, stderr);
  const changes = calls.filter((operation) => !isRead(operation));
  assert.ok(changes.length >= SERVICES.length * 5, `${changes}`);
  const points = calls.flatMap((operation, index): Death[] => {
    const both = (["before", "after"] as const).map((moment) => ({ call: index + 1, moment }));
    if (SAMPLE > 1 && isRead(operation)) return index % SAMPLE === 0 ? [both[0]!] : [];
    return SAMPLE > 1 ? [both[index % 2]!] : both;
  });
  const failures: string[] = [];
  for (const [index, point] of points.entries()) {
    await dieAndGoOn(way, point, index % 2 === 0 ? 0 : HOURS_LATER_MS).catch((error) => {
      failures.push(`${point.moment} call ${point.call} (${calls[point.call - 1]}): ${error.message}`);
    });
  }
  assert.deepEqual(failures, []);
}

Deno.test("two runs of one plan at once start one deployment a service, and whatever one leaves, a third run finds done", async () => {
  const emulator = world();
  const [{ scalableTargets }, from] = [emulator.state(), emulator.calls.length];
  const { files } = await runUntil(emulator, [...KEPT, "--dry-run"], FILES);
  const clock = new FleetClock(emulator.now(), (ms) => emulator.advance(ms));
  const both = await Promise.all([1, 2].map(() => runUntil(emulator, AGAIN, files, undefined, clock)));
  // What the other one has begun meanwhile is followed.
  for (const { code, stderr } of both) assert.equal(code, 0, stderr);
  const ordered = SERVICES.map((service) => ordersOf(emulator, from, service));
  const { code, stderr } = await runUntil(emulator, AGAIN, files);
  assert.equal(code, 0, stderr);
  for (const [index, service] of SERVICES.entries()) {
    assert.equal(emulator.state().services[`default/${service}`]!.taskDefinition, `${service}:2`);
    assert.equal(deploymentsTo(emulator, `${service}:2`), 1, "the same order twice starts one deployment");
    assert.equal(ordersOf(emulator, from, service), ordered[index], "there was nothing left to order");
    assert.ok("ecspresso:hold" in serviceTags(emulator, service), `${service} is held`);
  }
  assert.deepEqual(emulator.state().scalableTargets, scalableTargets);
});

/** The deployments of a service that are not wholly replaced. */
function deploymentsTo(emulator: Emulator, taskDefinition: string): number {
  const [service] = taskDefinition.split(":");
  const { deployments } = emulator.describeService(service!) as unknown as {
    deployments: { taskDefinition: string }[];
  };
  return deployments.filter((one) => one.taskDefinition.endsWith(`/${taskDefinition}`)).length;
}
