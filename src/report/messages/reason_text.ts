import { type Revision, shortName } from "../../model/arn.ts";
import type { ChoiceReason, Doubt, NoChoiceReason } from "../../rollout/read/revision_choice.ts";
import { byCode } from "../cases.ts";

/** Why a revision was chosen that the user has not named. */
export const describeChoice = byCode<ChoiceReason, string>({
  // How the service has come to what it runs, or is coming.
  ecsWentBack: ({ failed, target }) =>
    wayBack(
      failed === undefined
        ? "ECS rolled back to it from a deployment that failed"
        : `the deployment of ${shortName(failed)} has failed`,
      target,
    ),
  turnedBack: ({ failed, isOnceMore, target }) =>
    wayBack(
      `the newest deployment, of ${shortName(failed)}${isOnceMore ? " once more" : ""}, was rolled back`,
      target,
    ),
  rolledBack: ({ failed, target }) =>
    wayBack(`the deployment of ${shortName(failed)} did not succeed and was rolled back`, target),
  goingBack: ({ from, target }) =>
    wayBack(`the service is on its way back from ${shortName(from)} to ${shortName(target)}`, target),
  ranBeforeRecord: ({ target }) => `${shortName(target)} ran before the oldest deployment that ECS has on record`,
  deployedBefore: ({ target, running, atMs }) =>
    `${shortName(target)} was deployed successfully before ${shortName(running)}, at ${new Date(atMs).toISOString()}`,
  beingReplaced: ({ target }) => `${shortName(target)} is what the deployment in progress replaces`,
  nextLower: ({ nothingBefore, revision }) =>
    `${nothingBefore === undefined ? "" : `${describeNothingBefore(nothingBefore)}: `}${revision} is the next lower ` +
    "registered revision",
  runsCopy: ({ copy, of }) => `${shortName(copy)}, which the service runs, is a copy of ${shortName(of)}`,
  newestOfFamily: () => "it is the newest one",
  fileSaysTheSame: () => "the file says the same, so nothing is registered",
});

function wayBack(how: string, target: Revision): string {
  return `${how}: ${shortName(target)} is what ran before it; to go further back, name the number`;
}

function describeNothingBefore(from: Revision): string {
  return `ECS knows of no successful deployment before ${shortName(from)}`;
}

/** Why there is no revision to go back to, or to deploy: a clause. */
export const describeNoChoice = byCode<NoChoiceReason, string>({
  noLower: ({ doubt, from }) =>
    `${doubt === undefined ? describeNothingBefore(from) : describeDoubt(doubt)}, and no lower revision is registered`,
  foreignAccount: ({ running }) => `it is of another account or region than the service, which runs ${running.arn}`,
  foreignFamily: ({ family, running }) =>
    `it is of the family ${family}, of which nothing is known to have run in this service, which runs ` +
    shortName(running),
  noTaskDefinition: ({ name }) => `there is no task definition ${name}`,
  taskDefinitionNotActive: ({ name, status }) => `${name} is ${status} (deregistered)`,
  nothingRuns: () => "there is no service yet that runs one",
});

/** What makes a choice doubtful: one line. */
export const describeDoubt = byCode<Doubt, string>({
  deploymentsNotRead: ({ denial }) => `${denial}; which deployments succeeded is not known`,
  copyNotRead: ({ denial, revision }) => `${denial}; whether ${shortName(revision)} is a copy is not known`,
  earliestNotRead: ({ denial }) => `${denial}; what ran before the deployments on record is not known`,
  mayNeverHaveRun: ({ revision }) => `${shortName(revision)} may never have run: look at what changes`,
});
