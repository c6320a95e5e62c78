import { shortName } from "../../model/arn.ts";
import type { Intent } from "../../rollout/plan/plan.ts";
import type { DeregisterNotice, PlanNotice, RollbackNotice, WaitNotice } from "../../rollout/plan/notice.ts";
import type { Doubt } from "../../rollout/read/revision_choice.ts";
import { CREATION, DEPLOY } from "./deploy_notice_text.ts";
import type { NoticeTexts } from "./phrases.ts";
import { describeDoubt } from "./reason_text.ts";
import { ALARM, SCALING } from "./scaling_notice_text.ts";
import { SLOW } from "./slow_notice_text.ts";

/** What the user should know before a plan is carried out: one line. */
export function describePlanNotice(notice: PlanNotice): string {
  return TEXTS[notice.code](notice as never);
}

const WITHOUT: Readonly<Record<Intent, string>> = {
  deploy: "the deploy goes without",
  rollback: "the rollback goes without",
  wait: "waiting goes without",
};

const READ: NoticeTexts<"notRead" | "reversalNotRead"> = {
  notRead: ({ denial, intent }) => `${denial}; ${WITHOUT[intent]}`,
  reversalNotRead: ({ denial }) => `${denial}; whether ECS has turned a deployment back before is not known`,
};

const DOUBT: NoticeTexts<Doubt["code"]> = {
  deploymentsNotRead: describeDoubt,
  copyNotRead: describeDoubt,
  earliestNotRead: describeDoubt,
  mayNeverHaveRun: describeDoubt,
};

const ROLLBACK: NoticeTexts<RollbackNotice["code"]> = {
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
};

const WAIT: NoticeTexts<Exclude<WaitNotice["code"], "reversalNotRead">> = {
  endedBefore: ({ finishedAtMs, running, runningCount, desiredCount }) => {
    const when = finishedAtMs === undefined ? "has ended" : `ended at ${new Date(finishedAtMs).toISOString()}`;
    return `the newest deployment ${when}, and none has begun since: ${runningCount} of ${desiredCount} tasks run, the ` +
      `service is at ${shortName(running)}`;
  },
  stoppedOnRequest: ({ brought, running, reason }) => {
    const ofWhat = brought === undefined ? "" : ` (${shortName(brought)})`;
    return `the newest deployment${ofWhat} was stopped on request, and ECS has gone back to ${shortName(running)}${
      reason === undefined ? "" : `: ${reason}`
    }`;
  },
};

const DEREGISTER: NoticeTexts<DeregisterNotice["code"]> = {
  usedByServices: ({ revision, services }) => {
    const isOne = services.length === 1;
    return `${shortName(revision)} is not deregistered as long as the ${isOne ? "service" : "services"} ${
      services.join(", ")
    } ${isOne ? "uses" : "use"} it: the rollback then ends with 8`;
  },
  usersNotRead: ({ revision, denial }) => `${denial}; whether another service uses ${shortName(revision)} is not known`,
};

const TEXTS: NoticeTexts<PlanNotice["code"]> = {
  ...READ,
  ...DOUBT,
  ...ROLLBACK,
  ...DEPLOY,
  ...CREATION,
  ...WAIT,
  ...ALARM,
  ...SLOW,
  ...SCALING,
  ...DEREGISTER,
};
