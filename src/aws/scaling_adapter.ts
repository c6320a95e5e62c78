import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  ListTagsForResourceCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget as SdkScalableTarget,
  TagResourceCommand,
  UntagResourceCommand,
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

    listTags(arn, abortSignal) {
      const command = new ListTagsForResourceCommand({ ResourceARN: arn });
      // Whether AWS sends an empty `Tags` or leaves it out when there are none is not documented.
      return call(
        "ListTagsForResource",
        client.send(command, { abortSignal }),
        ({ Tags = {} }) => new Map(Object.entries(Tags)),
      );
    },

    tag(arn, key, value, abortSignal) {
      const command = new TagResourceCommand({ ResourceARN: arn, Tags: { [key]: value } });
      return call("TagResource", client.send(command, { abortSignal }), () => undefined);
    },

    untag(arn, key, abortSignal) {
      const command = new UntagResourceCommand({ ResourceARN: arn, TagKeys: [key] });
      return call("UntagResource", client.send(command, { abortSignal }), () => undefined);
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
