import type { Revision } from "../../model/arn.ts";
import type { ServiceRevision } from "../../model/service_deployment.ts";

/** What the user names as the target. */
export type RevisionChoice = Readonly<
  /** Of the family that the service runs. */
  | { kind: "number"; revision: number }
  /** What was deployed successfully before what runs. */
  | { kind: "previous" }
  /** `family:revision`, or a full ARN, of a family that has run in the service. */
  | { kind: "named"; arn?: string; family: string; revision: number }
  /** The newest deployment before what runs that served for so long, and was not rolled back. */
  | { kind: "stable"; minServedMs: number }
  /** What ran before a deploy of this run: nothing is to be found out. `ran`: where the newest of it is another one. */
  | (Revision & { kind: "known"; ran?: ServiceRevision | undefined })
  | DeploymentChoice
>;

/** A choice that has to be looked up, or checked. */
export type SoughtChoice = Exclude<RevisionChoice, { readonly kind: "number" | "known" }>;

/** A past deployment, by ECS's record. */
export type DeploymentChoice = Readonly<
  /** What served at this moment. */
  | { kind: "at"; atMs: number }
  /** The newest with an image of this tag, or of a tag that contains a git commit beginning with it. */
  | { kind: "imageTag"; tag: string }
  /** The ARN, or the last part of it. */
  | { kind: "deployment"; id: string }
>;

/** Names a target for good: by its deployment where the number would mean another one of the revision. */
export function choiceOf({ arn, family, revision }: Revision, deployment: string | undefined): RevisionChoice {
  if (deployment !== undefined) return { kind: "deployment", id: deployment };
  return { kind: "named", arn, family, revision };
}

/** How long a deployment must have served to count as stable. */
export const STABLE_AFTER_MS = 15 * 60_000;

/** The revision that the user names as the one to leave: no other one is left. */
export type LeftChoice = Extract<RevisionChoice, { readonly kind: "number" | "named" }>;
