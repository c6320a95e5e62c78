import type { ScalingPort } from "../ecs/ports.ts";
import type { SuspendedState } from "../ecs/scalable_target.ts";
import { AwsError } from "../errors.ts";
import type { Leftover } from "./events.ts";
import type { Step } from "./plan.ts";

/** Writes the planned suspension flags. Never throws an `AwsError`: it answers with what is left to do by hand. */
export async function restoreScaling(
  { target, to }: Step & { kind: "restoreScaling" },
  scaling: ScalingPort,
  signal: AbortSignal,
): Promise<Leftover | undefined> {
  try {
    await scaling.setSuspendedState(target.resourceId, to, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return {
      problem: `auto scaling of ${target.resourceId} is still suspended (${error.message})`,
      command: restoreCommand(target.resourceId, to),
    };
  }
}

/** The AWS CLI's command that sets the three flags. */
export function restoreCommand(resourceId: string, state: SuspendedState): string {
  return "aws application-autoscaling register-scalable-target --service-namespace ecs " +
    `--scalable-dimension ecs:service:DesiredCount --resource-id ${resourceId} --suspended-state ` +
    `DynamicScalingInSuspended=${state.dynamicScalingInSuspended},` +
    `DynamicScalingOutSuspended=${state.dynamicScalingOutSuspended},` +
    `ScheduledScalingSuspended=${state.scheduledScalingSuspended}`;
}
