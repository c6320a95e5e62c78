import type { Emulator } from "../../emulator/emulator.ts";
import { fleet, fleetService } from "../../emulator/fleet.ts";
import type { RunOptions } from "../../in_process.ts";

/** What happens to a world before the program starts. */
export const changed = (services: number, change: (emulator: Emulator) => void) => () => {
  const emulator = fleet({ services });
  change(emulator);
  return emulator;
};

/** A config for each of so many services. */
export function configs(services: number): RunOptions {
  const names = Array.from({ length: services }, (_, index) => fleetService(index + 1));
  const config = (service: string) => `region: ap-northeast-1\ncluster: default\nservice: ${service}\n`;
  return {
    isFleet: true,
    files: Object.fromEntries(names.map((name) => [`ecs/${name}/ecspresso.yml`, config(name)])),
  };
}

export const ALL = "--config ecs/*/ecspresso.yml";
export const [THREE, TWELVE] = [() => fleet({ services: 3 }), () => fleet({ services: 12 })];
