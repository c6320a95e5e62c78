/** Random scripts of what goes wrong during a rollback: with AWS's answers, by other people, and by a stop signal. */
import fc from "fast-check";
import type { Emulator } from "../emulator/emulator.ts";
import {
  accessDenied,
  concurrentUpdate,
  dropAfter,
  dropBefore,
  expiredToken,
  type FaultEffect,
  halfSent,
  serverError,
  stale,
  throttle,
} from "../emulator/faults.ts";
import { RESOURCE_ID, SERVICE } from "../emulator/myservice.ts";
import { ALARM, arbitraryFlags, ECS, type Flags, SCALING, suspendedState } from "./rollback_worlds.ts";

/** What somebody else does. */
export type Act =
  | { readonly kind: "deploy"; readonly revision: number }
  | { readonly kind: "forceNewDeployment" }
  | { readonly kind: "deleteService" }
  | { readonly kind: "stopDeployment" }
  | { readonly kind: "scale"; readonly to: number }
  /** The load calls for so many tasks, and scaling policies act by that. */
  | { readonly kind: "load"; readonly tasks: number }
  | { readonly kind: "alarm" }
  | { readonly kind: "deregister"; readonly revision: number }
  | { readonly kind: "setFlags"; readonly flags: Flags }
  | { readonly kind: "deregisterTarget" };

export type FaultSpec =
  /** Hits the `nth` to `nth + times - 1`th call of the operation (of any, where it is `*`). */
  & { readonly operation: string; readonly nth: number; readonly times: number }
  & (
    | { readonly kind: "throttle" | "serverError" | "dropBefore" | "dropAfter" | "halfSent" | "denied" | "expired" }
    | { readonly kind: "concurrentUpdate" }
    | { readonly kind: "stale"; readonly forMs: number }
    /** The answer takes this long; a caller that gives up earlier never sees it. */
    | { readonly kind: "slow"; readonly ms: number }
    | { readonly kind: "act"; readonly when: "before" | "after"; readonly act: Act }
  );

export interface StopSpec {
  readonly signal: "SIGINT" | "SIGTERM";
  /** Sent when so many calls have been answered. */
  readonly afterCalls: number;
}

export interface Script {
  readonly faults: readonly FaultSpec[];
  readonly stop: StopSpec | null;
}

export const NOTHING_WRONG: Script = { faults: [], stop: null };

const ECS_READS = [
  "DescribeServices",
  "DescribeTaskDefinition",
  "ListTaskDefinitions",
  "ListTasks",
  "DescribeTasks",
  "ListServices",
  "ListServiceDeployments",
  "DescribeServiceDeployments",
  "DescribeServiceRevisions",
];
const ECS_WRITES = ["UpdateService", "StopServiceDeployment", "RegisterTaskDefinition", "DeregisterTaskDefinition"];
const SCALING_READS = ["DescribeScalableTargets", "ListTagsForResource"];
export const SCALING_WRITES: readonly string[] = ["RegisterScalableTarget", "TagResource", "UntagResource"];
export const SCALING_OPERATIONS: readonly string[] = [...SCALING_READS, ...SCALING_WRITES];

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

/** Does what somebody else does. Throws an AwsFailure where AWS refuses them. */
export function perform(emulator: Emulator, act: Act): void {
  switch (act.kind) {
    case "deploy":
      emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:${act.revision}` });
      return;
    case "forceNewDeployment":
      emulator.updateService({ service: SERVICE, forceNewDeployment: true });
      return;
    case "deleteService":
      emulator.deleteService({ service: SERVICE, force: true });
      return;
    case "stopDeployment": {
      const { currentServiceDeployment } = emulator.describeService(SERVICE);
      emulator.call(`${ECS}.StopServiceDeployment`, {
        serviceDeploymentArn: currentServiceDeployment,
        stopType: "ROLLBACK",
      });
      return;
    }
    case "scale":
      emulator.updateService({ service: SERVICE, desiredCount: act.to });
      return;
    case "load":
      emulator.setLoad(RESOURCE_ID, act.tasks);
      return;
    case "alarm":
      emulator.triggerAlarm(ALARM);
      return;
    case "deregister":
      emulator.deregisterTaskDefinition(`${SERVICE}:${act.revision}`);
      return;
    case "setFlags":
      // Nobody registers a target by setting its flags: that takes min and max.
      emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState: suspendedState(act.flags) });
      return;
    case "deregisterTarget":
      emulator.call(`${SCALING}.DeregisterScalableTarget`, {
        ServiceNamespace: "ecs",
        ScalableDimension: "ecs:service:DesiredCount",
        ResourceId: RESOURCE_ID,
      });
  }
}

/** The emulator's effect for a fault; `onAct` carries out what somebody else does. */
export function effectOf(fault: FaultSpec, onAct: (act: Act, when: "before" | "after") => void): FaultEffect {
  switch (fault.kind) {
    case "throttle":
      return throttle();
    case "serverError":
      return serverError();
    case "dropBefore":
      return dropBefore();
    case "dropAfter":
      return dropAfter();
    case "halfSent":
      return halfSent();
    case "denied":
      return accessDenied(SCALING_OPERATIONS.includes(fault.operation) ? "application-autoscaling" : "ecs");
    case "expired":
      return expiredToken();
    case "concurrentUpdate":
      return concurrentUpdate();
    case "stale":
      return stale(fault.forMs);
    case "slow":
      return { kind: "delay", ms: fault.ms };
    case "act":
      return { kind: "act", when: fault.when, act: () => onAct(fault.act, fault.when) };
  }
}
