import type { Revision } from "../../model/arn.ts";
import type { DeploymentSettings, PauseHook } from "../../model/deployment_settings.ts";
import type { Json } from "../../model/json.ts";
import type { ScalableTarget, SuspendedState } from "../../model/scalable_target.ts";
import type { Doubt } from "../read/revision_choice.ts";
import type { Intent } from "./plan.ts";

/**
 * What the user should know before a plan is carried out, as a code with its data; `src/report/messages` has the words.
 * `denial`: what may not be read, in AWS's words.
 */
export type PlanNotice =
  /** The plan goes without something that is optional. */
  | { readonly code: "notRead"; readonly denial: string; readonly intent: Intent }
  | Doubt
  | RollbackNotice
  | DeployNotice
  | CreationNotice
  | WaitNotice
  | AlarmNotice
  | SlowNotice
  | ScalingNotice
  | DeregisterNotice;

export type RollbackNotice =
  /** The deployment under way is stopped: then ECS goes back by itself. */
  | { readonly code: "stopsDeployment"; readonly running: Revision; readonly target: Revision }
  /** The target is copied, and has members that the bundled API model has no name for. */
  | { readonly code: "copyMayLose"; readonly target: Revision; readonly names: readonly string[] }
  | {
    readonly code: "otherFamily";
    /** What the user's task definition file names. */
    readonly configured: string;
    readonly running: Revision;
    readonly family: string;
  }
  /** The task definition that the service runs has been deleted, or deregistered. */
  | { readonly code: "currentDeleted"; readonly running: Revision }
  | { readonly code: "currentNotActive"; readonly running: Revision; readonly status: string }
  /** What is to be deregistered is the target itself. */
  | { readonly code: "targetStaysRegistered"; readonly running: Revision }
  | { readonly code: "noTasksDesired" };

export type DeployNotice =
  | { readonly code: "deploysRolledBack"; readonly revision: Revision }
  /** What differs from the service definition, and stays as it is: no update changes it, or the definition has none of it. */
  | { readonly code: "launchTypeWithoutEffect" | "launchTypeStays" }
  | { readonly code: "cannotChange" | "notInDefinition"; readonly name: string }
  /** ECS resets what the definition leaves out of a member that it has. */
  | { readonly code: "isReset"; readonly path: string; readonly value: Json }
  | { readonly code: "forcesDeployment" }
  | { readonly code: "handsOver"; readonly controller: string }
  | {
    readonly code: "fewerTasks";
    readonly scaledBy: Pick<ScalableTarget, "minCapacity" | "maxCapacity">;
    readonly from: number;
    readonly to: number;
  }
  | { readonly code: "scalingNotRead"; readonly denial: string }
  /** What a deploy that fails cannot be rolled back to. `isUnread`: what it is now is not known. */
  | { readonly code: "noWayBack"; readonly running: Revision; readonly status: string }
  | { readonly code: "staysAfterFailure"; readonly name: string; readonly isUnread: boolean }
  | { readonly code: "replacesDeployment"; readonly deployment: string }
  | { readonly code: "deploymentHasFailed"; readonly deployment: string; readonly reason: string | undefined };

export type CreationNotice = {
  readonly code: "createdForCodeDeploy" | "createdForTaskSets" | "createdWithOneTask" | "createdWithoutScaling";
};

export type WaitNotice =
  /** There is nothing to wait for any more; how the service is now. */
  | {
    readonly code: "endedBefore";
    readonly finishedAtMs: number | undefined;
    readonly running: Revision;
    readonly runningCount: number;
    readonly desiredCount: number;
  }
  /** The newest deployment was stopped, and ECS has gone back. */
  | {
    readonly code: "stoppedOnRequest";
    readonly brought: Revision | undefined;
    readonly running: Revision;
    readonly reason: string | undefined;
  }
  /** Nothing is to be waited for; whether ECS has turned a deployment back before is not known. */
  | { readonly code: "reversalNotRead"; readonly denial: string };

/** Why an alarm will not roll a deploy back. */
export type AlarmNotice =
  | { readonly code: "alarmsNotNamed"; readonly alarms: readonly string[] }
  | { readonly code: "noAlarms" }
  | { readonly code: "alarmsNotRead"; readonly reason: string }
  | { readonly code: "alarmsWentOff" | "alarmsMissing"; readonly alarms: readonly string[] };

/** What will make a rollback slow; `isForeseen`: one that comes only if the deploy fails. */
export type SlowNotice =
  & { readonly isForeseen: boolean }
  & (
    | ({ readonly code: "pauses"; readonly steps: number } & PauseHook)
    | {
      /** A rollback is a whole deployment; or traffic is shifted back, maybe as slowly as it was shifted. */
      readonly code: "wholeDeployment" | "shiftsBack";
      readonly shift: DeploymentSettings["shift"];
      readonly bakeMinutes: number;
      /** All that together. */
      readonly minutes: number;
      /** The limit of the command, where it is shorter. */
      readonly shorterTimeoutMs: number | undefined;
    }
  );

export type ScalingNotice =
  | { readonly code: "notScalable" | "alreadySuspended" | "notSuspended" }
  /** An earlier run has suspended auto scaling, and its record is what is restored. */
  | { readonly code: "suspendedBefore"; readonly by: string; readonly atMs: number }
  /** What was there before the suspension is kept in memory only. */
  | {
    readonly code: "suspensionNotRecorded";
    readonly why: string;
    readonly target: ScalableTarget;
    readonly prior: SuspendedState;
  }
  /** Whether an earlier run has suspended auto scaling is not known. */
  | { readonly code: "suspensionNotRead"; readonly why: string; readonly target: ScalableTarget }
  /** AWS brings the number of tasks within the limits of the scalable target. */
  | { readonly code: "countIsClamped"; readonly from: number; readonly to: number; readonly target: ScalableTarget };

export type DeregisterNotice =
  /** Other services of the cluster use what is to be deregistered. */
  | { readonly code: "usedByServices"; readonly revision: Revision; readonly services: readonly string[] }
  | { readonly code: "usersNotRead"; readonly revision: Revision; readonly denial: string };
