import type { EcsReader, EcsWriter, ScalingPort } from "../../../src/ecs/ports.ts";
import type { ServiceSnapshot } from "../../../src/ecs/service.ts";
import { AwsError, type AwsErrorKind } from "../../../src/errors.ts";
import type { Ports } from "../../../src/rollout/execute.ts";
import { VirtualClock } from "../../virtual_clock.ts";

/** What one call answers: a value, or an error to throw. */
export type Answer<T> = T | AwsError;

export interface Script {
  /** The reads of the service in order; the last one stays. */
  readonly reads: readonly Answer<ServiceSnapshot | undefined>[];
  readonly update?: Answer<ServiceSnapshot>;
  readonly inUse?: Answer<ReadonlySet<string>>;
  readonly deregister?: AwsError;
  /** The calls that set the scaling flags, in order; those that are left out work. */
  readonly scaling?: readonly (AwsError | undefined)[];
  /** Called on each call, before it is answered. */
  readonly onCall?: (call: string, clock: VirtualClock) => void;
}

export function awsError(kind: AwsErrorKind, code = kind as string): AwsError {
  return new AwsError({ operation: "Operation", kind, code, detail: "" });
}

/** Ports that answer by script, and the calls that were made of them. */
export function scriptedPorts(script: Script): { ports: Ports; calls: string[]; clock: VirtualClock } {
  const calls: string[] = [];
  const clock = new VirtualClock(0);
  const reads = [...script.reads];
  const scaling = [...script.scaling ?? []];
  const answer = <T>(call: string, value: Answer<T>): Promise<T> => {
    calls.push(call);
    script.onCall?.(call, clock);
    return value instanceof AwsError ? Promise.reject(value) : Promise.resolve(value);
  };
  const ecs: EcsReader & EcsWriter = {
    describeService: () => answer("describeService", reads.length > 1 ? reads.shift() : reads[0]),
    describeTaskDefinition: () => answer("describeTaskDefinition", undefined),
    listNewestRevisions: () => answer("listNewestRevisions", []),
    listTaskDefinitionsInUse: () => answer("listTaskDefinitionsInUse", script.inUse ?? new Set<string>()),
    updateService: (_ref, arn) => answer(`updateService ${arn}`, script.update ?? awsError("rejected", "NotScripted")),
    deregisterTaskDefinition: (arn) => answer(`deregisterTaskDefinition ${arn}`, script.deregister),
  };
  const scalingPort: ScalingPort = {
    describeScalableTarget: () => answer("describeScalableTarget", undefined),
    setSuspendedState: (_id, state) =>
      answer(`setSuspendedState ${Object.values(state).map(Number).join("")}`, scaling.shift()),
  };
  return { ports: { ecs, scaling: scalingPort, clock, random: () => 0.5 }, calls, clock };
}
