import type { Verified, VerifiedReason } from "../registry/verify_references.ts";
import { describeAttachmentMisfit } from "./messages/misfit_text.ts";

/** One line for each thing, the state first: `missing  image 123456789012.dkr.ecr...`. */
export function renderVerified(verified: readonly Verified[]): string[] {
  return verified.map(({ reference: { kind, name }, state, reason }) => {
    const what = kind === "foreign image" ? "image" : kind;
    return `${state.padEnd(7)}  ${what} ${name}${reason === undefined ? "" : ` (${describeReason(reason)})`}`;
  });
}

function describeReason(reason: VerifiedReason): string {
  switch (reason.code) {
    case "foreignRegistry":
      return "it is not in Amazon ECR";
    case "notAssumable":
      return "its trust policy does not let ecs-tasks.amazonaws.com assume it";
    case "secretUnread":
      return "no secret is read with --untrusted";
    case "secretNotJson":
      return "the secret is no JSON object";
    case "noSuchKey":
      return "the secret's JSON has no such key";
    case "noAnswer":
      return reason.message;
    case "noSuchContainer":
    case "noSuchPort":
      return `it ${describeAttachmentMisfit(reason)}`;
  }
}
