import type { Revision } from "../../model/arn.ts";
import type { ContainerImage, WrittenImage } from "../../model/images.ts";
import type { JsonObject } from "../../model/json.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { TaskDefinitionChange } from "../../model/task_definition.ts";
import type { Goal, WaitUntil } from "../assess.ts";
import type { FailAfter } from "../assess_failures.ts";
import type { Bake } from "../judge_bake.ts";
import type { ChoiceReason } from "../read/revision_choice.ts";
import type { CarriedOptions, RestoredSettings } from "./options.ts";
import type { PlanNotice } from "./notice.ts";
import type { KnownImages, PinPolicy, PlannedImage } from "./plan_images.ts";
import type { ScalableTarget, SuspendedState } from "../../model/scalable_target.ts";
import type { WaitsStep } from "./waits_steps.ts";
import type { Intent, Refused, SkipReason } from "./refusal.ts";

/** What a dry run prints, and `run` carries out. No steps: the service is there, or on its way and nobody wants to wait. */
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
  /** What the service gets that it does not have now; left out where `from` has not been read, or there is none. */
  readonly changes?: readonly TaskDefinitionChange[] | undefined;
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
  /** Whether anything shows how the service does, so that it can be asked whether the plan has helped. */
  readonly isJudgeable?: boolean;
  /** What the user should know beforehand. */
  readonly notices: readonly PlanNotice[];
  /** The id of the PRIMARY deployment that the plan was made for. A different one before the first write: plan again. */
  readonly basedOn: string | undefined;
}

/** `previous` is counted from what runs; this is counted from what the rollback leaves, or names where it goes. */
export interface Repetition {
  readonly from: Revision;
  readonly to: Revision;
  /** The ARN of the deployment to go back to, or that its number says it; left out: it is counted. */
  readonly names?: "number" | string;
}

/** The task definition that a step is about: a known one, or the one that an earlier step registers. */
export type TaskDefinitionRef = Revision | "registered";

export type Step =
  | RegisterDefinition
  | RegisterCopy
  | CreateService
  | SuspendScaling
  | SetCapacity
  | TagService
  | StopDeployment
  | UpdateService
  | AwaitDeployment
  | RestoreScaling
  | WaitsStep
  | Bake
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

/** Notes in tags on the service what somebody has decided about it. */
export interface TagService {
  readonly kind: "tagService";
  /** The service's ARN. */
  readonly arn: string;
  /** What runs is to stay for so long; `undefined`: the service is not held. */
  readonly holdForMs: number | undefined;
  /** What a rollback leaves; `undefined`: it is not noted. */
  readonly left: Revision | undefined;
  /** The user's words. */
  readonly reason: string | undefined;
}

export interface SuspendScaling {
  readonly kind: "suspendScaling";
  readonly target: ScalableTarget;
  /** The flags to restore later. */
  readonly prior: SuspendedState;
  /** Whether `prior` is written into a tag first, stands there already, or is kept in memory only. */
  readonly record: "write" | "keep" | "none";
}

/** Changes the limits of auto scaling; what is `undefined` stays. */
export interface SetCapacity {
  readonly kind: "setCapacity";
  /** As it is before. */
  readonly target: ScalableTarget;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface RestoreScaling {
  readonly kind: "restoreScaling";
  readonly target: ScalableTarget;
  readonly to: SuspendedState;
  /** Leave flags alone that are neither `to` nor as this program sets them: somebody has decided otherwise. */
  readonly onlyIfOurs: boolean;
  /** Whether there is a record to remove afterwards. */
  readonly hasRecord: boolean;
  /** The runs that were on record when this was planned. */
  readonly runs: readonly string[];
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
  const plan = { version: 1, reason: undefined, until: "stable", isReached: false } as const;
  return { kind: "plan", plan: { ...plan, ...parts, steps } };
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

/** Of what goes to another task definition at the most: a service that is created has nothing to go back to. */
export const NOTHING_CHANGED: DeployUndo = {
  ...{ from: undefined, to: undefined, before: {}, inRevision: [], changed: [], was: {} },
  ...{ desiredCount: undefined, failedBefore: undefined },
};

export type PlannedDeploy =
  | { readonly kind: "plan"; readonly plan: Plan; readonly undo: DeployUndo }
  | Refused;
