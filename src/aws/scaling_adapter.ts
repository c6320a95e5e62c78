import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget as SdkScalableTarget,
} from "@aws-sdk/client-application-auto-scaling";
import type { ScalingPort } from "../ecs/ports.ts";
import type { ScalableTarget } from "../ecs/scalable_target.ts";
import { call, clientConfig, type ConnectionOptions, observeAttempts } from "./connection.ts";

const TARGET = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

/** Application Auto Scaling over the AWS SDK. Nothing is sent before the first method is called. */
export async function connectScaling(options: ConnectionOptions): Promise<ScalingPort> {
  const client = new ApplicationAutoScalingClient(await clientConfig(options));
  observeAttempts(client, options);
  return {
    describeScalableTarget(resourceId, abortSignal) {
      const command = new DescribeScalableTargetsCommand({ ...TARGET, ResourceIds: [resourceId] });
      return call("DescribeScalableTargets", client.send(command, { abortSignal }), ({ ScalableTargets = [] }) => {
        const found = ScalableTargets.find(({ ResourceId }) => ResourceId === resourceId);
        return found && fromScalableTarget(resourceId, found);
      });
    },

    setSuspendedState(resourceId, state, abortSignal) {
      const command = new RegisterScalableTargetCommand({
        ...TARGET,
        ResourceId: resourceId,
        SuspendedState: {
          DynamicScalingInSuspended: state.dynamicScalingInSuspended,
          DynamicScalingOutSuspended: state.dynamicScalingOutSuspended,
          ScheduledScalingSuspended: state.scheduledScalingSuspended,
        },
      });
      return call("RegisterScalableTarget", client.send(command, { abortSignal }), () => undefined);
    },
  };
}

function fromScalableTarget(resourceId: string, target: SdkScalableTarget): ScalableTarget {
  return {
    resourceId,
    arn: target.ScalableTargetARN,
    minCapacity: target.MinCapacity ?? 0,
    maxCapacity: target.MaxCapacity ?? Number.MAX_SAFE_INTEGER,
    suspendedState: {
      dynamicScalingInSuspended: target.SuspendedState?.DynamicScalingInSuspended ?? false,
      dynamicScalingOutSuspended: target.SuspendedState?.DynamicScalingOutSuspended ?? false,
      scheduledScalingSuspended: target.SuspendedState?.ScheduledScalingSuspended ?? false,
    },
  };
}
