import { type Revision, shortName } from "../model/arn.ts";
import {
  deregisterCommand,
  listFamilyTasksCommand,
  listNewestRevisionsCommand,
  restoreScalingCommand,
  untagCommand,
} from "../model/typed_commands.ts";
import { SUSPENSION_RECORD_KEY } from "../model/scalable_target.ts";
import type { ServiceRef } from "../model/service.ts";
import type { Leftover, RunNotice, ScalingNotice } from "../rollout/events.ts";

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

/** What is left to do by hand. */
export interface LeftoverText {
  readonly problem: string;
  /** The command that does it. */
  readonly command: string;
}

/** Puts a leftover into words. */
export function describeLeftover(leftover: Leftover, ref: ServiceRef): LeftoverText {
  switch (leftover.code) {
    case "scalingMayBeSuspended": {
      const { target, to, hasRecord, error } = leftover;
      return {
        problem: `auto scaling of ${target.resourceId} may still be suspended (${error})`,
        command: restoreScalingCommand(target, to, hasRecord ? SUSPENSION_RECORD_KEY : undefined),
      };
    }
    case "suspensionRecordRemains":
      return {
        problem: `auto scaling is given back, but its record, the tag ${SUSPENSION_RECORD_KEY}, is still there ` +
          `(${leftover.error})`,
        command: untagCommand(leftover.arn, SUSPENSION_RECORD_KEY),
      };
    case "stillInUse":
    case "notDeregistered":
      return describeRegistered(leftover, leftover.taskDefinition, ref);
  }
}

function describeRegistered(
  leftover: Extract<Leftover, { code: "stillInUse" | "notDeregistered" }>,
  taskDefinition: Revision,
  ref: ServiceRef,
): LeftoverText {
  const name = shortName(taskDefinition);
  const list = listFamilyTasksCommand(ref, taskDefinition.family);
  if (leftover.code === "stillInUse") {
    return {
      problem: `${name} is not deregistered: ${leftover.user} still uses it (other clusters are not looked at). Once ` +
        `nothing does: ${deregisterCommand(taskDefinition)}`,
      command: list,
    };
  }
  const state = leftover.mayBe ? "may not be deregistered" : "is not deregistered";
  return {
    problem: `${name} ${state} (${leftover.error ?? "the command was stopped before that"})`,
    command: `${list}, and once nothing uses it ${deregisterCommand(taskDefinition)}`,
  };
}
