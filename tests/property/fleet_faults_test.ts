import fc from "fast-check";
import assert from "node:assert/strict";
import type { ServiceState } from "../../src/report/state.ts";
import type { WorldState } from "../emulator/emulator.ts";
import { fleetService } from "../emulator/fleet.ts";
import { FLEETS, tries } from "./how_often.ts";
import { arbitraryFleet, type FailingDeployment, type ObservedFleet, observeFleet } from "./fleet_run.ts";

/** Whatever happens to one service of a set, the promises hold for each of the others. */

Deno.test(`${FLEETS} random sets of 1 to 12 services keep every promise`, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryFleet, async (spec) => {
      const observed = await observeFleet(spec);
      try {
        checkEnding(observed);
        checkRefused(observed);
        observed.spec.services.forEach((_, index) => checkService(observed, index));
        checkUndone(observed);
      } catch (error) {
        if (error instanceof Error) error.message += `\n${observed.stderr}\n${JSON.stringify(observed.writes)}`;
        throw error;
      }
    }),
    tries(FLEETS),
  );
});

function serviceIn(world: WorldState, index: number) {
  return world.services[`default/${fleetService(index + 1)}`]!;
}

function running(world: WorldState, index: number): string {
  return serviceIn(world, index).taskDefinition!;
}

function stateOf({ state }: ObservedFleet, index: number): ServiceState | undefined {
  return state.services.find(({ ref }) => ref.service === fleetService(index + 1));
}

const writesOf = ({ writes }: ObservedFleet, index: number) =>
  writes.filter(({ service }) => service.endsWith(fleetService(index + 1)));

const ENDINGS = new Set([0, 4, 5, 6, 7, 8, 130]);

function checkEnding({ code, stderr, spec, state }: ObservedFleet): void {
  assert.ok(ENDINGS.has(code), `exit code ${code}`);
  assert.doesNotMatch(stderr, /^ {4}at |unforeseen|undefined|\[object|NaN/m);
  if (code === 130) assert.notEqual(spec.stopAfterEvents, 0, "130 without SIGINT");
  const failed = state.services.some(({ main }) =>
    ["failed", "givenUp", "superseded", "gone", "rolledBackByEcs"].includes(main?.outcome?.kind ?? "")
  );
  if (failed && spec.stopAfterEvents === 0) assert.equal(code, 6, "one failed");
  if (code === 0) assert.ok(!failed, "exit 0, but one failed");
}

/** Where one is refused, nothing is done to any, unless those are to be skipped; and 4 says that nothing was written. */
function checkRefused(observed: ObservedFleet): void {
  const { code, spec, writes, state } = observed;
  const isRefused = ({ refusal, failure, main }: ServiceState) =>
    refusal !== undefined || (failure && main === undefined);
  if (!spec.skipRefused && state.services.some(isRefused)) assert.deepEqual(writes, [], "one was refused");
  if (code === 4 || spec.dryRun) assert.deepEqual(writes, [], "nothing was to be written");
}

/** Refused before the plan, with its own reason. */
const REFUSED: readonly FailingDeployment[] = ["targetDeregistered", "deleted"];

/** A service that has no trouble is back, unless the policy or a stop signal says otherwise: whatever the others do. */
function checkService(observed: ObservedFleet, index: number): void {
  const { spec, after } = observed;
  const { trouble } = spec.services[index]!;
  const state = stateOf(observed, index);
  assert.ok(writesOf(observed, index).length <= 2, "a service got more orders than there and back");
  if (spec.stopAfterEvents > 0) return;
  assert.ok(state !== undefined, "a service is not in the story");
  if (REFUSED.includes(trouble)) assert.ok(state.refusal !== undefined, `${trouble} is not refused`);
  if (trouble !== "none" || spec.dryRun) return;
  const isHeldUp =
    observed.state.services.some(({ refusal, failure, main }) =>
      refusal !== undefined || (failure !== undefined && main === undefined)
    ) && !spec.skipRefused;
  if (spec.onFailure !== "continue" || isHeldUp) return;
  assert.equal(state.main?.outcome?.kind, "succeeded", "a service without trouble is not back");
  assert.equal(running(after, index), `${fleetService(index + 1)}:1`);
  const { deployments } = serviceIn(after, index);
  assert.equal(deployments[0]!.rolloutState, "COMPLETED");
}

/** `stop`: nothing is half done. `undo`: all is where it began, or is named. */
function checkUndone(observed: ObservedFleet): void {
  const { spec, before, after, state } = observed;
  if (spec.stopAfterEvents > 0 || spec.onFailure !== "undo" || observed.code !== 6) return;
  spec.services.forEach(({ trouble }, index) => {
    const own = stateOf(observed, index)!;
    if (trouble === "deleted" || trouble === "somebodyDeploys") return;
    if (running(after, index) === running(before, index)) return;
    const isNamed = own.undo?.unless !== undefined || own.unfinished !== undefined || own.failure !== undefined;
    assert.ok(isNamed, `${fleetService(index + 1)} is not where it began, and nothing says so`);
  });
  assert.ok(
    state.services.some(({ undo }) => undo !== undefined) || observed.writes.length === 0,
    "nothing was undone",
  );
}
