/** Random scripts of what goes wrong during a rollback: with AWS's answers, by other people, and by a stop signal. */
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
import { SCALING_OPERATIONS } from "./faulty_operations.ts";
import type { Flags } from "./world_spec.ts";

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

interface StopSpec {
  readonly signal: "SIGINT" | "SIGTERM";
  /** Sent when so many calls have been answered. */
  readonly afterCalls: number;
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

export interface Script {
  readonly faults: readonly FaultSpec[];
  readonly stop: StopSpec | null;
}

export const NOTHING_WRONG: Script = { faults: [], stop: null };
