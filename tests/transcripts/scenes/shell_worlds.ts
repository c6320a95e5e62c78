import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";

/** Who is on call with nothing but a shell: no files. */

export const REGION = "ap-northeast-1";

export function denied(operation: string, service: Parameters<typeof accessDenied>[0]): Emulator {
  const emulator = myservice();
  emulator.inject({ operation, effect: accessDenied(service), times: Infinity });
  return emulator;
}

/** `myservice`, and another service that auto scaling looks after, too. */
export function fleetOfTwo(): Emulator {
  const emulator = myservice();
  const { launchType, networkConfiguration } = emulator.describeService("myservice");
  const members = { launchType, networkConfiguration, desiredCount: 1 };
  emulator.createService({ ...members, serviceName: "other", taskDefinition: "myservice:4" });
  emulator.registerScalableTarget({ ResourceId: "service/default/other", MinCapacity: 1, MaxCapacity: 4 });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}
