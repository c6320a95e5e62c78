import type { Cause } from "../../diagnosis/cause.ts";
import { diagnose, keyOf } from "../../diagnosis/diagnose.ts";
import { type AwsError, isTransient, unlessFails, untilDenied } from "../../errors.ts";
import type { JsonObject } from "../../model/json.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import { type Deployment, primaryDeployment, type ServiceSnapshot, type StoppedTask } from "../../model/service.ts";
import type { FailureReason } from "../judge/assess.ts";
import type { FailureEvidence } from "../judge/assess_failures.ts";
import { readTaskActivity, showsFailure, type TaskActivity } from "../judge/rollout_stage.ts";
import type { PlanExecution } from "./plan_execution.ts";
import type { Observation } from "../watch.ts";
import { LogReader } from "../read/log_reader.ts";

/** While tasks keep failing, their causes are read no more often than this. */
const CHECK_EVERY_MS = 2_000;
/** How often stopped tasks are read once the service shows a failure: ECS may list a task a moment later. */
const CHECKS_AFTER_FAILURE = 2;

/** How a deployment has ended without success: in ECS's words, where it has any. */
interface End {
  readonly reason: string | undefined;
}

interface Seen extends Pick<Observation, "serviceDeployment"> {
  readonly service: ServiceSnapshot | undefined;
}

/** Finds out why tasks of the followed deployment do not run, once the service shows that, and emits each new cause. */
export class CauseTracker {
  #dueAtMs = -Infinity;
  #checksLeft = 0;
  #activity: TaskActivity | undefined;
  #stopped: readonly StoppedTask[] = [];
  /** How often each cause was last emitted. */
  #emitted = new Map<string, number>();
  /** How many tasks failed for the causes that were emitted. */
  emittedTasks = 0;
  #tasks: Omit<TasksSeen, "nowMs">;
  #seen: Seen;
  #definition: JsonObject | undefined;
  readonly #log: LogReader;
  readonly #readTasks = this.#untilRefused<readonly StoppedTask[]>("causesNotShown");
  readonly #readTarget = this.#untilRefused<TaskDefinition | undefined>("definitionNotRead");

  /**
   * @param taskDefinition the ARN that the followed deployment is to bring
   * @param service as it was when the watching began: tasks name their deployment, which may no longer be PRIMARY once
   *   it has failed
   * @param sinceMs when the deployment began, by AWS's clock
   */
  constructor(
    private readonly run: PlanExecution,
    private readonly taskDefinition: string,
    service: ServiceSnapshot | undefined,
    private readonly sinceMs: number,
  ) {
    const target = run.plannedFrom?.target;
    if (target?.arn === taskDefinition) this.#definition = target.raw;
    this.#log = new LogReader(run.context);
    const watchedSinceMs = run.context.clock.elapsed();
    this.#tasks = { deployment: undefined, stopped: 0, grewAtMs: undefined, watchedSinceMs };
    this.#seen = { service, serviceDeployment: undefined };
    if (service !== undefined) this.remember(this.#seen);
  }

  get areTasksLooping(): boolean {
    return isCrashLooping({ ...this.#tasks, nowMs: this.run.context.clock.elapsed() });
  }

  /** Stores what a poll has shown. */
  remember({ service, serviceDeployment }: Seen): void {
    this.#seen = { service, serviceDeployment };
    const deployment = service && primaryDeployment(service);
    if (deployment?.taskDefinition === this.taskDefinition) this.#tasks = { ...this.#tasks, deployment };
  }

  /** The deployment's failures, as they were last read. */
  get evidence(): FailureEvidence | undefined {
    const { deployment } = this.#tasks;
    const { service } = this.#seen;
    return deployment && service &&
      { deployment, tasks: this.#stopped, events: service.events, sinceMs: this.sinceMs };
  }

  /** Reads and emits the causes where the service shows that tasks have failed. Returns whether they were read. */
  async check(): Promise<boolean> {
    const { deployment } = this.#tasks;
    const { service } = this.#seen;
    if (deployment === undefined || service === undefined) return false;
    const activity = readTaskActivity(service, deployment, this.sinceMs);
    if (showsFailure(activity, this.#activity)) this.#checksLeft = CHECKS_AFTER_FAILURE;
    this.#activity = activity;
    const { clock, signal } = this.run.context;
    if (this.#checksLeft === 0 || clock.elapsed() < this.#dueAtMs) return false;
    // A known cause is logged again once its count has more than doubled: a crash loop would fill the log.
    await this.#emitCauses(signal, { factor: 2 });
    return true;
  }

  /**
   * Emits the causes of a deployment that has ended without success, where there is more to say than before.
   *
   * @param reason why it has ended; `undefined`: it has not ended in time
   */
  checkAtEnd(reason: FailureReason | undefined, signal: AbortSignal): Promise<void> {
    return this.#emitCauses(signal, { factor: 1, end: { reason: typeof reason === "string" ? reason : undefined } });
  }

  /** Emits the causes if one is new, or has occurred more than `factor` times as often as when it was last emitted. */
  async #emitCauses(signal: AbortSignal, { factor, end }: { factor: number; end?: End }): Promise<void> {
    const { clock, emit } = this.run.context;
    const { stopped } = this.#tasks;
    const tasks = await this.#listTasks(signal);
    if (tasks === undefined && (end === undefined || this.#emitted.size > 0)) return;
    if (tasks !== undefined) this.#stopped = tasks;
    const stoppedTasks = tasks ?? [];
    const hasFailed = countTasks(this.#diagnose(stoppedTasks, end)) > 0;
    const taskDefinition = hasFailed ? await this.#readDefinition(signal) : undefined;
    if (end !== undefined) await this.#readRecord(stoppedTasks, end, signal);
    const causes = this.#diagnose(stoppedTasks, end, taskDefinition);
    this.#log.begin(causes);
    // AWS forgets stopped tasks after an hour, so there may also be fewer.
    const count = countTasks(causes);
    this.#checksLeft = count > stopped ? 0 : this.#checksLeft - 1;
    const grewAtMs = count > stopped ? clock.elapsed() : this.#tasks.grewAtMs;
    this.#tasks = { ...this.#tasks, stopped: count, grewAtMs };
    if (causes.every((cause) => cause.count <= factor * (this.#emitted.get(keyOf(cause)) ?? 0))) return;
    this.#emitted = new Map(causes.map((cause) => [keyOf(cause), cause.count]));
    this.emittedTasks = count;
    emit({ kind: "causes", causes });
  }

  /** Emits what the failed container has logged last, where that is to be shown. */
  async showLog(): Promise<void> {
    const read = await this.#log.end();
    if (read === undefined) return;
    this.run.context.emit("code" in read ? { kind: "notice", notice: read } : { kind: "containerLog", log: read });
  }

  /** Reads an optional part: a refusal is reported once, and ends it; after a transient error it is read again. */
  #untilRefused<Part>(code: "causesNotShown" | "definitionNotRead") {
    const note = (error: AwsError) => this.run.context.emit({ kind: "notice", notice: { code, error: error.failure } });
    return untilDenied<Part>(note, (error) => !isTransient(error));
  }

  /** The stopped tasks; none where they may not be read, `undefined` where they cannot be read now. */
  async #listTasks(signal: AbortSignal): Promise<readonly StoppedTask[] | undefined> {
    if (this.#tasks.deployment === undefined) return [];
    const { plan: { subject }, context: { ecs, clock } } = this.run;
    const list = () =>
      ecs.listStoppedTasks(subject, signal).finally(() => this.#dueAtMs = clock.elapsed() + CHECK_EVERY_MS);
    return await unlessFails(this.#readTasks(list).then((tasks = []) => tasks));
  }

  /** Reads the task definition of failing tasks, once: it says which containers they have, and where those log. */
  async #readDefinition(signal: AbortSignal): Promise<JsonObject | undefined> {
    const { ecs } = this.run.context;
    const read = () => ecs.describeTaskDefinition(this.taskDefinition, signal);
    return this.#definition ??= (await unlessFails(this.#readTarget(read)))?.raw;
  }

  /** Reads ECS's own record, which alone says which alarm it was. It is optional: without it the alarm has no name. */
  async #readRecord(tasks: readonly StoppedTask[], end: End, signal: AbortSignal): Promise<void> {
    const [primary] = this.#diagnose(tasks, end);
    if (primary?.code !== "alarm" || this.#seen.serviceDeployment !== undefined) return;
    const { plan: { subject }, context: { ecs } } = this.run;
    const serviceDeployment = await unlessFails(ecs.findNewestServiceDeployment(subject, signal));
    this.#seen = { ...this.#seen, serviceDeployment };
  }

  #diagnose(tasks: readonly StoppedTask[], end: End | undefined, taskDefinition?: JsonObject): readonly Cause[] {
    const { service, serviceDeployment } = this.#seen;
    const id = this.#tasks.deployment?.id ?? "";
    return diagnose({
      deploymentId: id,
      tasks,
      events: service?.events ?? [],
      sinceMs: this.sinceMs,
      hasFailed: end !== undefined,
      rolloutStateReason: end?.reason ?? service?.deployments.find((one) => one.id === id)?.rolloutStateReason,
      serviceDeployment,
      taskDefinition,
      loadBalancers: service?.attachments.filter(({ kind }) => kind === "loadBalancer") ?? [],
    });
  }
}

/** How many tasks have failed, without those that somebody has stopped or ECS has replaced. */
function countTasks(causes: readonly Cause[]): number {
  return causes.filter(({ code, taskArn }) => taskArn !== undefined && code !== "stoppedByUser" && code !== "replaced")
    .reduce((sum, { count }) => sum + count, 0);
}

/** What was seen of a deployment's tasks until the watching ended. Times are milliseconds of one clock. */
interface TasksSeen {
  /** The deployment as it was last seen; `undefined` when it never was. */
  readonly deployment: Deployment | undefined;
  /** How many of its tasks have stopped for a cause; `grewAtMs`: when that number was last seen to grow. */
  readonly stopped: number;
  readonly grewAtMs: number | undefined;
  readonly watchedSinceMs: number;
  readonly nowMs: number;
}

/**
 * Whether a deployment that is not done in time fails again and again, and does not just take long: tasks have stopped,
 * and either some are missing now, or several have stopped, the last of them in the second half of the time. One that
 * stopped early and was replaced does not count.
 */
export function isCrashLooping({ deployment, stopped, grewAtMs, watchedSinceMs, nowMs }: TasksSeen): boolean {
  if (stopped === 0 || grewAtMs === undefined) return false;
  if (deployment === undefined || deployment.runningCount < deployment.desiredCount) return true;
  return stopped > 1 && grewAtMs - watchedSinceMs >= (nowMs - watchedSinceMs) / 2;
}
