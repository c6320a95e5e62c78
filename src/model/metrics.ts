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

/** Of load balancers: a state of 500 to 599 of a target, and all that reached one. */
export const LOAD_BALANCER_METRICS = {
  requests: { name: "RequestCount", statistic: "Sum" },
  failures: { name: "HTTPCode_Target_5XX_Count", statistic: "Sum" },
  unhealthyHosts: { name: "UnHealthyHostCount", statistic: "Maximum" },
} as const;

export type LoadBalancerMetric = keyof typeof LOAD_BALANCER_METRICS;

/**
 * What there is to read of a target group behind a load balancer: of one for applications all of it, of one for networks how
 * its hosts are, of others nothing. Both by ARN, the end of which is what CloudWatch calls them:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function metricsOf(
  targetGroup: string,
  loadBalancer: string,
): { readonly metric: LoadBalancerMetric; readonly query: MetricQuery }[] {
  const dimensions = {
    TargetGroup: targetGroup.slice(targetGroup.lastIndexOf(":") + 1),
    LoadBalancer: loadBalancer.slice(loadBalancer.indexOf("loadbalancer/") + "loadbalancer/".length),
  };
  const [kind] = dimensions.LoadBalancer.split("/");
  const namespace = kind === "app" ? "AWS/ApplicationELB" : "AWS/NetworkELB";
  const metrics: LoadBalancerMetric[] = kind === "app"
    ? ["requests", "failures", "unhealthyHosts"]
    : kind === "net"
    ? ["unhealthyHosts"]
    : [];
  return metrics.map((metric) => ({ metric, query: { namespace, dimensions, ...LOAD_BALANCER_METRICS[metric] } }));
}

export const MINUTE_MS = 60_000;

/** A minute of a service's load balancers, by when it begins. */
export interface Minute {
  readonly atMs: number;
  /** `undefined`: no load balancer of it counts requests. */
  readonly requests: number | undefined;
  /** Those that a task answered with a status of 500 to 599. */
  readonly failures: number;
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
