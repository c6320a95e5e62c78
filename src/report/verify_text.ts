import type { Verified, VerifiedReason } from "../registry/verify_references.ts";
import type { Cases } from "./cases.ts";
import { describeAttachmentMisfit } from "./messages/misfit_text.ts";

/** One line for each thing, the state first: `missing  image 123456789012.dkr.ecr...`. */
export function renderVerified(verified: readonly Verified[]): string[] {
  return verified.map(({ reference: { kind, name }, state, reason }) => {
    const what = kind === "foreign image" ? "image" : kind;
    return `${state.padEnd(7)}  ${what} ${name}${
      reason === undefined ? "" : ` (${REASONS[reason.code](reason as never)})`
    }`;
  });
}

const REASONS: Cases<VerifiedReason, "code", string> = {
  foreignRegistry: () => "it is not in Amazon ECR",
  notAssumable: () => "its trust policy does not let ecs-tasks.amazonaws.com assume it",
  secretUnread: () => "no secret is read with --untrusted",
  secretNotJson: () => "the secret is no JSON object",
  noSuchKey: () => "the secret's JSON has no such key",
  noAnswer: ({ message }) => message,
  noSuchContainer: (misfit) => `it ${describeAttachmentMisfit(misfit)}`,
  noSuchPort: (misfit) => `it ${describeAttachmentMisfit(misfit)}`,
};
