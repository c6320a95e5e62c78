import { type Revision, shortName } from "../model/arn.ts";
import type { EcsReader, EcsWriter, ScalingPort } from "../model/ports.ts";
import { primaryDeployment, type ServiceSnapshot } from "../model/service.ts";
import { AwsError, mayHaveBeenApplied } from "../errors.ts";
import type { Clock } from "../host.ts";
import { followPrimary } from "./assess.ts";
import type { Goal } from "./assess_service_deployment.ts";
import { awaitDeployment } from "./await_deployment.ts";
import { deregisterUnused } from "./steps/deregister_unused.ts";
import type { Leftover, Ordered, OutcomeKind, RolloutEvent } from "./events.ts";
import { findNewServiceDeployment, type Follow, followDeployment, followServiceDeployment } from "./follow.ts";
import type {
  AwaitDeployment,
  Brought,
  CreateService,
  Plan,
  Step,
  StopDeployment,
  UpdateService,
} from "./plan/plan.ts";
import { ProgressTracker } from "./progress.ts";
import { readBasis } from "./steps/read_basis.ts";
import { registerDefinition } from "./steps/register_definition.ts";
import { ScalingGuard } from "./steps/scaling_guard.ts";
import { showDeployment } from "./steps/show_deployment.ts";
import { startDeployment, type Started } from "./steps/start_deployment.ts";
import { stopDeployment } from "./steps/stop_deployment.ts";
import { tellUnkept } from "./steps/tell_unkept.ts";

export interface Ports {
  readonly ecs: EcsReader & EcsWriter;
  /** Needed only by plans with scaling steps. */
  readonly scaling: ScalingPort | undefined;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** Who runs this, for the record of a suspension. */
  readonly actor: string;
  /** The ID of this run, for that record, too. */
  readonly run: string;
}

/** What ends the execution early; restoring what was changed for its time still follows. */
export interface Limits {
  /** Aborted when the command's time is up. */
  readonly deadline: AbortSignal;
  /** Aborted when the user wants to stop. */
  readonly stop: AbortSignal;
  /** How long auto scaling may take after a failure, where a way back comes next; all the time there is when left out. */
  readonly restoreAfterFailureWithinMs?: number;
}

/**
 * Carries a plan out and tells what happens; the last event is `finished`. Throws an `AwsError` when AWS refuses a
 * step. Whatever was changed for the time of the rollout only is restored on every way out, the thrown error included.
 */
export function execute(plan: Plan, ports: Ports, limits: Limits): AsyncGenerator<RolloutEvent, void, void> {
  return new Execution(plan, ports, limits).run();
}

class Execution {
  readonly #signal: AbortSignal;
  readonly #scaling: ScalingGuard;
  readonly #leftovers: Leftover[] = [];
  /** The service just before the first write, and when that was read. */
  #before: ServiceSnapshot | undefined;
  #beforeAtMs = -Infinity;
  /** From sending the first change on. */
  #hasWritten = false;
  #progress: ProgressTracker | undefined;
  /** What the deployment that this execution has started is followed by. */
  #started: Follow | undefined;
  /** The service as ECS has answered to the order. */
  #after: ServiceSnapshot | undefined;
  #ordered: Ordered = "no";
  #hasAwaited = false;
  /** The stop was refused, and the update in its place has given all that was to follow it, too. */
  #hasUpdatedInstead = false;
  /** What this execution has registered. */
  #registered: Revision | undefined;

  constructor(readonly plan: Plan, readonly ports: Ports, readonly limits: Limits) {
    this.#signal = AbortSignal.any([limits.deadline, limits.stop]);
    this.#scaling = new ScalingGuard({ ...ports, plan, signal: this.#signal, stop: limits.stop });
  }

  async *run(): AsyncGenerator<RolloutEvent, void, void> {
    let end: OutcomeKind | undefined;
    let failure: unknown;
    try {
      end = yield* this.#carryOut();
    } catch (error) {
      // A call that was cut off by a limit is no failure of AWS's.
      if (error instanceof AwsError) end = this.#stopped();
      failure = error;
    }
    const leftover = yield* this.#scaling.giveBack(this.#isBeatenAt(end), this.#restoreWithinMs(end));
    if (leftover !== undefined) this.#leftovers.push(leftover);
    if (end === undefined) {
      if (this.#ordered !== "no") yield { kind: "leftGoing", ordered: this.#ordered };
      for (const { problem, command } of this.#leftovers) yield { kind: "notice", message: `${problem}: ${command}` };
      throw failure;
    }
    if (end.kind === "succeeded") yield* this.#deregister();
    yield { kind: "finished", outcome: { ...end, leftovers: this.#leftovers } };
  }

  /** The steps up to the end of the deployment. */
  async *#carryOut(): AsyncGenerator<RolloutEvent, OutcomeKind, void> {
    const { plan } = this;
    const changes = plan.steps.filter(({ kind }) => kind !== "restoreScaling");
    if (changes.length === 0) {
      this.#scaling.owe();
      return this.#endWithoutOrder();
    }
    const outdated = yield* this.#checkBasis();
    if (outdated !== undefined) return outdated;
    const onlySuspends = changes.every(({ kind }) => kind === "suspendScaling");
    let end: OutcomeKind = onlySuspends ? this.#endWithoutOrder() : { kind: "submitted" };
    for (const step of plan.steps) {
      if (step.kind === "restoreScaling" || step.kind === "deregister") continue;
      if (step.kind === "updateService" && this.#hasUpdatedInstead) continue;
      const stopped = this.#stopped();
      if (stopped !== undefined) return stopped;
      yield { kind: "stepStarted", step: this.#resolve(step) };
      // Stopping is no change where it is refused, and the update that takes its place then has not been sent.
      this.#hasWritten ||= step.kind !== "updateService" && step.kind !== "stopDeployment" &&
        step.kind !== "awaitDeployment";
      if (step.kind === "register" || step.kind === "registerCopy") {
        const { copy, lost } = yield* registerDefinition(step, this.plan.subject, this.ports.ecs, this.#signal);
        this.#registered = copy;
        if (step.kind === "registerCopy" && lost.length > 0) return await this.#giveUp({ of: step.of, copy, lost });
      }
      if (step.kind === "createService") end = yield* this.#create(step);
      if (step.kind === "suspendScaling") yield* this.#scaling.suspend(step);
      if (step.kind === "stopDeployment") {
        const overtaken = yield* this.#stop(step);
        if (overtaken !== undefined) return overtaken;
      }
      if (step.kind === "updateService") {
        const overtaken = yield* this.#update(step);
        if (overtaken !== undefined) return overtaken;
        if (this.#hasStartedNone(step)) end = { kind: "submitted", startsNone: true };
      }
      if (step.kind === "awaitDeployment") {
        this.#scaling.owe();
        this.#hasAwaited = true;
        end = yield* this.#await(step);
        if (end.kind !== "succeeded") return end;
      }
    }
    return end;
  }

  /** Where nothing is ordered of ECS, auto scaling apart. */
  #endWithoutOrder(): OutcomeKind {
    const { intent, isReached, to } = this.plan;
    if (!isReached) return { kind: "submitted" };
    // Who waits is told that it has come, whoever brought it.
    if (intent === "wait") return { kind: "succeeded" };
    return { kind: "unchanged", taskDefinition: shortName(this.#bring(to ?? "registered")) };
  }

  /** A copy that lacks something is not what the service ran. As the newest revision it would be taken for that. */
  async #giveUp(copied: Omit<Extract<OutcomeKind, { kind: "copyIncomplete" }>, "kind">): Promise<OutcomeKind> {
    const { leftover } = await deregisterUnused(copied.copy, this.plan.subject, this.ports.ecs, this.#signal);
    if (leftover !== undefined) this.#leftovers.push(leftover);
    return { kind: "copyIncomplete", ...copied };
  }

  /** Just before the first write: what the plan was made for must still hold. */
  async *#checkBasis(): AsyncGenerator<RolloutEvent, OutcomeKind | undefined, void> {
    this.#beforeAtMs = this.ports.clock.elapsed();
    const [basis, hasChanged] = await Promise.all([
      readBasis(this.plan, this.ports.ecs, this.#signal),
      this.#scaling.hasChanged(),
    ]);
    if (basis.kind === "lost") return basis.end;
    this.#before = basis.service;
    this.#progress = basis.service && new ProgressTracker(basis.service);
    if (hasChanged === true) return { kind: "outdated", by: undefined, hasSuspensionChanged: true };
    // Who has stopped the run is told of that.
    if (hasChanged !== false && !this.#signal.aborted) {
      const message = `whether the suspension of auto scaling has changed is not known: ${hasChanged.message}`;
      yield { kind: "notice", message };
    }
    return undefined;
  }

  /** What a step brings, once it is known. */
  #bring(brought: Brought): Revision {
    if (brought !== "registered") return brought;
    if (this.#registered === undefined) throw new Error("nothing has been registered for this step");
    return this.#registered;
  }

  /** The step as it is told: with the task definition that it is really about. */
  #resolve(step: Step): Step {
    const isAboutOne = step.kind === "updateService" || step.kind === "createService" ||
      step.kind === "awaitDeployment";
    return isAboutOne && step.taskDefinition !== undefined
      ? { ...step, taskDefinition: this.#bring(step.taskDefinition) }
      : step;
  }

  /** Answers with the end where the update that takes the place of a stop came too late. */
  async *#stop({ arn, otherwise }: StopDeployment): AsyncGenerator<RolloutEvent, OutcomeKind | undefined, void> {
    this.#ordered = "unknown";
    let refusal: AwsError | undefined;
    try {
      refusal = await stopDeployment(arn, this.ports, this.#signal);
    } catch (error) {
      this.#noteIfNotOrdered(error);
      throw error;
    }
    this.#ordered = refusal === undefined ? "yes" : "no";
    if (refusal === undefined) {
      this.#started = this.#followServiceDeployment(arn, "rollback");
      this.#scaling.owe();
      return undefined;
    }
    yield { kind: "notice", message: `${refusal.message}; updating the service instead` };
    yield { kind: "stepStarted", step: otherwise };
    this.#hasUpdatedInstead = true;
    return yield* this.#update(otherwise);
  }

  /** Answers with the end where the update came too late: what somebody has deployed since the plan is not replaced. */
  async *#update(step: UpdateService): AsyncGenerator<RolloutEvent, OutcomeKind | undefined, void> {
    const taskDefinition = step.taskDefinition && this.#bring(step.taskDefinition);
    const { ecs, clock, random } = this.ports;
    const ref = this.plan.subject;
    const { attributes = {} } = step;
    const starting = {
      ...{ ref, taskDefinition, attributes, before: this.#before, ecs, clock, random },
      basedAtMs: this.#beforeAtMs,
      // What follows a deployment of the plan's own adds to whatever that has brought.
      checkBasis: this.#hasAwaited ? undefined : () => readBasis(this.plan, ecs, this.#signal, this.#hasWritten),
    };
    this.#ordered = "unknown";
    let started: Started;
    try {
      started = yield* startDeployment(starting, this.#signal);
    } catch (error) {
      this.#noteIfNotOrdered(error);
      throw error;
    }
    if (started.kind === "overtaken") {
      this.#ordered = "no";
      return started.end;
    }
    let { service } = started;
    yield* tellUnkept(service, "updated");
    // What another controller deploys shows none.
    if (service.deploymentController === "ECS") {
      const changesTask = taskDefinition !== undefined && taskDefinition.arn !== this.#before?.taskDefinition;
      // What follows a deployment of the plan's own may find that in place, or another one.
      const startsDeployment = !this.#hasAwaited && (changesTask || attributes.forceNewDeployment === true);
      service = await this.#showDeployment(service, taskDefinition, startsDeployment);
    }
    this.#follow(service);
    const primary = primaryDeployment(service);
    const isShown = taskDefinition === undefined || service.deploymentController === "ECS";
    const expected = taskDefinition ?? this.#bring(this.plan.to ?? "registered");
    if (isShown && primary !== undefined && primary.taskDefinition !== expected.arn) {
      return { kind: "superseded", by: primary };
    }
    const isNew = primary !== undefined && !this.#before?.deployments.some(({ id }) => id === primary.id);
    if (step.newerThan !== undefined && isNew && this.#isAwaited) {
      const found = await findNewServiceDeployment(ref, step.newerThan.serviceDeployment, ecs, clock, this.#signal);
      if (typeof found === "string") {
        this.#started = this.#followServiceDeployment(found, "success");
      } else {
        const why = found === undefined ? "" : ` (${found.message})`;
        const message = `its service deployment cannot be read${why}: no lifecycle stages are shown`;
        yield { kind: "notice", message };
      }
    }
    yield* this.#tellProgress(service);
    return undefined;
  }

  async *#create({ taskDefinition, input }: CreateService): AsyncGenerator<RolloutEvent, OutcomeKind, void> {
    const { ecs } = this.ports;
    const whole = { ...input, ...(taskDefinition && { taskDefinition: this.#bring(taskDefinition).arn }) };
    this.#ordered = "unknown";
    const order = ecs.createService(this.plan.subject, whole, crypto.randomUUID(), this.#signal);
    const service = await order.catch((error) => {
      this.#noteIfNotOrdered(error);
      throw error;
    });
    yield* tellUnkept(service, "created");
    this.#progress = new ProgressTracker({ ...service, events: [] });
    const { deploymentController } = service;
    const shown = deploymentController === "ECS"
      ? await this.#showDeployment(service, taskDefinition && this.#bring(taskDefinition), true)
      : service;
    this.#follow(shown);
    yield* this.#tellProgress(shown);
    return { kind: "submitted", ...(deploymentController !== "ECS" && { leftTo: deploymentController }) };
  }

  /** The service with the PRIMARY deployment of what was ordered, also where ECS's answer to the order does not show it. */
  async #showDeployment(
    service: ServiceSnapshot,
    brought: Revision | undefined,
    startsDeployment: boolean,
  ): Promise<ServiceSnapshot> {
    const { ecs, clock } = this.ports;
    const taskDefinition = brought ?? this.#bring(this.plan.to ?? "registered");
    const ordered = { ref: this.plan.subject, taskDefinition, startsDeployment, before: this.#before, ecs, clock };
    // Until it is seen to go on, nobody knows whether it does.
    this.#ordered = "unknown";
    const shown = await showDeployment(service, ordered, this.#signal);
    this.#ordered = "yes";
    return shown;
  }

  /** ECS has taken the order: from now on its PRIMARY deployment is what is followed. */
  #follow(service: ServiceSnapshot): void {
    this.#ordered = "yes";
    this.#after = service;
    this.#scaling.owe();
    const followed = followPrimary(service, this.#before);
    if (followed === undefined) return;
    this.#started = followDeployment(this.plan.subject, followed, this.plan.until, this.ports.ecs);
  }

  *#tellProgress(service: ServiceSnapshot): Generator<RolloutEvent, void, void> {
    const progress = this.#progress?.next(service);
    if (progress !== undefined && this.#isAwaited) yield { kind: "progress", progress };
  }

  #noteIfNotOrdered(error: unknown): void {
    if (error instanceof AwsError && !mayHaveBeenApplied(error)) this.#ordered = "no";
  }

  async *#await({ follows, taskDefinition }: AwaitDeployment): AsyncGenerator<RolloutEvent, OutcomeKind, void> {
    // What the plan names comes first: an update of attributes alone may only be part of that.
    const isOurs = follows === undefined && this.#started !== undefined;
    const follow = isOurs ? this.#started : this.#followExisting(follows);
    this.#ordered = "yes";
    if (follow === undefined || this.#progress === undefined) throw new Error("ECS named no deployment to follow");
    const { ecs, clock, random } = this.ports;
    const awaiting = {
      ref: this.plan.subject,
      follow,
      taskDefinition: this.#bring(taskDefinition).arn,
      service: isOurs ? this.#after : this.#before,
      progress: this.#progress,
      sinceMs: isOurs ? this.#newestEventAtMs : this.#beganAtMs(follows),
      stop: this.limits.stop,
      ecs,
      clock,
      random,
    };
    return (yield* awaitDeployment(awaiting, this.#signal)) ?? { kind: "interrupted", ordered: "yes" };
  }

  #followExisting(follows: AwaitDeployment["follows"]): Follow | undefined {
    if (follows?.kind === "serviceDeployment") return this.#followServiceDeployment(follows.arn, follows.goal);
    const followed = this.#before && followPrimary(this.#before);
    return followed && followDeployment(this.plan.subject, followed, this.plan.until, this.ports.ecs);
  }

  #followServiceDeployment(arn: string, goal: Goal): Follow {
    const predecessors = new Set(this.#before?.deployments.map(({ id }) => id));
    // A copy is what the service gets in the place of the deregistered original, which the plan names.
    const taskDefinition = (this.#registered ?? this.#bring(this.plan.to ?? "registered")).arn;
    const destination = { goal, until: this.plan.until, taskDefinition, predecessors };
    return followServiceDeployment(this.plan.subject, arn, destination, this.ports.ecs);
  }

  async *#deregister(): AsyncGenerator<RolloutEvent, void, void> {
    const step = this.plan.steps.find((candidate) => candidate.kind === "deregister");
    if (step === undefined) return;
    yield { kind: "stepStarted", step };
    const { taskDefinition } = step;
    const { subject } = this.plan;
    const { leftover, notices } = await deregisterUnused(taskDefinition, subject, this.ports.ecs, this.#signal);
    for (const message of notices) yield { kind: "notice", message };
    if (leftover !== undefined) this.#leftovers.push(leftover);
  }

  /** Whether ECS has answered to an update with the deployment that was in place, and completed, or with none. */
  #hasStartedNone({ taskDefinition }: UpdateService): boolean {
    const before = this.#before && primaryDeployment(this.#before);
    const now = this.#after && primaryDeployment(this.#after);
    const isCompleted = before === undefined || before.rolloutState === "COMPLETED";
    // From now on another controller deploys it.
    if (this.#after !== undefined && this.#after.deploymentController !== "ECS") return true;
    return taskDefinition === undefined && now?.id === before?.id && isCompleted;
  }

  /** AWS's clock just before the first write, as far as it shows. */
  get #newestEventAtMs(): number {
    return Math.max(0, ...(this.#before?.events ?? []).map(({ createdAtMs }) => createdAtMs));
  }

  /** When a deployment began that was there before; one that goes back is not what has failed. */
  #beganAtMs(follows: AwaitDeployment["follows"]): number {
    const isGoingBack = follows?.kind === "serviceDeployment" && follows.goal !== "success";
    const primary = this.#before && primaryDeployment(this.#before);
    return isGoingBack || primary === undefined ? this.#newestEventAtMs : primary.createdAtMs;
  }

  #stopped(): OutcomeKind | undefined {
    const ordered = this.#ordered;
    if (this.limits.stop.aborted) return { kind: "interrupted", ordered };
    return this.limits.deadline.aborted ? { kind: "timedOut", ordered } : undefined;
  }

  /** Whether somebody else's deployment is in place, or under way: another run may still need auto scaling suspended. */
  #isBeatenAt(end: OutcomeKind | undefined): boolean {
    if (end?.kind === "outdated" || end?.kind === "superseded") return true;
    const primary = this.#before && primaryDeployment(this.#before);
    return this.#ordered === "no" && primary?.rolloutState === "IN_PROGRESS";
  }

  #restoreWithinMs(end: OutcomeKind | undefined): number | undefined {
    return end?.kind === "failed" ? this.limits.restoreAfterFailureWithinMs : undefined;
  }

  get #isAwaited(): boolean {
    return this.plan.steps.some(({ kind }) => kind === "awaitDeployment");
  }
}
