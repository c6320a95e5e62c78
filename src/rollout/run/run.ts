import { AwsError, failureOf } from "../../errors.ts";
import type { Revision } from "../../model/arn.ts";
import { FleetBake } from "./fleet_bake.ts";
import type { NotBegunBecause } from "../events.ts";
import { endsWell } from "../../model/outcome_kinds.ts";
import { countsAsFailure, needsNewPlan, type Policy } from "../outcome.ts";
import type { Limits } from "../run_context.ts";
import {
  cleanUpRegistered,
  type EndedService,
  followOtherRun,
  mayBeUndone,
  type PlannedService,
  planToFollow,
  readAgain,
  registerAhead,
  undo,
} from "./planned_service.ts";
import { rollBackOnFailure } from "./rollback_on_failure.ts";
import { executePlan } from "./run_plan.ts";

export const ALL_AT_ONCE: Policy = { parallel: Infinity, onFailure: "continue" };

/** How long reading services again at the end may take, even after a stop signal and when the time is up. */
const LOOKS_AGAIN_WITHIN_MS = 2_000;

/**
 * Carries out the plans of one or many services, wave by wave, and rolls back the deploys that fail where that is
 * wanted. An AWS error is an event of its service, and keeps no other service from its end.
 */
export async function run(services: readonly PlannedService[], policy: Policy, limits: Limits): Promise<void> {
  await new FleetRun(services, policy, limits).run();
}

class FleetRun {
  readonly #ended: EndedService[] = [];
  readonly #undone = new Set<EndedService>();
  /** The revisions that were registered ahead. */
  readonly #registered = new Map<PlannedService, Revision>();
  readonly #bakes: FleetBake;
  /** Errors that no event reports: the first one is thrown when all services have ended. */
  readonly #defects: unknown[] = [];

  constructor(
    private readonly services: readonly PlannedService[],
    private readonly policy: Policy,
    private readonly limits: Limits,
  ) {
    this.#bakes = new FleetBake(services, limits.stop);
  }

  async run(): Promise<void> {
    this.#bakes.begin();
    if (!await this.#registerAhead()) return this.#throwDefect();
    const waves = [...Map.groupBy(this.services, ({ wave = 1 }) => wave)].sort(([one], [other]) => one - other);
    for (const [, services] of waves) await this.#runSideBySide(services, (planned) => this.#runOne(planned));
    if (this.#mustUndo) {
      for (const [wave] of waves.reverse()) {
        const changed = this.#ended.filter(({ planned }) => (planned.wave ?? 1) === wave);
        await this.#runSideBySide(changed.reverse(), (ended) => this.#undo(ended));
      }
    }
    await this.#bake();
    if (this.#defects.length === 0) await this.#lookAgain();
    this.#throwDefect();
  }

  /** A service that has been rolled back is not watched: it runs the release that the rollback was to leave. */
  async #bake(): Promise<void> {
    await this.#bakes.run(this.#ended.filter((ended) => isInPlace(ended) && !this.#undone.has(ended)));
  }

  #throwDefect(): void {
    if (this.#defects.length > 0) throw this.#defects[0];
  }

  /** Registers for all of many services before any is changed. Returns whether that has worked. */
  async #registerAhead(): Promise<boolean> {
    const registering = this.services.filter(({ plan }) => plan.steps.some(({ kind }) => kind === "register"));
    if (this.services.length === 1 || registering.length === 0) return true;
    const failed = new Set<PlannedService>();
    await this.#runSideBySide(registering, async (planned) => {
      if (failed.size > 0) return;
      const registered = await this.#reportAwsErrors(planned, registerAhead(planned));
      if (registered !== undefined) this.#registered.set(planned, registered);
      else if (!this.limits.signal.aborted) failed.add(planned);
    });
    if (failed.size === 0) return true;
    for (const planned of this.services) if (!failed.has(planned)) await this.#reportNotBegun(planned, "otherFailed");
    return false;
  }

  /** Reports that a service is not begun, and deregisters or reports what was registered for it. */
  async #reportNotBegun(planned: PlannedService, because: NotBegunBecause): Promise<void> {
    planned.context.emit({ kind: "notBegun", because });
    const registered = this.#registered.get(planned);
    if (registered !== undefined) await this.#reportAwsErrors(planned, cleanUpRegistered(planned, registered));
  }

  /** Runs as many at a time as the policy allows. */
  async #runSideBySide<Service>(
    services: readonly Service[],
    runOne: (one: Service) => Promise<unknown>,
  ): Promise<void> {
    const left = services.values();
    const workers = Math.min(this.policy.parallel, services.length);
    await Promise.all(Array.from({ length: workers }, async () => {
      for (const one of left) await runOne(one);
    }));
  }

  async #runOne(planned: PlannedService): Promise<void> {
    const because = this.#whyNotBegun();
    if (because !== undefined) return await this.#reportNotBegun(planned, because);
    const registered = this.#registered.get(planned);
    const ended = await this.#reportAwsErrors(planned, runService(planned, registered)) ??
      { planned, outcome: undefined, registered, isUndone: false, hasRollbackTag: false };
    this.#ended.push(ended);
    // Its tasks may all be down: it does not wait for the services under way, which go back once they have ended.
    if (this.#isUndoing && triggersUndo(ended)) await this.#undo(ended);
  }

  /** With one service, its own plan alone decides whether it goes back. */
  get #isUndoing(): boolean {
    return this.policy.onFailure === "undo" && this.services.length > 1;
  }

  get #mustUndo(): boolean {
    return this.#isUndoing && this.#ended.some(triggersUndo);
  }

  async #undo(ended: EndedService): Promise<void> {
    if (this.#undone.has(ended) || !mayBeUndone(ended)) return;
    this.#undone.add(ended);
    await this.#reportAwsErrors(ended.planned, undo(ended));
  }

  /** Reads again the services that have not ended well, so that what is said at the end is about what runs then. */
  async #lookAgain(): Promise<void> {
    const bad = this.#ended.filter(({ outcome }) => outcome === undefined || !endsWell(outcome));
    if (this.services.length === 1 || bad.length === 0) return;
    // One limit for all: only reads that end together are one call.
    const signal = bad[0]!.planned.context.clock.deadline(LOOKS_AGAIN_WITHIN_MS);
    await Promise.all(bad.map(({ planned }) => this.#reportAwsErrors(planned, readAgain(planned, signal))));
  }

  #whyNotBegun(): NotBegunBecause | undefined {
    // The first service says itself why it does nothing.
    if (this.#ended.length === 0) return undefined;
    if (this.limits.stop.aborted) return "stopSignal";
    if (this.limits.deadline.aborted) return "timeLimit";
    const hasFailed = this.#ended.some(({ outcome }) => countsAsFailure(outcome));
    return hasFailed && this.policy.onFailure !== "continue" ? "otherFailed" : undefined;
  }

  /** Awaits what is done for one service. Returns `undefined` where an AWS error ends it, which an event reports. */
  async #reportAwsErrors<Result>(
    { plan: { subject: { region } }, context }: PlannedService,
    work: Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof AwsError)) return void this.#defects.push(error);
      context.emit({ kind: "failed", failure: failureOf(error), region });
    }
  }
}

/** While a failed deploy waits for its rollback, the bad revision is live: restoring auto scaling takes no longer. */
const RESTORE_BEFORE_ROLLBACK_WITHIN_MS = 30_000;

/** Carries out a service's plan, follows another run that has done the same, and rolls the service back if it fails. */
async function runService(planned: PlannedService, registeredAhead: Revision | undefined): Promise<EndedService> {
  const { plan, context, afterFailure, plannedFrom, planAgain } = planned;
  const mayRollBack = afterFailure !== undefined && afterFailure.rollbackEvents.size > 0;
  const restoreAfterFailureWithinMs = mayRollBack ? RESTORE_BEFORE_ROLLBACK_WITHIN_MS : undefined;
  const deregistersFailed = afterFailure?.deregistersFailed === true;
  const how = { restoreAfterFailureWithinMs, deregistersFailed };
  const executed = await executePlan(plan, context, { ...how, plannedFrom, registered: registeredAhead });
  const { registered, hasRollbackTag, orderedAtMs } = executed;
  let { outcome } = executed;
  const followed = needsNewPlan(outcome) ? await planToFollow(planAgain) : undefined;
  if (followed === undefined) context.emit({ kind: "rolloutEnded", outcome });
  else outcome = await followOtherRun(followed, context, how);
  const endedAt = { ms: context.ecs.now(), elapsedMs: context.clock.elapsed() };
  const isUndone = afterFailure !== undefined &&
    await rollBackOnFailure({ plan, outcome, registered, afterFailure }, context);
  return { planned, outcome, registered, isUndone, hasRollbackTag, followed: followed?.plan, orderedAtMs, endedAt };
}

/** Whether the service is where it was to be, by this run or already before it. */
function isInPlace({ outcome }: EndedService): boolean {
  return outcome?.kind === "succeeded" || (outcome?.kind === "unchanged" && outcome.because === undefined);
}

/**
 * Whether all services of the run are rolled back because of this one. For a deploy: where it is itself rolled back, or
 * AWS has refused it, which is a failure, too.
 */
function triggersUndo({ planned: { afterFailure }, outcome, isUndone }: EndedService): boolean {
  if (afterFailure === undefined) return countsAsFailure(outcome);
  return isUndone || (outcome === undefined && afterFailure.rollbackEvents.has("DEPLOYMENT_FAILURE"));
}
