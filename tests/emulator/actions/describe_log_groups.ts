/** DescribeLogGroups of Amazon CloudWatch Logs */
import { AwsFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { pageOf } from "../pages.ts";
import type { Actions } from "./action.ts";

/** "The results are ASCII-sorted by log group name" (API reference). */
function describeLogGroups(world: World, input: Input): JsonObject {
  const prefix = input.string("logGroupNamePrefix") ?? "";
  const { region, accountId } = world.settings;
  const names = Object.keys(world.logGroups).filter((name) => name.startsWith(prefix)).sort();
  const { items, nextToken } = pageOf(world, input, names, { default: 50, max: 50 }, {
    maxResults: "limit",
    nextToken: "nextToken",
  }, (message) => new AwsFailure("InvalidParameterException", message));
  return {
    logGroups: items.map((name) => {
      const arn = `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
      return {
        logGroupName: name,
        creationTime: world.logGroups[name]!,
        metricFilterCount: 0,
        arn: `${arn}:*`,
        logGroupArn: arn,
        storedBytes: 0,
        logGroupClass: "STANDARD",
      };
    }),
    ...(nextToken !== undefined && { nextToken }),
  };
}

export const actions: Actions = { DescribeLogGroups: describeLogGroups };
