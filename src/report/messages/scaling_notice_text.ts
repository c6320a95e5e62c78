import { restoreScalingCommand } from "../../model/typed_commands.ts";
import { NONE_SUSPENDED } from "../../model/scalable_target.ts";
import type { AlarmNotice, ScalingNotice } from "../../rollout/plan/notice.ts";
import type { NoticeTexts } from "./phrases.ts";

export const SCALING: NoticeTexts<ScalingNotice["code"]> = {
  notScalable: () => "the service is not registered for auto scaling: nothing to suspend or to resume",
  alreadySuspended: () => "auto scaling is suspended already",
  notSuspended: () => "auto scaling is not suspended",
  suspendedBefore: ({ by, atMs }) =>
    `auto scaling is on record as suspended by ${by || "somebody"} at ${new Date(atMs).toISOString()}: what is ` +
    "restored, now or later, is the state from before that",
  suspensionNotRecorded: ({ why, target, prior }) =>
    `the earlier state of auto scaling is kept in memory only (${why}); should this run be killed, restore it with: ` +
    restoreScalingCommand(target, prior, undefined),
  suspensionNotRead: ({ why, target }) =>
    `whether an earlier run has suspended auto scaling is not known (${why}); to resume all of it: ` +
    restoreScalingCommand(target, NONE_SUSPENDED, undefined),
  countIsClamped: ({ from, to, target: { minCapacity, maxCapacity } }) =>
    `changing the suspension makes AWS set the desired count from ${from} to ${to}: the scalable target allows ` +
    `${minCapacity} to ${maxCapacity}`,
};

const NO_EFFECT = "DEPLOYMENT_STOP_ON_ALARM of --rollback-events has no effect";

export const ALARM: NoticeTexts<AlarmNotice["code"]> = {
  alarmsNotNamed: ({ alarms }) => {
    const which = alarms.length === 1 ? `the alarm ${alarms[0]}` : `an alarm (${alarms.join(", ")})`;
    return `if ${which} ends this deploy, it is not taken back: --rollback-events does not name ` +
      "DEPLOYMENT_STOP_ON_ALARM";
  },
  noAlarms: () => `the service has no alarm that ends a deployment (deploymentConfiguration.alarms): ${NO_EFFECT}`,
  alarmsNotRead: ({ reason }) => `${reason}; whether an alarm is in ALARM already is not known`,
  alarmsWentOff: ({ alarms }) =>
    `in ALARM already: ${alarms.join(", ")}. ECS watches no alarm during this deployment: ${NO_EFFECT}`,
  alarmsMissing: ({ alarms }) =>
    `CloudWatch has no alarm ${alarms.join(", ")} here, although deploymentConfiguration.alarms names it`,
};
