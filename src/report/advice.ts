import { isOfAnyTask, isOfNetwork } from "../diagnosis/cause.ts";
import { shortName } from "../model/arn.ts";
import { hasFailed } from "../model/outcome_kinds.ts";
import { outcomeOf } from "./ending.ts";
import { adviseOnCause } from "./messages/causes/cause_text.ts";
import type { ServiceState } from "./state.ts";
import { type FailingDeployment, failingDeploymentOf } from "./failing_deployment.ts";

/** What to do about the cause of a failure, as a clause. `isStandard`: it is the usual advice for that cause. */
export interface Advice {
  readonly text: string;
  readonly isStandard: boolean;
}

export function adviceFor(service: ServiceState): Advice | undefined {
  const outcome = outcomeOf(service);
  const isBad = outcome !== undefined && (hasFailed(outcome) || outcome.kind === "timedOut");
  return isBad ? adviceOn(failingDeploymentOf(service)) : undefined;
}

export function adviceOn(failing: FailingDeployment): Advice | undefined {
  const { cause, isAlarmed } = failing;
  const advice = cause === undefined || isAlarmed ? undefined : adviseOnCause(cause);
  if (advice === undefined) return undefined;
  const network = describeNetwork(failing);
  return { text: network === "" ? advice : `${network}; ${advice}`, isStandard: network === "" };
}

/**
 * Whether a rollback helps if tasks do not start because of the network; empty for other causes. A rollback starts new
 * tasks, and restores only the service's earlier network.
 */
function describeNetwork({ cause, fallback, primary }: FailingDeployment): string {
  if (cause === undefined || fallback === undefined || !isOfNetwork(cause)) return "";
  const name = shortName(fallback.to);
  const network = primary?.network;
  const which = network === undefined ? "subnets and security groups" : `subnets (${network.subnets.join(", ")}) and ` +
    `security groups (${network.securityGroups.join(", ") || "none named"})`;
  if (fallback.sharesNetwork === true) {
    if (!isOfAnyTask(cause)) return "";
    return `do not roll back, and leave the running tasks alone: ${name} is in the same ${which}`;
  }
  return fallback.sharesNetwork === false
    ? `${name} is in other subnets or security groups, and the rollback restores them`
    : "a rollback helps only if the subnets or security groups were changed";
}
