import type { Revision } from "../../model/arn.ts";
import type { ContainerImage, WrittenImage } from "../../model/images.ts";
import type { JsonObject } from "../../model/json.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { TaskDefinitionChange } from "../../model/task_definition.ts";
import type { Goal, WaitUntil } from "../assess.ts";
import type { FailAfter } from "../assess_failures.ts";
import type { ChoiceReason } from "../read/revision_choice.ts";
import type { BeforeRollback } from "./before_rollback.ts";
import type { PlanNotice } from "./notice.ts";
import type { CarriedOptions, HowToRollBack, RestorePolicy } from "./carried_options.ts";
import type { KnownImages, PinPolicy, PlannedImage } from "./plan_images.ts";
import type { Repetition } from "./repetition.ts";
import type { RestoreScaling, SetCapacity, SuspendScaling } from "./scaling_steps.ts";
import type { Intent, Refused } from "./refusal.ts";
import type { SkipReason } from "./skip_reason.ts";

export type { Intent, RestorePolicy, RestoreScaling, SetCapacity, SuspendScaling };

/**
 * What is going to be done, as a value: printed by a dry run, carried out by `run`, equal in both cases. No steps
 * means that there is nothing to do: the service is there already, or is on its way and nobody wants to wait.
 */
export interface Plan {
  readonly version: 1;
  readonly intent: Intent;
  readonly subject: ServiceRef;
  /** What the service runs; `undefined` when there is no service yet. */
  readonly from: Revision | undefined;
  /** When that was deployed, in milliseconds since the epoch. */
  readonly deployedAtMs?: number | undefined;
  /** `undefined` when it gets its number only by being registered. */
  readonly to: Revision | undefined;
  /** Why `to`, where the user has not named it. */
  readonly reason: ChoiceReason | undefined;
  /** The rollback that does the same however often it is repeated, where the one that was asked for may not. */
  readonly repeatedBy?: Repetition;
  /** What was given of the options that say how a rollback is carried out. */
  readonly carried?: CarriedOptions | undefined;
  /** What the service gets that it does not have now; empty when `from` could not be read. */
  readonly changes: readonly TaskDefinitionChange[];
  /** The image of each container, and which one starts; of a deploy only where what it ships runs already. */
  readonly images?: readonly PlannedImage[];
  /** The settings of the service that it is to have again: what came back is looked at afterwards. */
  readonly settings?: RestoredSettings | undefined;
  readonly steps: readonly Step[];
  /** How far the deployment has to have come for the plan to be done. */
  readonly until: WaitUntil;
  /** After how many failures the deployment is given up before the time is up; `undefined`: never. */
  readonly failAfter?: FailAfter | undefined;
  /** The condition of a rollback, in milliseconds: several runs may have it for one release at the same moment. */
  readonly ifDeployedWithinMs?: number | undefined;
  /** Why a rollback with a condition (`--if-deployed-within`) does nothing; `to` is what runs then. */
  readonly skipped?: SkipReason | undefined;
  /** Whether the service runs `to` already, completely and stably. */
  readonly isReached: boolean;
  /** What the user should know beforehand. */
  readonly notices: readonly PlanNotice[];
  /** The id of the PRIMARY deployment that the plan was made for. A different one before the first write: plan again. */
  readonly basedOn: string | undefined;
}

/** What a rollback restores of the service's settings. */
export interface RestoredSettings {
  /** The names of UpdateService's members. */
  readonly names: readonly string[];
  /** AWS's description of the service revision that had them. */
  readonly was: JsonObject;
}

/** The task definition that a step is about: a known one, or the one that an earlier step registers. */
export type TaskDefinitionRef = Revision | "registered";

export type Step =
  | RegisterDefinition
  | RegisterCopy
  | CreateService
  | SuspendScaling
  | SetCapacity
  | HoldService
  | StopDeployment
  | UpdateService
  | AwaitDeployment
  | RestoreScaling
  | { readonly kind: "deregister"; readonly taskDefinition: Revision };

// Stop the deployment under way with ROLLBACK: the faster way back where it came from the target, for its tasks may still
// run. It restores the whole service revision.
export interface StopDeployment {
  readonly kind: "stopDeployment";
  /** The service deployment's ARN. */
  readonly arn: string;
  /** What ECS goes back to. */
  readonly to: Revision;
  /** What is done when ECS does not take the order. */
  readonly otherwise: UpdateService & { readonly taskDefinition: Revision };
  /** The update would go by these tags: they are looked up by then. Left out where it may, or no digest is known. */
  readonly images?: ImagesToPin;
}

/** What decides which images a copy names by digest, but for what their tags are by then. */
export interface ImagesToPin {
  readonly written: readonly WrittenImage[];
  readonly known: Omit<KnownImages, "today">;
  readonly pin: PinPolicy;
  /** The service has the task definition already. */
  readonly isDeployed: boolean;
}

export interface RegisterDefinition {
  readonly kind: "register";
  readonly family: string;
  /** The input of RegisterTaskDefinition; it may hold secrets and is never printed. */
  readonly input: JsonObject;
}

/** Has what runs stay for a while: a tag on the service that a later deploy finds. */
export interface HoldService {
  readonly kind: "hold";
  /** The service's ARN. */
  readonly arn: string;
  readonly forMs: number;
  readonly reason: string | undefined;
}

export interface CreateService {
  readonly kind: "createService";
  /** `undefined` where the service's task sets have it, and ECS takes none for the service itself. */
  readonly taskDefinition: TaskDefinitionRef | undefined;
  /** The input of CreateService, but for the names and the task definition. */
  readonly input: JsonObject;
}

/** Registers a task definition anew, with a tag that says where it came from: one that is deregistered, or goes by tags. */
export interface RegisterCopy {
  readonly kind: "registerCopy";
  readonly of: Revision;
  /** The images that the copy names by digest, by container. */
  readonly pins?: Readonly<Record<string, string>>;
}

export interface UpdateService {
  readonly kind: "updateService";
  /** `undefined`: the service keeps its own. */
  readonly taskDefinition: TaskDefinitionRef | undefined;
  /** What else is to change, in the names of the API; a rollback changes nothing else. */
  readonly attributes?: JsonObject;
  /**
   * Given where the service deployment that the update makes has to be followed (ECS's own blue/green, linear and
   * canary strategies): the newest one before it, if there was one.
   */
  readonly newerThan?: { readonly serviceDeployment: string | undefined };
}

export interface AwaitDeployment {
  readonly kind: "awaitDeployment";
  readonly taskDefinition: TaskDefinitionRef;
  /** A deployment that is under way already; `undefined`: the one that an earlier step starts. */
  readonly follows:
    | { readonly kind: "deployment"; readonly id: string }
    | { readonly kind: "serviceDeployment"; readonly arn: string; readonly goal: Goal }
    | undefined;
}

export type Planned = { readonly kind: "plan"; readonly plan: Plan } | Refused;

/** What every plan says for itself. */
type PlanParts =
  & Pick<Plan, "intent" | "subject" | "from" | "to" | "notices" | "basedOn">
  & Partial<Omit<Plan, "steps">>
  & { readonly steps: readonly (Step | undefined | false)[] };

/** A plan of these parts, without the steps that there is no need for. */
export function makePlan(parts: PlanParts): { readonly kind: "plan"; readonly plan: Plan } {
  const steps = parts.steps.filter((step) => step !== undefined && step !== false);
  const plan = { version: 1, reason: undefined, changes: [], until: "stable", isReached: false } as const;
  return { kind: "plan", plan: { ...plan, ...parts, steps } };
}

/** What the options of a command ask of a plan. */
interface PlanOptions extends ScalingOptions {
  /** Wait until the deployment has ended; what comes after it (restoring, deregistering) needs that. */
  readonly wait: boolean;
  /** How long it is waited for, and for an automatic rollback as well; 0 or left out: without a limit. */
  readonly timeoutMs?: number;
  /** After how many failures a deployment is given up; left out: when the time is up. */
  readonly failAfter?: FailAfter | undefined;
}

export interface ScalingOptions {
  readonly suspendAutoScaling: boolean;
  readonly resumeAutoScaling: boolean;
}

export interface RollbackOptions extends PlanOptions, HowToRollBack {
  /** What runs is left only where it was deployed no longer ago, in milliseconds. */
  readonly ifDeployedWithin?: number | undefined;
  /** For how many milliseconds the service is held afterwards, and why. */
  readonly hold?: number | undefined;
  readonly reason?: string | undefined;
  /** Go back although that starts the images that run now: whatever made a deploy fail, it is rolled back. */
  readonly mayStartTheSame?: boolean;
  readonly before?: BeforeRollback | undefined;
  /** Somebody is there who says whether an objection stands: then nothing is refused for it. */
  readonly isAsked: boolean;
  /** The family that the user's own task definition file names, when it could be read. */
  readonly configuredFamily: string | undefined;
}

export interface DeployOptions extends PlanOptions {
  /** Deploy although somebody holds what runs. */
  readonly overrideHold?: boolean;
  readonly until: WaitUntil;
  /** Start a deployment also where nothing differs. */
  readonly force: boolean;
  /** The number of tasks; `undefined`: what the service definition says, else as it is; `unchanged`: as it is. */
  readonly tasks: number | "unchanged" | undefined;
}

/** What a deploy changes, so that just that can be rolled back. */
export interface DeployUndo {
  /** What the service ran before; `undefined` when there was none. */
  readonly from: Revision | undefined;
  /** What it ships; `undefined` when that gets its number only by being registered. */
  readonly to: Revision | undefined;
  /** The images that ran before, by digest; left out where that is not known. */
  readonly ran?: readonly ContainerImage[] | undefined;
  /** The images that the deploy starts of the same task definition, by digest, as far as that is known. */
  readonly started?: readonly ContainerImage[] | undefined;
  /** What restores the members that the deploy changes, in the names of UpdateService. */
  readonly before: JsonObject;
  /** Those of them that ECS restores by itself with the service revision. */
  readonly inRevision: readonly string[];
  /** The names of all that the deploy changes, and the service as ECS had answered it: to see whether it is back. */
  readonly changed: readonly string[];
  readonly was: JsonObject;
  /** The number of tasks that the deploy sets, where it sets one. */
  readonly desiredCount: number | undefined;
  /** The id of the deployment that was in place, where that had FAILED before. */
  readonly failedBefore: string | undefined;
}

export type PlannedDeploy =
  | { readonly kind: "plan"; readonly plan: Plan; readonly undo: DeployUndo }
  | Refused;
