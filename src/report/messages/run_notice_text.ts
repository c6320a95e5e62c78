import { type Revision, shortName } from "../../model/arn.ts";
import { SUSPENSION_RECORD_KEY, type Unrecordable } from "../../model/scalable_target.ts";
import type { ServiceRef } from "../../model/service.ts";
import {
  deregisterCommand,
  listFamilyTasksCommand,
  listNewestRevisionsCommand,
  restoreScalingCommand,
  updateServiceCommand,
} from "./typed_commands.ts";
import type { Leftover } from "../../rollout/outcome.ts";
import type { CarriedOptions } from "../../rollout/plan/options.ts";
import { byCode, type Named } from "./cases.ts";
import { count } from "./log.ts";
import { callInBrackets, describeCall, describeCost } from "./aws_failure_text.ts";
import { commandTo, holdCommand, nameFrom, resumeCommand, rollBackCommand } from "./own_commands.ts";
import { stillToDo } from "./phrases.ts";
import { describeUser, USES_NOTICES } from "./uses_text.ts";
import { WAITS_LEFTOVERS, WAITS_RUN_NOTICES } from "./waits_text.ts";
import type { RunNotice } from "../../rollout/run_notice.ts";

/** What happened during a run, on one line. */
export const describeRunNotice = byCode<RunNotice, string, [ref: ServiceRef]>({
  suspensionNotCompared: ({ error }) =>
    `whether the suspension of auto scaling has changed is not known: ${describeCall(error)}`,
  updatesInsteadOfStopping: ({ error }) => describeCost(error, "updating the service instead"),
  stagesNotShown: ({ error }) =>
    `its service deployment cannot be read${callInBrackets(error)}: no lifecycle stages are shown`,
  stillWatching: ({ error }) => describeCost(error, "still watching"),
  causesNotShown: ({ error }) => describeCost(error, "why tasks stop is not shown"),
  logNotRead: ({ container, error }) =>
    error === undefined
      ? `the log of container ${container} is not there, or not yet`
      : describeCost(error, `the log of container ${container} is not shown`),
  definitionNotRead: ({ error }) => describeCost(error, "where the logs of its containers are is not shown"),
  looksWhetherUpdated: ({ error }) => describeCost(error, "checking whether ECS has begun"),
  tasksCrashedOnTheWay: ({ count: crashed }) =>
    `Done, but ${count(crashed, "task")} crashed on the way (see above). Watch it for a while.`,
  completedAmidCrashes: ({ count }) =>
    `ECS calls the deployment completed, but ${count} of its tasks crashed: watching until the new ones have run longer ` +
    "than those",
  completedEarly: ({ runningCount, desiredCount, percent }) =>
    `ECS completed the deployment early, with ${runningCount} of ${desiredCount} tasks ` +
    `(earlySuccessCriteria: ${percent} %): it is still starting the others, and no circuit breaker or alarm rolls back ` +
    "any more",
  noTaskDesired: () => "the desired count is 0: no task runs, so nothing shows whether it works",
  notTagged: ({ keys, mayBe, error }) =>
    `${mayBe ? "perhaps not" : "not"} written on the service: the tag ${keys.join(" and ")}${callInBrackets(error)}`,
  membersNotKept: ({ order, names }) =>
    `ECS has ${order} the service; its answer lacks these members of the service definition: ${names.join(", ")}. ` +
    "Remove them from the file, or every deploy updates the service again",
  registrationUnknown: ({ family }, ref) =>
    "AWS may have registered the task definition: its answer was lost. See what is there: " +
    listNewestRevisionsCommand(ref, family),
  registeredWithout: describeLost,
  copyWithoutTags: ({ error }) => describeCost(error, "the copy carries no tags"),
  copyNotNeeded: ({ copy, others }) =>
    `another run registered the same copy first, ${shortName(others)}: that is used. ` +
    `To remove ${shortName(copy)}: ${deregisterCommand(copy)}`,
  orderedByOtherRun: ({ taskDefinition, isReached }) => {
    const where = taskDefinition === undefined ? "the target" : shortName(taskDefinition);
    return isReached
      ? `another run has brought the service to ${where} meanwhile`
      : `another run has begun to roll back to ${where} meanwhile: following its deployment`;
  },
  leftToDo: ({ leftover }, ref) => {
    const { problem, command } = describeLeftover(leftover, ref);
    return `${problem}; ${stillToDo(command)}`;
  },
  serviceUnchanged: ({ running }) =>
    running === undefined ? "No service was created." : `The service is unchanged: it stays at ${shortName(running)}.`,
  staysRegistered: describeUnused,
  rollsBackWithoutScaling: ({ error }) =>
    `${describeCall(error)}: the deploy is rolled back without suspending or resuming auto scaling`,
  alarmsNotKnown: ({ error }) => describeCost(error, "whether an alarm has stopped the deploy is not known"),
  suspensionNotRecorded: describeUnrecorded,
  scalingTargetGone: ({ resourceId, order }) =>
    `${resourceId} is no longer registered for auto scaling: nothing to ${order === "suspend" ? "change" : "restore"}`,
  suspensionChangedByOthers: ({ resourceId }) =>
    `somebody changed the suspension of ${resourceId} meanwhile: it stays as it is now`,
  suspensionRecordKept: ({ target, to }) =>
    "the call to suspend auto scaling got no answer and may still take effect, so its record is kept; to make sure " +
    `that it does not: ${restoreScalingCommand(target, to, SUSPENSION_RECORD_KEY)}`,
  restoredByOtherRun: ({ target, to, run, began }, ref) =>
    `auto scaling of ${target.resourceId} stays suspended: run ${run}, which began ${began}, restores it. If status ` +
    `still shows it suspended when no deployment is under way: ${resumeCommand(ref, target, to, true)}`,
  staysSuspended: ({ target, prior, isRecorded }, ref) =>
    `auto scaling of ${target.resourceId} stays suspended; to resume it: ` +
    resumeCommand(ref, target, prior, isRecorded),
  ...WAITS_RUN_NOTICES,
  ...USES_NOTICES,
});

/** Names a task definition that was registered and is not used, and says how to use or to remove it. */
function describeUnused(
  { taskDefinition, running, copyOf, isOfFamily, carried }: Named<RunNotice, "code", "staysRegistered">,
  ref: ServiceRef,
): string {
  const name = shortName(taskDefinition);
  const remove = isOfFamily
    ? `${commandTo("deregister", ref)} --revision ${taskDefinition.revision}`
    : deregisterCommand(taskDefinition);
  if (copyOf === undefined) return `${name} stays registered: the next deploy uses it. To remove it: ${remove}`;
  const where = `--revision ${nameFrom(running ?? copyOf, taskDefinition)}`;
  const use = rollBackCommand(ref, where, { ...carried, reregister: false, pin: undefined });
  return `${name}, the copy of ${shortName(copyOf)}, stays registered. To use it: ${use}. To remove it: ${remove}`;
}

/** Warns that auto scaling would stay suspended if this run were killed. */
export function describeUnrecorded(
  { why, target, prior }: Pick<Named<RunNotice, "code", "suspensionNotRecorded">, "why" | "target" | "prior">,
): string {
  return `only this run knows the earlier state of auto scaling (${describeUnrecordable(why)}); ` +
    `if it is killed, restore that with: ${restoreScalingCommand(target, prior, undefined)}`;
}

/** Why the state of auto scaling cannot be recorded. */
export const describeUnrecordable = byCode<Unrecordable, string>({
  tagsDenied: ({ denial }) => describeCall(denial),
  takesNoTags: () => "the scalable target is from before 2023-03-20 and takes no tags",
  foreignTag: () => `the tag ${SUSPENSION_RECORD_KEY} has a value that is not this program's`,
});

/** Warns that ECS did not keep all members of a task definition file; one line. */
export function describeLost(
  { taskDefinition, names }: { readonly taskDefinition: Revision; readonly names: readonly string[] },
): string {
  return `ECS registered ${shortName(taskDefinition)} without these members of the file: ${names.join(", ")}. ` +
    "Remove them from the file, or every deploy registers another revision";
}

/** What is left to be done by hand, and the command for it. */
export const describeLeftover = byCode<Leftover, Readonly<Record<"problem" | "command", string>>, [ref: ServiceRef]>({
  scalingMayBeSuspended: ({ target, to, hasRecord, error }, ref) => ({
    problem: `auto scaling of ${target.resourceId} may still be suspended (${describeCall(error)})`,
    command: resumeCommand(ref, target, to, hasRecord),
  }),
  // This command sets only what is set already, and removes the record.
  suspensionRecordRemains: ({ error }, ref) => ({
    problem: `auto scaling is restored, but its record, the tag ${SUSPENSION_RECORD_KEY}, is still there` +
      callInBrackets(error),
    command: commandTo("resumeScaling", ref),
  }),
  ...WAITS_LEFTOVERS,
  settingNotRestored: ({ target, name, value, carried }, ref) => ({
    problem: `the service's ${name} is not as it was when ${shortName(target)} ran`,
    command: value === undefined ? restoreSettings(target, ref, carried) : updateServiceCommand(ref, name, value),
  }),
  settingsNotCompared: ({ target, names, error, carried }, ref) => ({
    problem: `whether the service has its earlier ${names.join(", ")} again is not known${callInBrackets(error)}`,
    command: restoreSettings(target, ref, carried),
  }),
  notHeld: ({ forMs, reason, mayBe, error }, ref) => ({
    problem: `the service ${mayBe ? "may not be" : "is not"} held, so a deploy may replace what runs${
      callInBrackets(error)
    }`,
    command: holdCommand(ref, forMs, reason),
  }),
  stillInUse: ({ taskDefinition, user }, ref) => ({
    problem: `${shortName(taskDefinition)} is not deregistered: ${describeUser(user)} still uses it (other clusters ` +
      `are not looked at). Once nothing does: ${deregisterCommand(taskDefinition)}`,
    command: listFamilyTasksCommand(ref, taskDefinition.family),
  }),
  notDeregistered: ({ taskDefinition, mayBe, error }, ref) => ({
    problem: `${shortName(taskDefinition)} ${mayBe ? "may not be" : "is not"} deregistered` +
      (error === undefined ? " (the command was stopped before that)" : callInBrackets(error)),
    command: `${listFamilyTasksCommand(ref, taskDefinition.family)}, and once nothing uses it ` +
      deregisterCommand(taskDefinition),
  }),
});

/** Safe to repeat: if the settings are back, it does nothing. */
function restoreSettings(target: Revision, ref: ServiceRef, carried: CarriedOptions | undefined): string {
  return rollBackCommand(ref, `--revision ${shortName(target)}`, { ...carried, restore: "service" });
}
