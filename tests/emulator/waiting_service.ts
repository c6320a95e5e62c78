import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { type MyService, myservice, UNTIL_STEADY_MS } from "./myservice.ts";

/** What its deployments wait for. */
export const WAITS: JsonObject = {
  canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 15 },
  bakeTimeInMinutes: 10,
  lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["POST_SCALE_UP"] }],
};

/** `myservice`, whose deployments wait for all there is from now on; revision 4 is live. */
export function waitingService(world: MyService = {}): Emulator {
  const emulator = myservice({ ...world, history: [3, 4] });
  emulator.advance(UNTIL_STEADY_MS);
  const deploymentCircuitBreaker = { enable: true, rollback: true };
  const deploymentConfiguration = { strategy: "CANARY", ...WAITS, deploymentCircuitBreaker };
  emulator.updateService({ service: "myservice", deploymentConfiguration });
  return emulator;
}

/** What its deployments wait for now, whatever else is in its configuration. */
export function waitsOf(emulator: Emulator): JsonObject {
  const { canaryConfiguration, bakeTimeInMinutes, lifecycleHooks } = configurationOf(emulator);
  return { canaryConfiguration, bakeTimeInMinutes, lifecycleHooks } as JsonObject;
}

export function configurationOf(emulator: Emulator): JsonObject {
  return emulator.describeService("myservice").deploymentConfiguration as JsonObject;
}
