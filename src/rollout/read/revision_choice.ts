import type { Revision } from "../../model/arn.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceRef, ServiceSnapshot } from "../../model/service.ts";

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
export type Chosen = Readonly<
  | {
    kind: "chosen";
    family: string;
    revision: number;
    /** `undefined` where the user named the number. */
    reason: ChoiceReason | undefined;
    /** What is doubtful about the choice. */
    doubts: readonly Doubt[];
    /** Something shows that it has run, or the user has named it. */
    isProven: boolean;
    /** What runs has itself been brought back, or may have been, less than an hour ago. */
    leavesWayBack: boolean;
  }
  | { kind: "none"; reason: NoChoiceReason }
>;

/** Why a revision was chosen that the user has not named. */
export type ChoiceReason = Readonly<
  /** `target` runs, and is what ran before the deployment that did not succeed; `failed`: what that was to bring. */
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

/** What makes a choice doubtful; `denial`: what may not be read, in AWS's words. */
export type Doubt = Readonly<
  | { code: "deploymentsNotRead" | "earliestNotRead"; denial: string }
  | { code: "copyNotRead"; revision: Revision; denial: string }
  | { code: "mayNeverHaveRun"; revision: Pick<Revision, "family" | "revision"> }
>;

/** What is asked to find the revision. */
export type Asked = Pick<
  EcsReader,
  | "describeServiceDeployment"
  | "describeServiceRevisions"
  | "describeTaskDefinition"
  | "listPastDeployments"
  | "listRevisions"
  | "now"
>;

/** What a choice is made for. */
export interface Choosing {
  readonly choice: RevisionChoice;
  /** What is to be left; `undefined`: whatever runs. */
  readonly from: Revision | undefined;
  readonly ref: ServiceRef;
  readonly service: ServiceSnapshot;
  /** What the service runs. */
  readonly running: Revision;
  readonly ecs: Asked;
}

/** The revision, where nothing speaks against it. */
export function chosen(
  { family, revision }: Pick<Revision, "family" | "revision">,
  reason: ChoiceReason | undefined,
  doubts: readonly Doubt[] = [],
): Extract<Chosen, { kind: "chosen" }> {
  return { kind: "chosen", family, revision, reason, doubts, isProven: true, leavesWayBack: false };
}
