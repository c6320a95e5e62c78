import { crashLoop } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";

/** Deploys revisions, one after the other, each of which serves for so long. */
export function deployed(
  emulator: Emulator,
  ...steps: readonly (readonly [revision: number, servesMs: number])[]
): Emulator {
  for (const [revision, servesMs] of steps) {
    emulator.updateService({ service: "myservice", taskDefinition: `myservice:${revision}` });
    emulator.advance(servesMs);
  }
  return emulator;
}

export const HOUR_MS = 3_600_000;

/** Services with what has run in them. */
export const PASTS: Readonly<Record<string, () => Emulator>> = {
  "two deployments": myservice,
  "one deployment": () => myservice({ history: [4] }),
  "two bad in a row": () => createScenario("two_bad_in_a_row"),
  "forced once more with another image": () => createScenario("tag_moved"),
  "rolled back just now": () => deployed(myservice(), [3, UNTIL_STEADY_MS]),
  "rolled back long ago": () => deployed(myservice(), [3, HOUR_MS * 2]),
  "long ago, then on": () => deployed(myservice(), [3, HOUR_MS], [2, HOUR_MS], [4, UNTIL_STEADY_MS]),
  "a deployment under way": () => deployed(myservice({ history: [2, 3] }), [4, 10_000]),
  "one that does not come up": () =>
    deployed(myservice({ history: [2, 3], behaviours: { 4: crashLoop() } }), [4, HOUR_MS]),
  "turned back by ECS": () => createScenario("circuit_breaker_rolling_back"),
  "failed, and stays": () => createScenario("circuit_breaker_tripped"),
  "no record": () => forgetful(),
};

/** A service that has run the same for longer than ECS keeps records. */
export function forgetful(): Emulator {
  const emulator = myservice({ history: [3] });
  emulator.advance(100 * 24 * HOUR_MS);
  return emulator;
}
