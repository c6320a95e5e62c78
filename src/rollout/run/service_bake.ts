import { AwsError, isDenied } from "../../errors.ts";
import { type LoadBalancerMetric, type MetricValues, type Minute, type WatchedMetric } from "../../model/metrics.ts";
import { findMetrics } from "./find_metrics.ts";
import {
  type Bake,
  type BakeEvidence,
  type BakeWindows,
  isComplete,
  type JudgedDeployment,
  SETTLES_WITHIN_MS,
  type Unseen,
  windowsOf,
} from "../judge/judge_bake.ts";
import type { AlarmChange } from "../../model/alarms.ts";
import { readInPlace, stateAt } from "./read_past.ts";
import type { BakeSources, RunContext } from "../run_context.ts";
import type { EndedService, PlannedService } from "./planned_service.ts";

/** CloudWatch keeps values by the minute for 15 days; the oldest hour may be gone by the time it is read. */
const KEPT_MS = 15 * 86_400_000 - 3_600_000;
/** Calls that AWS does not answer within this are made again a minute later. */
export const READS_WITHIN_MS = 20_000;

type BakedContext = RunContext & { readonly bakeSources: BakeSources };

/** A service that is watched after its rollback, and what is known of it. */
export class ServiceBake {
  queries: readonly WatchedMetric[] = [];
  #endedAt = { ms: 0, elapsedMs: 0 };
  #deployment: JudgedDeployment = { orderedAtMs: 0, completedAtMs: 0 };
  #isPast = false;
  #minutes: readonly Minute[] = [];
  #alarms: BakeEvidence["alarms"];
  /** The states of the alarms before the order, where the user asks afterwards. */
  #before: ReadonlyMap<string, string | undefined> | undefined;
  /** Why the last read failed; after a denial, nothing more is read. */
  #trouble: {
    alarms?: Extract<Unseen, { error: unknown }> | undefined;
    alarmsBefore?: Unseen | undefined;
    metrics?: Unseen | undefined;
  } = {};

  constructor(readonly planned: PlannedService, readonly step: Bake, readonly context: BakedContext) {
    this.#alarms = step.alarms.map((name) => ({ name, before: undefined, now: undefined }));
  }

  /** AWS's time when everything was done, and the time that has passed since: the clock on the wall may be set. */
  get nowMs(): number {
    return this.#endedAt.ms + this.context.clock.elapsed() - this.#endedAt.elapsedMs;
  }

  get windows(): BakeWindows {
    return windowsOf({ ...this.#deployment, forMs: this.step.forMs });
  }

  get completedAtMs(): number {
    return this.#deployment.completedAtMs;
  }

  /** The first minute that is read: those that CloudWatch no longer keeps are not asked for. */
  get readsFromMs(): number {
    const { beforeFromMs, afterFromMs } = this.windows;
    return this.#isPast ? afterFromMs : beforeFromMs;
  }

  /** From when on changes of its alarms must be known; `undefined`: this run has seen their states itself. */
  get alarmsSinceMs(): number | undefined {
    return this.#deployment.askedAtMs === undefined ? undefined : this.#deployment.orderedAtMs;
  }

  /** Finds the deployment to judge: that of this run's order, the one that it has followed, or one that was in place. */
  async findDeployment(ended: EndedService, stop: AbortSignal): Promise<void> {
    const { orderedAtMs, endedAt = this.#endedAt } = ended;
    const { steps, subject, deployedAtMs } = ended.followed ?? ended.planned.plan;
    const { ecs, clock } = this.context;
    this.#endedAt = endedAt;
    const { ms: atMs } = endedAt;
    if (orderedAtMs !== undefined) {
      this.#deployment = { orderedAtMs, completedAtMs: atMs, deployedAtMs };
      return;
    }
    // Where this run has given no order, the deployment that it has followed counts as the one ordered.
    const followed = { orderedAtMs: deployedAtMs ?? atMs, completedAtMs: atMs };
    const isInPlace = steps.some((step) => step.kind === "bake" && step.isInPlace);
    const signal = AbortSignal.any([stop, clock.deadline(READS_WITHIN_MS)]);
    this.#deployment = isInPlace
      ? { ...await readInPlace(subject, followed.orderedAtMs, ecs, signal), askedAtMs: atMs }
      : followed;
    this.#isPast = this.windows.beforeFromMs < atMs - KEPT_MS;
  }

  get canSeeAlarms(): boolean {
    const { alarms } = this.#trouble;
    return alarms === undefined || !isDenied(alarms.error);
  }

  /** Whether the time is up, or nothing more will be known. */
  get isOver(): boolean {
    const { afterToMs } = this.windows;
    const seesAlarms = this.step.alarms.length > 0 && this.canSeeAlarms;
    if (!seesAlarms && this.queries.length === 0) return true;
    if (this.nowMs < afterToMs) return false;
    return this.nowMs >= afterToMs + SETTLES_WITHIN_MS || isComplete(this.evidence(), this.queries.length > 0);
  }

  /** Finds which metrics of its load balancers there are to read. */
  async findQueries(stop: AbortSignal): Promise<void> {
    const { bakeSources: { connectReferences }, clock } = this.context;
    const signal = AbortSignal.any([stop, clock.deadline(READS_WITHIN_MS)]);
    const found = await findMetrics(this.step, connectReferences, signal);
    if (found instanceof AwsError) this.#trouble.metrics = { of: "metrics", error: found.failure };
    else this.queries = found;
  }

  noteAlarms(
    before: ReadonlyMap<string, string> | AwsError | undefined,
    now: ReadonlyMap<string, string> | AwsError,
  ): void {
    if (!this.canSeeAlarms || this.step.alarms.length === 0) return;
    const then = this.#before ?? (before instanceof AwsError ? undefined : before);
    this.#trouble.alarms = now instanceof AwsError ? { of: "alarms", error: now.failure } : undefined;
    // Where alarms cannot be read now, their states of a minute ago may be outdated.
    const states = now instanceof AwsError ? undefined : now;
    this.#alarms = this.step.alarms.map((name) => ({ name, before: then?.get(name), now: states?.get(name) }));
  }

  /** @param changes of each alarm, or why they may not be read */
  notePast(
    states: ReadonlyMap<string, string>,
    changes: ReadonlyMap<string, readonly AlarmChange[]> | AwsError,
  ): void {
    const sinceMs = this.alarmsSinceMs;
    if (sinceMs === undefined) return;
    if (changes instanceof AwsError) this.#trouble.alarmsBefore = { of: "alarmsBefore", error: changes.failure };
    const known = changes instanceof AwsError
      ? []
      : this.step.alarms.map((name) => [name, stateAt(sinceMs, changes.get(name) ?? [], states.get(name))] as const);
    this.#before = new Map(known);
  }

  noteMetrics(read: readonly MetricValues[] | AwsError): void {
    if (read instanceof AwsError) {
      this.#trouble.metrics = { of: "metrics", error: read.failure };
      if (isDenied(read)) this.queries = [];
      return;
    }
    const partial = read.find(({ status }) => status !== undefined)?.status;
    this.#trouble.metrics = partial === undefined ? undefined : { of: "metrics", status: partial };
    // With some values missing, failures would look few.
    if (partial === undefined) this.#minutes = this.#minutesOf(read);
  }

  /** A minute is known once it has any value; failures without a value are zero then. */
  #minutesOf(read: readonly MetricValues[]): Minute[] {
    const sums = new Map<number, Partial<Record<LoadBalancerMetric, number>>>();
    for (const [index, { values }] of read.entries()) {
      const { metric } = this.queries[index]!;
      for (const [atMs, value] of values) {
        const sum = sums.get(atMs) ?? {};
        sums.set(atMs, { ...sum, [metric]: (sum[metric] ?? 0) + value });
      }
    }
    return [...sums].filter(([atMs]) => this.#isJudged(atMs)).sort(([one], [other]) => one - other)
      .map(([atMs, sum]) => minuteOf(atMs, sum));
  }

  /** Whether a minute counts: reads also cover what other services need, and, asked later, minutes in between. */
  #isJudged(atMs: number): boolean {
    const { beforeFromMs, afterFromMs } = this.windows;
    return atMs >= afterFromMs || (atMs >= beforeFromMs && atMs < this.#deployment.completedAtMs);
  }

  evidence(isStopped = false): BakeEvidence {
    const { alarms, targetGroups, loadBalancers } = this.step;
    const balanced = targetGroups.length + loadBalancers.length;
    const unseen: (Unseen | undefined | false)[] = [
      this.#trouble.alarms,
      this.#trouble.alarmsBefore,
      this.#trouble.metrics,
      this.#isPast && balanced > 0 && { of: "past", orderedAtMs: this.#deployment.orderedAtMs },
      alarms.length + balanced === 0 && { of: "anything" },
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

/** Requests that the service's own load balancer answers itself, for lack of a task, count as failed. */
function minuteOf(
  atMs: number,
  { requests, failures = 0, ownFailures = 0, sharedFailures, unhealthyHosts }: Partial<
    Record<LoadBalancerMetric, number>
  >,
): Minute {
  const isCounted = requests !== undefined || ownFailures > 0;
  return {
    atMs,
    requests: isCounted ? (requests ?? 0) + ownFailures : undefined,
    failures: failures + ownFailures,
    unhealthyHosts,
    ...(sharedFailures !== undefined && { sharedFailures }),
  };
}
