/** Token buckets per account and region, one for each group of actions. */
import { AwsFailure } from "./failure.ts";
import type { World } from "./model.ts";

interface Bucket {
  actions: string[];
  burst: number;
  refillPerSecond: number;
}

const BUCKETS: Bucket[] = [
  { actions: ["CreateService", "DeleteService", "UpdateService"], burst: 50, refillPerSecond: 5 },
  { actions: ["DescribeServices", "ListServices"], burst: 100, refillPerSecond: 20 },
  {
    actions: ["DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies"],
    burst: 50,
    refillPerSecond: 20,
  },
  { actions: ["RegisterTaskDefinition", "DeregisterTaskDefinition"], burst: 20, refillPerSecond: 1 },
  { actions: ["DeleteTaskDefinitions"], burst: 5, refillPerSecond: 1 },
  { actions: ["DescribeTasks", "ListTasks"], burst: 100, refillPerSecond: 20 },
  { actions: ["DescribeServiceDeployments", "ListServiceDeployments"], burst: 50, refillPerSecond: 20 },
  { actions: ["DescribeServiceRevisions"], burst: 50, refillPerSecond: 20 },
];

/** The answer to a call that came too soon. */
export const throttled = () => new AwsFailure("ThrottlingException", "Rate exceeded");

/** Takes a token for a call. @throws ThrottlingException when its bucket is empty */
export function takeToken(world: World, operation: string): void {
  const bucket = BUCKETS.find(({ actions }) => actions.includes(operation));
  if (!bucket) return;
  const name = bucket.actions[0] ?? "";
  const before = world.buckets[name] ?? { tokens: bucket.burst, atMs: world.nowMs };
  const refilled = before.tokens + ((world.nowMs - before.atMs) / 1000) * bucket.refillPerSecond;
  const tokens = Math.min(bucket.burst, refilled);
  world.buckets[name] = { tokens: tokens < 1 ? tokens : tokens - 1, atMs: world.nowMs };
  if (tokens < 1) throw throttled();
}
