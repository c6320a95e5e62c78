import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";

export const MINUTE = 60_000;

/** A service `web` at `app:1`, steady, with `app:2` registered. */
export function web(service: JsonObject = {}): Emulator {
  const emulator = new Emulator();
  for (const version of [1, 2, 3]) {
    emulator.registerTaskDefinition({
      family: "app",
      containerDefinitions: [{ name: "app", image: `example/app:${version}`, memory: 128 }],
    });
  }
  emulator.createService({ serviceName: "web", taskDefinition: "app:1", desiredCount: 2, ...service });
  emulator.advance(5 * MINUTE);
  return emulator;
}

// deno-lint-ignore no-explicit-any -- the shape of an answer
export const describe = (emulator: Emulator): any => emulator.describeService("web");
export const messages = (emulator: Emulator): string[] =>
  describe(emulator).events.map(({ message }: { message: string }) => message);
export const deploy = (emulator: Emulator, revision: number) =>
  emulator.updateService({ service: "web", taskDefinition: `app:${revision}` });
