/** The requests that reach a target group of an Application Load Balancer, and what CloudWatch knows of them. */
import type { World } from "./model.ts";

/** What happens in each minute from a moment on. */
export interface Traffic {
  fromMs: number;
  requests: number;
  /** Those that a target answers with a status of 500 to 599. */
  failures: number;
  /** Those besides `requests` that the load balancer answers itself so, for it finds no healthy target. */
  rejected: number;
  unhealthyHosts: number;
}

/** Public reports have metrics of load balancers come one to three minutes after their minute. */
export const METRIC_DELAY_MS = 120_000;
const MINUTE_MS = 60_000;

/** Changes what happens from now on; in the minute under way, what it was before. */
export function setTraffic(world: World, targetGroupArn: string, change: Partial<Omit<Traffic, "fromMs">>): void {
  const before = world.traffic[targetGroupArn] ?? [];
  const last = before.at(-1) ?? { requests: 0, failures: 0, rejected: 0, unhealthyHosts: 0 };
  world.traffic[targetGroupArn] = [...before, { ...last, ...change, fromMs: world.nowMs }];
}

/** `targetgroup/web/0123456789abcdef`, `app/web/0123456789abcdef`: how CloudWatch's dimensions name them. */
const dimensionOf = (arn: string) => arn.slice(arn.lastIndexOf(":") + 1).replace(/^loadbalancer\//, "");

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
): Values {
  const { TargetGroup, LoadBalancer, LoadBalancerName, ...others } = dimensions;
  if (Object.keys(others).length > 0) return [];
  if (namespace === "AWS/ELB") {
    // A Classic Load Balancer has a name, and no target groups.
    if (LoadBalancerName === undefined || LoadBalancer !== undefined || TargetGroup !== undefined) return [];
    return valuesOfOne(world, LoadBalancerName, CLASSIC[name] ?? "");
  }
  if (LoadBalancerName !== undefined) return [];
  const isOfNetwork = LoadBalancer?.startsWith("net/") === true;
  if (namespace !== (isOfNetwork ? "AWS/NetworkELB" : "AWS/ApplicationELB")) return [];
  if (isOfNetwork && name !== "UnHealthyHostCount") return [];
  const behind = Object.keys(world.traffic).filter((arn) =>
    loadBalancersOf(world, arn).map(dimensionOf).includes(LoadBalancer!)
  );
  if (name === "HTTPCode_ELB_5XX_Count") {
    // It is the load balancer's as a whole: with a target group as a dimension there is none.
    return TargetGroup === undefined ? sumUp(behind.map((arn) => valuesOfOne(world, arn, name))) : [];
  }
  const arn = behind.find((one) => dimensionOf(one) === TargetGroup);
  return arn === undefined ? [] : valuesOfOne(world, arn, name);
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-cloudwatch-metrics.html */
const CLASSIC: Readonly<Record<string, string>> = {
  RequestCount: "RequestCount",
  HTTPCode_Backend_5XX: "HTTPCode_Target_5XX_Count",
  HTTPCode_ELB_5XX: "HTTPCode_ELB_5XX_Count",
  UnHealthyHostCount: "UnHealthyHostCount",
};

type Values = { atMs: number; value: number }[];

function sumUp(all: readonly Values[]): Values {
  const sums = new Map<number, number>();
  for (const { atMs, value } of all.flat()) sums.set(atMs, (sums.get(atMs) ?? 0) + value);
  return [...sums].sort(([one], [other]) => one - other).map(([atMs, value]) => ({ atMs, value }));
}

/** @param of the ARN of a target group, or the name of a Classic Load Balancer */
function valuesOfOne(world: World, of: string, name: string): Values {
  const changes = world.traffic[of] ?? [];
  if (changes.length === 0) return [];
  const first = Math.ceil(changes[0]!.fromMs / MINUTE_MS) * MINUTE_MS;
  const values: Values = [];
  for (let atMs = first; atMs + MINUTE_MS + world.settings.metricDelayMs <= world.nowMs; atMs += MINUTE_MS) {
    const { requests, failures, rejected, unhealthyHosts } = changes.findLast(({ fromMs }) => fromMs <= atMs)!;
    if (name === "UnHealthyHostCount") values.push({ atMs, value: unhealthyHosts });
    if (name === "RequestCount") values.push({ atMs, value: requests });
    if (name === "HTTPCode_Target_5XX_Count" && failures > 0) values.push({ atMs, value: failures });
    if (name === "HTTPCode_ELB_5XX_Count" && rejected > 0) values.push({ atMs, value: rejected });
  }
  return values;
}
