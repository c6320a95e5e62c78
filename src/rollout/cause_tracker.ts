import { AwsError, isPassing } from "../errors.ts";
import type { Clock } from "../host.ts";
import type { EcsReader } from "../model/ports.ts";
import { type Deployment, primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../model/service.ts";
import type { PlanEvent } from "./events.ts";
import { type Cause, findCauses } from "./find_causes.ts";
import type { Look } from "./watch.ts";

/** What the causes are found by. */
export interface Watched {
  readonly ref: ServiceRef;
  /** The ARN that the followed deployment is to bring. */
  readonly taskDefinition: string;
  /** The service when the watching begins: what has failed by then is not seen to be under way any more. */
  readonly service: ServiceSnapshot | undefined;
  readonly ecs: EcsReader;
  readonly clock: Clock;
}

/** Stopped tasks are asked for no more often than this, and only when something has moved. */
const CAUSES_EVERY_MS = 10_000;

/** Finds out why tasks of the followed deployment stop, now and then, and emits each new cause. */
export class CauseTracker {
  #dueAtMs: number;
  #hasMoved = false;
  #isAllowed = true;
  /** How many tasks each cause was last emitted for. */
  #emitted = new Map<string, number>();
  readonly #sinceMs: number;
  #deployment: Deployment | undefined;
  #stopped = 0;
  #grewAtMs: number | undefined;

  constructor(private readonly watched: Watched) {
    this.#sinceMs = watched.clock.elapsed();
    this.#dueAtMs = this.#sinceMs + CAUSES_EVERY_MS;
    if (watched.service !== undefined) this.#remember(watched.service);
  }

  get areLooping(): boolean {
    return isCrashLooping({
      deployment: this.#deployment,
      stopped: this.#stopped,
      grewAtMs: this.#grewAtMs,
      watchedSinceMs: this.#sinceMs,
      nowMs: this.watched.clock.elapsed(),
    });
  }

  /** How many tasks causes were emitted for. */
  get emittedTasks(): number {
    return [...this.#emitted.values()].reduce((sum, count) => sum + count, 0);
  }

  async *look({ service }: Look, hasMoved: boolean, signal: AbortSignal): AsyncGenerator<PlanEvent, void, void> {
    this.#remember(service);
    this.#hasMoved ||= hasMoved;
    if (!this.#hasMoved || this.watched.clock.elapsed() < this.#dueAtMs) return;
    yield* this.#find(signal, 2);
  }

  /** At the end: emits all that has grown since. */
  lookOnceMore(signal: AbortSignal): AsyncGenerator<PlanEvent, void, void> {
    return this.#find(signal, 1);
  }

  /** Emits the causes when one is new, or has grown by more than `factor`: a crash loop would fill the log otherwise. */
  async *#find(signal: AbortSignal, factor: number): AsyncGenerator<PlanEvent, void, void> {
    const { ref, ecs, clock } = this.watched;
    if (this.#deployment === undefined || !this.#isAllowed) return;
    let causes: Cause[];
    try {
      causes = findCauses(await ecs.listStoppedTasks(ref, signal), this.#deployment.id);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // The causes are optional: what cannot be read now may be later, a denial is reported once.
      if (isPassing(error)) return;
      this.#isAllowed = false;
      return yield { kind: "notice", notice: { code: "causesNotShown", error: error.message } };
    }
    this.#dueAtMs = clock.elapsed() + CAUSES_EVERY_MS;
    this.#hasMoved = false;
    this.#count(causes);
    if (causes.every((cause) => cause.count <= factor * (this.#emitted.get(keyOf(cause)) ?? 0))) return;
    this.#emitted = new Map(causes.map((cause) => [keyOf(cause), cause.count]));
    yield { kind: "causes", causes };
  }

  /** AWS forgets stopped tasks after an hour, so that there may also be fewer. */
  #count(causes: readonly Cause[]): void {
    const stopped = causes.reduce((sum, { count }) => sum + count, 0);
    if (stopped > this.#stopped) this.#grewAtMs = this.watched.clock.elapsed();
    this.#stopped = stopped;
  }

  /** Tasks name the deployment that started them; it may be PRIMARY no more when it has failed. */
  #remember(service: ServiceSnapshot): void {
    const primary = primaryDeployment(service);
    if (primary?.taskDefinition === this.watched.taskDefinition) this.#deployment = primary;
  }
}

function keyOf({ kind, container, exitCode, reason }: Cause): string {
  return JSON.stringify([kind, container, exitCode, reason]);
}

/** What was seen of a deployment's tasks until the watching ended. Times are milliseconds of one clock. */
export interface TasksSeen {
  /** The deployment as it was last seen; `undefined` when it never was. */
  readonly deployment: Deployment | undefined;
  /** How many of its tasks have stopped for a cause. */
  readonly stopped: number;
  /** When that number was last seen to grow. */
  readonly grewAtMs: number | undefined;
  readonly watchedSinceMs: number;
  readonly nowMs: number;
}

/**
 * Whether a deployment that is not done in time fails again and again, and does not only take long: tasks have stopped, and
 * some are missing now, or more than one has stopped and the last of them lately, which is in the second half of the time.
 * One that stopped early and was replaced is none of this. Pure.
 */
export function isCrashLooping({ deployment, stopped, grewAtMs, watchedSinceMs, nowMs }: TasksSeen): boolean {
  if (stopped === 0 || grewAtMs === undefined) return false;
  if (deployment === undefined || deployment.runningCount < deployment.desiredCount) return true;
  return stopped > 1 && grewAtMs - watchedSinceMs >= (nowMs - watchedSinceMs) / 2;
}
