/** A metric of Amazon CloudWatch, to be read by the minute. */
export interface MetricQuery {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: "Sum" | "Maximum";
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Values by the beginning of their minute, in milliseconds; minutes without a value are left out. */
export interface MetricValues {
  readonly values: ReadonlyMap<number, number>;
  /** CloudWatch's name for why values are missing, such as `PartialData` or `Forbidden`. */
  readonly status?: string;
}

export interface MetricsPort {
  /** The values of each query between two moments, in the order of the queries. */
  readMetrics(
    queries: readonly MetricQuery[],
    fromMs: number,
    toMs: number,
    signal: AbortSignal,
  ): Promise<readonly MetricValues[]>;
}

/**
 * What is read of load balancers. `failures`: 5xx answers of targets. `ownFailures`: 5xx answers of the load balancer
 * itself, such as when no target is healthy. `sharedFailures`: the same of a load balancer that others share.
 */
export type LoadBalancerMetric = "requests" | "failures" | "ownFailures" | "sharedFailures" | "unhealthyHosts";

export interface WatchedMetric {
  readonly metric: LoadBalancerMetric;
  readonly query: MetricQuery;
}

const isApplication = (loadBalancer: string) => loadBalancer.includes(":loadbalancer/app/");
const dimensionOf = (loadBalancer: string) =>
  loadBalancer.slice(loadBalancer.indexOf("loadbalancer/") + "loadbalancer/".length);

const watch = (
  metric: LoadBalancerMetric,
  namespace: string,
  name: string,
  dimensions: MetricQuery["dimensions"],
): WatchedMetric => ({
  metric,
  query: { namespace, name, statistic: metric === "unhealthyHosts" ? "Maximum" : "Sum", dimensions },
});

/**
 * The metrics of a target group behind a load balancer: all for an Application Load Balancer, only the unhealthy hosts
 * for a Network Load Balancer, none for others. CloudWatch calls both by the end of their ARNs:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function metricsOf(targetGroup: string, loadBalancer: string): WatchedMetric[] {
  const dimensions = {
    TargetGroup: targetGroup.slice(targetGroup.lastIndexOf(":") + 1),
    LoadBalancer: dimensionOf(loadBalancer),
  };
  if (loadBalancer.includes(":loadbalancer/net/")) {
    return [watch("unhealthyHosts", "AWS/NetworkELB", "UnHealthyHostCount", dimensions)];
  }
  if (!isApplication(loadBalancer)) return [];
  return [
    watch("requests", APPLICATION, "RequestCount", dimensions),
    watch("failures", APPLICATION, "HTTPCode_Target_5XX_Count", dimensions),
    watch("unhealthyHosts", APPLICATION, "UnHealthyHostCount", dimensions),
  ];
}

const APPLICATION = "AWS/ApplicationELB";

/**
 * 5xx answers of an Application Load Balancer itself. It counts them for all its target groups together, and in
 * `RequestCount` only those for which it had chosen a target.
 *
 * @param isShared whether target groups of others are behind it, too
 */
export function ownMetricsOf(loadBalancer: string, isShared: boolean): WatchedMetric[] {
  const dimensions = { LoadBalancer: dimensionOf(loadBalancer) };
  const metric = isShared ? "sharedFailures" : "ownFailures";
  return isApplication(loadBalancer) ? [watch(metric, APPLICATION, "HTTPCode_ELB_5XX_Count", dimensions)] : [];
}

/**
 * The metrics of a Classic Load Balancer, which has a name and no ARN:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-cloudwatch-metrics.html
 */
export function classicMetricsOf(LoadBalancerName: string): WatchedMetric[] {
  const of = (metric: LoadBalancerMetric, name: string) => watch(metric, "AWS/ELB", name, { LoadBalancerName });
  return [
    of("requests", "RequestCount"),
    of("failures", "HTTPCode_Backend_5XX"),
    of("ownFailures", "HTTPCode_ELB_5XX"),
    of("unhealthyHosts", "UnHealthyHostCount"),
  ];
}

export const MINUTE_MS = 60_000;

/** One minute of a service's load balancers. */
export interface Minute {
  readonly atMs: number;
  /** `undefined`: none of its load balancers counts requests. */
  readonly requests: number | undefined;
  /** 5xx answers of the service's tasks, and of a load balancer that the service has to itself. */
  readonly failures: number;
  /** 5xx that a shared load balancer itself answered: for any of its services. `undefined`: there is no shared one. */
  readonly sharedFailures?: number | undefined;
  readonly unhealthyHosts: number | undefined;
}

export interface RequestCounts {
  readonly requests: number;
  readonly failures: number;
}

/** The requests of the minutes that begin in a span of time, and how many of them failed. */
export function countRequests(minutes: readonly Minute[], fromMs: number, toMs: number): RequestCounts {
  const within = minutes.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  return within.reduce(
    ({ requests, failures }, one) => ({
      requests: requests + (one.requests ?? 0),
      failures: failures + Math.min(one.failures, one.requests ?? 0),
    }),
    { requests: 0, failures: 0 },
  );
}
