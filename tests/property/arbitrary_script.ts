import fc from "fast-check";
import { arbitraryFlags } from "./arbitrary_worlds.ts";
import { ECS_READS, ECS_WRITES, SCALING_READS, SCALING_WRITES } from "./faulty_operations.ts";
import type { Act, FaultSpec, Script } from "./rollback_faults.ts";

const arbitraryOperation = fc.oneof(
  { weight: 2, arbitrary: fc.constant("*") },
  { weight: 3, arbitrary: fc.constant("DescribeServices") },
  { weight: 2, arbitrary: fc.constantFrom(...ECS_READS) },
  { weight: 4, arbitrary: fc.constantFrom(...ECS_WRITES, "UpdateService") },
  { weight: 2, arbitrary: fc.constantFrom(...SCALING_READS) },
  { weight: 3, arbitrary: fc.constantFrom(...SCALING_WRITES, "RegisterScalableTarget") },
);

const arbitraryAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("deploy" as const), revision: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "forceNewDeployment" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "deleteService" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "stopDeployment" as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("scale" as const), to: fc.constantFrom(0, 0, 1, 5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("load" as const), tasks: fc.constantFrom(0, 3, 6) }) },
  { weight: 2, arbitrary: fc.constant({ kind: "alarm" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("deregister" as const), revision: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("setFlags" as const), flags: arbitraryFlags }) },
  { weight: 1, arbitrary: fc.constant({ kind: "deregisterTarget" as const }) },
);

const arbitraryPlace = {
  operation: arbitraryOperation,
  nth: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 3 }) }, {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 12 }),
  }),
};

const arbitraryFault: fc.Arbitrary<FaultSpec> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      ...arbitraryPlace,
      kind: fc.constantFrom("throttle" as const, "serverError", "dropBefore", "dropAfter", "halfSent"),
      times: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 5 }) }, {
        weight: 1,
        arbitrary: fc.constant(1e9),
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ ...arbitraryPlace, kind: fc.constant("denied" as const), times: fc.constantFrom(1, 1e9) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      nth: fc.integer({ min: 1, max: 20 }),
      operation: fc.constantFrom("*", "UpdateService", "RegisterScalableTarget"),
      kind: fc.constant("expired" as const),
      times: fc.constant(1e9),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...arbitraryPlace,
      kind: fc.constant("stale" as const),
      forMs: fc.constantFrom(1_000, 5_000, 20_000),
      times: fc.constantFrom(1, 5, 1e9),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      nth: fc.integer({ min: 1, max: 3 }),
      operation: fc.constantFrom("RegisterScalableTarget", "TagResource", "UntagResource"),
      kind: fc.constant("concurrentUpdate" as const),
      times: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...arbitraryPlace,
      kind: fc.constant("slow" as const),
      ms: fc.constantFrom(300, 4_000, 12_000),
      times: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      ...arbitraryPlace,
      kind: fc.constant("act" as const),
      when: fc.constantFrom("before" as const, "after"),
      act: arbitraryAct,
      times: fc.constant(1),
    }),
  },
);

export const arbitraryScript: fc.Arbitrary<Script> = fc.record({
  faults: fc.oneof(
    { weight: 4, arbitrary: fc.array(arbitraryFault, { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(arbitraryFault, { maxLength: 8 }) },
  ),
  stop: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        signal: fc.constantFrom("SIGINT" as const, "SIGTERM"),
        afterCalls: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 })),
      }),
    },
  ),
});
