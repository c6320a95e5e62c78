import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../definition_files.ts";
import { secretNotFound, slowDrain } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { dropAfter, dropBefore, type FaultEffect, throttle } from "../emulator/faults.ts";
import { myservice, RESOURCE_ID } from "../emulator/myservice.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { type Result, runInProcess } from "../in_process.ts";

/**
 * The machine's clock is set by an hour, back and on by turns, after each call of a run: the run goes as it does undisturbed, with
 * the same calls at the same moments and the same end. Only the times that are written differ.
 */

const HOUR_MS = 3_600_000;
/** By then every order is given; what follows is one poll like the other. */
const ORDERED_BY = 12;
const POINTS_OF_WAIT = 6;
const BOTH = ["--suspend-auto-scaling", "--resume-auto-scaling"];
const ROLLBACK = ["rollback", "--revision", "3"];

interface Case {
  readonly name: string;
  readonly world: () => Emulator;
  readonly args: readonly string[];
}

function withFault(operation: string, effect: FaultEffect, times = 1): () => Emulator {
  return () => {
    const emulator = createScenario("healthy");
    emulator.inject({ operation, effect, times });
    return emulator;
  };
}

function crashing(): Emulator {
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: false } };
  const emulator = myservice({ history: [2, 4], service: { deploymentConfiguration } });
  emulator.setBehaviour("myservice:5", secretNotFound("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key"));
  return emulator;
}

const CASES: readonly Case[] = [
  { name: "a rollback", world: () => createScenario("healthy"), args: ROLLBACK },
  {
    name: "a rollback that gives auto scaling back",
    world: () => {
      const emulator = createScenario("healthy");
      emulator.registerScalableTarget({ ResourceId: RESOURCE_ID });
      return emulator;
    },
    args: [...ROLLBACK, ...BOTH],
  },
  {
    name: "a rollback that times out",
    world: () => {
      const emulator = createScenario("slow_drain");
      emulator.setBehaviour("myservice:4", slowDrain(HOUR_MS));
      return emulator;
    },
    args: [...ROLLBACK, "--timeout", "2m"],
  },
  { name: "an order that is throttled", world: withFault("UpdateService", throttle(), 3), args: ROLLBACK },
  { name: "an order whose answer is lost", world: withFault("UpdateService", dropAfter()), args: ROLLBACK },
  { name: "an order that never arrives", world: withFault("UpdateService", dropBefore()), args: ROLLBACK },
  {
    name: "a deploy that is rolled back",
    world: crashing,
    args: ["deploy", "--rollback-events", "DEPLOYMENT_FAILURE"],
  },
];

/** Without the times of the lines. */
function said({ code, stdout, stderr }: Result) {
  return {
    code,
    stdout,
    lines: stderr.split("\n").map((line) => line.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, "")),
  };
}

async function observe({ world, args }: Case, setClockAfterCalls?: { calls: number; ms: number }) {
  const emulator = world();
  const result = await runInProcess(emulator, args, {
    files: DEFINITION_FILES,
    env: { TAG: "1.4.0" },
    setClockAfterCalls,
  });
  return {
    ...said(result),
    // Those of one moment are made at the same time.
    calls: emulator.calls.map(({ operation, outcome, atMs }) => `${atMs}: ${operation} ${outcome}`).toSorted(),
    scaling: emulator.state().scalableTargets[RESOURCE_ID]?.suspendedState,
  };
}

for (const each of CASES) {
  Deno.test(`a clock that is set by an hour changes nothing in ${each.name}`, async () => {
    const undisturbed = await observe(each);
    assert.ok(undisturbed.calls.length > 1);
    const count = undisturbed.calls.length;
    let ms = HOUR_MS;
    for (let calls = 1; calls < count; calls += calls < ORDERED_BY ? 1 : Math.ceil(count / POINTS_OF_WAIT)) {
      ms = -ms;
      const name = `set by ${ms} ms after call ${calls}, ${undisturbed.calls[calls - 1]}`;
      assert.deepEqual(await observe(each, { calls, ms }), undisturbed, name);
    }
  });
}
