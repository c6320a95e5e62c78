import { shortName } from "../../model/arn.ts";
import type { FailureReason } from "../../rollout/judge/assess.ts";
import type { OutcomeKind } from "../../rollout/outcome.ts";
import { byCode, type Named } from "./cases.ts";

/** Why a deployment failed: in ECS's words if it gives any. */
export function describeReason(reason: FailureReason): string {
  return typeof reason === "string" ? reason : describeCode(reason);
}

const describeCode = byCode<Exclude<FailureReason, string>, string>({
  primaryAgain: ({ deployment, inPlaceOf }) => `deployment ${deployment} is PRIMARY again, in place of ${inPlaceOf}`,
  noReason: ({ deployment }) => `deployment ${deployment} failed`,
  serviceDeploymentEnded: ({ status }) => `ECS gives no reason (service deployment ${status})`,
  endedBefore: ({ status, said = "ECS gives no reason", running }) => {
    const what = status === "ROLLBACK_FAILED" ? "ECS did not succeed in going back" : `it is ${status}`;
    return `${said} (${what}; the service is at ${shortName(running)})`;
  },
  completedBeforeStop: () =>
    "the deployment was completed before ECS stopped it: a rollback given now updates the service",
});

/** The reason as a clause: ECS's words without what says nothing, its service's name and that it is rolling back. */
export function trimReason(reason: FailureReason): string {
  if (typeof reason !== "string") return describeCode(reason);
  const text = reason.replace(/^\(service [^()]*\) /, "").replace(/\.$/, "");
  return /^rolling back to deployment \S+$/.test(text) ? "ECS gives no reason" : text;
}

/** Why this program gave a deployment up: `3 of its tasks stopped and none was healthy`. */
export function describeGivenUp({ stopped, unstarted }: Named<OutcomeKind, "kind", "givenUp">): string {
  if (unstarted === 0) return `${stopped} of its tasks stopped and none was healthy`;
  if (stopped > 0) return `${stopped + unstarted} of its tasks stopped or could not be started, and none was healthy`;
  return unstarted === 1 ? "ECS could not start a task" : `ECS could not start a task ${unstarted} times`;
}
