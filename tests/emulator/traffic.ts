/** The requests that reach a target group of an Application Load Balancer, and what CloudWatch knows of them. */
import type { World } from "./model.ts";

/** What happens in each minute from a moment on. */
export interface Traffic {
  fromMs: number;
  requests: number;
  /** Those that a target answers with a status of 500 to 599. */
  failures: number;
  unhealthyHosts: number;
}

/** Public reports have metrics of load balancers come one to three minutes after their minute. */
export const METRIC_DELAY_MS = 120_000;
const MINUTE_MS = 60_000;

/** Changes what happens from now on; in the minute under way, what it was before. */
export function setTraffic(world: World, targetGroupArn: string, change: Partial<Omit<Traffic, "fromMs">>): void {
  const before = world.traffic[targetGroupArn] ?? [];
  const last = before.at(-1) ?? { requests: 0, failures: 0, unhealthyHosts: 0 };
  world.traffic[targetGroupArn] = [...before, { ...last, ...change, fromMs: world.nowMs }];
}

/** `targetgroup/web/0123456789abcdef`, `app/web/0123456789abcdef`: how CloudWatch's dimensions name them. */
export const dimensionOf = (arn: string) => arn.slice(arn.lastIndexOf(":") + 1).replace(/^loadbalancer\//, "");

/** By ARN; those that nobody spoke of have one of their own name. */
export function loadBalancersOf({ targetGroups }: World, targetGroupArn: string): readonly string[] {
  const own = targetGroupArn.replace(/:targetgroup\/([^/]+)\//, ":loadbalancer/app/$1/");
  return targetGroups[targetGroupArn]?.loadBalancers ?? [own];
}

/**
 * The values of a metric, by the beginning of each minute. "Reported if there are registered targets", or where there is a
 * value other than zero, and late:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function valuesOf(
  world: World,
  { namespace, name, dimensions }: { namespace: string; name: string; dimensions: Readonly<Record<string, string>> },
): { atMs: number; value: number }[] {
  const { TargetGroup, LoadBalancer, ...others } = dimensions;
  const arn = Object.keys(world.traffic).find((one) => dimensionOf(one) === TargetGroup);
  if (arn === undefined || Object.keys(others).length > 0) return [];
  if (!loadBalancersOf(world, arn).map(dimensionOf).includes(LoadBalancer!)) return [];
  const isOfNetwork = LoadBalancer!.startsWith("net/");
  if (namespace !== (isOfNetwork ? "AWS/NetworkELB" : "AWS/ApplicationELB")) return [];
  const changes = world.traffic[arn]!;
  const first = Math.ceil(changes[0]!.fromMs / MINUTE_MS) * MINUTE_MS;
  const values: { atMs: number; value: number }[] = [];
  for (let atMs = first; atMs + MINUTE_MS + world.settings.metricDelayMs <= world.nowMs; atMs += MINUTE_MS) {
    const { requests, failures, unhealthyHosts } = changes.findLast(({ fromMs }) => fromMs <= atMs)!;
    if (name === "UnHealthyHostCount") values.push({ atMs, value: unhealthyHosts });
    if (name === "RequestCount" && !isOfNetwork) values.push({ atMs, value: requests });
    if (name === "HTTPCode_Target_5XX_Count" && !isOfNetwork && failures > 0) values.push({ atMs, value: failures });
  }
  return values;
}
