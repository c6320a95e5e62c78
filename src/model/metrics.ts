/** A metric of Amazon CloudWatch, to be read by the minute. */
export interface MetricQuery {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: "Sum" | "Maximum";
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The values that there are, by the beginnings of their minutes. */
export interface MetricValues {
  readonly values: ReadonlyMap<number, number>;
  /** What CloudWatch calls it where these are not all that there are to read, such as `PartialData` or `Forbidden`. */
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
 * What is read of load balancers. `failures`: a target answered with a status of 500 to 599. `ownFailures`: the load balancer
 * did so itself, such as for the lack of a healthy target. `sharedFailures`: the same of one that others are behind, too.
 */
export type LoadBalancerMetric = "requests" | "failures" | "ownFailures" | "sharedFailures" | "unhealthyHosts";

/** A metric, and what it counts. */
export interface WatchedMetric {
  readonly metric: LoadBalancerMetric;
  readonly query: MetricQuery;
}

const isOfApplications = (loadBalancer: string) => loadBalancer.includes(":loadbalancer/app/");
const isOfNetworks = (loadBalancer: string) => loadBalancer.includes(":loadbalancer/net/");
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
 * What there is to read of a target group behind a load balancer: of one for applications all of it, of one for networks how
 * its hosts are, of others nothing. Both by ARN, the end of which is what CloudWatch calls them:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function metricsOf(targetGroup: string, loadBalancer: string): WatchedMetric[] {
  const dimensions = {
    TargetGroup: targetGroup.slice(targetGroup.lastIndexOf(":") + 1),
    LoadBalancer: dimensionOf(loadBalancer),
  };
  if (isOfNetworks(loadBalancer)) return [watch("unhealthyHosts", "AWS/NetworkELB", "UnHealthyHostCount", dimensions)];
  if (!isOfApplications(loadBalancer)) return [];
  return [
    watch("requests", APPLICATION, "RequestCount", dimensions),
    watch("failures", APPLICATION, "HTTPCode_Target_5XX_Count", dimensions),
    watch("unhealthyHosts", APPLICATION, "UnHealthyHostCount", dimensions),
  ];
}

const APPLICATION = "AWS/ApplicationELB";

/**
 * What a load balancer for applications answers itself, and counts in `RequestCount` only where it had chosen a target. It
 * has that as a whole, and not for a target group.
 *
 * @param isShared others are behind it, too
 */
export function ownMetricsOf(loadBalancer: string, isShared: boolean): WatchedMetric[] {
  const dimensions = { LoadBalancer: dimensionOf(loadBalancer) };
  const metric = isShared ? "sharedFailures" : "ownFailures";
  return isOfApplications(loadBalancer) ? [watch(metric, APPLICATION, "HTTPCode_ELB_5XX_Count", dimensions)] : [];
}

/**
 * The same of a Classic Load Balancer, which has a name only:
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

/** A minute of a service's load balancers, by when it begins. */
export interface Minute {
  readonly atMs: number;
  /** `undefined`: no load balancer of it counts requests. */
  readonly requests: number | undefined;
  /** Those that a task answered with a status of 500 to 599, or for the lack of one the service's own load balancer. */
  readonly failures: number;
  /** Those that a load balancer answered so, which others are behind, too: for whichever. `undefined`: there is none. */
  readonly sharedFailures?: number | undefined;
  readonly unhealthyHosts: number | undefined;
}

export interface Share {
  readonly requests: number;
  readonly failures: number;
}

/** The requests of some minutes, and how many of them failed. */
export function shareIn(minutes: readonly Minute[], fromMs: number, toMs: number): Share {
  const within = minutes.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  return within.reduce(
    ({ requests, failures }, one) => ({
      requests: requests + (one.requests ?? 0),
      failures: failures + Math.min(one.failures, one.requests ?? 0),
    }),
    { requests: 0, failures: 0 },
  );
}
