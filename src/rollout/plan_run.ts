import type { AwsError } from "../errors.ts";
import type { Revision } from "../model/arn.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import type { Goal } from "./assess.ts";
import type { PlanEvent, PlanEvents } from "./events.ts";
import type { Leftover, Ordered, OutcomeKind } from "./outcome.ts";
import { type Follow, followServiceDeployment, ProgressTracker } from "./watch.ts";
import type { Plan, Step, TaskDefinitionRef } from "./plan/plan.ts";
import type { PlannedFrom, RunContext } from "./run_context.ts";
import { WaitsGuard } from "./steps/waits_guard.ts";
import type { ScalingGuard } from "./steps/scaling_guard.ts";

/** The events of a step; it returns the outcome where it ends the plan early. */
export type StepRun = PlanEvents<OutcomeKind | undefined>;

/** A step of which the task definition is known, where it is about one. */
export type Resolved<S> = S extends { readonly taskDefinition: TaskDefinitionRef | undefined }
  ? Omit<S, "taskDefinition"> & { readonly taskDefinition: Exclude<S["taskDefinition"], "registered"> }
  : S;

/** What restores, and what only looks: where that is all, there is no order. */
export const RESTORES_OR_LOOKS: ReadonlySet<string> = new Set<Step["kind"]>(["restoreScaling", "restoreWaits", "bake"]);

/** Restoring, deregistering and baking are done at the end, whatever that is. */
export type OrderedStep = Exclude<Step, LastStep>;
type LastStep = Extract<Step, { kind: "restoreScaling" | "restoreWaits" | "deregister" | "bake" }>;

export function comesLast(step: Step): step is LastStep {
  return step.kind === "deregister" || RESTORES_OR_LOOKS.has(step.kind);
}

/** What the steps of one plan know of each other while they are carried out. */
export class PlanRun {
  readonly leftovers: Leftover[] = [];
  /** The service just before the first write, and when it was read, by `Clock.elapsed()`. */
  before: ServiceSnapshot | undefined;
  readAtMs = -Infinity;
  /** The service as ECS returned it for the order. */
  after: ServiceSnapshot | undefined;
  /** What was registered by this plan. */
  registered: Revision | undefined;
  /** `registered` is what another run has registered for the same. */
  usesOthersCopy = false;
  progress: ProgressTracker | undefined;
  /** How the deployment is followed that this plan has started. */
  follow: Follow | undefined;
  ordered: Ordered = "no";
  /** From sending the first change on. */
  hasWritten = false;
  hasAwaited = false;
  isTagged = false;
  /** Why the service's tags could not be written. */
  tagError: AwsError | undefined;
  /** Restores what the plan has the service's deployments not wait for. */
  readonly waits = new WaitsGuard();
  /** ECS refused to stop a deployment, and the update in its place has done what the later update was to do. */
  hasUpdatedInstead = false;

  constructor(
    readonly plan: Plan,
    readonly context: RunContext,
    readonly scaling: ScalingGuard,
    readonly plannedFrom?: PlannedFrom,
  ) {}

  /** Throws an error where nothing was registered: it is for the steps behind the one that does it. */
  requireRegistered(): Revision {
    if (this.registered === undefined) throw new Error("nothing has been registered for this step");
    return this.registered;
  }

  /** The revision that the service is to have in the end. */
  get target(): Revision {
    return this.plan.to ?? this.requireRegistered();
  }

  /** Whether the service is another one than before by now, or may be. */
  get mayHaveOrdered(): boolean {
    return this.ordered !== "no" || this.hasAwaited || this.after !== undefined;
  }

  get isAwaited(): boolean {
    return this.plan.steps.some(({ kind }) => kind === "awaitDeployment");
  }

  /** AWS's clock just before the first write, as far as the service's events show it. */
  get newestEventAtMs(): number {
    return Math.max(0, ...(this.before?.events ?? []).map(({ createdAtMs }) => createdAtMs));
  }

  followServiceDeployment(arn: string, goal: Goal): Follow {
    const predecessors = new Set(this.before?.deployments.map(({ id }) => id));
    // The service gets a copy in place of the deregistered original, which the plan names.
    const taskDefinition = (this.registered ?? this.target).arn;
    const destination = { goal, until: this.plan.until, taskDefinition, predecessors };
    return followServiceDeployment(this.plan.subject, arn, destination, this.context.ecs);
  }

  *emitProgress(service: ServiceSnapshot): Generator<PlanEvent, void, void> {
    const progress = this.progress?.next(service);
    if (progress !== undefined && this.isAwaited) yield { kind: "progress", progress };
  }
}
