import assert from "node:assert/strict";
import { crashLoop, healthy } from "../../emulator/behaviours.ts";
import { fleet, fleetService } from "../../emulator/fleet.ts";
import { type Death, runUntil } from "../../killed_run.ts";

/**
 * Killed while it takes services forward again (`--on-failure undo`), a rollback is begun anew by its plan file: that says
 * where to go, and nothing of a way back. With its two sides swapped, it is the rest of the undo.
 */

const SERVICES = [1, 2, 3, 4].map(fleetService);
const FLEET = SERVICES.map((service) => `  - {service: ${service}, region: ap-northeast-1}\n`).join("");
const FILES = { "fleet.yml": `services:\n${FLEET}` };
const ARGS = [
  ...["rollback", "--fleet", "fleet.yml", "--revision", "previous", "--fail-after", "3", "--parallel", "1"],
  ...["--on-failure", "undo", "--plan-out", "plan.json"],
];

/** The last one crashes where it goes back to. */
function world() {
  const emulator = fleet({ services: SERVICES.length });
  emulator.setBehaviour(`${SERVICES.at(-1)}:1`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  return emulator;
}

/** The last one is still being deployed: it is stopped. */
const CHANGES = ["UpdateService", "StopServiceDeployment"];

type World = ReturnType<typeof world>;

const running = (emulator: World) =>
  SERVICES.map((service) => emulator.state().services[`default/${service}`]!.taskDefinition!.split(":")[1]).join("");

/** The plan that goes the other way. */
function swapped(text: string): string {
  const plan = JSON.parse(text);
  const services = plan.services.map(({ from, to, ...service }: { from: object; to: object }) => ({
    ...service,
    from: { ...to, serviceDeployment: undefined },
    to: { ...from, deployment: undefined },
  }));
  return JSON.stringify({ ...plan, options: {}, services });
}

Deno.test("killed in the middle of an undo, the plan file rolls back again, and swapped it takes forward", async () => {
  const whole = await runUntil(world(), ARGS, FILES);
  assert.equal(whole.code, 6, whole.stderr);
  const orders = whole.calls.flatMap((operation, index) => CHANGES.includes(operation) ? [index + 1] : []);
  assert.equal(orders.length, 2 * SERVICES.length, "there and back");
  for (const call of orders.slice(SERVICES.length)) {
    for (const moment of ["before", "after"] as const) await killAndGoOn({ call, moment });
  }
});

async function killAndGoOn(death: Death): Promise<void> {
  for (const goesForward of [false, true]) {
    const emulator = world();
    const killed = await runUntil(emulator, ARGS, FILES, death);
    assert.equal(killed.code, undefined);
    emulator.advance(60_000);
    // It works by now.
    emulator.setBehaviour(`${SERVICES.at(-1)}:1`, healthy());
    const plan = killed.files["plan.json"]!;
    const files = { "plan.json": goesForward ? swapped(plan) : plan };
    const again = await runUntil(emulator, ["rollback", "--plan", "plan.json", "--on-failure", "continue"], files);
    assert.equal(running(emulator), goesForward ? "2222" : "1111", again.stderr);
  }
}
