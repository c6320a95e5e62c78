import type { ConnectionOptions } from "../aws/connection.ts";
import type { Ecs } from "../aws/ecs.ts";
import type { AlarmsPort, ReferenceChecker, ScalingPort, ValueSources } from "../model/ports.ts";
import { hidingEcs } from "./hiding_ecs.ts";

/** The ways to AWS. Each loads its part of the SDK when it is first called. */
export interface Connectors {
  readonly connectEcs: () => Promise<Ecs>;
  readonly connectScaling: () => Promise<ScalingPort>;
  readonly connectReferences: () => Promise<ReferenceChecker>;
  readonly connectAlarms: () => Promise<AlarmsPort>;
  readonly connectValues: () => Promise<ValueSources>;
}

export function connectorsOver(
  connection: ConnectionOptions,
  { untrusted, mask, signal }: {
    readonly untrusted: boolean;
    readonly mask: (text: string) => string;
    readonly signal: AbortSignal;
  },
): Connectors {
  return {
    connectEcs: async () => hidingEcs((await import("../aws/ecs.ts")).connectEcs(connection), mask),
    connectReferences: async () => {
      // What it may not look at is unknown. Without the role nothing can be looked at, which is the end of the run.
      await connection.role?.renew(signal);
      const inventory = (await import("../aws/references.ts")).connectReferences(connection);
      // Even the names of a secret's keys are nothing for files of somebody else.
      return untrusted ? { ...inventory, readSecretKeys: () => Promise.resolve("unread") } : inventory;
    },
    connectAlarms: async () => (await import("../aws/alarms.ts")).connectAlarms(connection),
    connectScaling: async () => (await import("../aws/scaling.ts")).connectScaling(connection),
    connectValues: async () => (await import("../aws/values.ts")).connectValueSources(connection),
  };
}
