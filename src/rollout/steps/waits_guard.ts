import { asAwsError, AwsError, isTransient, mayHaveBeenApplied } from "../../errors.ts";
import { FIRST_PAUSE_OF_ORDERS_MS, retry } from "../../host/retry.ts";
import type { Revision } from "../../model/arn.ts";
import { type JsonObject, objectIn } from "../../model/json.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import {
  findWaitsRecords,
  formatWaitsRecord,
  isLater,
  keysToRemove,
  matchingWaits,
  sameWaits,
  type Waits,
  type WaitsRecord,
  withoutWaits,
} from "../../model/waits.ts";
import type { PlanEvent } from "../events.ts";
import type { Ordered } from "../../model/outcome_kinds.ts";
import type { Leftover, OutcomeKind } from "../outcome.ts";
import type { Plan } from "../plan/plan.ts";
import type { RecordWaits, RestoreWaits } from "../plan/waits_steps.ts";
import type { RunContext } from "../run_context.ts";

/** How long restoring is retried, if there is time: the deployment has ended by then. */
const RESTORE_WITHIN_MS = 30_000;

/** The parts of a plan's run that the guard needs. */
interface OrderingRun {
  readonly plan: Plan;
  readonly context: RunContext;
  /** The service just before the first write; `after`: as ECS returned it in answer to the order. */
  readonly before: ServiceSnapshot | undefined;
  readonly after: ServiceSnapshot | undefined;
  readonly ordered: Ordered;
  /** The revision that the service is to run: `registered`, or else `target`. */
  readonly registered: Revision | undefined;
  readonly target: Revision;
}

/** The result of restoring: what happened, and what is left to do by hand. */
interface Restored {
  readonly events: readonly PlanEvent[];
  readonly leftover: Leftover | undefined;
  /** Why it was not restored; another attempt may help. */
  readonly error?: AwsError;
}

/** The step that restores, its run, and that run's record, where it may have been written. */
interface Restoring {
  readonly step: RestoreWaits;
  readonly run: OrderingRun;
  readonly own: WaitsRecord | undefined;
}

/** Tracks what to restore of what the service's deployments wait for, and restores it however the run ends. */
export class WaitsGuard {
  /** This run's record, from the moment on when it may have been written. */
  #own: WaitsRecord | undefined;

  /** Records what deployments wait for, before that is changed. Throws an `AwsError`: then nothing has been changed. */
  async record({ arn, before, now }: RecordWaits, run: OrderingRun): Promise<OutcomeKind | undefined> {
    const { ecs, actor: by, runId, signal } = run.context;
    if (run.before !== undefined && !sameWaits(run.before.waits, now)) {
      return { kind: "stalePlan", by: undefined, haveWaitsChanged: true };
    }
    // A record has whole seconds, and this one must be later than those that it takes over.
    const foundAtMs = findRestoring(run.plan)?.found?.atMs ?? -Infinity;
    const atMs = Math.max(Math.floor(ecs.now() / 1_000) * 1_000, foundAtMs + 1_000);
    this.#own = { before, run: runId, atMs, by };
    try {
      await ecs.tagService(arn, formatWaitsRecord(this.#own), signal);
    } catch (error) {
      if (error instanceof AwsError && !mayHaveBeenApplied(error)) this.#own = undefined;
      throw error;
    }
    return undefined;
  }

  /** Restores as planned, then removes the record: where a run is killed before that, its record is still true. */
  async restore(run: OrderingRun, end: OutcomeKind | undefined, limit: AbortSignal): Promise<Restored> {
    const own = this.#own;
    const step = findRestoring(run.plan);
    // A run that is refused does not restore what an earlier one has left.
    const isDue = own !== undefined ||
      (end?.kind !== "stalePlan" && !run.plan.steps.some((one) => one.kind === "recordWaits"));
    if (step === undefined || !isDue) return { events: [], leftover: undefined };
    const { clock } = run.context;
    const deadline = AbortSignal.any([limit, clock.deadline(RESTORE_WITHIN_MS)]);
    const restoring = { step, run, own };
    // Another attempt reads first, and does not change what is restored already.
    return await retry(
      () => restoreOnce(restoring, deadline).catch((error) => failed(restoring, step.before, asAwsError(error))),
      ({ error }) => error !== undefined && isTransient(error),
      { clock, firstPauseMs: FIRST_PAUSE_OF_ORDERS_MS },
      deadline,
    );
  }
}

function findRestoring({ steps }: Plan): RestoreWaits | undefined {
  return steps.find((one) => one.kind === "restoreWaits");
}

/**
 * Whether the order that makes deployments wait for nothing may still take effect.
 *
 * @param ours the members that are as this program sets them: if one was waited for before, the order has arrived
 */
function mayCome({ ordered, plan }: OrderingRun, ours: readonly string[]): boolean {
  const record = plan.steps.find((one) => one.kind === "recordWaits");
  return ordered === "unknown" && record !== undefined && !ours.some((name) => Object.hasOwn(record.now, name));
}

function notRestored(restoring: Restoring, missing: Waits, mayCome: boolean, error?: AwsError): Leftover {
  const { run, own, step: { arn, found } } = restoring;
  const [target, keys] = [run.registered ?? run.target, keysToRemove(own, found)];
  return { code: "waitsNotRestored", target, arn, keys, missing, mayCome, error: error?.failure };
}

function failed(restoring: Restoring, missing: Waits, error: AwsError): Restored {
  const leftover = notRestored(restoring, missing, mayCome(restoring.run, []), error);
  return { events: [{ kind: "stepStarted", step: restoring.step }], leftover, error };
}

/** Reads what is still as this program has set it, and sets that back. Throws an `AwsError`. */
async function restoreOnce(restoring: Restoring, signal: AbortSignal): Promise<Restored> {
  const { step, run } = restoring;
  const { context: { ecs }, plan: { subject } } = run;
  const { before } = step;
  const service = await ecs.describeService(subject, signal);
  // A deleted service has lost its tags as well.
  if (service?.status !== "ACTIVE") return { events: [], leftover: undefined };
  const other = findLaterRun(service.raw, restoring);
  if (other !== undefined) return await leaveTo(other, restoring, signal);
  const configuration = objectIn(service.raw.deploymentConfiguration);
  const ours = matchingWaits(withoutWaits(before), configuration);
  const back = matchingWaits(before, configuration);
  // Once ECS has taken the order, a read that shows the earlier settings may lag behind: they are set all the same.
  const wanted = run.after === undefined ? ours : [...ours, ...back];
  const changed = Object.keys(before).filter((name) => !ours.includes(name) && !back.includes(name));
  const events: PlanEvent[] = wanted.length > 0 ? [{ kind: "stepStarted", step }] : [];
  if (changed.length > 0) events.push(notice({ code: "waitsChangedByOthers", names: changed }));
  const pick = (isMeant: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(before).filter(([name]) => isMeant(name)));
  const missing = pick((name) => !changed.includes(name));
  if (wanted.length > 0) {
    // By the API reference, a deployment configuration alone starts no deployment.
    const settings = pick((name) => wanted.includes(name));
    const attributes = { deploymentConfiguration: settings };
    const updated = await ecs.updateService(subject, { attributes }, signal).catch(asAwsError);
    if (updated instanceof AwsError) return { ...failed(restoring, missing, updated), events };
    if (matchingWaits(settings, updated.waits).length < wanted.length) {
      return { events, leftover: notRestored(restoring, missing, false) };
    }
  }
  if (mayCome(run, ours)) return { events, leftover: notRestored(restoring, missing, true) };
  const leftover = await removeRecord(restoring, undefined, signal);
  return leftover === undefined ? { events: [...events, { kind: "waitsRestored" }], leftover } : { events, leftover };
}

/** The run that restores instead of this one: its record is later, and was not there when this one was planned. */
function findLaterRun(service: JsonObject, { step: { found }, run, own }: Restoring): string | undefined {
  return findWaitsRecords(service).findLast((record) =>
    record.run !== run.context.runId && !found?.runs.includes(record.run) &&
    (own === undefined || isLater(record, own))
  )?.run;
}

/** Leaves restoring to a later run, whose record has all of this one's, as made from it or from the state before. */
async function leaveTo(other: string, restoring: Restoring, signal: AbortSignal): Promise<Restored> {
  const events = [notice({ code: "waitsLeftToOther", run: other })];
  if (mayCome(restoring.run, [])) return { events, leftover: notRestored(restoring, restoring.step.before, true) };
  return { events, leftover: await removeRecord(restoring, other, signal) };
}

async function removeRecord(
  restoring: Restoring,
  leftTo: string | undefined,
  signal: AbortSignal,
): Promise<Leftover | undefined> {
  const { own, step: { arn, found }, run: { context: { ecs } } } = restoring;
  const keys = keysToRemove(own, found);
  const error = await ecs.untagService(arn, keys, signal).then(() => undefined, asAwsError);
  return error && { code: "waitsRecordRemains", arn, keys, leftTo, error: error.failure };
}

function notice(notice: Extract<PlanEvent, { kind: "notice" }>["notice"]): PlanEvent {
  return { kind: "notice", notice };
}
