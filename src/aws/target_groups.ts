import { regionOf } from "../model/arn.ts";
import type { ReferenceChecker } from "../model/ports.ts";
import { lazyApi } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { required, text, undefinedWhen } from "./read_answer.ts";

/** Asks Elastic Load Balancing in the region of the ARN. */
export function readTargetGroups(options: ConnectionOptions): ReferenceChecker["readTargetGroup"] {
  const loadBalancing = lazyApi(
    options,
    () => import("./clients/elastic_load_balancing.ts"),
    (sdk) => sdk.ElasticLoadBalancingV2Client,
  );
  return async (arn, signal) => {
    const { sdk, api } = await loadBalancing(regionOf(arn));
    // Each on its own: one that is not there fails the call for all.
    const command = new sdk.DescribeTargetGroupsCommand({ TargetGroupArns: [arn] });
    const reading = api.read(command, signal, ({ TargetGroups }) => {
      const { TargetType } = required(TargetGroups?.[0], "TargetGroups");
      return { targetType: text(TargetType, "TargetType") };
    });
    return await undefinedWhen(["TargetGroupNotFoundException"], reading);
  };
}
