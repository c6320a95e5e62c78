import { crashLoop } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter } from "../../emulator/faults.ts";
import { fleetService } from "../../emulator/fleet.ts";
import type { Scene } from "../scene.ts";
import { ALL, changed, configs, TWELVE } from "./fleet_worlds.ts";

/** The service goes back in vain: it had never shown that 1 crashes. */
const crashes = (number: number) => (emulator: Emulator) =>
  emulator.setBehaviour(`${fleetService(number)}:1`, crashLoop());

/** Somebody deploys the newest revision again, ten seconds after the order to go back. */
const thenDeployed = (number: number) =>
  actAfter((emulator) => {
    const service = fleetService(number);
    emulator.schedule(10_000, () => emulator.updateService({ service, taskDefinition: `${service}:2` }));
  });

export const FLEET_FAILURES_SCENES: Readonly<Record<string, Scene>> = {
  "fleet_events": {
    args: `rollback ${ALL} --revision previous --parallel 2 --on-failure undo --fail-after 2 --output json`,
    world: changed(3, crashes(2)),
    options: configs(3),
  },
  "fleet_seventh_fails": {
    args: `rollback ${ALL} --revision previous --parallel 3 --fail-after 3`,
    world: changed(20, crashes(7)),
    options: configs(20),
  },
  "fleet_seventh_fails_stop": {
    args: `rollback ${ALL} --revision previous --parallel 3 --fail-after 3 --on-failure stop`,
    world: changed(20, crashes(7)),
    options: configs(20),
  },
  "fleet_seventh_fails_undo": {
    args: `rollback ${ALL} --revision previous --parallel 3 --fail-after 3 --on-failure undo`,
    world: changed(20, crashes(7)),
    options: configs(20),
  },
  "fleet_stopped": {
    args: `rollback ${ALL} --revision previous --parallel 3`,
    world: TWELVE,
    options: { ...configs(12), stopAfterMs: { ms: 30_500, signal: "SIGINT" } },
  },
  "fleet_time_is_up": {
    args: `rollback ${ALL} --revision previous --parallel 3 --timeout 1m`,
    world: TWELVE,
    options: configs(12),
  },
  "fleet_superseded": {
    args: `rollback ${ALL} --revision previous --parallel 1 --on-failure stop`,
    world: changed(3, (emulator) => emulator.inject({ operation: "UpdateService", nth: 2, effect: thenDeployed(2) })),
    options: configs(3),
  },
  "fleet_unread_skip_refused": {
    args: `rollback ${ALL} --revision previous --skip-refused`,
    world: changed(3, (emulator) => emulator.inject({ operation: "DescribeTaskDefinition", effect: accessDenied() })),
    options: configs(3),
  },
};
