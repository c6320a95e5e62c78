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
import type { ScalableTarget, SuspendedState } from "../model/scalable_target.ts";
import { count, flag, optionalCount, optionalText, readNamed, required, requiredList, text } from "./read_answer.ts";
import { type Call, Caller } from "./call.ts";
import { clientConfig, type ConnectionOptions } from "./connection.ts";

const TARGET = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

/** Application Auto Scaling over the AWS SDK. Nothing is sent before the first method is called. */
export function connectScaling(options: ConnectionOptions): ScalingPort {
  const client = new ApplicationAutoScalingClient(clientConfig(options));
  // A change that fetch sends a second time, unasked, could come into force after a later one.
  const onceClient = new ApplicationAutoScalingClient({
    ...clientConfig(options, "once"),
    credentials: client.config.credentials,
  });
  const calls: ScalingCalls = { client, onceClient, caller: new Caller(options) };
  return {
    describeScalableTarget: (resourceId, signal) => describeScalableTarget(calls, resourceId, signal),
    setSuspendedState: (resourceId, state, signal) => setSuspendedState(calls, resourceId, state, signal),
    listTags: (arn, signal) => listTags(calls, arn, signal),
    async tag(arn, key, value, signal) {
      const command = new TagResourceCommand({ ResourceARN: arn, Tags: { [key]: value } });
      const send: Sending = (options) => onceClient.send(command, options);
      await changeTag(
        calls,
        "TagResource",
        send,
        async () => (await listTags(calls, arn, signal)).get(key) === value,
        signal,
      );
    },
    async untag(arn, key, signal) {
      const command = new UntagResourceCommand({ ResourceARN: arn, TagKeys: [key] });
      const send: Sending = (options) => onceClient.send(command, options);
      await changeTag(calls, "UntagResource", send, async () => !(await listTags(calls, arn, signal)).has(key), signal);
    },
  };
}

interface ScalingCalls {
  readonly client: ApplicationAutoScalingClient;
  readonly onceClient: ApplicationAutoScalingClient;
  readonly caller: Caller;
}

function describeScalableTarget(
  { client, caller }: ScalingCalls,
  resourceId: string,
  signal: AbortSignal,
): Promise<ScalableTarget | undefined> {
  const command = new DescribeScalableTargetsCommand({ ...TARGET, ResourceIds: [resourceId] });
  return caller.make({
    operation: "DescribeScalableTargets",
    policy: "safe",
    send: (options) => client.send(command, options),
    read: ({ ScalableTargets }) => {
      const found = requiredList(ScalableTargets, "ScalableTargets").find(({ ResourceId }) =>
        ResourceId === resourceId
      );
      return found && fromScalableTarget(resourceId, found);
    },
    signal,
  });
}

function setSuspendedState(
  { onceClient, caller }: ScalingCalls,
  resourceId: string,
  state: SuspendedState,
  signal: AbortSignal,
): Promise<void> {
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
    // Somebody may have set other flags while the answer was waited for, or AWS throttled.
    policy: "once",
    send: (options) => onceClient.send(command, options),
    // Without an ARN the answer does not say that it was done. Targets from before March 2023 have none.
    read: ({ ScalableTargetARN }) => readNamed(ScalableTargetARN, "ScalableTargetARN"),
    signal,
  });
}

function listTags(
  { client, caller }: ScalingCalls,
  arn: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const command = new ListTagsForResourceCommand({ ResourceARN: arn });
  // Whether AWS sends an empty `Tags` or leaves it out when there are none is not documented: such an answer is asked for
  // twice, for a record that is not seen would be overwritten.
  let withoutTags = 0;
  return caller.make({
    operation: "ListTagsForResource",
    policy: "safe",
    send: (options) => client.send(command, options),
    read: ({ Tags }) => readTags(Tags ?? (++withoutTags < 2 ? undefined : {})),
    signal,
  });
}

type Sending = Call<unknown, void>["send"];

/** AWS's model of these answers has no member; that they are AWS's has been seen to. */
async function changeTag(
  { caller }: ScalingCalls,
  operation: string,
  send: Sending,
  isMade: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const confirm = async () => (await isMade()) || undefined;
  await caller.make({ operation, policy: { mayArriveTwice: true, confirm }, send, read: () => true as const, signal });
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
