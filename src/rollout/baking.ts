import { asAwsError, AwsError } from "../errors.ts";
import {
  type LoadBalancerMetric,
  type MetricQuery,
  metricsOf,
  type MetricValues,
  type Minute,
  MINUTE_MS,
} from "../model/metrics.ts";
import type { RolloutEvent } from "./events.ts";
import { type Bake, type BakeSight, type BakeWindows, isWhole, type Unseen, windowsOf } from "./judge_bake.ts";
import type { BakeSources, RunContext } from "./run_context.ts";
import type { PlannedService } from "./planned_service.ts";

/** So long after its last minute the metrics of that are waited for, and alarms that look at them. */
const SETTLES_WITHIN_MS = 3 * MINUTE_MS;
/** What AWS does not answer within this is asked again a minute later. */
export const READS_WITHIN_MS = 20_000;

export type BakedContext = RunContext & { readonly bakeSources: BakeSources };

/** One service, and what is known of it. */
export class Baking {
  queries: readonly { readonly metric: LoadBalancerMetric; readonly query: MetricQuery }[] = [];
  #orderedAtMs: number | undefined;
  #completed = { atMs: 0, elapsedMs: 0 };
  #minutes: readonly Minute[] = [];
  #alarms: BakeSight["alarms"];
  /** The trouble of the last read; where it is a denial, nothing is read any more. */
  #trouble: { alarms?: Unseen | undefined; metrics?: Unseen | undefined } = {};

  constructor(readonly planned: PlannedService, readonly step: Bake, readonly context: BakedContext) {
    this.#alarms = step.alarms.map((name) => ({ name, before: undefined, now: undefined }));
  }

  /** Notes when the order is given, and when all is done. */
  note(event: RolloutEvent): void {
    const { ecs, clock } = this.context;
    if (event.kind === "rolloutEnded") this.#completed = { atMs: ecs.now(), elapsedMs: clock.elapsed() };
    if (event.kind !== "stepStarted") return;
    const { kind } = event.step;
    if (kind === "updateService" || kind === "stopDeployment") this.#orderedAtMs ??= ecs.now();
  }

  /** By AWS's clock, and by the time that has passed: the clock on the wall may be set. */
  get nowMs(): number {
    return this.#completed.atMs + this.context.clock.elapsed() - this.#completed.elapsedMs;
  }

  get windows(): BakeWindows {
    const { deployedAtMs } = this.planned.plan;
    // Where this run has given no order, the deployment that it has followed is what was ordered.
    const orderedAtMs = this.#orderedAtMs ?? deployedAtMs ?? this.#completed.atMs;
    return windowsOf({
      orderedAtMs,
      completedAtMs: this.#completed.atMs,
      forMs: this.step.forMs,
      deployedAtMs: this.#orderedAtMs === undefined ? undefined : deployedAtMs,
    });
  }

  get canSeeAlarms(): boolean {
    return !isDenied(this.#trouble.alarms);
  }

  /** Whether the time is up, or nothing more will be known. */
  get isOver(): boolean {
    const { afterToMs } = this.windows;
    const seesAlarms = this.step.alarms.length > 0 && this.canSeeAlarms;
    if (!seesAlarms && this.queries.length === 0) return true;
    if (this.nowMs < afterToMs) return false;
    return this.nowMs >= afterToMs + SETTLES_WITHIN_MS || isWhole(this.sight(), this.queries.length > 0);
  }

  /** What there is to read of its load balancers. */
  async findQueries(stop: AbortSignal): Promise<void> {
    const { bakeSources: { connectReferences }, clock } = this.context;
    const signal = AbortSignal.any([stop, clock.deadline(READS_WITHIN_MS)]);
    const found = await Promise.all(this.step.targetGroups.map(async (arn) => {
      const group = await connectReferences().then((one) => one.readTargetGroup(arn, signal)).catch(asAwsError);
      if (!(group instanceof AwsError)) return (group?.loadBalancers ?? []).flatMap((one) => metricsOf(arn, one));
      this.#trouble.metrics = { of: "metrics", error: group.failure };
      return [];
    }));
    // Of some of the target groups alone, the sums would be of something else.
    this.queries = this.#trouble.metrics === undefined ? found.flat() : [];
  }

  noteAlarms(
    before: ReadonlyMap<string, string> | AwsError | undefined,
    now: ReadonlyMap<string, string> | AwsError,
  ): void {
    if (!this.canSeeAlarms || this.step.alarms.length === 0) return;
    const then = before instanceof AwsError ? undefined : before;
    this.#trouble.alarms = now instanceof AwsError ? { of: "alarms", error: now.failure } : undefined;
    // After an alarm could not be read, how it was a minute ago is not how it is.
    const states = now instanceof AwsError ? undefined : now;
    this.#alarms = this.step.alarms.map((name) => ({ name, before: then?.get(name), now: states?.get(name) }));
  }

  noteMetrics(read: readonly MetricValues[] | AwsError): void {
    if (read instanceof AwsError) {
      this.#trouble.metrics = { of: "metrics", error: read.failure };
      if (read.kind === "denied") this.queries = [];
      return;
    }
    const partial = read.find(({ status }) => status !== undefined)?.status;
    this.#trouble.metrics = partial === undefined ? undefined : { of: "metrics", status: partial };
    // Failures of which some are missing would look like few.
    if (partial === undefined) this.#minutes = this.#minutesOf(read);
  }

  /** A minute is known once it has requests or hosts; what is then not reported of failures is zero. */
  #minutesOf(read: readonly MetricValues[]): Minute[] {
    const sums = new Map<number, Record<LoadBalancerMetric, number | undefined>>();
    for (const [index, { values }] of read.entries()) {
      const { metric } = this.queries[index]!;
      for (const [atMs, value] of values) {
        const sum = sums.get(atMs) ?? { requests: undefined, failures: undefined, unhealthyHosts: undefined };
        sums.set(atMs, { ...sum, [metric]: (sum[metric] ?? 0) + value });
      }
    }
    return [...sums].sort(([one], [other]) => one - other)
      .map(([atMs, { failures = 0, ...sum }]) => ({ atMs, ...sum, failures }));
  }

  sight(isStopped = false): BakeSight {
    const { alarms, targetGroups } = this.step;
    const unseen: (Unseen | undefined | false)[] = [
      this.#trouble.alarms,
      this.#trouble.metrics,
      alarms.length + targetGroups.length === 0 && { of: "anything" },
      isStopped && { of: "rest" },
    ];
    return {
      windows: this.windows,
      minutes: this.#minutes,
      alarms: this.#alarms,
      unseen: unseen.filter((one) => one !== undefined && one !== false),
    };
  }
}

function isDenied(trouble: Unseen | undefined): boolean {
  return trouble !== undefined && "error" in trouble && trouble.error.kind === "denied";
}
