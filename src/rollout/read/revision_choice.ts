import { type Revision, type RevisionName, siblingArn } from "../../model/arn.ts";
import { deployedTheSame } from "../../model/history.ts";
import { newestFirst, type PastDeployment, type ServiceRevision } from "../../model/service_deployment.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

/** What the user says the target to be. */
export type RevisionChoice = Readonly<
  /** `family`: where it is not that of the service now. */
  | { kind: "number"; revision: number; family?: string }
  /** The one that ran well before the one that runs. */
  | { kind: "previous" }
  /** `family:revision`, or a full ARN, of a family that has run in the service. */
  | { kind: "named"; name: string; family: string; revision: number }
  /** The newest before the one that runs that served so long, and was not rolled back from. */
  | { kind: "stable"; minServedMs: number }
  | DeploymentChoice
>;

/** What is looked for, or checked. */
export type SoughtChoice = Exclude<RevisionChoice, { readonly kind: "number" }>;

/** A deployment of the past, by what ECS has on record of it. */
export type DeploymentChoice = Readonly<
  /** What served at a moment. */
  | { kind: "at"; atMs: number }
  /** The newest with an image of this tag, or of one that has a git commit in it which begins so. */
  | { kind: "imageTag"; tag: string }
  /** The ARN, or the last part of it. */
  | { kind: "deployment"; id: string }
>;

/** Names where to go, whatever has run since: the deployment, where the number would mean another one of the revision. */
export function choiceOf({ arn, family, revision }: Revision, deployment: string | undefined): RevisionChoice {
  if (deployment !== undefined) return { kind: "deployment", id: deployment };
  return { kind: "named", name: arn, family, revision };
}

/** How long a deployment has served that is taken for stable. */
export const STABLE_AFTER_MS = 15 * 60_000;

/** What the user names as what is to be left: nothing else is. */
export type LeftChoice = Extract<RevisionChoice, { readonly revision: number }>;

/** What names a revision, as a full one: a number is of the family that the service runs. */
export function revisionNamed(choice: LeftChoice, running: Revision): Revision {
  const { revision } = choice;
  const family = choice.family ?? running.family;
  const isArn = choice.kind === "named" && choice.name.startsWith("arn:");
  const arn = isArn ? choice.name : siblingArn(running, revision).replace(/[^/]*$/, `${family}:${revision}`);
  return { arn, family, revision };
}

/** A revision, and why that one, or why there is none. */
export type Chosen = ChosenRevision | { readonly kind: "none"; readonly reason: NoChoiceReason };

export interface ChosenRevision extends Revision {
  readonly kind: "chosen";
  /** `undefined` where the user named the number. */
  readonly reason: ChoiceReason | undefined;
  /** What is doubtful about the choice. */
  readonly doubts: readonly Doubt[];
  /** Something shows that it has run, or the user has named it. */
  readonly isProven: boolean;
  /** What runs has itself been rolled back to, or may have been, less than an hour ago. */
  readonly leavesWayBack: boolean;
  /** Which of its deployments is meant; `undefined`: the newest one that was successful. */
  readonly ran?: ServiceRevision | undefined;
  /** The ARN of that deployment, where the number alone would mean another one of the revision. */
  readonly deployment?: string | undefined;
}

/** The revision, where nothing speaks against it. */
export function chosen(
  { arn, family, revision }: Revision,
  reason: ChoiceReason | undefined,
  doubts: readonly Doubt[] = [],
): ChosenRevision {
  return { kind: "chosen", arn, family, revision, reason, doubts, isProven: true, leavesWayBack: false };
}

/** A deployment on record as what is to be gone back to. */
export function chosenDeployment(
  deployment: PastDeployment,
  reason: ChoiceReason & { readonly target: Revision },
  past: readonly PastDeployment[],
  doubts: readonly Doubt[] = [],
): ChosenRevision {
  return { ...chosen(reason.target, reason, doubts), ran: deployment.revision, ...nameDeployment(deployment, past) };
}

/** The ARN of a deployment, where the number alone means another one: the newest of its revision that was completed. */
export function nameDeployment(
  { arn, ...deployed }: Pick<PastDeployment, "taskDefinition" | "revision"> & { readonly arn: string | undefined },
  past: readonly PastDeployment[],
): Pick<ChosenRevision, "deployment"> {
  const newest = newestFirst(past)
    .find(({ status, taskDefinition }) => status === "SUCCESSFUL" && taskDefinition === deployed.taskDefinition);
  return newest !== undefined && deployedTheSame(newest, deployed) ? {} : { deployment: arn };
}

export function noneChosen(reason: NoChoiceReason): Chosen {
  return { kind: "none", reason };
}

/** Why a revision was chosen that the user has not named. */
export type ChoiceReason = Readonly<
  /** `target` runs, and is what ran before the deployment that did not succeed; `failed`: what that was of. */
  | { code: "ecsWentBack"; target: Revision; failed: Revision | undefined }
  | { code: "turnedBack"; target: Revision; failed: Revision; isOnceMore: boolean }
  | { code: "rolledBack"; target: Revision; failed: Revision }
  | { code: "goingBack"; target: Revision; from: Revision }
  /**
   * What runs was gone back to, and stays, whenever that was. `atMs`: when that was done; `further`: where one would go by
   * the same choice.
   */
  | { code: "isBack"; target: Revision; from: Revision; atMs: number; further: Revision | undefined }
  | { code: "ranBeforeRecord"; target: Revision }
  | { code: "deployedBefore"; target: Revision; running: Revision; atMs: number }
  | { code: "beingReplaced"; target: Revision }
  /** The newest that served so long; `atMs`: when it was completed. */
  | { code: "servedLong"; target: Revision; minServedMs: number; servedMs: number; atMs: number }
  /** `untilMs`: `undefined` where it serves still. */
  | { code: "servedAt"; target: Revision; fromMs: number; untilMs: number | undefined }
  | { code: "hasImageTag"; target: Revision; images: readonly string[]; atMs: number }
  | { code: "ofDeployment"; target: Revision; status: string; atMs: number }
  /** `nothingBefore`: ECS knows of no successful deployment before this one. */
  | { code: "nextLower"; revision: number; nothingBefore: Revision | undefined }
  /** The service runs a copy of the target. */
  | { code: "runsCopy"; copy: Revision; of: Revision }
  /** A copy of the target is registered that starts the images that ran. */
  | { code: "hasCopy"; copy: Revision; of: Revision }
  /** Of a deploy. */
  | { code: "newestOfFamily" | "fileSaysTheSame" }
>;

/** Why there is no revision to go back to, or to deploy. */
export type NoChoiceReason = Readonly<
  | { code: "noLower"; from: Revision; doubt: Doubt | undefined }
  | { code: "foreignAccount"; running: Revision }
  | { code: "foreignFamily"; family: string; running: Revision }
  | { code: "noTaskDefinition"; name: string }
  | { code: "taskDefinitionNotActive"; name: string; status: string }
  | { code: "nothingRuns" }
  /** ECS's record of deployments is needed, and may not be read. */
  | { code: "recordNotRead"; denial: AwsFailure }
  /** The service was to go back from `from` to what it runs, and that deployment has failed. */
  | { code: "wayBackFailed"; running: Revision; from: Revision; atMs: number }
  /** Nothing else on record served so long. */
  | { code: "noneServedLong"; minServedMs: number; running: Revision }
  /** `sinceMs`: since when it is known what served; `undefined`: no deployment is on record that was completed. */
  | { code: "beforeRecord"; sinceMs: number | undefined }
  /** No completed deployment has the tag; `failed`: of what one was that has it, and was not completed. */
  | { code: "noSuchImageTag"; tag: string; failed: Revision | undefined }
  | { code: "severalImages"; found: readonly FoundDeployment[] }
  | { code: "noSuchDeployment"; id: string }
>;

/** The newest deployment of an image. */
interface FoundDeployment {
  readonly arn: string;
  readonly target: Revision;
  /** With the digest, where that is known. */
  readonly images: readonly string[];
  readonly atMs: number;
}

/** The newest ACTIVE numbers of a family, newest first, and what has become of them in a service. */
export interface ListedRevisions {
  readonly family: string;
  readonly numbers: readonly number[];
  /** How the newest deployment of each has ended that was deployed, by number; `undefined` where that may not be read. */
  readonly deployed: Readonly<Record<number, string>> | undefined;
}

/** What makes a choice doubtful; `denial`: what may not be read, in AWS's words. */
export type Doubt = Readonly<
  | { code: "deploymentsNotRead" | "earliestNotRead"; denial: AwsFailure }
  | { code: "copyNotRead"; revision: Revision; denial: AwsFailure }
  | { code: "mayNeverHaveRun"; revision: RevisionName }
  /** What was chosen served less long than what is taken for stable. */
  | { code: "servedBriefly"; revision: Revision; servedMs: number; stable: Revision }
  /** An earlier rollback to what was chosen has failed, and ECS has gone back from it, or goes back. */
  | { code: "failedBefore"; revision: Revision; atMs: number }
  /** The deployment that was chosen was never completed. */
  | { code: "notCompleted"; revision: Revision; status: string }
>;
