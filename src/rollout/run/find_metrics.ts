import { asAwsError, type AwsError, unlessFails } from "../../errors.ts";
import { classicMetricsOf, metricsOf, ownMetricsOf, type WatchedMetric } from "../../model/metrics.ts";
import type { Bake } from "../judge/judge_bake.ts";
import type { BakeSources } from "../run_context.ts";

/**
 * Finds the metrics of a service's load balancers. Sums over only some of its target groups would mean something else,
 * so an error for one is an error for all.
 */
export async function findMetrics(
  { targetGroups, loadBalancers: classic }: Pick<Bake, "targetGroups" | "loadBalancers">,
  connect: BakeSources["connectReferences"],
  signal: AbortSignal,
): Promise<readonly WatchedMetric[] | AwsError> {
  const own = classic.flatMap(classicMetricsOf);
  if (targetGroups.length === 0) return own;
  const read = async () => {
    const balancing = await connect();
    const groups = await Promise.all(targetGroups.map(async (arn) => {
      const { loadBalancers = [] } = await balancing.readTargetGroup(arn, signal) ?? {};
      return { arn, loadBalancers };
    }));
    const all = new Set(groups.flatMap(({ loadBalancers }) => loadBalancers));
    const ofBalancers = await Promise.all([...all].map(async (loadBalancer) => {
      // Where that is not known, other services may be behind it.
      const behind = await unlessFails(balancing.readTargetGroupsBehind(loadBalancer, signal));
      const isShared = behind === undefined || behind.some((arn) => !targetGroups.includes(arn));
      return ownMetricsOf(loadBalancer, isShared);
    }));
    const ofGroups = groups.flatMap(({ arn, loadBalancers }) => loadBalancers.flatMap((one) => metricsOf(arn, one)));
    return [...own, ...ofGroups, ...ofBalancers.flat()];
  };
  return await read().catch(asAwsError);
}
