import assert from "node:assert/strict";
import fc from "fast-check";
import { CallRates } from "../../src/aws/call_rates.ts";
import type { ConnectionOptions } from "../../src/aws/connection.ts";
import { connectEcs } from "../../src/aws/ecs.ts";
import { AwsError } from "../../src/errors.ts";
import type { EcsReader } from "../../src/model/ports.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { dropBefore, type FaultRule, serverError, tagsUnsupported, throttle } from "../emulator/faults.ts";
import { emptyAnswer } from "../emulator/foreign_answers.ts";
import { fleet, fleetService } from "../emulator/fleet.ts";
import { FleetClock } from "../fleet_clock.ts";
import { CREDENTIALS, emulatorHandler } from "../in_process.ts";
import { RUNS, tries } from "./how_often.ts";

/** With many services, reads are joined: each service gets what a call for it alone would have returned. */

const SERVICES = 24;
const CLUSTERS = ["default", "other"] as const;
const ACCOUNT = "arn:aws:ecs:ap-northeast-1:123456789012";
const ROUNDS = 3;

interface World {
  readonly emulator: Emulator;
  readonly ecs: EcsReader;
  readonly signal: AbortSignal;
}

function connect(emulator: Emulator, isBatched: boolean): World {
  for (const [name, value] of Object.entries(CREDENTIALS)) Deno.env.set(name, value);
  const clock = new FleetClock(emulator.now(), (ms) => emulator.advance(ms));
  const nothing = () => {};
  const options: ConnectionOptions = {
    ...{ region: "ap-northeast-1", clock, random: () => 0.5, fetchOptions: { ordinary: {}, once: {} } },
    ...{ onAttempt: nothing, onTrouble: nothing, onTagsRefused: nothing },
    requestHandler: emulatorHandler(emulator),
    ...(isBatched && { rates: new CallRates(clock) }),
  };
  return { emulator, ecs: connectEcs(options), signal: new AbortController().signal };
}

/** What a read came to: its value, or AWS's error. */
async function endOf<Value>(read: Promise<Value>): Promise<unknown> {
  return await read.catch((error) => {
    if (!(error instanceof AwsError)) throw error;
    return `${error.kind} ${error.code}`;
  });
}

interface Asked {
  readonly cluster: string;
  readonly service: string;
}

const arbitraryAsked: fc.Arbitrary<Asked> = fc.record({
  cluster: fc.constantFrom<string>(...CLUSTERS, ...CLUSTERS, "nonesuch"),
  number: fc.integer({ min: 1, max: SERVICES + 3 }),
  isArn: fc.boolean(),
}).map(({ cluster, number, isArn }) => {
  const service = fleetService(number);
  return { cluster, service: isArn ? `${ACCOUNT}:service/${cluster}/${service}` : service };
});

const EFFECTS = [throttle, serverError, dropBefore, emptyAnswer, tagsUnsupported];

const arbitraryFaults: fc.Arbitrary<FaultRule[]> = fc.array(
  fc.record({ nth: fc.integer({ min: 1, max: 6 }), effect: fc.constantFrom(...EFFECTS) })
    .map(({ nth, effect }) => ({ nth, effect: effect() })),
  { maxLength: 3 },
);

/** Allows what is read of some services only. */
const policyFor = (denied: readonly number[]) => ({
  Version: "2012-10-17" as const,
  Statement: [{
    Effect: "Allow" as const,
    Action: "ecs:Describe*",
    Resource: Array.from({ length: SERVICES + 3 }, (_, index) => index + 1).filter((number) => !denied.includes(number))
      .flatMap((
        number,
      ) => [`${ACCOUNT}:service*/*/${fleetService(number)}`, `${ACCOUNT}:service-*/*/${fleetService(number)}/*`]),
  }],
});

const arbitraryDenied = fc.array(fc.integer({ min: 1, max: SERVICES }), { maxLength: 3 });

const newFleet = () => fleet({ services: SERVICES, clusters: CLUSTERS });

Deno.test("each service is described as it is alone, whatever else is asked for, refused or in trouble", async () => {
  const arbitrary = [
    fc.array(arbitraryAsked, { minLength: 1, maxLength: 40 }),
    arbitraryDenied,
    arbitraryFaults,
  ] as const;
  await fc.assert(
    fc.asyncProperty(...arbitrary, async (asked, denied, faults) => {
      const [alone, batched] = [connect(newFleet(), false), connect(newFleet(), true)];
      for (const { emulator } of [alone, batched]) emulator.authorize(policyFor(denied));
      // FailingDeployment that passes is survived in either way, once AWS has answered.
      for (const { ecs, signal } of [alone, batched]) await endOf(ecs.describeService(asked[0]!, signal));
      for (const rule of faults) batched.emulator.inject(rule);
      const expected = new Map<string, unknown>();
      for (const one of asked) {
        const key = JSON.stringify(one);
        if (!expected.has(key)) {
          expected.set(key, withoutTags(await endOf(alone.ecs.describeService(one, alone.signal))));
        }
      }
      for (let round = 1; round <= ROUNDS; round++) {
        const ends = await Promise.all(
          asked.map((one) => endOf(batched.ecs.describeService(one, batched.signal))),
        );
        for (const [index, one] of asked.entries()) {
          const key = JSON.stringify(one);
          assert.deepEqual(withoutTags(ends[index]), expected.get(key), key);
        }
      }
      const tens = asked.length / 10 + CLUSTERS.length + 1;
      const isCalm = denied.length === 0 && faults.length === 0 && asked.every(({ cluster }) => cluster !== "nonesuch");
      if (isCalm) assert.ok(batched.emulator.calls.length <= 1 + ROUNDS * tens, String(batched.emulator.calls.length));
    }),
    tries(Math.ceil(RUNS / 20)),
  );
});

/** Where AWS has refused to show tags once, it is not asked for them any more. */
function withoutTags(end: unknown): unknown {
  if (typeof end !== "object" || end === null) return end;
  const { raw: { tags: _, ...raw }, ...service } = end as { readonly raw: Readonly<Record<string, unknown>> };
  return { ...service, raw };
}

Deno.test("each record is what it is alone, whatever else is asked for, refused or in trouble", async () => {
  const arbitrary = [
    fc.array(fc.integer({ min: 1, max: SERVICES }), { minLength: 1, maxLength: 30 }),
    arbitraryDenied,
    arbitraryFaults,
  ] as const;
  await fc.assert(
    fc.asyncProperty(...arbitrary, async (asked, denied, faults) => {
      const [alone, batched] = [connect(newFleet(), false), connect(newFleet(), true)];
      const arns = await Promise.all(asked.map((number) => recordsOf(alone, number)));
      for (const { emulator } of [alone, batched]) emulator.authorize(policyFor(denied));
      for (const { ecs, signal } of [alone, batched]) {
        await endOf(ecs.describeServiceDeployment(arns[0]!.deployment, signal));
      }
      for (const rule of faults) batched.emulator.inject(rule);
      const ends = await Promise.all(arns.map((one) => readRecords(batched, one)));
      for (const [index, one] of arns.entries()) assert.deepEqual(ends[index], await readRecords(alone, one));
    }),
    tries(Math.ceil(RUNS / 40)),
  );
});

interface Records {
  readonly deployment: string;
  readonly revisions: readonly string[];
}

/** One service revision of theirs is none that ECS knows. */
async function recordsOf({ ecs, signal }: World, number: number): Promise<Records> {
  const service = fleetService(number);
  const past = await ecs.listPastDeployments(
    { cluster: CLUSTERS[(number - 1) % 2]!, service, region: undefined },
    5,
    signal,
  );
  const revisions = past.flatMap(({ revision }) => revision?.arn ?? []);
  return { deployment: past[0]!.arn, revisions: [...revisions, `${revisions[0]}1`] };
}

async function readRecords({ ecs, signal }: World, { deployment, revisions }: Records): Promise<unknown[]> {
  return await Promise.all([
    endOf(ecs.describeServiceDeployment(deployment, signal, "poll")),
    endOf(ecs.describeServiceRevisions(revisions, signal)),
  ]);
}
