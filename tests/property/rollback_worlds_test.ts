import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "../emulator/model.ts";
import { SERVICE } from "../emulator/myservice.ts";
import { tries } from "./how_often.ts";
import { arbitraryWorld } from "./arbitrary_worlds.ts";
import { createWorld } from "./rollback_worlds.ts";

Deno.test("an alarm that is in ALARM already ends no deployment of the world that it is in", () => {
  fc.assert(
    fc.property(arbitraryWorld, fc.integer({ min: 0, max: 300_000 }), (world, laterMs) => {
      const emulator = createWorld({ ...world, alarm: "off" });
      emulator.advance(laterMs);
      for (const { rolloutStateReason } of emulator.describeService(SERVICE).deployments as JsonObject[]) {
        assert.doesNotMatch(String(rolloutStateReason), /alarm/);
      }
    }),
    tries(100),
  );
});
