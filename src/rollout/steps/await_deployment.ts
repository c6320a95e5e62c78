import { diagnose, keyOf } from "../../diagnosis/diagnose.ts";
import { findFailureEvents } from "../../diagnosis/find_failure_events.ts";
import { asAwsError, AwsError, isPassing } from "../../errors.ts";
import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { followPrimary } from "../assess.ts";
import type { OutcomeKind, PlanEvent } from "../events.ts";
import { type Follow, followDeployment, type ProgressTracker, watch } from "../watch.ts";
import type { AwaitDeployment } from "../plan/plan.ts";
import type { PlanRun, StepRun } from "../plan_run.ts";

const NAMED_EVENTS = 5;
/** Reading why it failed must not be cut short by the timeout that made it a failure. */
const LAST_CAUSES_WITHIN_MS = 1_500;

/** Waits for the end of the deployment that an earlier step has started, or that the plan follows. */
export async function* awaitStep({ follows, taskDefinition }: AwaitDeployment, run: PlanRun): StepRun {
  run.scaling.scheduleRestore();
  run.hasAwaited = true;
  // What the plan names comes first: an update of attributes alone may only be part of that.
  const isOurs = follows === undefined && run.follow !== undefined;
  const follow = isOurs ? run.follow : followExisting(follows, run);
  run.ordered = "yes";
  if (follow === undefined || run.progress === undefined) throw new Error("ECS named no deployment to follow");
  const causes = new CauseTracker(
    run,
    (run.registered ?? run.revisionOf(taskDefinition)).arn,
    isOurs ? run.after : run.before,
  );
  const sinceMs = isOurs ? run.newestEventAtMs : beganAtMs(follows, run);
  const seen = yield* watchToTheEnd(follow, run.progress, causes, run);
  return (yield* explain(seen, sinceMs, causes, run)) ?? { kind: "interrupted", ordered: "yes" };
}

function followExisting(follows: AwaitDeployment["follows"], run: PlanRun): Follow | undefined {
  if (follows?.kind === "serviceDeployment") return run.followServiceDeployment(follows.arn, follows.goal);
  const followed = run.before && followPrimary(run.before);
  return followed && followDeployment(run.plan.subject, followed, run.plan.until, run.context.ecs);
}

/** When a deployment began that was there before, by AWS's clock; one that goes back is not what has failed. */
function beganAtMs(follows: AwaitDeployment["follows"], { before, newestEventAtMs }: PlanRun): number {
  const isGoingBack = follows?.kind === "serviceDeployment" && follows.goal !== "success";
  const primary = before && primaryDeployment(before);
  return isGoingBack || primary === undefined ? newestEventAtMs : primary.createdAtMs;
}

interface Seen {
  /** `undefined`: the time was up, or the user stopped it, before the deployment ended. */
  readonly end: OutcomeKind | undefined;
  readonly service: ServiceSnapshot | undefined;
}

/** Emits what moves, and why tasks stop. Throws an `AwsError` where waiting does not mend it. */
async function* watchToTheEnd(
  follow: Follow,
  progress: ProgressTracker,
  causes: CauseTracker,
  { context }: PlanRun,
): AsyncGenerator<PlanEvent, Seen, void> {
  let service: ServiceSnapshot | undefined;
  for await (const observation of watch(follow, context)) {
    if (observation.kind === "missing") return { end: { kind: "gone", status: "MISSING" }, service };
    if (observation.kind === "trouble") {
      yield { kind: "notice", notice: { code: "stillWatching", error: observation.error.message } };
      continue;
    }
    const { phase, serviceDeployment } = observation.look;
    service = observation.look.service;
    const news = progress.next(service, serviceDeployment);
    if (news !== undefined) yield { kind: "progress", progress: news };
    if (phase.kind !== "progressing") return { end: phase, service };
    yield* causes.look(service, news !== undefined);
  }
  return { end: undefined, service };
}

/** Emits what the user should know about the end, and returns it; `undefined` when the user has stopped the watching. */
async function* explain(
  { end, service }: Seen,
  sinceMs: number,
  causes: CauseTracker,
  { context: { clock, stop } }: PlanRun,
): StepRun {
  if (end?.kind === "succeeded") return yield* explainSuccess(service, causes);
  if (stop.aborted) return end;
  if (end === undefined || end.kind === "failed" || end.kind === "rolledBackByEcs") {
    yield* causes.find(clock.deadline(LAST_CAUSES_WITHIN_MS), 1);
    const events = findFailureEvents(service?.events ?? [], sinceMs).slice(-NAMED_EVENTS);
    if (events.length > 0) yield { kind: "failureEvents", events };
  }
  // By then the user may have stopped it.
  if (end !== undefined || stop.aborted) return end;
  return { kind: "timedOut", ordered: "yes", ...(causes.areLooping && { isCrashLooping: true }) };
}

function* explainSuccess(
  service: ServiceSnapshot | undefined,
  causes: CauseTracker,
): Generator<PlanEvent, OutcomeKind, void> {
  const count = causes.emittedTasks;
  if (count > 0) yield { kind: "notice", notice: { code: "tasksCrashedOnTheWay", count } };
  const primary = service && primaryDeployment(service);
  const percent = service?.deploymentSettings.earlySuccessPercent;
  const isEarly = percent !== undefined && primary !== undefined && primary.runningCount < primary.desiredCount;
  if (isEarly) {
    const { runningCount, desiredCount } = primary;
    yield { kind: "notice", notice: { code: "completedEarly", runningCount, desiredCount, percent } };
  }
  if (service?.desiredCount === 0) yield { kind: "notice", notice: { code: "noTaskDesired" } };
  return { kind: "succeeded", ...(isEarly && { isEarly: true as const }) };
}

/** Stopped tasks are asked for no more often than this, and only when something has moved. */
const CAUSES_EVERY_MS = 10_000;

/** Finds out why tasks of the followed deployment stop, now and then, and emits each new cause. */
class CauseTracker {
  #dueAtMs: number;
  #hasMoved = false;
  #isAllowed = true;
  /** How many tasks each cause was last emitted for. */
  #emitted = new Map<string, number>();
  #tasks: Omit<TasksSeen, "nowMs">;

  /**
   * @param taskDefinition the ARN that the followed deployment is to bring
   * @param service as it was when the watching began: tasks name their deployment, which may be PRIMARY no more when it has
   *   failed
   */
  constructor(
    private readonly run: PlanRun,
    private readonly taskDefinition: string,
    service: ServiceSnapshot | undefined,
  ) {
    const watchedSinceMs = run.context.clock.elapsed();
    this.#dueAtMs = watchedSinceMs + CAUSES_EVERY_MS;
    this.#tasks = { deployment: undefined, stopped: 0, grewAtMs: undefined, watchedSinceMs };
    if (service !== undefined) this.#remember(service);
  }

  get areLooping(): boolean {
    return isCrashLooping({ ...this.#tasks, nowMs: this.run.context.clock.elapsed() });
  }

  /** How many tasks causes were emitted for. */
  get emittedTasks(): number {
    return [...this.#emitted.values()].reduce((sum, count) => sum + count, 0);
  }

  async *look(service: ServiceSnapshot, hasMoved: boolean): AsyncGenerator<PlanEvent, void, void> {
    this.#remember(service);
    this.#hasMoved ||= hasMoved;
    const { clock, signal } = this.run.context;
    if (this.#hasMoved && clock.elapsed() >= this.#dueAtMs) yield* this.find(signal, 2);
  }

  /** Emits the causes when one is new, or has grown by more than `factor`: a crash loop would fill the log otherwise. */
  async *find(signal: AbortSignal, factor: number): AsyncGenerator<PlanEvent, void, void> {
    const { plan: { subject }, context: { ecs, clock } } = this.run;
    const { deployment, stopped } = this.#tasks;
    if (deployment === undefined || !this.#isAllowed) return;
    const tasks = await ecs.listStoppedTasks(subject, signal).catch(asAwsError);
    if (tasks instanceof AwsError) {
      // The causes are optional: what cannot be read now may be later, a denial is reported once.
      if (isPassing(tasks)) return;
      this.#isAllowed = false;
      return yield { kind: "notice", notice: { code: "causesNotShown", error: tasks.message } };
    }
    const causes = diagnose({ deploymentId: deployment.id, tasks });
    this.#dueAtMs = clock.elapsed() + CAUSES_EVERY_MS;
    this.#hasMoved = false;
    // AWS forgets stopped tasks after an hour, so that there may also be fewer.
    const count = causes.reduce((sum, cause) => sum + cause.count, 0);
    const grewAtMs = count > stopped ? clock.elapsed() : this.#tasks.grewAtMs;
    this.#tasks = { ...this.#tasks, stopped: count, grewAtMs };
    if (causes.every((cause) => cause.count <= factor * (this.#emitted.get(keyOf(cause)) ?? 0))) return;
    this.#emitted = new Map(causes.map((cause) => [keyOf(cause), cause.count]));
    yield { kind: "causes", causes };
  }

  #remember(service: ServiceSnapshot): void {
    const deployment = primaryDeployment(service);
    if (deployment?.taskDefinition === this.taskDefinition) this.#tasks = { ...this.#tasks, deployment };
  }
}

/** What was seen of a deployment's tasks until the watching ended. Times are milliseconds of one clock. */
export interface TasksSeen {
  /** The deployment as it was last seen; `undefined` when it never was. */
  readonly deployment: Deployment | undefined;
  /** How many of its tasks have stopped for a cause, and when that number was last seen to grow. */
  readonly stopped: number;
  readonly grewAtMs: number | undefined;
  readonly watchedSinceMs: number;
  readonly nowMs: number;
}

/**
 * Whether a deployment that is not done in time fails again and again, and does not only take long: tasks have stopped, and
 * some are missing now, or more than one has stopped and the last of them lately, which is in the second half of the time.
 * One that stopped early and was replaced is none of this.
 */
export function isCrashLooping({ deployment, stopped, grewAtMs, watchedSinceMs, nowMs }: TasksSeen): boolean {
  if (stopped === 0 || grewAtMs === undefined) return false;
  if (deployment === undefined || deployment.runningCount < deployment.desiredCount) return true;
  return stopped > 1 && grewAtMs - watchedSinceMs >= (nowMs - watchedSinceMs) / 2;
}
