import { shortName } from "../../model/arn.ts";
import { NONE_SUSPENDED } from "../../model/scalable_target.ts";
import { restoreScalingCommand } from "../../model/typed_commands.ts";
import type { PlanNotice } from "../../rollout/plan/notice.ts";
import { byCode, type Named } from "../cases.ts";
import { describeUnrecordable, describeUnrecorded } from "../run_notice_text.ts";
import { describeUnread } from "./needs_text.ts";
import { describeDoubt } from "./reason_text.ts";
import { describeNotOnRecord, describeNotRead } from "./unread_text.ts";

const NO_EFFECT = "DEPLOYMENT_STOP_ON_ALARM of --rollback-events has no effect";

/** What the user should know before a plan is carried out: one line. */
export const describePlanNotice = byCode<PlanNotice, string>({
  notRead: describeNotRead,
  needsNotRead: ({ needs }) =>
    `whether its tasks can start is not wholly known: not looked at are ${describeUnread(needs)}`,
  deploymentsNotRead: describeDoubt,
  copyNotRead: describeDoubt,
  earliestNotRead: describeDoubt,
  mayNeverHaveRun: describeDoubt,
  servedBriefly: describeDoubt,
  notCompleted: describeDoubt,
  // What a rollback leaves, or cannot show.
  stopsDeployment: ({ running, target }) =>
    `${shortName(running)} is still deploying. Stopping it makes ECS return to ${shortName(target)} by itself ` +
    "(fastest); network and load balancer settings return, too",
  copyMayLose: ({ target, names }) =>
    `ecspresso has no name for what ${shortName(target)} has in ${
      names.join(", ")
    }: if ECS does not keep that in the ` +
    "copy, the copy is deregistered again and the service left as it is (exit code 5)",
  otherFamily: ({ configured, running, family }) =>
    `the task definition file names the family ${configured}, the service runs ${
      shortName(running)
    }: the revision is ` +
    `of the family ${family}`,
  currentDeleted: ({ running }) =>
    `the current task definition ${shortName(running)} has been deleted: what changes cannot be shown`,
  currentNotActive: ({ running, status }) =>
    `the current task definition ${shortName(running)} is ${status}: there is no way back to it`,
  targetStaysRegistered: ({ running }) =>
    `${shortName(running)} is not deregistered: it is the task definition to roll back to`,
  noTasksDesired: () =>
    "the service's desired count is 0: no task will be started, so nothing shows whether the target works",
  settingStays: describeSetting,
  settingsNotRecorded: () =>
    "what ECS keeps no record of stays as it is, too: health check grace period, ECS Exec, placement, tags, " +
    "deployment configuration. Look whether the deploy changed any of that",
  notOnRecord: describeNotOnRecord,
  // What a deploy does that its files do not say.
  deploysRolledBack: ({ revision }) =>
    `this is what the service has just been rolled back from (${shortName(revision)}): make sure that it is mended`,
  goesByTagAgain: ({ copy, containers }) =>
    `${containers.join(", ")}: the service runs ${
      shortName(copy)
    }, with which a rollback went back to an older image, by its digest; this deploy goes by the tag again: make sure ` +
    "that what it names is mended",
  launchTypeWithoutEffect: () =>
    "the launchType of the service definition has no effect beside its capacityProviderStrategy: remove it",
  launchTypeStays: () =>
    "the service runs on its capacityProviderStrategy, not on the launchType of the service definition: it is left as " +
    'it is ("capacityProviderStrategy": [] beside the launchType goes back to that)',
  cannotChange: ({ name }) => `${name} differs from the service's, and no update changes it: it is left as it is`,
  notInDefinition: ({ name }) => {
    const reset = name === "deploymentConfiguration"
      ? ' ("deploymentConfiguration": {} sets it to ECS\'s defaults)'
      : "";
    return `${name} is set on the service and not in the service definition: it is left as it is${reset}`;
  },
  isReset: ({ path, value }) =>
    `${path} is set on the service and not in the service definition: it is reset to ECS's default, ${
      JSON.stringify(value)
    }`,
  forcesDeployment: () => "capacityProviderStrategy changes, which ECS takes only with a new deployment: one is forced",
  tagsMoved: ({ containers }) => {
    const what = containers.length === 1
      ? "its tag names another image today than the one that runs"
      : "their tags name other images today than those that run";
    return `${containers.join(", ")}: ${what}: a new deployment is forced, to start what the files name`;
  },
  tagsLeft: ({ containers }) =>
    `ECS is going back, which this follows; what ${containers.join(", ")} ${
      containers.length === 1 ? "has under its tag" : "have under their tags"
    } today is NOT started: deploy again afterwards`,
  tagsNotRead: ({ denial }) => `${denial}; whether a tag has been pushed again since is not known`,
  handsOver: ({ controller }) =>
    `from now on ${controller} deploys this service: ECS starts no deployment, and this command does not wait`,
  fewerTasks: ({ scaledBy: { minCapacity, maxCapacity }, from, to }) =>
    `auto scaling (${minCapacity} to ${maxCapacity} tasks) runs ${from} tasks now, and the service definition's ` +
    `desiredCount is ${to}: ${from - to} tasks will be stopped (--tasks=-1 leaves the number as it is, and so does a ` +
    "file without desiredCount)",
  scalingNotRead: ({ denial }) => `${denial}; whether auto scaling has set the number of tasks is not known`,
  noWayBack: ({ running, status }) =>
    `${shortName(running)}, which the service runs, is ${status}: if this deploy fails, it is NOT rolled back by ` +
    "itself; rollback --reregister can do it, with a copy",
  staysAfterFailure: ({ name, isUnread }) => {
    const why = isUnread
      ? `what ${name} is now is not known`
      : `the service has no ${name} yet, and no update takes it away`;
    return `${why}: if this deploy fails, it stays as this deploy has set it`;
  },
  replacesDeployment: ({ deployment }) => `deployment ${deployment} is under way: it is replaced`,
  deploymentHasFailed: ({ deployment, reason }) =>
    `deployment ${deployment}, which is in place, has FAILED: ${reason ?? "no reason given"}`,
  // What is created with a new service.
  createdForCodeDeploy: () =>
    "the service's deployments belong to AWS CodeDeploy (blue/green): ECS starts its first tasks, which are not waited " +
    "for",
  createdForTaskSets: () =>
    "the service's deployment controller is EXTERNAL: it is created without a task definition and without tasks, for " +
    "its task sets belong to the system that deploys it",
  createdWithOneTask: () =>
    "the service definition has no desiredCount: the service is created with 1 task (--tasks N sets another number)",
  createdWithoutScaling: () => "a new service has no auto scaling: nothing to suspend",
  // How the deployment that is waited for has ended.
  endedBefore: ({ finishedAtMs, running, runningCount, desiredCount }) => {
    const when = finishedAtMs === undefined ? "has ended" : `ended at ${new Date(finishedAtMs).toISOString()}`;
    return `the newest deployment ${when}, and none has begun since: ${runningCount} of ${desiredCount} tasks run, the ` +
      `service is at ${shortName(running)}`;
  },
  stoppedOnRequest: ({ stopped, running, reason }) => {
    const ofWhat = stopped === undefined ? "" : ` (${shortName(stopped)})`;
    return `the newest deployment${ofWhat} was stopped on request, and ECS has gone back to ${shortName(running)}${
      reason === undefined ? "" : `: ${reason}`
    }`;
  },
  // What --rollback-events can see of alarms.
  alarmsNotNamed: ({ alarms }) => {
    const which = alarms.length === 1 ? `the alarm ${alarms[0]}` : `an alarm (${alarms.join(", ")})`;
    return `if ${which} ends this deploy, it is NOT rolled back: --rollback-events does not name ` +
      "DEPLOYMENT_STOP_ON_ALARM";
  },
  noAlarms: () => `the service has no alarm that ends a deployment (deploymentConfiguration.alarms): ${NO_EFFECT}`,
  alarmsNotRead: ({ reason }) => `${reason}; whether an alarm is in ALARM already is not known`,
  alarmsWentOff: ({ alarms }) =>
    `in ALARM already: ${alarms.join(", ")}. ECS watches no alarm during this deployment: ${NO_EFFECT}`,
  alarmsMissing: ({ alarms }) =>
    `CloudWatch has no alarm ${alarms.join(", ")} here, although deploymentConfiguration.alarms names it`,
  // What makes a rollback slow.
  pauses: ({ stages, steps, timeoutMinutes, timeoutAction, isForeseen }) => {
    // API reference, ServiceDeployment: the stage before the production traffic comes anew with every step.
    const where = stages.map((stage) =>
      stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" && steps > 1 ? `${stage}, ${steps} times,` : stage
    );
    const otherwise = timeoutAction === "CONTINUE" ? "it goes on by itself" : "ECS rolls it back";
    return `${whenOf(isForeseen)}rolling back stops at ${
      where.join(" and at ")
    } until somebody answers (PAUSE hook); ` +
      `after ${inWords(timeoutMinutes)} ${otherwise}`;
  },
  wholeDeployment: (moving) =>
    `${whenOf(moving.isForeseen)}rolling back takes a whole deployment: ${partsOf(moving)}; at least ${
      inWords(moving.minutes)
    }, plus the start of its tasks${tooShort(moving, "it will not be completed within")}`,
  shiftsBack: (moving) =>
    `ECS may shift traffic back as slowly as it shifted it: ${partsOf(moving)}${
      tooShort(moving, "it may not be back within")
    }`,
  // What becomes of auto scaling.
  notScalable: () => "the service is not registered for auto scaling: nothing to suspend or to resume",
  alreadySuspended: () => "auto scaling is suspended already",
  notSuspended: () => "auto scaling is not suspended",
  suspendedBefore: ({ by, atMs }) =>
    `auto scaling is on record as suspended by ${by || "somebody"} at ${new Date(atMs).toISOString()}: what is ` +
    "restored, now or later, is the state from before that",
  suspensionNotRecorded: describeUnrecorded,
  suspensionNotRead: ({ why, target }) =>
    `whether an earlier run has suspended auto scaling is not known (${
      describeUnrecordable(why)
    }); to resume all of it: ` +
    restoreScalingCommand(target, NONE_SUSPENDED, undefined),
  countIsClamped: ({ from, to, target: { minCapacity, maxCapacity } }) =>
    `changing the suspension makes AWS set the desired count from ${from} to ${to}: the scalable target allows ` +
    `${minCapacity} to ${maxCapacity}`,
  // What is not deregistered.
  usedByServices: ({ revision, services }) => {
    const [noun, verb] = services.length === 1 ? ["service", "uses"] : ["services", "use"];
    return `${shortName(revision)} is not deregistered as long as the ${noun} ${services.join(", ")} ${verb} it: the ` +
      "rollback then ends with 8";
  },
  usersNotRead: ({ revision, denial }) => `${denial}; whether another service uses ${shortName(revision)} is not known`,
});

function describeSetting({ target, difference, isOffered }: Named<PlanNotice, "code", "settingStays">): string {
  const { path, kind, sides, comesBack } = difference;
  const when = `when ${shortName(target)} ran`;
  const how = sides !== undefined
    ? `is ${sides.is} now, and was ${sides.was} ${when}`
    : { changed: `is another than ${when}`, added: `was not there ${when}`, removed: `was there ${when}` }[kind];
  const way = isOffered
    ? "--restore service restores it"
    : comesBack === "alternating"
    ? "other target groups are not given to a blue/green service: change them by hand"
    : "no update restores it";
  return `NOT restored: ${path} ${how} (${way})`;
}

type Moving = Named<PlanNotice, "code", "wholeDeployment">;

function whenOf(isForeseen: boolean): string {
  return isForeseen ? "--rollback-events: " : "";
}

function partsOf({ shift: { steps, stepMinutes }, bakeMinutes }: Moving): string {
  const isShifted = (steps - 1) * stepMinutes > 0;
  return [
    ...(isShifted ? [`traffic is shifted in ${steps} steps, ${inWords(stepMinutes)} apart`] : []),
    ...(bakeMinutes > 0
      ? [`the old tasks stay for ${inWords(bakeMinutes)} after the traffic was shifted (bake time)`]
      : []),
  ].join(", ");
}

function tooShort({ shorterTimeoutMs }: Moving, otherwise: string): string {
  if (shorterTimeoutMs === undefined) return "";
  return `; ${otherwise} the timeout of ${inWords(shorterTimeoutMs / 60_000)}: give a longer --timeout, or --no-wait`;
}

/** `90 seconds`, `10 minutes`, `24 hours`. */
function inWords(minutes: number): string {
  if (minutes < 1 || !Number.isInteger(minutes)) return plural(Math.round(minutes * 60), "second");
  return minutes % 60 === 0 ? plural(minutes / 60, "hour") : plural(minutes, "minute");
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
