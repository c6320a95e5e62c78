import { shortName } from "../../model/arn.ts";
import type { CreationNotice, DeployNotice } from "../../rollout/plan/notice.ts";
import type { NoticeTexts } from "./phrases.ts";

export const DEPLOY: NoticeTexts<DeployNotice["code"]> = {
  deploysRolledBack: ({ revision }) =>
    `this is what the service has just been rolled back from (${shortName(revision)}): make sure that it is mended`,
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
  handsOver: ({ controller }) =>
    `from now on ${controller} deploys this service: ECS starts no deployment, and this command does not wait`,
  fewerTasks: ({ scaledBy: { minCapacity, maxCapacity }, from, to }) =>
    `auto scaling (${minCapacity} to ${maxCapacity} tasks) runs ${from} tasks now, and the service definition's ` +
    `desiredCount is ${to}: ${from - to} tasks will be stopped (--tasks=-1 leaves the number as it is, and so does a ` +
    "file without desiredCount)",
  scalingNotRead: ({ denial }) => `${denial}; whether auto scaling has set the number of tasks is not known`,
  noWayBack: ({ running, status }) =>
    `${
      shortName(running)
    }, which the service runs, is ${status}: if this deploy fails, it cannot be taken back to that ` +
    "by itself; rollback --reregister can, by a copy",
  staysAfterFailure: ({ name, isUnread }) => {
    const why = isUnread
      ? `what ${name} is now is not known`
      : `the service has no ${name} yet, and no update takes it away`;
    return `${why}: if this deploy fails, it stays as this deploy has set it`;
  },
  replacesDeployment: ({ deployment }) => `deployment ${deployment} is under way: it is replaced`,
  deploymentHasFailed: ({ deployment, reason }) =>
    `deployment ${deployment}, which is in place, has FAILED: ${reason ?? "no reason given"}`,
};

export const CREATION: NoticeTexts<CreationNotice["code"]> = {
  createdForCodeDeploy: () =>
    "the service's deployments belong to AWS CodeDeploy (blue/green): ECS starts its first tasks, which are not waited " +
    "for",
  createdForTaskSets: () =>
    "the service's deployment controller is EXTERNAL: it is created without a task definition and without tasks, for " +
    "its task sets belong to the system that deploys it",
  createdWithOneTask: () =>
    "the service definition has no desiredCount: the service is created with 1 task (--tasks N sets another number)",
  createdWithoutScaling: () => "a new service has no auto scaling: nothing to suspend",
};
