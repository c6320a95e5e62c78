import assert from "node:assert/strict";
import { crashLoop, failsToStart, healthy } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { definitionOf, fleet, fleetService } from "../../emulator/fleet.ts";
import { UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess } from "../../in_process.ts";

/** The same rollback of many, given again: each service goes back once, whenever that is. */

const HOURS_LATER_MS = 5 * 3_600_000;
const BREAKER = (rollback: boolean) => ({ deploymentCircuitBreaker: { enable: true, rollback } });

interface Repeated {
  code: number;
  stderr: string;
  stdout: string;
  /** The services that were given another task definition. */
  updated: string[];
}

async function rollBack(emulator: Emulator, options = "--revision previous"): Promise<Repeated> {
  const from = emulator.calls.length;
  const named = "rollback --service service-* --region ap-northeast-1 --fail-after 3 ";
  const args = `${named}${options}`.split(" ");
  const result = await runInProcess(emulator, args, { isFleet: true, files: {} });
  const updated = emulator.calls.slice(from).filter(({ applied, operation }) => applied && !isRead(operation))
    .map(({ input }) => String(input?.service));
  return { ...result, updated };
}

function running(emulator: Emulator): number[] {
  const services = Object.entries(emulator.state().services).toSorted(([one], [other]) => one < other ? -1 : 1);
  return services.map(([, { taskDefinition }]) => Number(taskDefinition!.split(":").at(-1)));
}

function runs(emulator: Emulator, number: number): boolean {
  return emulator.state().services[`default/${fleetService(number)}`]!.deployments[0]!.runningCount > 0;
}

/** Each service has served revision 2 for hours, and then was given 3. */
function released(services: number): Emulator {
  const emulator = fleet({ services });
  emulator.advance(HOURS_LATER_MS);
  const numbers = Array.from({ length: services }, (_, index) => index + 1);
  for (const number of numbers) emulator.registerTaskDefinition(definitionOf(fleetService(number), 3));
  deploy(emulator, numbers, 3);
  return emulator;
}

/** Gives some services another revision, as an earlier run has, and lets time pass. */
function deploy(emulator: Emulator, numbers: readonly number[], revision: number, passedMs = UNTIL_STEADY_MS): void {
  for (const number of numbers) {
    const service = fleetService(number);
    emulator.updateService({ service, taskDefinition: `${service}:${revision}` });
  }
  emulator.advance(passedMs);
}

const setBreaker = (emulator: Emulator, number: number, rollback: boolean) =>
  emulator.updateService({ service: fleetService(number), deploymentConfiguration: BREAKER(rollback) });

for (const choice of ["previous", "stable", "stable --min-served 1m"]) {
  Deno.test(`--revision ${choice}: a run that was killed goes on hours later, and none goes back twice`, async () => {
    const killed = released(5);
    deploy(killed, [1, 2], 2);
    killed.advance(HOURS_LATER_MS);
    const { code, stderr, updated } = await rollBack(killed, `--revision ${choice}`);
    assert.equal(code, 0, stderr);
    assert.deepEqual(running(killed), [2, 2, 2, 2, 2], stderr);
    assert.deepEqual(updated, [3, 4, 5].map(fleetService));
    assert.match(stderr, /service-0001\/default .* nothing to do .* back already since .* \(from service-0001:3\)/);
    const again = await rollBack(killed, `--revision ${choice}`);
    assert.deepEqual([again.code, again.updated], [0, []], again.stderr);
  });
}

Deno.test("what is on its way back is followed, and the others go back", async () => {
  const emulator = released(3);
  deploy(emulator, [1], 2, 3_000);
  const { code, stderr, updated } = await rollBack(emulator);
  assert.equal(code, 0, stderr);
  assert.deepEqual([running(emulator), updated], [[2, 2, 2], [2, 3].map(fleetService)]);
});

Deno.test("a bad release that was deployed once more after its rollback is left once more", async () => {
  const emulator = released(2);
  deploy(emulator, [1, 2], 2);
  deploy(emulator, [1], 3);
  const { code, stderr, updated } = await rollBack(emulator);
  assert.equal(code, 0, stderr);
  assert.deepEqual([running(emulator), updated], [[2, 2], [fleetService(1)]]);
});

Deno.test("a service whose rollback has failed is not back: it is refused, and goes nowhere else", async () => {
  const emulator = released(3);
  setBreaker(emulator, 1, false);
  emulator.setBehaviour(`${fleetService(1)}:2`, failsToStart("CannotPullContainerError"));
  deploy(emulator, [1], 2, HOURS_LATER_MS);
  for (const choice of ["previous", "stable"]) {
    const { code, stderr, updated } = await rollBack(emulator, `--revision ${choice}`);
    assert.deepEqual([code, updated], [4, []], stderr);
    assert.match(stderr, /rolled back to service-0001:2 already \(from service-0001:3\), and that deployment failed/);
  }
  const skipped = await rollBack(emulator, "--revision previous --skip-refused");
  assert.deepEqual([skipped.code, running(emulator)], [8, [2, 2, 2]], skipped.stderr);
});

Deno.test("a rollback that ECS has turned back is tried once more, and that is said", async () => {
  const emulator = released(2);
  setBreaker(emulator, 1, true);
  emulator.setBehaviour(`${fleetService(1)}:2`, failsToStart("CannotPullContainerError"));
  deploy(emulator, [1], 2, HOURS_LATER_MS);
  assert.deepEqual(running(emulator), [3, 3], "ECS has not gone back");
  const failed = await rollBack(emulator);
  assert.deepEqual([failed.code, failed.updated.length], [6, 2], failed.stderr);
  assert.match(failed.stderr, /a rollback to service-0001:2 failed at .* this tries once more/);
  emulator.advance(HOURS_LATER_MS);
  emulator.setBehaviour(`${fleetService(1)}:2`, healthy());
  const { code, stderr } = await rollBack(emulator, "--revision stable");
  assert.deepEqual([code, running(emulator)], [0, [2, 2]], stderr);
});

Deno.test("a service that crashes where it was rolled back to is no success", async () => {
  const emulator = released(2);
  emulator.setBehaviour(`${fleetService(1)}:2`, crashLoop({ startMs: 9_000, afterMs: 30_000 }));
  deploy(emulator, [1, 2], 2, HOURS_LATER_MS);
  while (runs(emulator, 1)) emulator.advance(1_000);
  const { code, stderr, updated } = await rollBack(emulator);
  assert.deepEqual([code, updated], [6, []], stderr);
});

Deno.test("without ECS's record, what may have been rolled back already is refused whenever that was", async () => {
  const emulator = released(2);
  deploy(emulator, [1], 2);
  emulator.advance(HOURS_LATER_MS);
  emulator.inject({ operation: "ListServiceDeployments", times: Infinity, effect: accessDenied() });
  const { code, stderr, updated } = await rollBack(emulator, "--revision previous --allow-unproven");
  assert.deepEqual([code, updated], [4, []], stderr);
  assert.match(stderr, /may have been rolled back/);
});
