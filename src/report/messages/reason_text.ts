import { shortName } from "../../model/arn.ts";
import type { ChoiceReason, Doubt, NoChoiceReason } from "../../rollout/read/revision_choice.ts";

/** Why a revision was chosen that the user has not named. */
export function describeReason(reason: ChoiceReason): string {
  switch (reason.code) {
    case "ecsWentBack":
    case "turnedBack":
    case "rolledBack":
    case "goingBack":
      return `${describeWayBack(reason)}: ${
        shortName(reason.target)
      } is what ran before it; to go further back, name ` +
        "the number";
    case "ranBeforeRecord":
      return `${shortName(reason.target)} ran before the oldest deployment that ECS has on record`;
    case "deployedBefore":
      return `${shortName(reason.target)} was deployed successfully before ${shortName(reason.running)}, at ${
        new Date(reason.atMs).toISOString()
      }`;
    case "beingReplaced":
      return `${shortName(reason.target)} is what the deployment in progress replaces`;
    case "nextLower": {
      const why = reason.nothingBefore === undefined ? "" : `${describeNothingBefore(reason.nothingBefore)}: `;
      return `${why}${reason.revision} is the next lower registered revision`;
    }
    case "runsCopy":
      return `${shortName(reason.copy)}, which the service runs, is a copy of ${shortName(reason.of)}`;
    case "newestOfFamily":
      return "it is the newest one";
    case "fileSaysTheSame":
      return "the file says the same, so nothing is registered";
  }
}

type WayBack = Extract<ChoiceReason, { code: "ecsWentBack" | "turnedBack" | "rolledBack" | "goingBack" }>;

/** How the service has come to what it runs, or is coming. */
function describeWayBack(reason: WayBack): string {
  switch (reason.code) {
    case "ecsWentBack":
      return reason.failed === undefined
        ? "ECS has gone back to it from a deployment that failed"
        : `the deployment of ${shortName(reason.failed)} has failed`;
    case "turnedBack":
      return `the newest deployment, of ${shortName(reason.failed)}${
        reason.isOnceMore ? " once more" : ""
      }, has been ` +
        "turned back";
    case "rolledBack":
      return `the deployment of ${shortName(reason.failed)} did not succeed and has been taken back`;
    case "goingBack":
      return `the service is on its way back from ${shortName(reason.from)} to ${shortName(reason.target)}`;
  }
}

function describeNothingBefore(from: Parameters<typeof shortName>[0]): string {
  return `ECS knows of no successful deployment before ${shortName(from)}`;
}

/** Why there is no revision to go back to, or to deploy: a clause. */
export function describeNoChoice(reason: NoChoiceReason): string {
  switch (reason.code) {
    case "noLower": {
      const { doubt, from } = reason;
      const unknown = doubt === undefined ? describeNothingBefore(from) : describeDoubt(doubt);
      return `${unknown}, and no lower revision is registered`;
    }
    case "foreignAccount":
      return `it is of another account or region than the service, which runs ${reason.running.arn}`;
    case "foreignFamily":
      return `it is of the family ${reason.family}, of which nothing is known to have run in this service, which runs ` +
        shortName(reason.running);
    case "noTaskDefinition":
      return `there is no task definition ${reason.name}`;
    case "taskDefinitionNotActive":
      return `${reason.name} is ${reason.status} (deregistered)`;
    case "nothingRuns":
      return "there is no service yet that runs one";
  }
}

/** What makes a choice doubtful: one line. */
export function describeDoubt(doubt: Doubt): string {
  switch (doubt.code) {
    case "deploymentsNotRead":
      return `${doubt.denial}; which deployments succeeded is not known`;
    case "copyNotRead":
      return `${doubt.denial}; whether ${shortName(doubt.revision)} is a copy is not known`;
    case "earliestNotRead":
      return `${doubt.denial}; what ran before the deployments on record is not known`;
    case "mayNeverHaveRun":
      return `${shortName(doubt.revision)} may never have run: look at what changes`;
  }
}
