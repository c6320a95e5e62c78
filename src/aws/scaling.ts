import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  ListTagsForResourceCommand,
  RegisterScalableTargetCommand,
  type RegisterScalableTargetCommandInput,
  type ScalableTarget as SdkScalableTarget,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-application-auto-scaling";
import type { ScalingPort } from "../model/ports.ts";
import type { ScalableTarget } from "../model/scalable_target.ts";
import {
  checkNamed,
  count,
  flag,
  optionalCount,
  optionalText,
  required,
  requiredList,
  text,
  UnreadableAnswer,
} from "./read_answer.ts";
import { Api } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";

const TARGET = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

export function connectScaling(options: ConnectionOptions): ScalingPort {
  const api = new Api(options, (config) => new ApplicationAutoScalingClient(config));
  const listTags = listTagsOver(api);
  const describeScalableTarget: ScalingPort["describeScalableTarget"] = (resourceId, signal) => {
    const command = new DescribeScalableTargetsCommand({ ...TARGET, ResourceIds: [resourceId] });
    return api.read(command, signal, ({ ScalableTargets }) => {
      const found = requiredList(ScalableTargets, "ScalableTargets").find((one) => one.ResourceId === resourceId);
      return found && fromScalableTarget(resourceId, found);
    });
  };
  return {
    describeScalableTarget,
    setSuspendedState: setSuspendedStateOver(api),
    setCapacity: setCapacityOver(api, describeScalableTarget),
    listTags,
    // AWS's answers about tags have no members; `guardHandler` has checked that they are AWS's.
    tag: (arn, key, value, signal) =>
      api.changeUnanswered(
        new TagResourceCommand({ ResourceARN: arn, Tags: { [key]: value } }),
        async () => (await listTags(arn, signal)).get(key) === value,
        signal,
      ),
    untag: (arn, key, signal) =>
      api.changeUnanswered(
        new UntagResourceCommand({ ResourceARN: arn, TagKeys: [key] }),
        async () => !(await listTags(arn, signal)).has(key),
        signal,
      ),
  };
}

/** Changes an existing target; members that are left out stay as they are. */
function register(ResourceId: string, members: Partial<RegisterScalableTargetCommandInput>) {
  return new RegisterScalableTargetCommand({ ...TARGET, ResourceId, ...members });
}

function setSuspendedStateOver(api: Api): ScalingPort["setSuspendedState"] {
  return (resourceId, state, signal) => {
    const command = register(resourceId, {
      SuspendedState: {
        DynamicScalingInSuspended: state.dynamicScalingInSuspended,
        DynamicScalingOutSuspended: state.dynamicScalingOutSuspended,
        ScheduledScalingSuspended: state.scheduledScalingSuspended,
      },
    });
    // Sent once: somebody may set other flags while this waits for an answer, or is throttled. Only an ARN in the
    // answer shows that the change was made; targets from before March 2023 have none.
    return api.change(
      command,
      "once",
      signal,
      ({ ScalableTargetARN }) => checkNamed(ScalableTargetARN, "ScalableTargetARN"),
    );
  };
}

/** Sent again where that may help: setting the same limits twice does no harm. */
function setCapacityOver(api: Api, describe: ScalingPort["describeScalableTarget"]): ScalingPort["setCapacity"] {
  return async (resourceId, { min, max }, signal) => {
    const limits = { ...(min !== undefined && { MinCapacity: min }), ...(max !== undefined && { MaxCapacity: max }) };
    const isMade = async () => {
      const now = await describe(resourceId, signal);
      return now !== undefined && (min ?? now.minCapacity) === now.minCapacity &&
        (max ?? now.maxCapacity) === now.maxCapacity;
    };
    await api.changeUnanswered(register(resourceId, limits), isMade, signal);
  };
}

function listTagsOver(api: Api): ScalingPort["listTags"] {
  return (arn, signal) => {
    // AWS does not document whether it leaves out `Tags` when there are none. An answer without is asked for twice: a
    // record that is overlooked would be overwritten.
    let withoutTags = 0;
    return api.read(
      new ListTagsForResourceCommand({ ResourceARN: arn }),
      signal,
      ({ Tags }) => readTags(Tags ?? (++withoutTags < 2 ? undefined : {})),
    );
  };
}

function readTags(tags: unknown): Map<string, string> {
  if (typeof required(tags, "Tags") !== "object" || Array.isArray(tags)) {
    throw new UnreadableAnswer({ code: "wrongMember", name: "Tags", expected: "tags" });
  }
  return new Map(Object.entries(tags as object).map(([key, value]) => [key, text(value, "tag.value")]));
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
