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

/** All of those that are named, or all that are there, or those of a load balancer: one that is not fails the whole call. */
function describeTargetGroups(world: World, input: Input): JsonObject {
  const arns = input.strings("TargetGroupArns");
  const loadBalancer = input.string("LoadBalancerArn");
  if (loadBalancer !== undefined) {
    // "You can specify one of the following" (API reference).
    if (arns !== undefined) {
      throw new AwsFailure("ValidationError", "Specify either LoadBalancerArn or TargetGroupArns");
    }
    const behind = Object.values(world.targetGroups).filter(({ arn }) =>
      loadBalancersOf(world, arn).includes(loadBalancer)
    );
    if (behind.length === 0) throw new AwsFailure("LoadBalancerNotFound", "One or more load balancers not found");
    return { TargetGroups: behind.map((one) => targetGroupShape(world, one)) };
  }
  const found = (arns ?? Object.keys(world.targetGroups)).map((arn) => world.targetGroups[arn]);
  if (found.includes(undefined)) throw new AwsFailure("TargetGroupNotFound", "One or more target groups not found");
  return { TargetGroups: found.map((one) => targetGroupShape(world, one!)) };
}

export const actions: Actions = { DescribeTargetGroups: describeTargetGroups };
