import type { Revision } from "../../model/arn.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceRef, ServiceSnapshot } from "../../model/service.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";

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
    /** One line; `undefined` where the user named the number. */
    readonly reason: string | undefined;
    /** What is doubtful about the choice, a line each. */
    readonly doubts: readonly string[];
    /** Something shows that it has run, or the user has named it. */
    readonly isProven: boolean;
    /** What runs has itself been brought back, or may have been, less than an hour ago. */
    readonly leavesWayBack: boolean;
  }
  | { readonly kind: "none"; readonly reason: string };

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
  /** What the service runs, and its definition, which is being read. */
  readonly running: Revision;
  readonly current: Promise<TaskDefinition | undefined>;
  readonly ecs: Asked;
}

/** The revision, where nothing speaks against it. */
export function chosen(
  { family, revision }: Pick<Revision, "family" | "revision">,
  reason: string | undefined,
  doubts: readonly string[] = [],
): Extract<Chosen, { kind: "chosen" }> {
  return { kind: "chosen", family, revision, reason, doubts, isProven: true, leavesWayBack: false };
}
