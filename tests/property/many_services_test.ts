import assert from "node:assert/strict";
import type { Call, Emulator } from "../emulator/emulator.ts";
import { fleet, fleetService } from "../emulator/fleet.ts";
import { runInProcess } from "../in_process.ts";

/** One rollback of many services, with AWS's rates: what it calls, how long it takes, and how often each is looked at. */

/** Of one deployment in such a world. */
const ROLLOUT_MS = 40_000;
/** What of AWS's rates is used: so many at once, and so many a second. */
const READS = { burst: 40, perSecond: 16 };
const UPDATES = { burst: 40, perSecond: 4 };

interface Rolled {
  readonly calls: readonly Call[];
  readonly tookMs: number;
  readonly emulator: Emulator;
}

/** Rolls all of them back at the same time, each to the revision before. */
async function rollBack(services: number): Promise<Rolled> {
  const emulator = fleet({ services, options: { rateLimits: true } });
  const fromMs = emulator.now();
  const files = Object.fromEntries(Array.from({ length: services }, (_, index) => {
    const service = fleetService(index + 1);
    return [`${service}.yml`, `region: ap-northeast-1\ncluster: default\nservice: ${service}\ntimeout: 30m\n`];
  }));
  const many = ["--max-services", String(services), "--parallel", String(services)];
  const args = ["rollback", "--revision", "previous", "--config", "*.yml", ...many];
  const { code, stderr } = await runInProcess(emulator, args, { files, isFleet: true });
  assert.equal(code, 0, stderr);
  const { services: left } = emulator.state();
  for (const { taskDefinition } of Object.values(left)) assert.match(taskDefinition, /:1$/);
  assert.deepEqual(emulator.calls.filter(({ outcome }) => outcome !== "ok"), []);
  return {
    calls: emulator.calls.filter(({ service }) => service === "ecs"),
    tookMs: emulator.now() - fromMs,
    emulator,
  };
}

/** How long so many calls take at a rate. */
const msOf = (calls: number, { burst, perSecond }: typeof READS) => Math.max(0, calls - burst) / perSecond * 1_000;

/** The longest that a service was not looked at, from its update to its last look. */
function longestGapMs(calls: readonly Call[], services: number): number {
  const seenAtMs = new Map<string, number>();
  let longestMs = 0;
  for (const { operation, input, atMs } of calls) {
    if (operation === "UpdateService") seenAtMs.set(String(input?.service), atMs);
    if (operation !== "DescribeServices") continue;
    for (const service of (input?.services ?? []) as string[]) {
      const beforeMs = seenAtMs.get(service);
      if (beforeMs === undefined) continue;
      longestMs = Math.max(longestMs, atMs - beforeMs);
      seenAtMs.set(service, atMs);
    }
  }
  assert.equal(seenAtMs.size, services);
  return longestMs;
}

for (const [services, callsEach] of [[1, 24], [11, 8], [20, 6], [200, 6], [500, 6]] as const) {
  Deno.test(`${services} services are rolled back with at most ${callsEach} calls of ECS each, none of them throttled`, async () => {
    const { calls, tookMs } = await rollBack(services);
    assert.ok(calls.length <= callsEach * services, `${calls.length} calls`);
    // Each is read in two task definitions before any of them is changed.
    const neededMs = msOf(2 * services, READS) + msOf(services, UPDATES) + ROLLOUT_MS;
    assert.ok(tookMs <= 1.15 * neededMs, `${tookMs} ms for ${neededMs}`);
    const gapMs = longestGapMs(calls, services);
    assert.ok(gapMs <= 5_100, `${gapMs} ms without a look`);
  });
}
