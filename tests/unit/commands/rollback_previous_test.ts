import assert from "node:assert/strict";
import { crashLoop, failsToStart } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { stale } from "../../emulator/faults.ts";
import { myservice, SERVICE, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";

/** `rollback --revision previous` without a terminal, in worlds in which something has gone wrong more than once. */

const breaker = (rollback: boolean) => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
});

function deploy(emulator: Emulator, revision: number, ms = UNTIL_STEADY_MS): void {
  emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:${revision}`, forceNewDeployment: true });
  emulator.advance(ms);
}

/** Returns the exit code and the revision that runs afterwards. */
async function rollBack(emulator: Emulator, ...options: string[]): Promise<[number, number]> {
  const { code } = await runInProcess(emulator, ["rollback", "--revision", "previous", ...options]);
  const { taskDefinition } = emulator.describeService(SERVICE);
  return [code, Number(String(taskDefinition).split(":").at(-1))];
}

for (const behaviour of ["well", "crashing"]) {
  Deno.test(`what was left and is deployed anew, ${behaviour}, is left again, at once`, async () => {
    const emulator = myservice({ behaviours: behaviour === "well" ? {} : { 4: crashLoop() } });
    deploy(emulator, 3);
    deploy(emulator, 4, behaviour === "well" ? UNTIL_STEADY_MS : 60_000);
    assert.deepEqual(await rollBack(emulator), [0, 3]);
    // What crashed was stopped, which is on record: there is nothing to do.
    assert.deepEqual(await rollBack(emulator), [behaviour === "well" ? 4 : 0, 3], "and no further");
  });
}

Deno.test("a way back that is deployed once more is not left by previous", async () => {
  const emulator = myservice({ history: [2, 3, 4] });
  deploy(emulator, 3);
  deploy(emulator, 3);
  assert.deepEqual(await rollBack(emulator), [4, 3]);
});

Deno.test("previous at once again goes no further, also while ECS's list of deployments lags behind", async () => {
  const emulator = myservice({ history: [2, 3, 4] });
  emulator.inject({ operation: "ListServiceDeployments", times: Infinity, effect: stale(30_000) });
  assert.deepEqual(await rollBack(emulator, "--no-wait"), [0, 3]);
  assert.deepEqual(await rollBack(emulator), [0, 3]);
});

Deno.test("a way back that has failed itself is no place to stay", async () => {
  const emulator = myservice({ history: [2, 3, 4], revisions: 5, service: breaker(false) });
  emulator.setBehaviour(`${SERVICE}:5`, failsToStart("no"));
  deploy(emulator, 5);
  emulator.setBehaviour(`${SERVICE}:4`, failsToStart("no"));
  deploy(emulator, 4);
  assert.deepEqual(await rollBack(emulator), [0, 3]);
});

Deno.test("a retried rollback with --from does not end well while what is to be left runs", async () => {
  const emulator = myservice({ service: breaker(true) });
  emulator.setBehaviour(`${SERVICE}:3`, failsToStart("no"));
  assert.deepEqual(await rollBack(emulator, "--from", "4"), [6, 4]);
  emulator.advance(UNTIL_STEADY_MS);
  assert.deepEqual(await rollBack(emulator, "--from", "4"), [6, 4]);
});

Deno.test("what is deployed within a minute of ECS's going back is not what it went back to", async () => {
  const emulator = myservice({ revisions: 6, service: breaker(true) });
  emulator.setBehaviour(`${SERVICE}:5`, failsToStart("no"));
  emulator.setBehaviour(`${SERVICE}:6`, crashLoop({ afterMs: 30_000 }));
  const hasTurned = () =>
    (emulator.describeService(SERVICE).events as { message: string }[]).some(({ message }) =>
      message.includes("rolling back to deployment")
    );
  deploy(emulator, 5, 0);
  for (let seconds = 0; seconds < 600 && !hasTurned(); seconds++) emulator.advance(1_000);
  emulator.advance(20_000);
  deploy(emulator, 6, 120_000);
  assert.deepEqual(await rollBack(emulator), [0, 4]);
});
