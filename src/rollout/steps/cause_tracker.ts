import { diagnose, keyOf } from "../../diagnosis/diagnose.ts";
import { asAwsError, AwsError, isPassing } from "../../errors.ts";
import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import type { PlanEvent } from "../events.ts";
import { readTasksSign, showsFailure, type TasksSign } from "../failure_signs.ts";
import type { PlanRun } from "../plan_run.ts";
import { DefinitionReader } from "./definition_reader.ts";
import { LogReader } from "./log_reader.ts";

/** While tasks keep failing, their causes are asked for no more often than this. */
const LOOKS_EVERY_MS = 2_000;
/** A task that has stopped may be listed a moment later than the service shows it: so often it is looked for. */
const LOOKS_PER_SIGN = 2;

/** Finds out why tasks of the followed deployment stop, as soon as the service shows that some have, and emits each new cause. */
export class CauseTracker {
  #dueAtMs = -Infinity;
  #looksLeft = 0;
  #sign: TasksSign | undefined;
  #isAllowed = true;
  /** How many tasks each cause was last emitted for. */
  #emitted = new Map<string, number>();
  #tasks: Omit<TasksSeen, "nowMs">;
  readonly #definition: DefinitionReader;
  readonly #log: LogReader;

  /**
   * @param taskDefinition the ARN that the followed deployment is to bring
   * @param service as it was when the watching began: tasks name their deployment, which may be PRIMARY no more when it has
   *   failed
   * @param sinceMs when the deployment began, by AWS's clock
   */
  constructor(
    private readonly run: PlanRun,
    private readonly taskDefinition: string,
    service: ServiceSnapshot | undefined,
    private readonly sinceMs: number,
  ) {
    this.#definition = new DefinitionReader(run, taskDefinition);
    this.#log = new LogReader(run.context);
    const watchedSinceMs = run.context.clock.elapsed();
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

  /** Asks for the causes where the service shows that tasks have failed. */
  async *look(service: ServiceSnapshot): AsyncGenerator<PlanEvent, void, void> {
    this.#remember(service);
    const { deployment } = this.#tasks;
    if (deployment === undefined) return;
    const sign = readTasksSign(service, deployment, this.sinceMs);
    if (showsFailure(sign, this.#sign)) this.#looksLeft = LOOKS_PER_SIGN;
    this.#sign = sign;
    const { clock, signal } = this.run.context;
    if (this.#looksLeft > 0 && clock.elapsed() >= this.#dueAtMs) yield* this.find(signal, 2);
  }

  /** Emits the causes when one is new, or has grown by more than `factor`: a crash loop would fill the log otherwise. */
  async *find(signal: AbortSignal, factor: number): AsyncGenerator<PlanEvent, void, void> {
    const { plan: { subject }, context: { ecs, clock } } = this.run;
    const { deployment, stopped } = this.#tasks;
    if (deployment === undefined || !this.#isAllowed) return;
    const tasks = await ecs.listStoppedTasks(subject, signal).catch(asAwsError);
    this.#dueAtMs = clock.elapsed() + LOOKS_EVERY_MS;
    if (tasks instanceof AwsError) {
      // The causes are optional: what cannot be read now may be later, a denial is reported once.
      if (isPassing(tasks)) return;
      this.#isAllowed = false;
      return yield { kind: "notice", notice: { code: "causesNotShown", error: tasks.message } };
    }
    const evidence = { deploymentId: deployment.id, tasks };
    const hasFailed = diagnose(evidence).length > 0;
    const taskDefinition = hasFailed ? yield* this.#definition.read(signal) : undefined;
    const causes = diagnose({ ...evidence, taskDefinition });
    this.#log.begin(causes);
    // AWS forgets stopped tasks after an hour, so that there may also be fewer.
    const count = causes.reduce((sum, cause) => sum + cause.count, 0);
    this.#looksLeft = count > stopped ? 0 : this.#looksLeft - 1;
    const grewAtMs = count > stopped ? clock.elapsed() : this.#tasks.grewAtMs;
    this.#tasks = { ...this.#tasks, stopped: count, grewAtMs };
    if (causes.every((cause) => cause.count <= factor * (this.#emitted.get(keyOf(cause)) ?? 0))) return;
    this.#emitted = new Map(causes.map((cause) => [keyOf(cause), cause.count]));
    yield { kind: "causes", causes };
  }

  /** Emits what the container that failed has written last, where that is to be shown. */
  showLog(): AsyncGenerator<PlanEvent, void, void> {
    return this.#log.end();
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
