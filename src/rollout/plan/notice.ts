import type { SettingDifference } from "../../definitions/compare_settings.ts";
import type { Revision } from "../../model/arn.ts";
import type { DeploymentSettings, PauseHook } from "../../model/deployment_settings.ts";
import type { WaitsOnRecord } from "./waits_steps.ts";
import type { Json } from "../../model/json.ts";
import type { ScalableTarget, SuspendedState, Unrecordable } from "../../model/scalable_target.ts";
import type { Hold } from "../../model/service_notes.ts";
import type { Verified } from "../../registry/verify_references.ts";
import type { Doubt } from "../read/revision_choice.ts";
import type { NotOnRecord, NotRead } from "./unread.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

/**
 * What the user should know before a plan is carried out, as a code with its data; `src/report/messages` has the words.
 * `denial`: what may not be read, in AWS's words.
 */
export type PlanNotice = Readonly<
  | NotRead
  | NotOnRecord
  /** Whether tasks can start is not known of these needs. */
  | { code: "needsNotRead"; needs: readonly Verified[] }
  // Of a rollback.
  | Doubt
  /** The deployment under way is stopped: then ECS goes back by itself. */
  | { code: "stopsDeployment"; running: Revision; target: Revision }
  /** The target is copied, and has members that the bundled API model has no name for. */
  | { code: "copyMayLose"; target: Revision; names: readonly string[] }
  /** `configured`: the family that the user's task definition file names. */
  | { code: "otherFamily"; configured: string; running: Revision; family: string }
  /** The task definition that the service runs has been deleted, or deregistered. */
  | { code: "currentDeleted"; running: Revision }
  | { code: "currentNotActive"; running: Revision; status: string }
  /** What is to be deregistered is the target itself. */
  | { code: "targetStaysRegistered"; running: Revision }
  | { code: "noTasksDesired" }
  /** The service had another setting when the target ran, and keeps the one of now. `isOffered`: --restore brings it back. */
  | { code: "settingStays"; target: Revision; difference: SettingDifference; isOffered: boolean }
  /** What ECS has no record of may have been changed with the settings that differ. */
  | { code: "settingsNotRecorded" }
  /** Other services of the cluster use what is to be deregistered. */
  | { code: "usedByServices"; revision: Revision; services: readonly string[] }
  | { code: "usersNotRead"; revision: Revision; denial: AwsFailure }
  // Of a deploy.
  | { code: "deploysRolledBack"; revision: Revision }
  /** What a rollback has pinned, by a copy, goes by its tag again. */
  | { code: "goesByTagAgain"; copy: Revision; containers: readonly string[] }
  /** What differs from the service definition, and stays as it is: no update changes it, or the definition has none of it. */
  | { code: "launchTypeWithoutEffect" | "launchTypeStays" }
  | { code: "cannotChange" | "notInDefinition"; name: string }
  /** ECS resets what the definition leaves out of a member that it has. */
  | { code: "isReset"; path: string; value: Json }
  | { code: "overridesHold"; hold: Hold }
  | { code: "forcesDeployment" }
  /** ... because tags name other images than what runs, which is what is shipped again. */
  | { code: "tagsMoved"; containers: readonly string[] }
  /** ECS is going back, and does not start them. */
  | { code: "tagsLeft"; containers: readonly string[] }
  | { code: "tagsNotRead"; denial: AwsFailure }
  | { code: "handsOver"; controller: string }
  | { code: "fewerTasks"; scaledBy: Pick<ScalableTarget, "minCapacity" | "maxCapacity">; from: number; to: number }
  | { code: "scalingNotRead"; denial: AwsFailure }
  /** What a deploy that fails cannot be rolled back to. `isUnread`: what it is now is not known. */
  | { code: "noWayBack"; running: Revision; status: string }
  | { code: "staysAfterFailure"; name: string; isUnread: boolean }
  | { code: "replacesDeployment"; deployment: string }
  | { code: "deploymentHasFailed"; deployment: string; reason: string | undefined }
  | { code: "createdForCodeDeploy" | "createdForTaskSets" | "createdWithOneTask" | "createdWithoutScaling" }
  // Why an alarm will not roll a deploy back.
  | { code: "noAlarms" }
  | { code: "alarmsNotRead"; reason: AwsFailure }
  | { code: "alarmsNotNamed" | "alarmsWentOff" | "alarmsMissing"; alarms: readonly string[] }
  /** `--fast` goes without all that; `because` of what it changes nothing. */
  | { code: "fasterWay" }
  | { code: "fastChangesNothing"; because: "noWaits" | "stops" | "underWay" }
  | WaitsOnRecord
  | SlowNotice
  // Of waiting.
  /** There is nothing to wait for any more; how the service is now. */
  | {
    code: "endedBefore";
    finishedAtMs: number | undefined;
    running: Revision;
    runningCount: number;
    desiredCount: number;
  }
  /** The newest deployment was stopped, and ECS has gone back. */
  | { code: "stoppedOnRequest"; stopped: Revision | undefined; running: Revision; reason: string | undefined }
  // Of auto scaling.
  | { code: "notScalable" | "alreadySuspended" | "notSuspended" }
  /** An earlier run has suspended auto scaling, and its record is what is restored. */
  | { code: "suspendedBefore"; by: string; atMs: number }
  /** What was there before the suspension is kept in memory only. */
  | { code: "suspensionNotRecorded"; why: Unrecordable; target: ScalableTarget; prior: SuspendedState }
  /** Whether an earlier run has suspended auto scaling is not known. */
  | { code: "suspensionNotRead"; why: Unrecordable; target: ScalableTarget }
  /** Whether auto scaling will leave the number of tasks alone is not known. */
  | { code: "limitsNotRead"; denial: AwsFailure }
  /** AWS keeps the number of tasks within the limits of the scalable target. */
  | { code: "countIsClamped"; from: number; to: number; target: ScalableTarget }
>;

/** What will make a rollback slow; `isForeseen`: one that comes only if the deploy fails. */
export type SlowNotice =
  & { readonly isForeseen: boolean }
  & Readonly<
    | ({ code: "pauses"; steps: number } & PauseHook)
    /** A rollback is a whole deployment; or traffic is shifted back, maybe as slowly as it was shifted. */
    | {
      code: "wholeDeployment" | "shiftsBack";
      shift: DeploymentSettings["shift"];
      bakeMinutes: number;
      /** All that together. */
      minutes: number;
      /** The limit of the command, where it is shorter. */
      shorterTimeoutMs: number | undefined;
    }
  >;
