import type { Revision } from "../../model/arn.ts";
import type { WrittenImage } from "../../model/images.ts";
import type { JsonObject } from "../../model/json.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { DefinitionChange } from "../../model/definition_change.ts";
import type { Goal, WaitUntil } from "../judge/assess.ts";
import type { FailAfter } from "../judge/assess_failures.ts";
import type { Bake } from "../judge/judge_bake.ts";
import type { DeployImages } from "../read/read_images.ts";
import type { RegisterDefinition } from "../read/read_source.ts";
import type { ChoiceReason } from "../read/chosen_revision.ts";
import type { CarriedOptions, RestoredSettings } from "./options.ts";
import type { PlanNotice } from "./notice.ts";
import type { KnownImages, PinPolicy, PlannedImage } from "../judge/planned_images.ts";
import type { ScalableTarget, SuspendedState } from "../../model/scalable_target.ts";
import type { WaitsStep } from "./waits_steps.ts";
import type { Intent, Refused } from "./refusal.ts";
import type { SkipReason } from "../read/find_release.ts";

/** What a dry run prints, and `run` carries out. No steps: nothing is to be done, or what goes on is not awaited. */
export interface Plan {
  readonly intent: Intent;
  readonly subject: ServiceRef;
  /** What the service runs; `undefined` when there is no service yet. */
  readonly from: Revision | undefined;
  /** When that was deployed, in milliseconds since the epoch. */
  readonly deployedAtMs?: number | undefined;
  /** `undefined` where it is still to be registered. */
  readonly to: Revision | undefined;
  /** Why `to` was chosen, where the user has not named it. */
  readonly reason?: ChoiceReason | undefined;
  /** The command that does the same however often it is repeated, where the one that was given may not. */
  readonly repeatedBy?: Repetition;
  /** The given options that say how a rollback is carried out. */
  readonly carried?: CarriedOptions | undefined;
  /** What changes in the task definition and the service; left out where there is none, or nothing is known of it. */
  readonly changes?: readonly DefinitionChange[] | undefined;
  /** The image of each container, and which one starts; of a deploy, only where the service runs what it ships. */
  readonly images?: readonly PlannedImage[];
  /** The settings that the service is to have again: they are checked afterwards. */
  readonly settings?: RestoredSettings | undefined;
  readonly steps: readonly Step[];
  /** How far the deployment must have come for the plan to be done. */
  readonly until: WaitUntil;
  /** After how many failures the deployment is given up before the time is up; `undefined`: never. */
  readonly failAfter?: FailAfter | undefined;
  /** The limit of `--if-deployed-within`, in milliseconds: several runs may act on one release at the same moment. */
  readonly ifDeployedWithinMs?: number | undefined;
  /** Why a rollback with a condition (`--if-deployed-within`) does nothing; `to` is what runs then. */
  readonly skipped?: SkipReason | undefined;
  /** Whether the service runs `to` already, completely and stably. */
  readonly isReached: boolean;
  /** Whether alarms or load balancers show the service's health, so that one can ask whether the plan has helped. */
  readonly showsHealth?: boolean;
  /** What the user should know beforehand. */
  readonly notices: readonly PlanNotice[];
  /**
   * The id of the PRIMARY deployment that the plan was made for. If it is another one at the first write: plan again.
   */
  readonly basedOn: string | undefined;
}

/** `previous` counts from what runs. This counts from what the rollback leaves, or names the target. */
export interface Repetition {
  readonly from: Revision;
  readonly to: Revision;
  /** The ARN of the deployment to go back to, or that the revision number is enough; left out: it is counted. */
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

// Stops the deployment under way with stopType ROLLBACK: the faster way back where it came from the target, whose tasks
// may still run. ECS restores the whole service revision.
export interface StopDeployment {
  readonly kind: "stopDeployment";
  /** The service deployment's ARN. */
  readonly arn: string;
  /** What ECS goes back to. */
  readonly to: Revision;
  /** What is done where ECS refuses the stop. */
  readonly otherwise: UpdateService & { readonly taskDefinition: Revision };
  /** Images whose tags are looked up before that update. Left out where it may use tags, or no digest is known. */
  readonly images?: ImagesToPin;
}

/** What decides which images a copy names by digest, except what their tags name by then. */
export interface ImagesToPin {
  readonly written: readonly WrittenImage[];
  readonly known: Omit<KnownImages, "today">;
  readonly pin: PinPolicy;
  /** The service has the task definition already. */
  readonly isDeployed: boolean;
}

/** Writes in tags on the service what somebody has decided about it. */
export interface TagService {
  readonly kind: "tagService";
  /** The service's ARN. */
  readonly arn: string;
  /** For how long what runs is to stay; `undefined`: the service is not held. */
  readonly holdForMs: number | undefined;
  /** The revision that a rollback leaves; `undefined`: it is not noted. */
  readonly left: Revision | undefined;
  /** The user's words. */
  readonly reason: string | undefined;
}

export interface SuspendScaling {
  readonly kind: "suspendScaling";
  readonly target: ScalableTarget;
  /** The flags to restore later. */
  readonly prior: SuspendedState;
  /** Whether `prior` is first written into a tag, is there already, or is kept in memory only. */
  readonly record: "write" | "keep" | "none";
}

/** Changes the limits of auto scaling; one that is `undefined` stays. */
export interface SetCapacity {
  readonly kind: "setCapacity";
  /** The scalable target before that. */
  readonly target: ScalableTarget;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface RestoreScaling {
  readonly kind: "restoreScaling";
  readonly target: ScalableTarget;
  readonly to: SuspendedState;
  /** Leaves flags alone that are neither `to` nor what this program sets: somebody has decided otherwise. */
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
  /** The input of CreateService, without the names and the task definition. */
  readonly input: JsonObject;
}

/** Registers a copy of a task definition that is deregistered, or names images by tags; a tag names the original. */
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
  /** What is to change besides the task definition, in the names of the API. */
  readonly attributes?: JsonObject;
  /**
   * Given where the update makes a service deployment that has to be followed (ECS's own blue/green, linear and canary
   * strategies): the newest one before it, if there was one.
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

/** What a deploy changes, so that just that can be rolled back. */
export interface DeployUndo extends DeployImages {
  /** What the service ran before; `undefined` when there was none. */
  readonly from: Revision | undefined;
  /** What it ships; `undefined` where that is still to be registered. */
  readonly to: Revision | undefined;
  /** The former values of the members that the deploy changes, in the names of UpdateService. */
  readonly before: JsonObject;
  /** The names of those that ECS restores with the service revision where it goes back by itself. */
  readonly inRevision: readonly string[];
  /** How these come back. */
  readonly settings: readonly DefinitionChange[];
  /** The names of all that the deploy changes; `was`: the service as ECS described it, to see whether it is back. */
  readonly changed: readonly string[];
  readonly was: JsonObject;
  /** The number of tasks that the deploy sets, if it sets one. */
  readonly desiredCount: number | undefined;
  /** The id of the deployment that was in place before, where that was FAILED. */
  readonly failedBefore: string | undefined;
}

/** A deploy that changes nothing but the task definition, at most: a new service has nothing to go back to. */
export const NOTHING_CHANGED: DeployUndo = {
  ...{ from: undefined, to: undefined, before: {}, inRevision: [], settings: [], changed: [], was: {} },
  ...{ desiredCount: undefined, failedBefore: undefined },
};

export type PlannedDeploy =
  | { readonly kind: "plan"; readonly plan: Plan; readonly undo: DeployUndo }
  | Refused;
