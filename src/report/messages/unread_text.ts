import type { AwsFailure } from "../../problems/aws_failure.ts";
import { describeCost } from "./aws_failure_text.ts";

/** What a command reads if it may, each with what is missing without it; `names` are of what could not be read. */
const UNREAD = {
  // status, diff
  scaling: () => "auto scaling is not shown",
  stage: () => "the stage is not shown",
  reversal: () => "whether ECS is going back is not shown",
  images: () => "which images run is not shown",
  tags: () => "whether a tag names another image today is not shown",
  causes: () => "status shows less of why the newest deployment failed",
  membersCompared: (names: string) => `${names}: shown as new`,
  // history, and the list to pick from
  ends: () => "why deployments failed is not shown",
  copies: () => "which revisions are copies is not shown",
  running: () => "what runs now is not shown",
  pastChoices: () => "what was deployed is not listed",
  pastEnds: () => "the list does not show how all deployments ended",
  // verify, init
  besidesFile: () => "what the service has besides its file is not known",
  membersWritten: (names: string) => `${names}: not written, and a deploy leaves it`,
  desiredCount: () => "desiredCount is left out, since auto scaling may set it",
  // every command
  account: (name: string) => `whether the credentials are of the account ${name} is not known`,
  ownTags: () => "tags are not read",
};

/** Says that a command goes on without something that AWS does not let it read; one line. */
export function describeUnread(part: keyof typeof UNREAD, failure: AwsFailure, ...names: readonly string[]): string {
  return describeCost(failure, UNREAD[part](names.join(", ")));
}
