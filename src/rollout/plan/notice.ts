import type { SettingDifference } from "../../definitions/compare_settings.ts";
import type { Revision } from "../../model/arn.ts";
import type { DeploymentSettings, PauseHook } from "../../model/deployment_settings.ts";
import type { WaitsOnRecord } from "./waits_steps.ts";
import type { Json } from "../../model/json.ts";
import type { ScalableTarget, SuspendedState, Unrecordable } from "../../model/scalable_target.ts";
import type { Hold } from "../../model/service_notes.ts";
import type { Verified } from "../../registry/verify_references.ts";
import type { Doubt } from "../read/chosen_revision.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";
import type { OtherUsers } from "../read/read_other_users.ts";
import { SOURCES, type Unread, type UnreadPart } from "../read/unread.ts";
import type { Intent } from "./refusal.ts";

/**
 * What the user should know before a plan is carried out, as a code with its data; `src/report/messages` has the words.
 * `denial`: why something may not be read, in AWS's words.
 */
export type PlanNotice = Readonly<
  | NotRead
  | NotOnRecord
  /** It is not known whether tasks get these things that they need. */
  | { code: "needsNotRead"; needs: readonly Verified[] }
  // Before a rollback.
  | Doubt
  /** The deployment under way is stopped, so that ECS goes back by itself. */
  | { code: "stopsDeployment"; running: Revision; target: Revision }
  /** The target is copied, and has members that the bundled API model does not know. */
  | { code: "copyMayLose"; target: Revision; names: readonly string[] }
  /** `configured`: the family that the user's task definition file names. */
  | { code: "otherFamily"; configured: string; running: Revision; family: string }
  /** The task definition that the service runs has been deleted, or deregistered. */
  | { code: "currentDeleted"; running: Revision }
  | { code: "currentNotActive"; running: Revision; status: string }
  /** The revision to deregister is the target itself. */
  | { code: "targetStaysRegistered"; running: Revision }
  | { code: "noTasksDesired" }
  /** The service had another setting when the target ran, and keeps its own. `isOffered`: --restore brings it back. */
  | { code: "settingStays"; target: Revision; difference: SettingDifference; isOffered: boolean }
  /** Settings that ECS has no record of may have changed along with those that differ. */
  | { code: "settingsNotRecorded" }
  | OtherUsers
  // Before a deploy.
  | { code: "deploysRolledBack"; revision: Revision }
  /** Images that a rollback has pinned in a copy are resolved by their tags again. */
  | { code: "goesByTagAgain"; copy: Revision; containers: readonly string[] }
  /** What differs from the service definition and stays: no update changes it, or the definition does not have it. */
  | { code: "launchTypeWithoutEffect" | "launchTypeStays" }
  | { code: "cannotChange" | "notInDefinition"; name: string }
  /** ECS resets what the definition leaves out of a member that it does have. */
  | { code: "isReset"; path: string; value: Json }
  | { code: "overridesHold"; hold: Hold }
  | { code: "forcesDeployment" }
  /** A new deployment is forced because tags name other images than those that run. */
  | { code: "tagsMoved"; containers: readonly string[] }
  /** ECS is rolling back, and does not start what the tags name now. */
  | { code: "tagsLeft"; containers: readonly string[] }
  | { code: "tagsNotRead"; denial: AwsFailure }
  | { code: "handsOver"; controller: string }
  | { code: "fewerTasks"; scaledBy: Pick<ScalableTarget, "minCapacity" | "maxCapacity">; from: number; to: number }
  | { code: "scalingNotRead"; denial: AwsFailure }
  /** What a failed deploy cannot be rolled back to. `isUnread`: the current value is not known. */
  | { code: "noWayBack"; running: Revision; status: string }
  | { code: "staysAfterFailure"; name: string; isUnread: boolean }
  | { code: "replacesDeployment"; deployment: string }
  | { code: "deploymentHasFailed"; deployment: string; reason: string | undefined }
  | { code: "createdForCodeDeploy" | "createdForTaskSets" | "createdWithOneTask" | "createdWithoutScaling" }
  // Why an alarm will not roll a deploy back.
  | { code: "noAlarms" }
  | { code: "alarmsNotRead"; reason: AwsFailure }
  | { code: "alarmsNotNamed" | "alarmsWentOff" | "alarmsMissing"; alarms: readonly string[] }
  /** `--fast` avoids all that; `because`: why it changes nothing. */
  | { code: "fasterWay" }
  | { code: "fastChangesNothing"; because: "noWaits" | "stops" | "underWay" }
  | WaitsOnRecord
  | SlowNotice
  // Before waiting.
  /** The deployment has ended already; how the service is now. */
  | {
    code: "endedBefore";
    finishedAtMs: number | undefined;
    running: Revision;
    runningCount: number;
    desiredCount: number;
  }
  /** The newest deployment was stopped on request, and ECS has rolled it back. */
  | { code: "stoppedOnRequest"; stopped: Revision | undefined; running: Revision; reason: string | undefined }
  // About auto scaling.
  | { code: "notScalable" | "alreadySuspended" | "notSuspended" }
  /** An earlier run has suspended auto scaling; what that run has on record is restored. */
  | { code: "suspendedBefore"; by: string; atMs: number }
  /** The state before the suspension is kept in memory only. */
  | { code: "suspensionNotRecorded"; why: Unrecordable; target: ScalableTarget; prior: SuspendedState }
  /** It is not known whether an earlier run has suspended auto scaling. */
  | { code: "suspensionNotRead"; why: Unrecordable; target: ScalableTarget }
  /** It is not known whether auto scaling will leave the number of tasks alone. */
  | { code: "limitsNotRead"; denial: AwsFailure }
  /** AWS brings the number of tasks within the limits of the scalable target. */
  | { code: "countIsClamped"; from: number; to: number; target: ScalableTarget }
>;

/** What will make a rollback slow; `isForeseen`: a rollback that happens only if the deploy fails. */
export type SlowNotice =
  & { readonly isForeseen: boolean }
  & Readonly<
    | ({ code: "pauses"; steps: number } & PauseHook)
    /** The rollback is a whole deployment, or shifts traffic back, maybe as slowly as it was shifted. */
    | {
      code: "wholeDeployment" | "shiftsBack";
      shift: DeploymentSettings["shift"];
      bakeMinutes: number;
      /** All of that together. */
      minutes: number;
      /** The time limit of the command, where that is shorter. */
      shorterTimeoutMs: number | undefined;
    }
  >;

/** What else the message about unread parts needs. */
interface UnreadContext {
  readonly target?: Revision;
  /** A new deployment starts the target's images by their tags. */
  readonly startsByTags?: boolean;
  /** `--restore service` was given, and restores nothing. */
  readonly restoresNothing?: boolean;
  /** The members of the service definition that cannot be compared. */
  readonly members?: readonly string[];
}

/** The parts of one source that a plan does without; `alsoDenied`: other operations that were denied. */
export interface NotRead extends UnreadContext {
  readonly code: "notRead";
  readonly denial: AwsFailure;
  readonly alsoDenied: readonly string[];
  readonly parts: readonly UnreadPart[];
  readonly intent: Intent;
}

/** ECS has no record of what ran with the target, and with which settings. */
interface NotOnRecord extends Pick<UnreadContext, "startsByTags" | "restoresNothing"> {
  readonly code: "notOnRecord";
  readonly target: Revision;
}

/** One notice for each source that may not be read. Pure. */
export function noticeUnread(unread: readonly Unread[], intent: Intent, context: UnreadContext = {}): NotRead[] {
  return [...Map.groupBy(unread, ({ part }) => SOURCES[part]).values()].map((ofSource) => {
    const { denial } = ofSource[0]!;
    const operations = new Set(ofSource.map(({ denial }) => denial.operation));
    const alsoDenied = [...operations].filter((operation) => operation !== denial.operation);
    const parts = [...new Set(ofSource.map(({ part }) => part))];
    return { code: "notRead", denial, alsoDenied, parts, intent, ...context };
  });
}

const RECORD_DOUBTS: Partial<Record<Doubt["code"], UnreadPart>> = {
  deploymentsNotRead: "succeeded",
  earliestNotRead: "earliest",
};

/** The doubts of a choice, without those about ECS's record: these are returned as unread parts of it. */
export function splitDoubts(doubts: readonly Doubt[]) {
  const unread = doubts.flatMap((doubt) => {
    const part = RECORD_DOUBTS[doubt.code];
    return part !== undefined && "denial" in doubt ? [{ part, denial: doubt.denial }] : [];
  });
  return { unread, others: doubts.filter(({ code }) => RECORD_DOUBTS[code] === undefined) };
}
