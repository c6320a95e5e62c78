import type { Revision } from "../../model/arn.ts";
import { broughtTheSame } from "../../model/history.ts";
import type { PastDeployment } from "../../model/service_deployment.ts";
import { type ChoiceReason, chosen, type ChosenRevision, type Doubt } from "./revision_choice.ts";

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
  { arn, ...brought }: Pick<PastDeployment, "taskDefinition" | "revision"> & { readonly arn: string | undefined },
  past: readonly PastDeployment[],
): Pick<ChosenRevision, "deployment"> {
  const newest = past.toSorted((a, b) => b.createdAtMs - a.createdAtMs)
    .find(({ status, taskDefinition }) => status === "SUCCESSFUL" && taskDefinition === brought.taskDefinition);
  return newest !== undefined && broughtTheSame(newest, brought) ? {} : { deployment: arn };
}
