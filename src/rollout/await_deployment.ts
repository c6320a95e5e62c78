import type { EcsReader } from "../model/ports.ts";
import { type Deployment, primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../model/service.ts";
import { AwsError, isPassing } from "../errors.ts";
import type { Clock } from "../host.ts";
import type { Phase } from "./assess.ts";
import type { OutcomeKind, RolloutEvent } from "./events.ts";
import { type Cause, findCauses, findFailureEvents } from "./find_causes.ts";
import type { Follow, Look } from "./follow.ts";
import { keepFailing } from "./is_crash_looping.ts";
import type { ProgressTracker } from "./progress.ts";
import { watch } from "./watch.ts";

export interface Awaiting {
  readonly ref: ServiceRef;
  readonly follow: Follow;
  /** The ARN that the followed deployment is to bring. */
  readonly taskDefinition: string;
  /** The service when the watching begins: what has failed by then is not seen to be under way any more. */
  readonly service: ServiceSnapshot | undefined;
  readonly progress: ProgressTracker;
  /** When the followed deployment began, by AWS's clock: older events tell of other deployments. */
  readonly sinceMs: number;
  /** Aborted when the user wants to stop: then nothing more is asked. */
  readonly stop: AbortSignal;
  readonly ecs: EcsReader;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
}

/** Stopped tasks are asked for no more often than this, and only when something has moved. */
const CAUSES_EVERY_MS = 10_000;
const NAMED_EVENTS = 5;
/** Reading why it failed must not be cut short by the timeout that made it a failure. */
const LAST_CAUSES_WITHIN_MS = 1_500;

/**
 * Watches the followed deployment to its end and tells what moves, and why tasks stop. When `signal` is aborted first, it
 * has timed out, unless the user has stopped it: then the answer is `undefined`. Throws an `AwsError` where waiting does not mend it.
 */
export async function* awaitDeployment(
  awaiting: Awaiting,
  signal: AbortSignal,
): AsyncGenerator<RolloutEvent, OutcomeKind | undefined, void> {
  const { progress, clock, sinceMs } = awaiting;
  const causes = new CauseTracker(awaiting);
  let end: OutcomeKind | undefined;
  let service: ServiceSnapshot | undefined;
  for await (const observation of watch({ ...awaiting, signal })) {
    if (observation.kind === "missing") return { kind: "gone", status: "MISSING" };
    if (observation.kind === "trouble") {
      yield { kind: "notice", message: `${observation.error.message}; still watching` };
      continue;
    }
    const { look } = observation;
    service = look.service;
    const news = progress.next(look.service, look.serviceDeployment);
    if (news !== undefined) yield { kind: "progress", progress: news };
    end = endOf(look.phase);
    if (end === undefined) yield* causes.look(look, news !== undefined, signal);
    else break;
  }
  if (end?.kind === "succeeded" && causes.haveBeenTold) {
    const message = "tasks of this deployment have stopped on its way, as told above: look whether it stays up";
    yield { kind: "notice", message };
  }
  if (end?.kind === "succeeded") {
    const early = service && describeEarly(service);
    if (early !== undefined) {
      yield { kind: "notice", message: early };
      end = { ...end, isEarly: true };
    }
  }
  if (end?.kind === "succeeded" && service?.desiredCount === 0) {
    yield {
      kind: "notice",
      message: "the service's desired count is 0: no task runs that would show whether it works",
    };
  }
  if (awaiting.stop.aborted) return end;
  if (end === undefined || end.kind === "failed" || end.kind === "rolledBackByEcs") {
    yield* causes.lookOnceMore(clock.deadline(LAST_CAUSES_WITHIN_MS));
    const events = findFailureEvents(service?.events ?? [], sinceMs).slice(-NAMED_EVENTS);
    if (events.length > 0) yield { kind: "failureEvents", events };
  }
  // Even then the user may have stopped it.
  if (end !== undefined || awaiting.stop.aborted) return end;
  return { kind: "timedOut", ordered: "yes", ...(causes.keepComing && { tasksKeepFailing: true }) };
}

/** What is still to come of a deployment that ECS has completed early. */
function describeEarly(service: ServiceSnapshot): string | undefined {
  const { earlySuccessPercent } = service.deploymentSettings;
  const primary = primaryDeployment(service);
  if (earlySuccessPercent === undefined || primary === undefined) return undefined;
  const { runningCount, desiredCount } = primary;
  if (runningCount >= desiredCount) return undefined;
  return `ECS completed the deployment early, with ${runningCount} of ${desiredCount} tasks (earlySuccessCriteria: ` +
    `${earlySuccessPercent} %): it is still starting the others, and no circuit breaker or alarm rolls back any more`;
}

function endOf(phase: Phase): OutcomeKind | undefined {
  return phase.kind === "progressing" ? undefined : phase;
}

/** Finds out why tasks of the followed deployment stop, now and then, and tells each new cause. */
class CauseTracker {
  #dueAtMs: number;
  #hasMoved = false;
  #isAllowed = true;
  /** How many tasks each cause was last told for. */
  #told = new Map<string, number>();
  readonly #sinceMs: number;
  #deployment: Deployment | undefined;
  #stopped = 0;
  #grewAtMs: number | undefined;

  constructor(private readonly awaiting: Awaiting) {
    this.#sinceMs = awaiting.clock.elapsed();
    this.#dueAtMs = this.#sinceMs + CAUSES_EVERY_MS;
    if (awaiting.service !== undefined) this.#remember(awaiting.service);
  }

  get keepComing(): boolean {
    return keepFailing({
      deployment: this.#deployment,
      stopped: this.#stopped,
      grewAtMs: this.#grewAtMs,
      watchedSinceMs: this.#sinceMs,
      nowMs: this.awaiting.clock.elapsed(),
    });
  }

  get haveBeenTold(): boolean {
    return this.#told.size > 0;
  }

  async *look({ service }: Look, hasMoved: boolean, signal: AbortSignal): AsyncGenerator<RolloutEvent, void, void> {
    this.#remember(service);
    this.#hasMoved ||= hasMoved;
    if (!this.#hasMoved || this.awaiting.clock.elapsed() < this.#dueAtMs) return;
    yield* this.#find(signal, 2);
  }

  /** At the end: tells whatever has grown since it was told. */
  lookOnceMore(signal: AbortSignal): AsyncGenerator<RolloutEvent, void, void> {
    return this.#find(signal, 1);
  }

  /** Tells the causes when one is new, or has grown by more than `factor`: a crash loop would fill the log otherwise. */
  async *#find(signal: AbortSignal, factor: number): AsyncGenerator<RolloutEvent, void, void> {
    const { ref, ecs, clock } = this.awaiting;
    if (this.#deployment === undefined || !this.#isAllowed) return;
    let causes: Cause[];
    try {
      causes = findCauses(await ecs.listStoppedTasks(ref, signal), this.#deployment.id);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // Knowing why is optional: what cannot be read now may be later, what is not allowed is said once.
      if (isPassing(error)) return;
      this.#isAllowed = false;
      return yield { kind: "notice", message: `${error.message}; why tasks stop is not shown` };
    }
    this.#dueAtMs = clock.elapsed() + CAUSES_EVERY_MS;
    this.#hasMoved = false;
    this.#count(causes);
    if (causes.every((cause) => cause.count <= factor * (this.#told.get(keyOf(cause)) ?? 0))) return;
    this.#told = new Map(causes.map((cause) => [keyOf(cause), cause.count]));
    yield { kind: "causes", causes };
  }

  /** AWS forgets stopped tasks after an hour, so that there may also be fewer. */
  #count(causes: readonly Cause[]): void {
    const stopped = causes.reduce((sum, { count }) => sum + count, 0);
    if (stopped > this.#stopped) this.#grewAtMs = this.awaiting.clock.elapsed();
    this.#stopped = stopped;
  }

  /** Tasks name the deployment that started them; it may be PRIMARY no more when it has failed. */
  #remember(service: ServiceSnapshot): void {
    const primary = primaryDeployment(service);
    if (primary?.taskDefinition === this.awaiting.taskDefinition) this.#deployment = primary;
  }
}

function keyOf({ kind, container, exitCode, reason }: Cause): string {
  return JSON.stringify([kind, container, exitCode, reason]);
}
