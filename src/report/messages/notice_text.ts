import { shortName } from "../../model/arn.ts";
import { NONE_SUSPENDED } from "../../model/scalable_target.ts";
import { restoreScalingCommand } from "./typed_commands.ts";
import type { NotRead, PlanNotice } from "../../rollout/plan/notice.ts";
import { byCode, type Named } from "./cases.ts";
import { count, isoTime } from "./log.ts";
import { describeUnrecordable, describeUnrecorded } from "./run_notice_text.ts";
import { describeCost } from "./aws_failure_text.ts";
import { renderChange } from "./change_text.ts";
import { describeUnreadNeeds } from "./needs_text.ts";
import { becauseOf, describeHold } from "./phrases.ts";
import { DOUBTS } from "./reason_text.ts";
import { WAITS_NOTICES } from "./waits_text.ts";
import type { UnreadPart } from "../../rollout/read/unread.ts";

const NO_EFFECT = "--rollback-events DEPLOYMENT_STOP_ON_ALARM has no effect";

/** What the user should know before a plan is carried out: one line for each notice. */
export const describePlanNotice = byCode<PlanNotice, string>({
  notRead: describeNotRead,
  needsNotRead: ({ needs }) => `not checked, so tasks may fail to start: ${describeUnreadNeeds(needs)}`,
  ...DOUBTS,
  // What a rollback does not bring back, or cannot show.
  stopsDeployment: ({ running, target }) => {
    const where = running.arn === target.arn ? "the one before it" : shortName(target);
    return `${
      shortName(running)
    } is still deploying: ecspresso stops its deployment, and ECS then rolls back to ${where} ` +
      "(with its network and load balancer settings)";
  },
  copyMayLose: ({ target, names }) =>
    `ecspresso does not know ${names.join(", ")} of ${shortName(target)}. If ECS drops that from the copy, ecspresso ` +
    "deregisters the copy, leaves the service as it is and exits with 5",
  otherFamily: ({ configured, running, family }) =>
    `the task definition file has the family ${configured}, but the service runs ${shortName(running)}: ` +
    `the revision is taken from the family ${family}`,
  currentDeleted: ({ running }) =>
    `cannot show what changes: the current task definition ${shortName(running)} is deleted`,
  currentNotActive: ({ running, status }) =>
    `the current task definition ${shortName(running)} is ${status}: you cannot come back to it`,
  targetStaysRegistered: ({ running }) => `${shortName(running)} stays registered: it is what you roll back to`,
  noTasksDesired: () => "the desired count is 0: ECS starts no task, so nothing shows whether this revision works",
  settingStays: describeSetting,
  settingsNotRecorded: () =>
    "NOT restored (ECS keeps no record): health check grace period, ECS Exec, placement, tags, deployment " +
    "configuration. Check them if the deploy changed any",
  // The consequences are the same as if it could not be read.
  notOnRecord: ({ target, ...notice }) =>
    `ECS has no successful deployment of ${shortName(target)} on record (of the last 90 days)${followsOf(notice)}`,
  // What a deploy does beyond what its files say.
  deploysRolledBack: ({ revision }) =>
    `the service was just rolled back from ${shortName(revision)}, and this deploys it again: ` +
    "make sure that it is fixed",
  goesByTagAgain: ({ copy, containers }) =>
    `${containers.join(", ")}: a rollback pinned an older image by its digest (${shortName(copy)}). ` +
    "This deploy goes by the tag again: make sure that the tag names a fixed image",
  launchTypeWithoutEffect: () =>
    "the launchType of the service definition has no effect beside its capacityProviderStrategy: remove it",
  launchTypeStays: () =>
    "the service definition's launchType is ignored: the service runs on its capacityProviderStrategy (to change that, " +
    'add "capacityProviderStrategy": [])',
  cannotChange: ({ name }) => `${name} stays as it is: it differs, but no update can change it`,
  notInDefinition: ({ name }) => {
    const reset = name === "deploymentConfiguration"
      ? ' ("deploymentConfiguration": {} sets it to ECS\'s defaults)'
      : "";
    return `${name} stays as it is: the service has one, the service definition has none${reset}`;
  },
  isReset: ({ path, value }) =>
    `${path} is reset to ECS's default, ${JSON.stringify(value)}: the service definition has none`,
  overridesHold: ({ hold }) => `--override-hold: this deploys although ${describeHold(hold)}. The hold stays`,
  forcesDeployment: () => "this forces a new deployment: ECS changes a capacityProviderStrategy only with one",
  tagsMoved: ({ containers }) => {
    const what = containers.length === 1 ? "its tag now names another image" : "their tags now name other images";
    return `${containers.join(", ")}: ${what} than what runs. ` +
      "This forces a new deployment, to start what the tag names";
  },
  tagsLeft: ({ containers }) =>
    `ECS is rolling back, and this command follows that. ${containers.join(", ")}: ` +
    "the image that the tag names today is NOT started; deploy again afterwards",
  tagsNotRead: ({ denial }) => describeCost(denial, "whether a tag has been pushed again since is not known"),
  handsOver: ({ controller }) =>
    `from now on ${controller} deploys this service: ECS starts no deployment, and this command does not wait`,
  fewerTasks: ({ scaledBy: { minCapacity, maxCapacity }, from, to }) =>
    `this stops ${count(from - to, "task")}: auto scaling (${minCapacity} to ${maxCapacity}) runs ${from} now, and ` +
    `the service definition's desiredCount is ${to}. To keep ${from}: --tasks=-1, or no desiredCount in the file`,
  scalingNotRead: ({ denial }) => describeCost(denial, "whether auto scaling has set the number of tasks is not known"),
  noWayBack: ({ running, status }) =>
    `NOT rolled back if this deploy fails: ${shortName(running)}, which the service runs, is ${status}. Then use: ` +
    "rollback --reregister (it starts a copy)",
  staysAfterFailure: ({ name, isUnread }) =>
    `${name} stays as this deploy sets it, even if the deploy fails: ` +
    (isUnread ? "its present value is not known" : "the service has none yet, and no update removes it"),
  replacesDeployment: ({ deployment }) => `this replaces deployment ${deployment}, which is under way`,
  deploymentHasFailed: ({ deployment, reason }) =>
    `deployment ${deployment}, which is in place, FAILED: ${reason ?? "ECS gives no reason"}`,
  // What comes with a new service.
  createdForCodeDeploy: () =>
    "AWS CodeDeploy deploys this service (blue/green): ECS starts its first tasks, and this command does not wait for them",
  createdForTaskSets: () =>
    "the deployment controller is EXTERNAL: the service starts without a task definition and without tasks. The system " +
    "that deploys it adds them, as task sets",
  createdWithOneTask: () =>
    "the service definition has no desiredCount: it starts with 1 task (--tasks N sets another number)",
  createdWithoutScaling: () => "a new service has no auto scaling: nothing to suspend",
  // How the deployment that is waited for has ended.
  endedBefore: ({ finishedAtMs, running, runningCount, desiredCount }) => {
    const when = finishedAtMs === undefined ? "" : ` at ${isoTime(finishedAtMs)}`;
    return `no deployment is under way: the newest ended${when}. Now ${shortName(running)} runs ${runningCount} of ` +
      `${desiredCount} tasks`;
  },
  stoppedOnRequest: ({ stopped, running, reason }) => {
    const ofWhat = stopped === undefined ? "" : ` of ${shortName(stopped)}`;
    return `somebody stopped the newest deployment${ofWhat}, and ECS went back to ${shortName(running)}` +
      becauseOf(reason);
  },
  // What --rollback-events cannot do about alarms.
  alarmsNotNamed: ({ alarms }) => {
    const which = alarms.length === 1 ? `the alarm ${alarms[0]}` : `an alarm (${alarms.join(", ")})`;
    return `NOT rolled back if ${which} ends this deploy: --rollback-events does not name DEPLOYMENT_STOP_ON_ALARM`;
  },
  noAlarms: () => `${NO_EFFECT}: the service has no deployment alarms (deploymentConfiguration.alarms)`,
  alarmsNotRead: ({ reason }) => describeCost(reason, "whether an alarm is in ALARM already is not known"),
  alarmsWentOff: ({ alarms }) =>
    `${NO_EFFECT}: ${alarms.join(", ")} is in ALARM already, so ECS watches no alarm during this deployment`,
  alarmsMissing: ({ alarms }) =>
    `CloudWatch has no alarm ${alarms.join(", ")} in this region, but deploymentConfiguration.alarms names it`,
  ...WAITS_NOTICES,
  // What happens to auto scaling.
  notScalable: () => "the service is not registered for auto scaling: nothing to suspend or to resume",
  alreadySuspended: () => "auto scaling is suspended already",
  notSuspended: () => "auto scaling is not suspended",
  suspendedBefore: ({ by, atMs }) =>
    `${by || "somebody"} suspended auto scaling with ecspresso at ${isoTime(atMs)}: ` +
    "restoring it brings back the state from before that",
  suspensionNotRecorded: describeUnrecorded,
  suspensionNotRead: ({ why, target }) =>
    `whether an earlier run has suspended auto scaling is not known (${describeUnrecordable(why)}); ` +
    `to resume all of it: ${restoreScalingCommand(target, NONE_SUSPENDED, undefined)}`,
  limitsNotRead: ({ denial }) => describeCost(denial, "whether auto scaling leaves that number alone is not known"),
  countIsClamped: ({ from, to, target: { minCapacity, maxCapacity } }) =>
    `AWS will set the desired count from ${from} to ${to} when auto scaling is changed: it allows ` +
    `${minCapacity} to ${maxCapacity}`,
  // Revisions that may not be deregistered.
  usedByServices: ({ revision, services }) => {
    const [noun, verb] = services.length === 1 ? ["service", "uses"] : ["services", "use"];
    return `${shortName(revision)} stays registered while the ${noun} ${services.join(", ")} ${verb} it: ` +
      "the rollback then exits with 8";
  },
  usersNotRead: ({ revision, denial }) =>
    describeCost(denial, `whether another service uses ${shortName(revision)} is not known`),
});

function describeSetting({ target, difference, isOffered }: Named<PlanNotice, "code", "settingStays">): string {
  const way = isOffered
    ? "--restore service does that"
    : difference.comesBack === "alternating"
    ? "other target groups are not given to a blue/green service: change them by hand"
    : "no update does that";
  return `NOT changed back to what ${shortName(target)} ran with: ${renderChange(difference.change)} (${way})`;
}

/** What could not be read, in AWS's words; then what is therefore not known, and what follows from that. */
function describeNotRead(notice: NotRead): string {
  const { denial, alsoDenied, parts } = notice;
  const costs = [
    ...(alsoDenied.length === 0 ? [] : [`${alsoDenied.join(", ")} failed, too`]),
    ...parts.map((part) => NOT_KNOWN[part](notice)),
  ];
  return describeCost(denial, costs.join("; "));
}

const NOT_KNOWN: Readonly<Record<UnreadPart, (notice: NotRead) => string>> = {
  underWay: ({ intent }) => ({
    deploy: "whether ECS is rolling a deployment back is not known",
    rollback: "whether ECS can roll back by itself is not known",
    wait: "whether ECS is rolling the deployment back is not known",
    scale: "whether a deployment is under way is not known",
  }[intent]),
  ran: (notice) =>
    `what ran with ${notice.target ? shortName(notice.target) : "the target"} is not known${followsOf(notice)}`,
  succeeded: () => "which deployments succeeded is not known",
  earliest: () => "what ran before the deployments on record is not known",
  rolledBackFrom: () => "whether this is what the service was just rolled back from is not known",
  shippedBefore: () => "whether this is what the service was just rolled back from is not known",
  settings: ({ members = [] }) =>
    `the service's ${members.join(", ")} may not be read: it gets what the service definition says`,
  status: () => "whether the task definition that runs can be deployed again is not known",
  changes: () => "what changes in the task definition is not known",
  registered: () => "whether the newest registered revision says what the file says is not known",
  reversal: () => "whether ECS has turned a deployment back before is not known",
};

function followsOf({ startsByTags, restoresNothing }: Pick<NotRead, "startsByTags" | "restoresNothing">): string {
  const settings = restoresNothing
    ? "--restore service restores nothing"
    : "the service keeps the settings that it has now";
  if (startsByTags === undefined) return "";
  return startsByTags ? `: its tasks start what the image tags name today, and ${settings}` : `: ${settings}`;
}
