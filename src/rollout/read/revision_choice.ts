import type { Revision } from "../../model/arn.ts";
import type { ServiceRevision } from "../../model/service_deployment.ts";

/** What the user says the target to be. */
export type RevisionChoice = Readonly<
  /** `family`: where it is not that of the service now. */
  | { kind: "number"; revision: number; family?: string }
  /** The one that ran well before the one that runs. */
  | { kind: "previous" }
  /** `family:revision`, or a full ARN, of a family that has run in the service. */
  | { kind: "named"; name: string; family: string; revision: number }
>;

/** What the user names as what is to be left: nothing else is. */
export type LeftChoice = Exclude<RevisionChoice, { readonly kind: "previous" }>;

/** A revision, and why that one, or why there is none. */
export type Chosen = ChosenRevision | { readonly kind: "none"; readonly reason: NoChoiceReason };

export interface ChosenRevision {
  readonly kind: "chosen";
  readonly family: string;
  readonly revision: number;
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
}

/** Why a revision was chosen that the user has not named. */
export type ChoiceReason = Readonly<
  /** `target` runs, and is what ran before the deployment that did not succeed; `failed`: what that was of. */
  | { code: "ecsWentBack"; target: Revision; failed: Revision | undefined }
  | { code: "turnedBack"; target: Revision; failed: Revision; isOnceMore: boolean }
  | { code: "rolledBack"; target: Revision; failed: Revision }
  | { code: "goingBack"; target: Revision; from: Revision }
  | { code: "ranBeforeRecord"; target: Revision }
  | { code: "deployedBefore"; target: Revision; running: Revision; atMs: number }
  | { code: "beingReplaced"; target: Revision }
  /** `nothingBefore`: ECS knows of no successful deployment before this one. */
  | { code: "nextLower"; revision: number; nothingBefore: Revision | undefined }
  /** The service runs a copy of the target. */
  | { code: "runsCopy"; copy: Revision; of: Revision }
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
>;

/** The newest ACTIVE numbers of a family, newest first, and what has become of them in a service. */
export interface ListedRevisions {
  readonly family: string;
  readonly numbers: readonly number[];
  /** How the newest deployment of each has ended that was deployed, by number; `undefined` where that may not be read. */
  readonly deployed: Readonly<Record<number, string>> | undefined;
}

/** What makes a choice doubtful; `denial`: what may not be read, in AWS's words. */
export type Doubt = Readonly<
  | { code: "deploymentsNotRead" | "earliestNotRead"; denial: string }
  | { code: "copyNotRead"; revision: Revision; denial: string }
  | { code: "mayNeverHaveRun"; revision: Pick<Revision, "family" | "revision"> }
>;
