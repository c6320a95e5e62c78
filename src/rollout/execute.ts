import { shortName } from "../ecs/arn.ts";
import type { EcsReader, EcsWriter, ScalingPort } from "../ecs/ports.ts";
import { ALL_SUSPENDED } from "../ecs/scalable_target.ts";
import { primaryDeployment, type ServiceSnapshot } from "../ecs/service.ts";
import { AwsError } from "../errors.ts";
import type { Clock } from "../host.ts";
import { type FollowedDeployment, followPrimary, type Phase } from "./assess.ts";
import { deregisterUnused } from "./deregister_unused.ts";
import type { Leftover, OutcomeKind, RolloutEvent } from "./events.ts";
import type { Plan, Step } from "./plan.ts";
import { ProgressTracker } from "./progress.ts";
import { restoreScaling } from "./restore_scaling.ts";
import { watch } from "./watch.ts";

export interface Ports {
  readonly ecs: EcsReader & EcsWriter;
  /** Needed only by plans with scaling steps. */
  readonly scaling: ScalingPort | undefined;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
}

/** What ends the execution early; restoring what was changed for its time still follows. */
export interface Limits {
  /** Aborted when the command's time is up. */
  readonly deadline: AbortSignal;
  /** Aborted when the user wants to stop. */
  readonly stop: AbortSignal;
}

/** Restoring must not be cut short by the very timeout that made it necessary. */
const RESTORE_WITHIN_MS = 5_000;

/**
 * Carries a plan out and tells what happens; the last event is `finished`. Throws an `AwsError` when AWS refuses a
 * step. Whatever was changed for the time of the rollout only is restored on every way out, the thrown error included.
 */
export function execute(plan: Plan, ports: Ports, limits: Limits): AsyncGenerator<RolloutEvent, void, void> {
  return new Execution(plan, ports, limits).run();
}

class Execution {
  readonly #signal: AbortSignal;
  readonly #leftovers: Leftover[] = [];
  /** The newest read of the service. */
  #service: ServiceSnapshot | undefined;
  #progress: ProgressTracker | undefined;
  #followed: FollowedDeployment | undefined;
  /** From the moment on when something may have changed that the plan gives back. */
  #owesRestoring = false;

  constructor(readonly plan: Plan, readonly ports: Ports, readonly limits: Limits) {
    this.#signal = AbortSignal.any([limits.deadline, limits.stop]);
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
    if (this.#owesRestoring) yield* this.#restore();
    if (end === undefined) {
      for (const { problem, command } of this.#leftovers) yield { kind: "notice", message: `${problem}: ${command}` };
      throw failure;
    }
    if (end.kind === "succeeded") yield* this.#deregister();
    yield { kind: "finished", outcome: { ...end, subject: this.plan.subject, leftovers: this.#leftovers } };
  }

  /** The steps up to the end of the deployment. */
  async *#carryOut(): AsyncGenerator<RolloutEvent, OutcomeKind, void> {
    const { plan } = this;
    if (plan.steps.length === 0) return { kind: "unchanged", taskDefinition: shortName(plan.to) };
    const outdated = await this.#checkBasis();
    if (outdated !== undefined) return outdated;
    this.#owesRestoring = plan.steps.every(({ kind }) => kind !== "suspendScaling" && kind !== "updateService");
    let end: OutcomeKind = { kind: "submitted" };
    for (const step of plan.steps) {
      switch (step.kind) {
        case "suspendScaling":
          yield { kind: "stepStarted", step };
          await this.#suspend(step);
          break;
        case "updateService":
          yield { kind: "stepStarted", step };
          await this.#update(step);
          break;
        case "awaitDeployment":
          yield { kind: "stepStarted", step };
          end = yield* this.#await();
          if (end.kind !== "succeeded") return end;
      }
    }
    // Without a deployment in the plan, what remains (restoring) is the whole of it.
    return plan.steps.some(({ kind }) => kind === "updateService" || kind === "awaitDeployment")
      ? end
      : { kind: "succeeded" };
  }

  /** Reads the service once more just before the first write: what the plan was made for must still hold. */
  async #checkBasis(): Promise<OutcomeKind | undefined> {
    const service = await this.ports.ecs.describeService(this.plan.subject, this.#signal);
    const primary = service && primaryDeployment(service);
    if (service === undefined || service.status !== "ACTIVE" || primary?.id !== this.plan.basedOn) {
      return { kind: "outdated", by: primary };
    }
    this.#service = service;
    this.#progress = new ProgressTracker(service);
    this.#followed = followPrimary(service);
    return undefined;
  }

  async #suspend({ target }: Step & { kind: "suspendScaling" }): Promise<void> {
    // Said before it is done: a suspension whose answer was lost has to be taken back, too.
    this.#owesRestoring = true;
    await this.#scaling.setSuspendedState(target.resourceId, ALL_SUSPENDED, this.#signal);
  }

  async #update({ taskDefinition }: Step & { kind: "updateService" }): Promise<void> {
    const { ecs } = this.ports;
    this.#service = await ecs.updateService(this.plan.subject, taskDefinition.arn, this.#signal);
    this.#followed = followPrimary(this.#service);
    this.#owesRestoring = true;
  }

  async *#await(): AsyncGenerator<RolloutEvent, OutcomeKind, void> {
    if (this.#followed === undefined || this.#progress === undefined) {
      throw new Error("ECS named no PRIMARY deployment to follow");
    }
    const first = this.#service && this.#progress.next(this.#service);
    if (first !== undefined) yield { kind: "progress", progress: first };
    const { ecs, clock, random } = this.ports;
    const watching = { ref: this.plan.subject, followed: this.#followed, ecs, clock, random, signal: this.#signal };
    for await (const observation of watch(watching)) {
      if (observation.kind === "missing") return { kind: "gone", status: "MISSING" };
      if (observation.kind === "trouble") {
        yield { kind: "notice", message: `${observation.error.message}; still watching` };
        continue;
      }
      this.#service = observation.service;
      const progress = this.#progress.next(observation.service);
      if (progress !== undefined) yield { kind: "progress", progress };
      const end = endOf(observation.phase);
      if (end !== undefined) return end;
    }
    return this.#stopped() ?? { kind: "interrupted" };
  }

  /** Gives back what was changed for the time of the rollout. Never throws: what does not work is left over. */
  async *#restore(): AsyncGenerator<RolloutEvent, void, void> {
    const step = this.plan.steps.find((candidate) => candidate.kind === "restoreScaling");
    if (step === undefined) return;
    yield { kind: "stepStarted", step };
    const leftover = await restoreScaling(step, this.#scaling, this.ports.clock.deadline(RESTORE_WITHIN_MS));
    if (leftover !== undefined) this.#leftovers.push(leftover);
  }

  async *#deregister(): AsyncGenerator<RolloutEvent, void, void> {
    const step = this.plan.steps.find((candidate) => candidate.kind === "deregister");
    if (step === undefined) return;
    yield { kind: "stepStarted", step };
    const leftover = await deregisterUnused(step.taskDefinition, this.plan.subject, this.ports.ecs, this.#signal);
    if (leftover !== undefined) this.#leftovers.push(leftover);
  }

  #stopped(): OutcomeKind | undefined {
    if (this.limits.stop.aborted) return { kind: "interrupted" };
    return this.limits.deadline.aborted ? { kind: "timedOut" } : undefined;
  }

  get #scaling(): ScalingPort {
    if (this.ports.scaling === undefined) throw new Error("a plan with scaling steps needs the scaling port");
    return this.ports.scaling;
  }
}

function endOf(phase: Phase): OutcomeKind | undefined {
  switch (phase.kind) {
    case "progressing":
      return undefined;
    case "succeeded":
      return { kind: "succeeded" };
    default:
      return phase;
  }
}
