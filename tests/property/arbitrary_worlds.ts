import fc from "fast-check";
import type { JsonObject } from "../emulator/model.ts";
import { UNTIL_STEADY_MS } from "../emulator/myservice.ts";
import { ALL, BEHAVIOURS, type Flags, NONE, type ScalingSpec, type WorldSpec } from "./world_spec.ts";

export const arbitraryFlags: fc.Arbitrary<Flags> = fc.oneof(
  fc.constant(NONE),
  fc.constant(ALL),
  fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
);

const arbitraryScaling: fc.Arbitrary<ScalingSpec> = fc.record({
  hasArn: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  limits: fc.oneof(
    { weight: 6, arbitrary: fc.constant({ min: 0, max: 10 }) },
    { weight: 1, arbitrary: fc.constant({ min: 2, max: 3 }) },
    { weight: 1, arbitrary: fc.constant({ min: 1, max: 1 }) },
  ),
  flags: arbitraryFlags,
  record: fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    { weight: 3, arbitrary: arbitraryFlags },
    { weight: 1, arbitrary: fc.constant("foreign" as const) },
  ),
  wasSuspended: fc.boolean(),
}).map(({ hasArn, limits: { min, max }, flags, record, wasSuspended }) => ({
  hasArn,
  min,
  max,
  record,
  // A run that was killed between its record and the suspension leaves the earlier flags, one killed later all three.
  flags: record === null || record === "foreign" || !hasArn ? flags : wasSuspended ? ALL : record,
}));

const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as (keyof typeof BEHAVIOURS)[];

const arbitraryBehaviour = fc.oneof(
  { weight: 8, arbitrary: fc.constant("healthy" as const) },
  { weight: 4, arbitrary: fc.constantFrom(...BEHAVIOUR_NAMES) },
);

export const arbitraryWorld: fc.Arbitrary<WorldSpec> = fc.record({
  history: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom([3, 4], [2, 4], [4], [3, 2], [2, 3, 4], [4, 3]) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }) },
  ),
  afterLastMs: fc.oneof(fc.constant(UNTIL_STEADY_MS), fc.integer({ min: 0, max: 150_000 })),
  behaviours: fc.record({
    1: arbitraryBehaviour,
    2: arbitraryBehaviour,
    3: arbitraryBehaviour,
    4: arbitraryBehaviour,
    // What is registered by the command under test.
    5: arbitraryBehaviour,
  }),
  breaker: fc.constantFrom("none", "stop", "rollback"),
  strategy: fc.oneof(
    { weight: 10, arbitrary: fc.constant("ROLLING" as const) },
    { weight: 2, arbitrary: fc.constant("BLUE_GREEN" as const) },
    { weight: 1, arbitrary: fc.constantFrom("CANARY" as const, "LINEAR") },
  ),
  breakerMembers: fc.oneof(
    { weight: 3, arbitrary: fc.constant<JsonObject>({}) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<JsonObject>(
        { thresholdConfiguration: { type: "COUNT", value: 1 } },
        { thresholdConfiguration: { type: "UNBOUNDED_PERCENT", value: 100 }, resetOnHealthyTask: false },
      ),
    },
  ),
  earlySuccess: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ percent: fc.constantFrom(0, 50, 100), waits: fc.boolean() }) },
  ),
  alarm: fc.oneof(
    { weight: 4, arbitrary: fc.constant("none" as const) },
    { weight: 1, arbitrary: fc.constantFrom("stop" as const, "rollback", "off") },
  ),
  bounds: fc.oneof(
    { weight: 5, arbitrary: fc.constant([100, 200] as const) },
    { weight: 1, arbitrary: fc.constant([50, 100] as const) },
    { weight: 1, arbitrary: fc.constant([0, 150] as const) },
  ),
  desiredCount: fc.integer({ min: 0, max: 4 }),
  pageSize: fc.constantFrom(0, 2),
  inactive: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray([1, 2, 3, 4], { maxLength: 2 }) },
  ),
  enforcementDelayMs: fc.constantFrom(0, 600_000),
  reusesDeploymentId: fc.boolean(),
  renewsCreatedAt: fc.boolean(),
  showsDraining: fc.boolean(),
  rollbackTakesSteps: fc.boolean(),
  pendingMs: fc.constantFrom(0, 0, 4_000),
  rollbackRequestedMs: fc.constantFrom(0, 3_000, 40_000),
  scaling: fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 5, arbitrary: arbitraryScaling },
  ),
  elsewhere: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 4 }) },
  ),
  elsewhereCount: fc.constantFrom(0, 1),
});
