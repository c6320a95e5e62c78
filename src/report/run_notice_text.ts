import { shortName } from "../model/arn.ts";
import { listNewestRevisionsCommand, restoreScalingCommand } from "../model/typed_commands.ts";
import { SUSPENSION_RECORD_KEY } from "../model/scalable_target.ts";
import type { ServiceRef } from "../model/service.ts";
import type { RunNotice, ScalingNotice } from "../rollout/events.ts";
import { describeLeftover } from "./leftover_text.ts";

type WatchNotice = Extract<
  RunNotice,
  {
    code:
      | "suspensionNotCompared"
      | "updatesInsteadOfStopping"
      | "stagesNotShown"
      | "stillWatching"
      | "causesNotShown"
      | "looksWhetherUpdated"
      | "tasksCrashedOnTheWay"
      | "completedEarly"
      | "noTaskDesired"
      | "membersNotKept";
  }
>;

/** Puts into words what happened on the way, on one line. */
export function describeRunNotice(notice: RunNotice, ref: ServiceRef): string {
  switch (notice.code) {
    case "suspensionNotCompared":
      return `whether the suspension of auto scaling has changed is not known: ${notice.error}`;
    case "updatesInsteadOfStopping":
      return `${notice.error}; updating the service instead`;
    case "stagesNotShown":
      return `its service deployment cannot be read${inBrackets(notice.error)}: no lifecycle stages are shown`;
    case "stillWatching":
      return `${notice.error}; still watching`;
    case "causesNotShown":
      return `${notice.error}; why tasks stop is not shown`;
    case "looksWhetherUpdated":
      return `${notice.error}; looking whether ECS has begun`;
    case "tasksCrashedOnTheWay":
      return "tasks of this deployment have stopped on its way, as told above: look whether it stays up";
    case "completedEarly":
      return `ECS completed the deployment early, with ${notice.runningCount} of ${notice.desiredCount} tasks ` +
        `(earlySuccessCriteria: ${notice.percent} %): it is still starting the others, and no circuit breaker or alarm ` +
        "rolls back any more";
    case "noTaskDesired":
      return "the service's desired count is 0: no task runs that would show whether it works";
    case "membersNotKept":
      return `ECS has ${notice.order} the service without this of the service definition, as far as its answer shows: ` +
        `${notice.names.join(", ")}. Until the file no longer says it, every deploy updates the service again`;
    default:
      return describeChangeNotice(notice, ref);
  }
}

function inBrackets(text: string | undefined): string {
  return text === undefined ? "" : ` (${text})`;
}

/** What is about a change that this run has made, or was to make. */
function describeChangeNotice(notice: Exclude<RunNotice, WatchNotice>, ref: ServiceRef): string {
  switch (notice.code) {
    case "registrationUnknown":
      return "whether the task definition has been registered is not known; see what there is: " +
        listNewestRevisionsCommand(ref, notice.family);
    case "registeredWithout":
      return describeLost(notice);
    case "copyWithoutTags":
      return `${notice.error}; the copy carries no tags`;
    case "usesNotKnown":
      return notice.message;
    case "leftToDo": {
      const { problem, command } = describeLeftover(notice.leftover, ref);
      return `${problem}: ${command}`;
    }
    case "updateRefused": {
      const { staysRegistered } = notice;
      const stays = staysRegistered === undefined
        ? ""
        : `; ${shortName(staysRegistered)} stays registered (the next deploy uses it)`;
      return `ECS has refused the update: the service is unchanged${stays}`;
    }
    case "rollsBackWithoutScaling":
      return `${notice.error}: the deploy is taken back without suspending or resuming auto scaling`;
    case "alarmsNotKnown":
      return `${notice.error}; whether an alarm has stopped the deploy is not known`;
    default:
      return describeScalingNotice(notice);
  }
}

function describeScalingNotice(notice: ScalingNotice): string {
  switch (notice.code) {
    case "suspensionNotRecorded":
      return `the earlier state of auto scaling is kept in memory only (${notice.why}); should this run be killed, ` +
        `restore it with: ${restoreScalingCommand(notice.target, notice.prior, undefined)}`;
    case "scalingTargetGone":
      return `${notice.resourceId} is no longer registered for auto scaling: nothing to ${
        notice.order === "suspend" ? "change" : "restore"
      }`;
    case "suspensionChangedByOthers":
      return `somebody has changed the suspension of ${notice.resourceId} meanwhile: it is left as it is now`;
    case "suspensionRecordKept":
      return "whether AWS has taken the suspension is not known: should it come into force late, its record is kept; " +
        `to make sure: ${restoreScalingCommand(notice.target, notice.to, SUSPENSION_RECORD_KEY)}`;
    case "restoredByOtherRun": {
      const command = restoreScalingCommand(notice.target, notice.to, SUSPENSION_RECORD_KEY);
      return `auto scaling of ${notice.target.resourceId} stays suspended for run ${notice.run}, which began ` +
        `${notice.began} and is to restore it when it ends; if status shows it suspended once no deployment is under ` +
        `way: ${command}`;
    }
    case "staysSuspended": {
      const recordKey = notice.isRecorded ? SUSPENSION_RECORD_KEY : undefined;
      const command = restoreScalingCommand(notice.target, notice.prior, recordKey);
      return `auto scaling of ${notice.target.resourceId} stays suspended; to resume it: ${command}`;
    }
  }
}

/** What the user of a file should know where ECS has not kept all of it; one line. */
export function describeLost(
  { taskDefinition, names }: Pick<Extract<RunNotice, { code: "registeredWithout" }>, "taskDefinition" | "names">,
): string {
  return `ECS registered ${shortName(taskDefinition)} without these members of the file: ${names.join(", ")}. ` +
    "Until the file leaves them out, every deploy registers another revision";
}
