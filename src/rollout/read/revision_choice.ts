import type { Revision } from "../../model/arn.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceRef, ServiceSnapshot } from "../../model/service.ts";

/** What the user says the target to be. */
export type RevisionChoice =
  /** `family`: where it is not that of the service now. */
  | { readonly kind: "number"; readonly revision: number; readonly family?: string }
  /** The one that ran well before the one that runs. */
  | { readonly kind: "previous" }
  /** `family:revision`, or a full ARN, of a family that has run in the service. */
  | { readonly kind: "named"; readonly name: string; readonly family: string; readonly revision: number };

/** What the user names as what is to be left: nothing else is. */
export type LeftChoice = Exclude<RevisionChoice, { readonly kind: "previous" }>;

/** A revision, and why that one, or why there is none. */
export type Chosen =
  | {
    readonly kind: "chosen";
    readonly family: string;
    readonly revision: number;
    /** `undefined` where the user named the number. */
    readonly reason: ChoiceReason | undefined;
    /** What is doubtful about the choice. */
    readonly doubts: readonly Doubt[];
    /** Something shows that it has run, or the user has named it. */
    readonly isProven: boolean;
    /** What runs has itself been brought back, or may have been, less than an hour ago. */
    readonly leavesWayBack: boolean;
  }
  | { readonly kind: "none"; readonly reason: NoChoiceReason };

/** Why a revision was chosen that the user has not named. */
export type ChoiceReason =
  /** `target` runs, and is what ran before the deployment that did not succeed; `failed`: what that was to bring. */
  | { readonly code: "ecsWentBack"; readonly target: Revision; readonly failed: Revision | undefined }
  | { readonly code: "turnedBack"; readonly target: Revision; readonly failed: Revision; readonly isOnceMore: boolean }
  | { readonly code: "rolledBack"; readonly target: Revision; readonly failed: Revision }
  | { readonly code: "goingBack"; readonly target: Revision; readonly from: Revision }
  | { readonly code: "ranBeforeRecord"; readonly target: Revision }
  | { readonly code: "deployedBefore"; readonly target: Revision; readonly running: Revision; readonly atMs: number }
  | { readonly code: "beingReplaced"; readonly target: Revision }
  /** `nothingBefore`: ECS knows of no successful deployment before this one. */
  | { readonly code: "nextLower"; readonly revision: number; readonly nothingBefore: Revision | undefined }
  /** The service runs a copy of the target. */
  | { readonly code: "runsCopy"; readonly copy: Revision; readonly of: Revision }
  /** Of a deploy. */
  | { readonly code: "newestOfFamily" | "fileSaysTheSame" };

/** Why there is no revision to go back to, or to deploy. */
export type NoChoiceReason =
  | { readonly code: "noLower"; readonly from: Revision; readonly doubt: Doubt | undefined }
  | { readonly code: "foreignAccount"; readonly running: Revision }
  | { readonly code: "foreignFamily"; readonly family: string; readonly running: Revision }
  | { readonly code: "noTaskDefinition"; readonly name: string }
  | { readonly code: "taskDefinitionNotActive"; readonly name: string; readonly status: string }
  | { readonly code: "nothingRuns" };

/** What makes a choice doubtful; `denial`: what may not be read, in AWS's words. */
export type Doubt =
  | { readonly code: "deploymentsNotRead" | "earliestNotRead"; readonly denial: string }
  | { readonly code: "copyNotRead"; readonly revision: Revision; readonly denial: string }
  | { readonly code: "mayNeverHaveRun"; readonly revision: Pick<Revision, "family" | "revision"> };

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
