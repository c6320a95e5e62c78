import assert from "node:assert/strict";
import fc from "fast-check";
import { waitingService, WAITS, waitsOf } from "../emulator/waiting_service.ts";
import type { RunState } from "../../src/report/state.ts";
import type { RunEvent } from "../../src/rollout/events.ts";
import type { Leftover } from "../../src/rollout/outcome.ts";
import { isReadable } from "../../src/model/waits.ts";
import { runInProcess } from "../in_process.ts";
import { waitsRecordOf } from "../waits_in_tags.ts";
import { INPUTS, tries } from "./how_often.ts";
import { arbitraryScript } from "./arbitrary_script.ts";
import { perform } from "./perform_act.ts";
import { effectOf, type Script } from "./rollback_faults.ts";

/**
 * Whatever AWS, other people and the user do during a fast rollback: at its end the service's deployments wait for what they
 * did, or a record says for what, and the run ends with that as left to do.
 */

async function assertRestoredOrSaid(script: Script): Promise<void> {
  const emulator = waitingService();
  for (const fault of script.faults) {
    const effect = effectOf(fault, (act) => {
      try {
        perform(emulator, act);
      } catch {
        // AWS refuses them.
      }
    });
    const operation = fault.operation === "*" ? {} : { operation: fault.operation };
    emulator.inject({ ...operation, nth: fault.nth, times: fault.times, effect });
  }
  const stop = script.stop && { stopAfterCalls: { calls: script.stop.afterCalls, signal: script.stop.signal } };
  const typed = "rollback --revision 3 --fast --timeout 5m".split(" ");
  let ended: RunState | undefined;
  const print = (_: RunEvent, state: RunState) => void (ended = state);
  const { code, stderr } = await runInProcess(emulator, typed, { ...stop, print });
  emulator.clearFaults();
  const { status } = emulator.describeService("myservice");
  if (status !== "ACTIVE") return;
  const record = waitsRecordOf(emulator);
  const isRestored = JSON.stringify(sorted(waitsOf(emulator))) === JSON.stringify(sorted(WAITS));
  if (isRestored && record === undefined) return;
  assert.ok(isReadable(record), `changed without a record:\n${stderr}`);
  assert.deepEqual(sorted(record.before), sorted(WAITS), stderr);
  assert.notEqual(code, 0, stderr);
  const isSaid = leftoversOf(ended).some(({ code }) => code === "waitsNotRestored" || code === "waitsRecordRemains");
  assert.ok(isSaid, stderr);
}

function leftoversOf(state: RunState | undefined): readonly Leftover[] {
  return state?.services.flatMap(({ leftovers }) => leftovers) ?? [];
}

/** Members in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, one]) => [key, sorted(one)]),
  );
}

Deno.test(`${INPUTS} random fast rollbacks restore what deployments wait for, or say how`, async () => {
  await fc.assert(fc.asyncProperty(arbitraryScript, assertRestoredOrSaid), tries(INPUTS));
});
