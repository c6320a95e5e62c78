import type { Revision, RevisionName } from "../../model/arn.ts";
import { deployedTheSame } from "../../model/history.ts";
import { newestFirst, type PastDeployment, type ServiceRevision } from "../../model/service_deployment.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

/** A revision and why it was chosen, or why there is none. */
export type Chosen = ChosenRevision | { readonly kind: "none"; readonly reason: NoChoiceReason };

export interface ChosenRevision extends Revision {
  readonly kind: "chosen";
  /** `undefined` where the user named the number. */
  readonly reason?: ChoiceReason | undefined;
  /** What is doubtful about the choice. */
  readonly doubts?: readonly Doubt[];
  /** Nothing shows that it has run, and the user has not named it. */
  readonly isUnproven?: boolean;
  /** Whether this would leave what the service was rolled back to, or may have been, less than an hour ago. */
  readonly leavesRollback?: boolean;
  /** The service revision to go back to; `undefined`: that of the revision's newest successful deployment. */
  readonly ran?: ServiceRevision | undefined;
  /** The ARN of that deployment, where the number alone would mean another deployment of the revision. */
  readonly deployment?: string | undefined;
}

/** Chooses a revision that the user has not named by its number. */
export function chosen(
  { arn, family, revision }: Revision,
  reason: ChoiceReason,
  doubts: readonly Doubt[] = [],
): ChosenRevision {
  return { kind: "chosen", arn, family, revision, reason, doubts };
}

/** Chooses a deployment on record to go back to. */
export function chosenDeployment(
  deployment: PastDeployment,
  reason: ChoiceReason & { readonly target: Revision },
  past: readonly PastDeployment[],
  doubts: readonly Doubt[] = [],
): ChosenRevision {
  return { ...chosen(reason.target, reason, doubts), ran: deployment.revision, ...nameDeployment(deployment, past) };
}

/** A deployment's ARN, where the number alone would mean another one: the newest completed one of the revision. */
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

/** Why a revision was chosen that the user did not name. */
export type ChoiceReason = Readonly<
  /** `target` runs, and ran before the deployment that did not succeed, which was of `failed`. */
  | { code: "ecsWentBack"; target: Revision; failed: Revision | undefined }
  | { code: "turnedBack"; target: Revision; failed: Revision; isOnceMore: boolean }
  | { code: "rolledBack"; target: Revision; failed: Revision }
  | { code: "goingBack"; target: Revision; from: Revision }
  /**
   * The service was rolled back to what runs, and stays there, however long ago that was. `atMs`: when that was done;
   * `further`: where the same choice would go from there.
   */
  | { code: "isBack"; target: Revision; from: Revision; atMs: number; further: Revision | undefined }
  | { code: "ranBeforeRecord"; target: Revision }
  | { code: "deployedBefore"; target: Revision; running: Revision; atMs: number }
  | { code: "beingReplaced"; target: Revision }
  /** The newest that served for so long. */
  | { code: "servedLong"; target: Revision; minServedMs: number; servedMs: number }
  /** `untilMs`: `undefined` where it still serves. */
  | { code: "servedAt"; target: Revision; fromMs: number; untilMs: number | undefined }
  | { code: "hasImageTag"; target: Revision; images: readonly string[]; atMs: number }
  | { code: "ofDeployment"; target: Revision; status: string; atMs: number }
  /** `nothingBefore`: ECS knows of no successful deployment before this one. */
  | { code: "nextLower"; revision: number; nothingBefore: Revision | undefined }
  /** The service runs a copy of the target. */
  | { code: "runsCopy"; copy: Revision; of: Revision }
  /** A copy of the target is registered that starts the images that ran. */
  | { code: "hasCopy"; copy: Revision; of: Revision }
  /** For a deploy. */
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
  /** The deployment that was to take the service back from `from` to what it runs has failed. */
  | { code: "wayBackFailed"; running: Revision; from: Revision; atMs: number }
  /** Nothing else on record served for so long. */
  | { code: "noneServedLong"; minServedMs: number; running: Revision }
  /** `sinceMs`: since when it is known what served; `undefined` where no completed deployment is on record. */
  | { code: "beforeRecord"; sinceMs: number | undefined }
  /** No completed deployment has the tag; `failed`: the revision of a deployment that has it, and was not completed. */
  | { code: "noSuchImageTag"; failed: Revision | undefined }
  | { code: "severalImages"; found: readonly FoundDeployment[] }
  | { code: "noSuchDeployment" }
>;

/** A deployment with an image that matches: the newest of that image. */
interface FoundDeployment {
  readonly arn: string;
  readonly target: Revision;
  /** With digests, where they are known. */
  readonly images: readonly string[];
  readonly atMs: number;
}

/** The newest ACTIVE revision numbers of a family, newest first, and how their deployments in a service ended. */
export interface ListedRevisions {
  readonly numbers: readonly number[];
  /** The status of the newest deployment of each number that has one; `undefined` where that may not be read. */
  readonly deployed: Readonly<Record<number, string>> | undefined;
}

/** Why a choice is doubtful; `denial`: why something may not be read, in AWS's words. */
export type Doubt = Readonly<
  | { code: "deploymentsNotRead" | "earliestNotRead"; denial: AwsFailure }
  | { code: "copyNotRead"; revision: Revision; denial: AwsFailure }
  | { code: "mayNeverHaveRun"; revision: RevisionName }
  /** What was chosen served for less time than `STABLE_AFTER_MS`. */
  | { code: "servedBriefly"; revision: Revision; servedMs: number; stable: Revision }
  /** An earlier rollback to what was chosen has failed, and ECS has gone back from it, or is going back. */
  | { code: "failedBefore"; revision: Revision; atMs: number }
  /** The deployment that was chosen was never completed. */
  | { code: "notCompleted"; revision: Revision; status: string }
>;
