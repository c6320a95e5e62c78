import type { Emulator } from "../../tests/emulator/emulator.ts";
import { type MyService, myservice } from "../../tests/emulator/myservice.ts";
import { startEmulatorServer } from "../../tests/emulator/server.ts";
import type { JsonObject } from "../../tests/emulator/model.ts";

/** An emulated world behind HTTP. */
export interface Emulated {
  readonly url: string;
  readonly emulator: Emulator;
}

/** A minute of the world passes in one and a half seconds. */
const SPEED = 40;
/** As long as it takes `myservice` to come to its present. */
const HISTORY_MS = 10 * 60_000;

/** What clients have asked of the emulator that it does not know: the operation, and the first request for it. */
export const unknownOperations = new Map<string, JsonObject>();

/**
 * `myservice`, at the wall's own time: Kayac's ecspresso takes only those deployments for its own that are younger than
 * itself.
 */
export function myserviceNow(world: MyService = {}): Emulator {
  return myservice({ ...world, options: { ...world.options, startAtMs: Date.now() - HISTORY_MS } });
}

/** Serves an emulator while `act` runs. */
export async function whileServing(emulator: Emulator, act: (world: Emulated) => Promise<void>): Promise<void> {
  const server = await startEmulatorServer(emulator, { speed: SPEED });
  try {
    await act({ url: server.url, emulator });
  } finally {
    await server.close();
    for (const { service, operation, input, outcome } of emulator.calls) {
      const name = `${service} ${operation}`;
      if (outcome === "UnknownOperationException" && !unknownOperations.has(name)) {
        unknownOperations.set(name, input ?? {});
      }
    }
  }
}

/** The operations that changed something, in order. */
export function writesOf({ emulator }: Emulated): string[] {
  return emulator.calls.filter(({ applied }) => applied).map(({ operation }) => operation)
    .filter((operation) => !/^(Describe|List)/.test(operation));
}

/** `myservice` as it is now. */
export function serviceOf({ emulator }: Emulated) {
  const service = emulator.state().services["default/myservice"];
  if (!service) throw new Error("the emulator has no myservice");
  return service;
}

/** The status of a revision of `myservice`. */
export function statusOf({ emulator }: Emulated, revision: number): string | undefined {
  return emulator.state().taskDefinitions[`myservice:${revision}`];
}
