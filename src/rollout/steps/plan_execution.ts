import type { AwsError } from "../../errors.ts";
import type { Revision } from "../../model/arn.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import { type LastStepKind, STEP_KINDS } from "../../model/step_kinds.ts";
import type { Goal } from "../judge/assess.ts";
import type { Ordered } from "../../model/outcome_kinds.ts";
import type { Leftover, OutcomeKind } from "../outcome.ts";
import { followServiceDeployment, type Poll, ProgressTracker } from "../watch.ts";
import type { Plan, Step, TaskDefinitionRef } from "../plan/plan.ts";
import type { PlannedFrom, RunContext } from "../run_context.ts";
import { WaitsGuard } from "./waits_guard.ts";
import { ScalingGuard } from "./scaling_guard.ts";

/** A step returns an outcome where it ends the plan early. */
export type StepRun = Promise<OutcomeKind | undefined>;

/** A step whose task definition is known, where it has one. */
export type Resolved<S> = S extends { readonly taskDefinition: TaskDefinitionRef | undefined }
  ? Omit<S, "taskDefinition"> & { readonly taskDefinition: Exclude<S["taskDefinition"], "registered"> }
  : S;

interface Tagging {
  /** Why the tags could not be written. */
  readonly error: AwsError | undefined;
  /** A tag says that the service was rolled back. */
  readonly hasRollbackTag: boolean;
}

/** A step up to the end of the deployment. */
export type MainStep = Exclude<Step, LastStep>;
type LastStep = Extract<Step, { kind: LastStepKind }>;

export function comesLast(step: Step): step is LastStep {
  return STEP_KINDS[step.kind].comesLast;
}

/** The state that the steps of one plan share while they are carried out. */
export class PlanExecution {
  readonly leftovers: Leftover[] = [];
  /** The service just before the first write, and when it was read, by `Clock.elapsed()`. */
  before: ServiceSnapshot | undefined;
  readAtMs = -Infinity;
  /** The service as ECS returned it in answer to the order. */
  after: ServiceSnapshot | undefined;
  /** The revision that this plan has registered. */
  registered: Revision | undefined;
  /** `registered` is another run's copy of the same. */
  usesOthersCopy = false;
  progress: ProgressTracker | undefined;
  /** How to poll the deployment that this plan has started. */
  poll: Poll | undefined;
  #ordered: Ordered = "no";
  /** When the order was given at first, by AWS's clock. */
  orderedAtMs: number | undefined;
  /** An earlier step has changed something. */
  hasWritten = false;
  /** How writing the service's tags has ended; `undefined`: that was not tried. */
  tagging: Tagging | undefined;
  /** Suspends auto scaling, and restores it. */
  readonly scaling: ScalingGuard;
  /** Restores the waits that a fast rollback takes away. */
  readonly waits = new WaitsGuard();

  constructor(readonly plan: Plan, readonly context: RunContext, readonly plannedFrom?: PlannedFrom) {
    this.scaling = new ScalingGuard(plan, context);
  }

  /** Notes the service as it is just before the first write, and when it was read. */
  begin(service: ServiceSnapshot | undefined, readAtMs: number): void {
    this.before = service;
    this.readAtMs = readAtMs;
    this.progress = service && new ProgressTracker(service);
  }

  /** Returns what was registered. Throws an error where nothing was: it is for steps after the one that registers. */
  requireRegistered(): Revision {
    if (this.registered === undefined) throw new Error("nothing has been registered for this step");
    return this.registered;
  }

  /** The revision that the service is to have in the end. */
  get target(): Revision {
    return this.plan.to ?? this.requireRegistered();
  }

  /** Whether ECS has taken an order of this plan, or goes on with the deployment that the plan follows. */
  get ordered(): Ordered {
    return this.#ordered;
  }

  set ordered(ordered: Ordered) {
    // What ECS has taken stays, whatever becomes of the plan's next order.
    if (this.#ordered !== "yes") this.#ordered = ordered;
  }

  get isAwaited(): boolean {
    return this.plan.steps.some(({ kind }) => kind === "awaitDeployment");
  }

  /** AWS's clock just before the first write, as far as the service's events show it. */
  get newestEventAtMs(): number {
    return Math.max(0, ...(this.before?.events ?? []).map(({ createdAtMs }) => createdAtMs));
  }

  followServiceDeployment(arn: string, goal: Goal): Poll {
    const predecessors = new Set(this.before?.deployments.map(({ id }) => id));
    // The plan names the deregistered original; the service gets its copy.
    const taskDefinition = (this.registered ?? this.target).arn;
    const destination = { goal, until: this.plan.until, taskDefinition, predecessors };
    return followServiceDeployment(this.plan.subject, arn, destination, this.context.ecs);
  }

  emitProgress(service: ServiceSnapshot): void {
    const progress = this.progress?.next(service);
    if (progress !== undefined && this.isAwaited) this.context.emit({ kind: "progress", progress });
  }
}
