import { asAwsError, AwsError } from "../../errors.ts";
import { MINUTE_MS } from "../../model/metrics.ts";
import type { AlarmChange } from "../../model/alarms.ts";
import { READS_WITHIN_MS, ServiceBake } from "./service_bake.ts";
import { judgeBake } from "../judge/judge_bake.ts";
import type { BakeSources } from "../run_context.ts";
import type { EndedService, PlannedService } from "./planned_service.ts";

/** Watches services after their rollbacks: each minute, one call reads the metrics of all that share a connection. */
export class FleetBake {
  readonly #services: readonly ServiceBake[];
  readonly #groups: readonly Group[];

  constructor(services: readonly PlannedService[], private readonly stop: AbortSignal) {
    this.#services = services.flatMap((planned) => {
      const { plan: { steps }, context: { bakeSources, ...context } } = planned;
      const step = steps.find((step) => step.kind === "bake");
      return step && bakeSources ? new ServiceBake(planned, step, { ...context, bakeSources }) : [];
    });
    const groups = Map.groupBy(this.#services, ({ context }) => context.bakeSources.connectMetrics);
    this.#groups = [...groups.values()].map((group) => new Group(group, stop));
  }

  /** Begins to read the states of alarms before anything is changed; nothing waits for it. */
  begin(): void {
    for (const group of this.#groups) group.begin();
  }

  /** @param done the services whose rollback has succeeded, and was not undone */
  async run(done: readonly EndedService[]): Promise<void> {
    const endOf = new Map(done.map((ended) => [ended.planned, ended]));
    await Promise.all(this.#groups.map(async (group) => {
      const services = group.services.filter(({ planned }) => endOf.has(planned));
      await Promise.all(services.map((one) => one.findDeployment(endOf.get(one.planned)!, this.stop)));
      await this.#bake(group, services);
    }));
  }

  async #bake(group: Group, services: readonly ServiceBake[]): Promise<void> {
    for (const one of services) {
      const { step, completedAtMs, windows: { afterToMs: untilMs } } = one;
      one.context.emit({ kind: "bakeStarted", step, completedAtMs, bakedMs: one.nowMs - completedAtMs, untilMs });
    }
    await Promise.all([group.readPast(services), ...services.map((one) => one.findQueries(this.stop))]);
    let open = services;
    while (open.length > 0) {
      const { context: { clock } } = open[0]!;
      const nextAtMs = clock.elapsed() + MINUTE_MS;
      if (!this.stop.aborted) await group.read(open);
      for (const one of open) one.context.emit({ kind: "baking", evidence: one.evidence(this.stop.aborted) });
      const ended = open.filter((one) => this.stop.aborted || one.isOver);
      for (const one of ended) one.context.emit({ kind: "baked", verdict: judgeBake(one.evidence(this.stop.aborted)) });
      open = open.filter((one) => !ended.includes(one));
      if (open.length > 0) await clock.sleep(Math.max(0, nextAtMs - clock.elapsed()), this.stop);
    }
  }
}

/** Services in the same account and region, read with the same role. */
class Group {
  readonly #sources: BakeSources;
  #before: Promise<ReadonlyMap<string, string> | AwsError> | undefined;

  constructor(readonly services: readonly ServiceBake[], private readonly stop: AbortSignal) {
    this.#sources = services[0]!.context.bakeSources;
  }

  begin(): void {
    this.#before = this.#readAlarms(this.services);
    // A defect is thrown where the result is awaited.
    this.#before.catch(() => {});
  }

  /** Reads everything that is watched, and gives each service its part. */
  async read(services: readonly ServiceBake[]): Promise<void> {
    const [before, now] = await Promise.all([this.#before, this.#readAlarms(services), this.#readMetrics(services)]);
    for (const one of services) one.noteAlarms(before, now);
  }

  async #readAlarms(services: readonly ServiceBake[]): Promise<ReadonlyMap<string, string> | AwsError> {
    const names = [...new Set(services.flatMap((one) => one.canSeeAlarms ? one.step.alarms : []))];
    if (names.length === 0) return new Map();
    const read = async () => await (await this.#sources.connectAlarms()).readAlarmStates(names, this.#limit());
    return await read().catch(asAwsError);
  }

  /** Reads the earlier states of alarms, for services that are asked about afterwards. */
  async readPast(services: readonly ServiceBake[]): Promise<void> {
    const asked = services.filter(({ step, alarmsSinceMs }) => step.alarms.length > 0 && alarmsSinceMs !== undefined);
    if (asked.length === 0 || this.stop.aborted) return;
    const names = [...new Set(asked.flatMap(({ step }) => step.alarms))];
    const sinceMs = Math.min(...asked.map(({ alarmsSinceMs }) => alarmsSinceMs!));
    const changes = await this.#readChanges(names, sinceMs).catch(asAwsError);
    // An alarm that has not changed since then was as it is now.
    const states = await this.#readAlarms(asked);
    const known = states instanceof AwsError ? new Map<string, string>() : states;
    for (const one of asked) one.notePast(known, changes);
  }

  async #readChanges(names: readonly string[], sinceMs: number): Promise<ReadonlyMap<string, readonly AlarmChange[]>> {
    const port = await this.#sources.connectAlarms();
    const signal = this.#limit();
    const read = async (name: string) => [name, await port.readAlarmChanges(name, sinceMs, signal)] as const;
    return new Map(await Promise.all(names.map(read)));
  }

  async #readMetrics(services: readonly ServiceBake[]): Promise<void> {
    const asking = services.filter(({ queries }) => queries.length > 0);
    if (asking.length === 0) return;
    const fromMs = Math.min(...asking.map(({ readsFromMs }) => readsFromMs));
    const toMs = Math.max(fromMs + MINUTE_MS, ...asking.map((one) => one.nowMs));
    const queries = asking.flatMap(({ queries }) => queries.map(({ query }) => query));
    const read = async () =>
      await (await this.#sources.connectMetrics()).readMetrics(queries, fromMs, toMs, this.#limit());
    const all = await read().catch(asAwsError);
    let at = 0;
    for (const one of asking) {
      const next = at + one.queries.length;
      one.noteMetrics(all instanceof AwsError ? all : all.slice(at, next));
      at = next;
    }
  }

  #limit(): AbortSignal {
    return AbortSignal.any([this.stop, this.services[0]!.context.clock.deadline(READS_WITHIN_MS)]);
  }
}
