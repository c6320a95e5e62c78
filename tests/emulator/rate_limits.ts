/**
 * The token buckets of Amazon ECS, as AWS publishes them: one for each category of actions, per account and region.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 *
 * The page has no category for the actions on a service deployment that change something, and AWS publishes no numbers for
 * Application Auto Scaling (only that all of its actions share a limit of their own:
 * https://repost.aws/knowledge-center/autoscaling-api-calls-throttled): those are not limited here.
 */
import type { EmulatorRequest } from "./exchange.ts";
import { AwsFailure } from "./failure.ts";
import type { World } from "./model.ts";
import type { Asked } from "./protocols/protocol.ts";
import { accountAndRegionOf } from "./signatures.ts";

interface Bucket {
  actions: string[];
  burst: number;
  refillPerSecond: number;
}

const BUCKETS: Bucket[] = [
  { actions: ["CreateService", "DeleteService", "UpdateService"], burst: 50, refillPerSecond: 5 },
  { actions: ["DescribeServices", "ListServices"], burst: 100, refillPerSecond: 20 },
  { actions: ["DescribeServiceDeployments", "ListServiceDeployments"], burst: 50, refillPerSecond: 20 },
  { actions: ["DescribeServiceRevisions"], burst: 50, refillPerSecond: 20 },
  {
    actions: ["DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies"],
    burst: 50,
    refillPerSecond: 20,
  },
  { actions: ["RegisterTaskDefinition", "DeregisterTaskDefinition"], burst: 20, refillPerSecond: 1 },
  { actions: ["DeleteTaskDefinitions"], burst: 5, refillPerSecond: 1 },
  { actions: ["DescribeTasks", "ListTasks"], burst: 100, refillPerSecond: 20 },
  { actions: ["DescribeClusters", "ListClusters"], burst: 50, refillPerSecond: 20 },
  { actions: ["ListTagsForResource"], burst: 50, refillPerSecond: 20 },
  { actions: ["TagResource", "UntagResource"], burst: 20, refillPerSecond: 10 },
];

/** The answer to a call that came too soon. */
export const throttled = () => new AwsFailure("ThrottlingException", "Rate exceeded");

/** Takes a token for a call. @throws ThrottlingException when its bucket is empty */
export function takeToken(world: World, { service, operation }: Asked, request: EmulatorRequest): void {
  const bucket = service === "ecs" ? BUCKETS.find(({ actions }) => actions.includes(operation)) : undefined;
  if (!bucket) return;
  const name = `${accountAndRegionOf(world, request)} ${bucket.actions[0]}`;
  const before = world.buckets[name] ?? { tokens: bucket.burst, atMs: world.nowMs };
  const refilled = before.tokens + ((world.nowMs - before.atMs) / 1000) * bucket.refillPerSecond;
  const tokens = Math.min(bucket.burst, refilled);
  world.buckets[name] = { tokens: tokens < 1 ? tokens : tokens - 1, atMs: world.nowMs };
  if (tokens < 1) throw throttled();
}
