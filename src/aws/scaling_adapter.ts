import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  ListTagsForResourceCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget as SdkScalableTarget,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-application-auto-scaling";
import type { ScalingPort } from "../model/ports.ts";
import type { ScalableTarget } from "../model/scalable_target.ts";
import { count, flag, optionalCount, optionalText, readNamed, required, requiredList, text } from "./read_answer.ts";
import { orReadBack } from "./or_read_back.ts";
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

  const listTags: ScalingPort["listTags"] = (arn, signal) => {
    const command = new ListTagsForResourceCommand({ ResourceARN: arn });
    // Whether AWS sends an empty `Tags` or leaves it out when there are none is not documented: that is asked for twice,
    // for a record that is not seen would be overwritten.
    let withoutTags = 0;
    return caller.make({
      operation: "ListTagsForResource",
      send: (options) => client.send(command, options),
      signal,
      read: ({ Tags }) => readTags(Tags ?? (++withoutTags < 2 ? undefined : {})),
    });
  };
  /** Whether a read shows a tag with a value, or without one (`undefined`). */
  const shows = async (arn: string, key: string, value: string | undefined, signal: AbortSignal) =>
    (await listTags(arn, signal)).get(key) === value || undefined;

  return {
    describeScalableTarget(resourceId, signal) {
      const command = new DescribeScalableTargetsCommand({ ...TARGET, ResourceIds: [resourceId] });
      return caller.make({
        operation: "DescribeScalableTargets",
        send: (options) => client.send(command, options),
        signal,
        read: ({ ScalableTargets }) => {
          const found = requiredList(ScalableTargets, "ScalableTargets").find(({ ResourceId }) =>
            ResourceId === resourceId
          );
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
        // Without it nobody knows whether it was done. AWS names none where a target is older than their ARNs (March 2023).
        read: ({ ScalableTargetARN }) => readNamed(ScalableTargetARN, "ScalableTargetARN"),
      });
    },

    listTags,

    async tag(arn, key, value, signal) {
      const command = new TagResourceCommand({ ResourceARN: arn, Tags: { [key]: value } });
      const order = caller.make({
        operation: "TagResource",
        send: (options) => onceClient.send(command, options),
        isChange: true,
        signal,
        // AWS's model of the answer has no member, here and below. That it is AWS's has been seen to.
        read: () => true,
      });
      await orReadBack(order, () => shows(arn, key, value, signal), signal);
    },

    async untag(arn, key, signal) {
      const command = new UntagResourceCommand({ ResourceARN: arn, TagKeys: [key] });
      const order = caller.make({
        operation: "UntagResource",
        send: (options) => onceClient.send(command, options),
        isChange: true,
        signal,
        read: () => true,
      });
      await orReadBack(order, () => shows(arn, key, undefined, signal), signal);
    },
  };
}

function readTags(tags: unknown): Map<string, string> {
  if (typeof required(tags, "Tags") !== "object" || Array.isArray(tags)) {
    throw new TypeError("AWS's answer has Tags that are no tags");
  }
  return new Map(Object.entries(tags as object).map(([key, value]) => [key, text(value, "tag value")]));
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
