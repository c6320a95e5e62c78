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
import { count, flag, list, optionalCount, optionalText, text } from "./read_answer.ts";
import { Caller, clientConfig, type ConnectionOptions } from "./connection.ts";

const TARGET = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

/** Application Auto Scaling over the AWS SDK. Nothing is sent before the first method is called. */
export function connectScaling(options: ConnectionOptions): ScalingPort {
  const client = new ApplicationAutoScalingClient(clientConfig(options));
  // A change that fetch sends a second time, unasked, could come into force after a later one.
  const onceClient = new ApplicationAutoScalingClient({
    ...clientConfig(options, "once"),
    credentials: client.config.credentials,
  });
  const caller = new Caller(options);
  return {
    describeScalableTarget(resourceId, signal) {
      const command = new DescribeScalableTargetsCommand({ ...TARGET, ResourceIds: [resourceId] });
      return caller.make({
        operation: "DescribeScalableTargets",
        send: (options) => client.send(command, options),
        signal,
        read: ({ ScalableTargets }) => {
          const found = list(ScalableTargets, "ScalableTargets").find(({ ResourceId }) => ResourceId === resourceId);
          return found && fromScalableTarget(resourceId, found);
        },
      });
    },

    setSuspendedState(resourceId, state, signal) {
      const command = new RegisterScalableTargetCommand({
        ...TARGET,
        ResourceId: resourceId,
        SuspendedState: {
          DynamicScalingInSuspended: state.dynamicScalingInSuspended,
          DynamicScalingOutSuspended: state.dynamicScalingOutSuspended,
          ScheduledScalingSuspended: state.scheduledScalingSuspended,
        },
      });
      return caller.make({
        operation: "RegisterScalableTarget",
        send: (options) => onceClient.send(command, options),
        // Somebody may have set other flags while the answer was waited for, or AWS throttled.
        once: true,
        signal,
        read: () => undefined,
      });
    },

    listTags(arn, signal) {
      const command = new ListTagsForResourceCommand({ ResourceARN: arn });
      // Whether AWS sends an empty `Tags` or leaves it out when there are none is not documented.
      return caller.make({
        operation: "ListTagsForResource",
        send: (options) => client.send(command, options),
        signal,
        read: ({ Tags }) => new Map(Object.entries(Tags ?? {}).map(([key, value]) => [key, text(value, "tag value")])),
      });
    },

    tag(arn, key, value, signal) {
      const command = new TagResourceCommand({ ResourceARN: arn, Tags: { [key]: value } });
      return caller.make({
        operation: "TagResource",
        send: (options) => onceClient.send(command, options),
        isChange: true,
        signal,
        read: () => undefined,
      });
    },

    untag(arn, key, signal) {
      const command = new UntagResourceCommand({ ResourceARN: arn, TagKeys: [key] });
      return caller.make({
        operation: "UntagResource",
        send: (options) => onceClient.send(command, options),
        isChange: true,
        signal,
        read: () => undefined,
      });
    },
  };
}

function fromScalableTarget(resourceId: string, target: SdkScalableTarget): ScalableTarget {
  return {
    resourceId,
    arn: optionalText(target.ScalableTargetARN, "ScalableTargetARN"),
    minCapacity: count(target.MinCapacity, "MinCapacity"),
    maxCapacity: optionalCount(target.MaxCapacity, "MaxCapacity") ?? Number.MAX_SAFE_INTEGER,
    suspendedState: {
      dynamicScalingInSuspended: flag(target.SuspendedState?.DynamicScalingInSuspended, "DynamicScalingInSuspended"),
      dynamicScalingOutSuspended: flag(target.SuspendedState?.DynamicScalingOutSuspended, "DynamicScalingOutSuspended"),
      scheduledScalingSuspended: flag(target.SuspendedState?.ScheduledScalingSuspended, "ScheduledScalingSuspended"),
    },
  };
}
