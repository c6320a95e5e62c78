/** DescribeTargetGroups of Elastic Load Balancing */
import { AwsFailure } from "../failure.ts";
import { nameOf } from "../identifiers.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import type { TargetGroup } from "../stores.ts";
import { loadBalancersOf } from "../traffic.ts";
import type { Actions } from "./action.ts";

function targetGroupShape(world: World, { arn, targetType, port }: TargetGroup): JsonObject {
  return {
    TargetGroupArn: arn,
    TargetGroupName: /:targetgroup\/([^/]+)\//.exec(arn)?.[1] ?? nameOf(arn),
    Protocol: "HTTP",
    Port: port,
    TargetType: targetType,
    IpAddressType: "ipv4",
    LoadBalancerArns: [...loadBalancersOf(world, arn)],
  };
}

/** All of those that are named, or all that are there: one that is not fails the whole call. */
function describeTargetGroups(world: World, input: Input): JsonObject {
  const arns = input.strings("TargetGroupArns");
  const found = (arns ?? Object.keys(world.targetGroups)).map((arn) => world.targetGroups[arn]);
  if (found.includes(undefined)) throw new AwsFailure("TargetGroupNotFound", "One or more target groups not found");
  return { TargetGroups: found.map((one) => targetGroupShape(world, one!)) };
}

export const actions: Actions = { DescribeTargetGroups: describeTargetGroups };
